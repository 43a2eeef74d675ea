"""A database server that takes connections and says nothing: told, and the process ends all the same."""

from __future__ import annotations

import json
import socket

import pytest

from endtoend.installed import Installed
from qcpump_qt.app import Program
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets

TYPE = "FirebirdDQA3"


@pytest.mark.parametrize("driver", ["firebirdsql", "fdb"])
def test_a_command_ends_though_a_driver_hangs(program: Installed, driver: str) -> None:
    pytest.importorskip(driver, exc_type=ImportError, reason=f"{driver} is not installed")
    (program.home / "settings.json").parent.mkdir(parents=True, exist_ok=True)
    (program.home / "settings.json").write_text(json.dumps({"DB_CONNECT_TIMEOUT": 1}), encoding="utf-8")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        Program(Places(program.home), MemorySecrets()) as made,
    ):
        reader = {
            "host": "127.0.0.1",
            "port": listener.getsockname()[1],
            "database": "C:/Sncdata.fdb",
            "user": "qcpump",
            "driver": driver,
        }
        made.store.add("Daily", TYPE, {"DQA3Reader": [reader]})
        kept = program.run("secret", "set", "Daily", "DQA3Reader", "password", typed="a password")
        assert kept.code == 0, kept.err
        done = program.run("validate", "Daily", "--json")
    assert done.code != 0
    (found,) = (entry for entry in done.pump["sections"] if entry["section"] == "DQA3Reader")
    assert not found["valid"]
    assert f"127.0.0.1, port {reader['port']}" in found["message"]
