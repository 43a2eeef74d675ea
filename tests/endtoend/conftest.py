"""A keyring, a server and an installed program for every end-to-end test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from endtoend.clinic import Clinic
from endtoend.installed import Installed
from qcpump_qt.demo.clinic import demo_world
from servers.private_keyring import WHY_NOT, PrivateKeyring, can_be_started
from servers.standin import StandInProcess


@pytest.fixture
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateKeyring]:
    """A real keyring for one test."""
    if not can_be_started():
        pytest.skip(WHY_NOT)
    with PrivateKeyring(tmp_path_factory.mktemp("keyring")) as found:
        yield found


@pytest.fixture
def program(tmp_path: Path, keyring: PrivateKeyring) -> Iterator[Installed]:
    found = Installed(tmp_path / "home", keyring.environment)
    yield found
    found.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandInProcess]:
    with StandInProcess(demo_world(), tmp_path) as found:
        yield found


@pytest.fixture
def clinic(tmp_path: Path, program: Installed, server: StandInProcess) -> Clinic:
    """With a pump and two sessions that wait to be found."""
    found = Clinic(tmp_path, program, server)
    found.share.add(2)
    found.import_pump()
    return found
