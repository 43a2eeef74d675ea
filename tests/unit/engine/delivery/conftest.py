"""A ledger on the disk and a server in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.engine.delivery.memory_server import Scene, ledger_at


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    ledger = ledger_at(tmp_path)
    yield Scene(ledger)
    ledger.close()
