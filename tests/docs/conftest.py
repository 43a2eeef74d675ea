"""The pages' pump types as files, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.pages import written
from qcpump_qt.compat.catalogue import Catalogue
from qcpump_qt.compat.loader import load_pump_types


@pytest.fixture(scope="session")
def pumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pump directory with everything that the pages show."""
    return written(tmp_path_factory.mktemp("docs") / "Pumps")


@pytest.fixture(scope="session")
def catalogue(pumps: Path) -> Catalogue:
    """The pump types of the pages, loaded as the program does."""
    return load_pump_types([], [pumps])
