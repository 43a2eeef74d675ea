"""A clinic for every test of the MPC pump."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.mpc.clinic import Clinic, clinic_world
from qcpump_qt.demo.server import StandIn


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    with StandIn(clinic_world()) as standin:
        made = Clinic(tmp_path, standin, monkeypatch)
        yield made
        made.close()
