"""A department for every test of user-written pump types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.thirdparty.department import Department, department_world
from qcpump_qt.demo.server import StandIn


@pytest.fixture
def department(tmp_path: Path) -> Iterator[Department]:
    with StandIn(department_world()) as standin:
        made = Department(tmp_path, standin)
        yield made
        made.close()
