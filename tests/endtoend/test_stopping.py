"""Asked to end, the program ends within two seconds, whatever the server does; two of them never double anything."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from endtoend.clinic import PUMP, TYPE, Clinic
from endtoend.installed import Done, ended
from qcpump_qt.engine.ledger.ledger import Ledger

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="sends the signals of POSIX; Windows' Ctrl+Break has its own unit test"
)

LIMIT = 2.0
"""Seconds in which the program promises to end."""


def wait_until(true: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    while not true():
        assert process.poll() is None, ended(process)
        time.sleep(0.01)


def requests(clinic: Clinic, method: str) -> int:
    return sum(each["number"] for each in clinic.server.counts()["requests"] if each["method"] == method)


def cycles_begun(clinic: Clinic) -> int:
    (pump,) = (clinic.program.home / "pumps").iterdir()
    ledger = Ledger.at(clinic.program.home / "state" / "ledger.sqlite3")
    try:
        return len(ledger.cycles.latest(pump.name))
    finally:
        ledger.close()


def stop(process: subprocess.Popen[bytes], number: signal.Signals) -> Done:
    started = time.monotonic()
    process.send_signal(number)
    done = ended(process, 30)
    assert time.monotonic() - started < LIMIT
    return done


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_run_by_interval_ends_when_it_is_asked_to(
    clinic: Clinic, number: signal.Signals, as_json: bool
) -> None:
    process = clinic.program.start("run", *(["--json"] if as_json else []))
    # Once the second cycle has begun, all of the first one is written down and told.
    wait_until(lambda: len(clinic.on_the_server()) == 2 and cycles_begun(clinic) > 1, process)
    done = stop(process, number)
    assert (done.code, done.err) == (0, "")
    if as_json:
        assert done.pump["name"] == PUMP
    else:
        first, second, *_more, last = done.out.splitlines()
        assert first == f"{PUMP}: every 1 s. Stop with Ctrl+C."
        assert second == f"{PUMP} ({TYPE}): ok, 2 delivered"
        assert last == "Stopped."
    clinic.check_all_equal()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("arguments", [["run"], ["run", "--once", "--json"]], ids=["run", "once"])
def test_it_ends_while_the_server_hangs(
    clinic: Clinic, number: signal.Signals, method: str, arguments: list[str]
) -> None:
    settings = clinic.program.home / "settings.json"
    settings.write_text(json.dumps({"HTTP_READ_TIMEOUT": 60.0}), encoding="utf-8")
    clinic.server.plan(add=[{"kind": "hang", "method": method, "times": None, "seconds": 60}])
    process = clinic.program.start(*arguments)
    wait_until(lambda: requests(clinic, method), process)
    done = stop(process, number)
    assert done.code == 0
    assert "Traceback" not in done.err
    assert "Fatal" not in done.err
    if "--json" in arguments:
        assert done.pump["outcome"] == "stopped"
        assert {"found", "delivered", "already_there", "waiting", "skipped", "rejected"} < set(done.pump)

    clinic.server.kill()
    clinic.server.restart()
    assert clinic.program.run("run", "--once").code == 0
    clinic.check_all_equal()


def test_it_ends_in_the_middle_of_many_records(clinic: Clinic) -> None:
    clinic.share.add(60)
    clinic.server.plan(latency_ms=100)
    process = clinic.program.start("run", "--once", "--json")
    wait_until(lambda: len(clinic.on_the_server()) >= 3, process)
    done = stop(process, signal.SIGTERM)
    assert (done.code, done.pump["outcome"]) == (0, "stopped")
    assert done.pump["delivered"] < 62
    assert clinic.check_nothing_twice()
    clinic.server.plan(clear=True)
    assert clinic.program.run("run", "--once").code == 0
    clinic.check_all_equal()


def test_waiting_for_retry_after_is_no_reason_to_stay(clinic: Clinic) -> None:
    clinic.server.plan(add=[{"kind": "429", "times": None, "seconds": 60}])
    process = clinic.program.start("run")
    wait_until(lambda: requests(clinic, "POST"), process)
    assert stop(process, signal.SIGINT).code == 0
    assert clinic.on_the_server() == []


@pytest.mark.parametrize("command", [["validate"], ["preview", PUMP]], ids=["validate", "preview"])
def test_other_commands_are_interrupted_without_a_traceback(clinic: Clinic, command: list[str]) -> None:
    clinic.server.plan(add=[{"kind": "hang", "method": "ANY", "times": None, "seconds": 60}])
    settings = clinic.program.home / "settings.json"
    settings.write_text(json.dumps({"HTTP_READ_TIMEOUT": 60.0}), encoding="utf-8")
    process = clinic.program.start(*command, "--json")
    wait_until(lambda: requests(clinic, "GET"), process)
    done = stop(process, signal.SIGINT)
    assert done.code == 130
    assert done.err == "Stopped before the end.\n"
    assert done.texts == ["Stopped before the end."]


def test_a_second_process_leaves_a_busy_pump_alone(clinic: Clinic) -> None:
    clinic.share.add(40)
    clinic.server.plan(latency_ms=100)
    first = clinic.program.start("run", "--once", "--json")
    wait_until(clinic.on_the_server, first)
    second = clinic.program.run("run", "--once", "--json")
    assert first.poll() is None, "the first one was done before the second had begun"
    assert (second.code, second.pump["outcome"], second.pump["found"]) == (3, "busy", 0)
    (text,) = second.texts
    assert text == (
        f"{PUMP}: This pump is being run already, by this program or by another one with the same home. "
        "This cycle was left out; nothing is lost."
    )
    assert ended(first).code == 0
    clinic.check_all_equal()


def test_many_processes_at_once_double_nothing(clinic: Clinic) -> None:
    clinic.share.add(20)
    clinic.server.plan(latency_ms=10)
    crowd = [clinic.program.start("run", "--once", "--json") for _ in range(6)]
    results = [ended(process) for process in crowd]
    assert {done.code for done in results} <= {0, 3}
    assert {done.pump["outcome"] for done in results} <= {"ok", "busy"}
    assert sum(done.pump["delivered"] for done in results) == 22
    clinic.check_all_equal()
