"""A pump never has two cycles at once: not in two threads, not in two processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qcpump_qt.engine import lock
from qcpump_qt.engine.errors import BusyError, LedgerError
from qcpump_qt.engine.lock import InstanceLock, PumpLock

HOLDER = """
import sys
from pathlib import Path
from qcpump_qt.engine.lock import PumpLock
with PumpLock(Path(sys.argv[1]), "pump-1"):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(folder: Path, script: str = HOLDER) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def test_a_second_one_in_the_same_process_is_busy(tmp_path: Path) -> None:
    with PumpLock(tmp_path / "locks", "pump-1"):
        with pytest.raises(BusyError) as caught, PumpLock(tmp_path / "locks", "pump-1"):
            pytest.fail("two at once")
        with PumpLock(tmp_path / "locks", "pump-2"):
            pass
    assert caught.value.message == (
        "This pump is being run already, by this program or by another one with the same home. "
        "This cycle was left out; nothing is lost."
    )
    with PumpLock(tmp_path / "locks", "pump-1"):
        pass


def test_a_second_process_is_busy_until_the_first_ends(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    try:
        with pytest.raises(BusyError), PumpLock(tmp_path, "pump-1"):
            pytest.fail("two at once")
    finally:
        end(holder)
    with PumpLock(tmp_path, "pump-1"):
        pass


def test_a_process_that_is_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    holder.kill()
    end(holder)
    with PumpLock(tmp_path, "pump-1"):
        pass


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), PumpLock(tmp_path, "pump-1"):
        raise ZeroDivisionError
    with PumpLock(tmp_path, "pump-1"):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("in the way", encoding="utf-8")
    with pytest.raises(LedgerError) as caught, PumpLock(tmp_path / "locks", "pump-1"):
        pytest.fail("no lock")
    assert caught.value.message.startswith("The lock file cannot be made (")
    assert caught.value.message.endswith("); nothing is sent without it.")


def test_a_file_system_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoLocks:
        def __init__(self, *_: object, **__: object) -> None: ...

        def acquire(self, *, timeout: float) -> None:
            raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr(lock, "FileLock", NoLocks)
    with pytest.raises(LedgerError) as caught, PumpLock(tmp_path, "pump-1"):
        pytest.fail("no lock")
    assert caught.value.message == (
        "The lock file cannot be made (FileSystem does not appear to support flock); nothing is sent without it."
    )


WINDOW = """
import sys
from pathlib import Path
from qcpump_qt.engine.lock import InstanceLock
window = InstanceLock(Path(sys.argv[1]))
print("held" if window.acquire() else "refused", flush=True)
sys.stdin.read()
"""


def test_a_home_has_one_window(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path / "locks"), InstanceLock(tmp_path / "locks")
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    second.release()
    assert first.acquire()
    first.release()


def test_a_window_of_another_process_counts_until_that_ends(tmp_path: Path) -> None:
    holder = hold(tmp_path, WINDOW)
    mine = InstanceLock(tmp_path)
    try:
        assert not mine.acquire()
        holder.kill()
    finally:
        end(holder)
    assert mine.acquire()
    mine.release()


def test_a_window_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("in the way", encoding="utf-8")
    with pytest.raises(LedgerError, match="The lock file cannot be made "):
        InstanceLock(tmp_path / "locks").acquire()
