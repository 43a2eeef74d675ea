"""A department for each test of the uploaders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.uploads.department import BINARY, TEXT, Department, department_world
from qcpump_qt.demo.server import StandIn


def _department(folder: Path, kind: str) -> Iterator[Department]:
    with StandIn(department_world()) as standin:
        found = Department(folder, standin, kind)
        yield found
        found.close()


@pytest.fixture
def department(tmp_path: Path) -> Iterator[Department]:
    """With a pump for files of any kind, one source and one destination."""
    yield from _department(tmp_path, BINARY)


@pytest.fixture
def text_department(tmp_path: Path) -> Iterator[Department]:
    """With a pump for text files."""
    yield from _department(tmp_path, TEXT)
