"""A home is pumped by its window or by command lines, never by both: in one process, in two, and after a crash."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from qcpump_qt.engine import pumping
from qcpump_qt.engine.errors import BusyError, LedgerError
from qcpump_qt.engine.lock import locked
from qcpump_qt.engine.pumping import DesktopPumping, RunPumping

HOLDER = """
import sys
from pathlib import Path
from qcpump_qt.engine import pumping
holder = getattr(pumping, sys.argv[2])(Path(sys.argv[1]))
holder.acquire()
print("held", flush=True)
sys.stdin.read()
"""

RUN_TOLD = (
    "The window of QCPump-Qt is running the pumps of this home. "
    "Stop them there, or quit it, and then run this command again."
)


@contextmanager
def held_elsewhere(folder: Path, kind: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def desktop(folder: Path) -> DesktopPumping:
    return DesktopPumping(folder, patience=0.05)


def run(folder: Path) -> RunPumping:
    return RunPumping(folder, patience=0.05)


def run_files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("run.*"))


def test_runs_go_side_by_side(tmp_path: Path) -> None:
    with run(tmp_path), run(tmp_path):
        assert len(run_files(tmp_path)) == 2
    assert run_files(tmp_path) == []


def test_no_run_beside_a_window_that_pumps(tmp_path: Path) -> None:
    window, command = desktop(tmp_path / "locks"), run(tmp_path / "locks")
    window.acquire()
    with pytest.raises(BusyError) as caught:
        command.acquire()
    assert caught.value.message == RUN_TOLD
    assert (window.held, command.held) == (True, False)
    assert run_files(tmp_path / "locks") == []
    window.release()
    command.acquire()
    assert command.held
    command.release()


def test_no_window_beside_a_run(tmp_path: Path) -> None:
    window = desktop(tmp_path)
    with run(tmp_path):
        with pytest.raises(BusyError) as caught:
            window.acquire()
        assert caught.value.message == (
            f"The command `qcpump-qt run` (process {os.getpid()}) is running the pumps of this home. "
            "End it, or wait until it has ended; the pumps then run here."
        )
        assert window.held is False
    window.acquire()
    assert bool(window.held)
    window.release()


def test_one_window_pumps(tmp_path: Path) -> None:
    with desktop(tmp_path), pytest.raises(BusyError) as caught:
        desktop(tmp_path).acquire()
    assert caught.value.message == (
        "Another window of QCPump-Qt, perhaps of another user, is running the pumps of this home. "
        "Stop them there, or go on working in that window."
    )


@pytest.mark.parametrize("kind", [desktop, run])
def test_taking_and_giving_back_twice_is_fine(tmp_path: Path, kind: type[DesktopPumping]) -> None:
    holder = kind(tmp_path)
    holder.release()
    holder.acquire()
    holder.acquire()
    holder.release()
    holder.release()
    desktop(tmp_path).acquire()


def test_it_is_given_back_by_another_thread_than_took_it(tmp_path: Path) -> None:
    holder = desktop(tmp_path)
    thread = threading.Thread(target=holder.acquire)
    thread.start()
    thread.join(20)
    assert holder.held
    holder.release()
    with run(tmp_path):
        pass


def test_another_process_counts_until_it_ends(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path, "DesktopPumping"):
        with pytest.raises(BusyError):
            run(tmp_path).acquire()
        with pytest.raises(BusyError):
            desktop(tmp_path).acquire()
    with held_elsewhere(tmp_path, "RunPumping") as process:
        with pytest.raises(BusyError, match=f"process {process.pid}"):
            desktop(tmp_path).acquire()
        with run(tmp_path):
            pass
    with desktop(tmp_path):
        pass


@pytest.mark.parametrize("kind", ["DesktopPumping", "RunPumping"])
def test_one_that_is_killed_keeps_nobody_out_and_is_cleared_away(tmp_path: Path, kind: str) -> None:
    with held_elsewhere(tmp_path, kind) as process:
        process.kill()
    assert len(run_files(tmp_path)) == (kind == "RunPumping")
    with desktop(tmp_path):
        assert run_files(tmp_path) == []


def test_runs_clear_away_what_killed_ones_left(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path, "RunPumping") as process:
        process.kill()
    with run(tmp_path):
        assert [name.split(".")[1] for name in run_files(tmp_path)] == [str(os.getpid())]


def test_a_run_that_only_looks_keeps_no_window_out(tmp_path: Path) -> None:
    """Two runs look whether a window pumps at the same moment; neither takes the other one for a window."""
    looking = FileLock(tmp_path / "window.pumping.lock", thread_local=False)
    looking.acquire()
    threading.Timer(0.2, looking.release).start()
    with RunPumping(tmp_path, patience=20):
        pass


@pytest.mark.parametrize("attempt", range(5))
def test_of_many_that_begin_at_once_never_both_kinds_pump(tmp_path: Path, attempt: int) -> None:
    start = threading.Barrier(6)
    counted = threading.Lock()
    pumps = {DesktopPumping: 0, RunPumping: 0}
    wrong: list[list[int]] = []

    def pump(kind: type[DesktopPumping] | type[RunPumping]) -> None:
        start.wait(20)
        for _ in range(15):
            try:
                with kind(tmp_path, patience=0.02):
                    with counted:
                        pumps[kind] += 1
                        if pumps[DesktopPumping] > 1 or (pumps[DesktopPumping] and pumps[RunPumping]):
                            wrong.append(list(pumps.values()))
                    with counted:
                        pumps[kind] -= 1
            except BusyError:
                continue

    threads = [
        threading.Thread(target=pump, args=(kind,)) for kind in (DesktopPumping, RunPumping) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert run_files(tmp_path) == []


def test_a_file_that_is_cleared_away_while_it_is_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Path] = []

    def clearing(lock: FileLock, folder: Path, *, seconds: float = 0.0) -> bool:
        done = locked(lock, folder, seconds=seconds)
        file = Path(lock.lock_file)
        if file.name.startswith("run.") and not taken:
            taken.append(file)
            file.unlink()
        return done

    monkeypatch.setattr(pumping, "locked", clearing)
    if sys.platform == "win32":
        pytest.skip("Windows removes no open file")
    with run(tmp_path):
        (name,) = run_files(tmp_path)
        assert name != taken[0].name
        with pytest.raises(BusyError):
            desktop(tmp_path).acquire()


def test_a_folder_that_is_always_cleared_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pumping, "locked", lambda *_args, **_options: False)
    with pytest.raises(LedgerError) as caught:
        run(tmp_path).acquire()
    assert caught.value.message == (
        "The lock files are removed while they are made; nothing is sent without them. See which other program "
        "clears this folder."
    )


@pytest.mark.parametrize("kind", [desktop, run])
def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, kind: type[DesktopPumping]) -> None:
    (tmp_path / "locks").write_text("in the way", encoding="utf-8")
    with pytest.raises(LedgerError, match="The lock file cannot be made "):
        kind(tmp_path / "locks").acquire()


def test_no_pumps_lock_is_taken_for_a_runs(tmp_path: Path) -> None:
    """A pump may be called *Run*; its lock file then begins with that word."""
    from qcpump_qt.engine.lock import PumpLock
    from qcpump_qt.engine.pump_document import new_id

    with PumpLock(tmp_path, new_id("Run 1")), PumpLock(tmp_path, new_id("run")), desktop(tmp_path):
        assert len(list(tmp_path.iterdir())) == 3
