"""Where the data made by others lies, for tests that may read it and must do without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("QCPUMP_QT_SHARED", PROJECT.parent / "shared"))


def shared(*parts: str) -> Path:
    """The path of shared data, or a skip that says what is missing."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared data {'/'.join(parts)} is not beside the project ({SHARED} has none)")
    return path
