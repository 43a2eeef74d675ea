"""A mover with an empty source and destination, and a folder on another file system."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.movers.mover_scene import MoverScene

OTHER_DISK = Path("/dev/shm")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[MoverScene]:
    found = MoverScene(tmp_path)
    yield found
    found.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """An empty folder on another file system than `tmp_path`."""
    if not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("There is no second file system here (/dev/shm).")
    with tempfile.TemporaryDirectory(dir=OTHER_DISK, prefix="qcpump-test-") as folder:
        yield Path(folder)
