"""A clinic for every test of the Daily QA3 pumps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.dqa3.clinic import Clinic, clinic_world
from qcpump_qt.demo.server import StandIn


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(clinic_world()) as made:
        yield made


@pytest.fixture
def clinic(tmp_path: Path, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """Several beams a test list, over SQLite."""
    made = Clinic(tmp_path, standin, monkeypatch)
    yield made
    made.close()


@pytest.fixture
def one_beam(tmp_path: Path, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """One beam a test list, over SQLite."""
    made = Clinic(tmp_path, standin, monkeypatch, kind="LiteOne")
    yield made
    made.close()
