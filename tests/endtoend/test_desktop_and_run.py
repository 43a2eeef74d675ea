"""A window and the installed command line never pump the same home at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from endtoend.clinic import PUMP, Clinic
from endtoend.installed import ended
from qcpump_qt.engine.errors import BusyError
from qcpump_qt.engine.pumping import DesktopPumping

WINDOW = """
import sys
from pathlib import Path
from qcpump_qt.engine.pumping import DesktopPumping
window = DesktopPumping(Path(sys.argv[1]))
window.acquire()
print("pumping", flush=True)
sys.stdin.read()
"""

TOLD = (
    "The window of QCPump-Qt is running the pumps of this home. "
    "Stop them there, or quit it, and then run this command again."
)


def locks(clinic: Clinic) -> Path:
    return clinic.program.home / "state" / "locks"


@contextmanager
def window_that_pumps(clinic: Clinic) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the home as the window does."""
    process = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(locks(clinic))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "pumping\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def test_a_run_beside_a_window_sends_nothing_and_comes_back_later(clinic: Clinic) -> None:
    with window_that_pumps(clinic):
        done = clinic.program.run("run", "--once")
        assert (done.code, done.out, done.err) == (3, "", f"{TOLD}\n")
        told = clinic.program.run("run", "--once", "--json")
        assert (told.code, told.pump["name"], told.pump["outcome"]) == (3, PUMP, "busy")
        assert TOLD in told.texts
        assert clinic.on_the_server() == []
    assert clinic.program.run("run", "--once").code == 0
    clinic.check_all_equal()


def test_a_window_that_died_keeps_no_run_out(clinic: Clinic) -> None:
    with window_that_pumps(clinic) as process:
        process.kill()
    assert clinic.program.run("run", "--once").code == 0
    clinic.check_all_equal()


@pytest.mark.skipif(sys.platform == "win32", reason="ends the run by a signal of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_window_waits_for_the_end_of_a_run(clinic: Clinic, number: signal.Signals) -> None:
    process = clinic.program.start("run")
    window = DesktopPumping(locks(clinic))
    while len(clinic.on_the_server()) < 2:
        assert process.poll() is None, ended(process)
        time.sleep(0.01)
    with pytest.raises(BusyError) as caught:
        window.acquire()
    assert caught.value.message == (
        f"The command `qcpump-qt run` (process {process.pid}) is running the pumps of this home. "
        "End it, or wait until it has ended; the pumps then run here."
    )
    process.send_signal(number)
    ended(process)
    with window:
        assert not list(locks(clinic).glob("run.*"))


def test_two_runs_go_side_by_side_as_before(clinic: Clinic) -> None:
    both = [clinic.program.start("run", "--once", "--json") for _ in range(2)]
    outcomes = sorted(ended(process).pump["outcome"] for process in both)
    assert outcomes in (["busy", "ok"], ["ok", "ok"])
    clinic.check_all_equal()
