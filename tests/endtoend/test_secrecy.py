"""A token and a proxy's password are in no file, no log, no output and no argument of the running program."""

from __future__ import annotations

import base64
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from endtoend.clinic import PUMP, TYPE, Clinic
from endtoend.installed import Done, Installed, ended
from endtoend.old_folder import mpc_sections, write_old_folder, write_old_pump
from endtoend.quoting_gateway import QuotingGateway
from qcpump_qt.demo.clinic import demo_world
from servers.standin import StandInProcess

TOKEN = "canary0token0with0forty0characters0in0it"
PASSWORD = "canary proxy/påss"
PROXY = f"http://physicist:{quote(PASSWORD, safe='')}@127.0.0.1:9"

CANARIES = {
    form
    for secret in (TOKEN, PASSWORD)
    for form in (
        secret.encode(),
        quote(secret, safe="").encode(),
        json.dumps(secret)[1:-1].encode(),
        base64.b64encode(secret.encode()),
        base64.b64encode(f"physicist:{secret}".encode()),
    )
}


@pytest.fixture
def clinic(tmp_path: Path, program: Installed) -> Iterator[Clinic]:
    world = demo_world()
    world.add_user("canary", TOKEN)
    with StandInProcess(world, tmp_path) as server:
        found = Clinic(tmp_path, program, server)
        found.share.add(2)
        found.import_pump(token=TOKEN)
        found.import_pump("By proxy", token=TOKEN, api={"http proxy": PROXY, "https proxy": PROXY})
        settings = {"LOG_LEVEL": "debug", "DEBUG": True, "LOG_TO_CONSOLE": True}
        (program.home / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        yield found


def leaks(content: bytes) -> list[bytes]:
    return [canary for canary in CANARIES if canary in content]


def check_files(program: Installed) -> None:
    for path in program.files():
        assert leaks(path.read_bytes()) == [], path


def check_output(done: Done) -> None:
    assert leaks(done.raw_out) == []
    assert leaks(done.raw_err) == []


def test_no_command_tells_a_secret_or_leaves_one_in_a_file(clinic: Clinic) -> None:
    clinic.server.plan(add=[{"kind": "500", "times": 1}, {"kind": "html", "times": 1}])
    token = (PUMP, "QATrack+ API", "auth token")
    for command in (
        ("validate", "--json"),
        ("preview", PUMP, "--json"),
        ("preview", "By proxy"),
        ("run", "--once"),
        ("run", "--once", "--json"),
        ("records", "--json"),
        ("secret", "check", *token),
        ("secret", "check", "By proxy", "QATrack+ API", "http proxy"),
        ("import", str(clinic.folder / "old1")),
    ):
        done = clinic.program.run(*command)
        assert "Traceback" not in done.err
        check_output(done)
        check_files(clinic.program)
    log = "".join(
        path.read_text(encoding="utf-8") for path in clinic.program.files() if path.suffix == ".log"
    )
    assert "DEBUG" in log, "the log had its most talkative level"
    assert clinic.on_the_server(), "the secrets were really used"


@pytest.mark.parametrize(("status", "as_json"), [(400, True), (403, True), (500, False), (200, False)])
def test_a_gateway_that_quotes_the_request_gets_no_secret_into_ledger_or_log(
    clinic: Clinic, status: int, as_json: bool
) -> None:
    with QuotingGateway(clinic.server.url, status, as_json=as_json) as gateway:
        old = write_old_folder(clinic.folder / "quoted", {"LOG_LEVEL": "debug"})
        write_old_pump(old, "Quoted", TYPE, mpc_sections(clinic.share.root, gateway.url, token=TOKEN))
        clinic.program.run("import", str(old))
        for command in (("run", "--once", "Quoted"), ("records", "--json"), ("preview", "Quoted")):
            check_output(clinic.program.run(*command))
            check_files(clinic.program)
    records = clinic.records(pump="Quoted")
    assert {record["state"] for record in records} <= {"rejected", "waiting", "sending"}
    assert len(records) == 2


def test_a_secret_that_is_typed_anew_or_deleted_leaves_nothing_behind(clinic: Clinic) -> None:
    token = (PUMP, "QATrack+ API", "auth token")
    for action, typed in (("delete", ""), ("set", TOKEN), ("set", PASSWORD), ("set", TOKEN * 80)):
        check_output(clinic.program.run("secret", action, *token, typed=typed))
        check_output(clinic.program.run("run", "--once"))
        check_files(clinic.program)


def test_the_ledger_has_no_secret_while_it_is_being_written(clinic: Clinic) -> None:
    """Its write-ahead log too, which is only there while the program runs."""
    clinic.server.plan(add=[{"kind": "hang", "times": None, "seconds": 60}])
    process = clinic.program.start("run", "--once", PUMP)
    wal = clinic.program.home / "state" / "ledger.sqlite3-wal"
    while not (wal.exists() and b"QCPump/MPC" in wal.read_bytes()):
        assert process.poll() is None, ended(process)
        time.sleep(0.01)
    check_files(clinic.program)
    process.kill()
    check_output(ended(process))
    check_files(clinic.program)
    with sqlite3.connect(clinic.program.home / "state" / "ledger.sqlite3") as ledger:
        dump = "\n".join(ledger.iterdump())
    ledger.close()
    assert "QCPump/MPC" in dump
    assert leaks(dump.encode()) == []


@pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason=f"{sys.platform} has no /proc to look into"
)
def test_nobody_sees_a_secret_by_looking_at_the_process(clinic: Clinic) -> None:
    clinic.server.plan(add=[{"kind": "hang", "times": None, "seconds": 60}])
    process = clinic.program.start("run")
    while not clinic.server.counts()["requests"]:
        assert process.poll() is None, ended(process)
        time.sleep(0.01)
    for name in ("cmdline", "environ"):
        seen = Path(f"/proc/{process.pid}/{name}").read_bytes()
        assert seen
        assert leaks(seen) == []
    process.terminate()
    check_output(ended(process))
