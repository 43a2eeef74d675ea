from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qcpump_qt.engine import files
from qcpump_qt.engine.logs import Logs, Redactor
from qcpump_qt.engine.logs.rotation import RETRY_BYTES, RotatingLog

Rename = Callable[[Path, Path], bool]
Make = Callable[..., RotatingLog]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[RotatingLog] = []

    def maker(rename: Rename = files.try_rename, max_bytes: int = 1000, kept: int = 3) -> RotatingLog:
        made.append(RotatingLog(tmp_path / "p.log", max_bytes=max_bytes, kept=kept, rename=rename))
        return made[-1]

    yield maker
    for log in made:
        log.close()


def write(log: logging.Handler, numbers: range) -> None:
    for number in numbers:
        log.emit(logging.LogRecord("x", logging.INFO, "", 0, f"line {number:05} " + "." * 88, (), None))


def numbers_in(folder: Path) -> list[int]:
    found = []
    for path in sorted(folder.glob("p.log*")):
        found += [int(line.split()[1]) for line in path.read_text().splitlines()]
    return sorted(found)


def log_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("p.log*"))


def test_a_large_log_is_renamed_and_a_few_older_ones_stay(make: Make, tmp_path: Path) -> None:
    write(make(), range(100))
    assert log_names(tmp_path) == ["p.log", "p.log.1", "p.log.2", "p.log.3"]
    kept = numbers_in(tmp_path)
    assert kept == list(range(kept[0], 100))
    assert 31 <= len(kept) <= 40
    assert "line 00099" in (tmp_path / "p.log").read_text()


def test_the_log_of_the_last_run_counts(make: Make, tmp_path: Path) -> None:
    (tmp_path / "p.log").write_text("line 00000 .\n" * 100)
    write(make(), range(1))
    assert (tmp_path / "p.log.1").read_text().startswith("line 00000 .\n")
    assert (tmp_path / "p.log").stat().st_size < 200


def test_a_file_that_cannot_be_renamed_just_grows(make: Make, tmp_path: Path) -> None:
    """As on Windows while another process has the file open."""
    tries = []

    def held_open(source: Path, target: Path) -> bool:
        tries.append(source.name)
        return False

    write(make(held_open), range(1000))
    assert log_names(tmp_path) == ["p.log"]
    assert numbers_in(tmp_path) == list(range(1000))
    assert 1 <= len(tries) <= 2 + 100_000 // RETRY_BYTES


def test_it_is_renamed_once_that_is_possible(make: Make, tmp_path: Path) -> None:
    free = False

    def until_free(source: Path, target: Path) -> bool:
        return free and files.try_rename(source, target)

    log = make(until_free, kept=200)
    write(log, range(50))
    free = True
    write(log, range(50, 50 + RETRY_BYTES // 100))
    assert "p.log.1" in log_names(tmp_path)
    assert numbers_in(tmp_path) == list(range(50 + RETRY_BYTES // 100))


def test_an_older_file_that_is_held_open_is_not_replaced(make: Make, tmp_path: Path) -> None:
    def second_is_open(source: Path, target: Path) -> bool:
        return source.name != "p.log.1" and files.try_rename(source, target)

    write(make(second_is_open, kept=2), range(60))
    assert log_names(tmp_path) == ["p.log", "p.log.0", "p.log.1"]
    assert numbers_in(tmp_path) == list(range(60))


def test_a_rename_that_was_cut_off_is_finished(make: Make, tmp_path: Path) -> None:
    (tmp_path / "p.log.0").write_text("line 90000 left by a crash\n")
    (tmp_path / "p.log.1").write_text("line 80000 older\n")
    write(make(), range(12))
    assert (tmp_path / "p.log.2").read_text() == "line 90000 left by a crash\n"
    assert (tmp_path / "p.log.3").read_text() == "line 80000 older\n"
    assert numbers_in(tmp_path) == [*range(12), 80000, 90000]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows renames no open file")
def test_a_file_that_another_process_renamed_is_let_go(make: Make, tmp_path: Path) -> None:
    log = make(max_bytes=10**6)
    write(log, range(1))
    (tmp_path / "p.log").rename(tmp_path / "p.log.1")
    write(log, range(1, 2))
    assert "line 00000" in (tmp_path / "p.log.1").read_text()
    assert "line 00001" in (tmp_path / "p.log").read_text()


def test_while_another_process_renames_it_grows(make: Make, tmp_path: Path) -> None:
    log = make()
    with files.held(tmp_path / ".p.log.lock", doing="renaming its logs"):
        write(log, range(20))
    assert [path.name for path in tmp_path.glob("p.log*")] == ["p.log"]
    assert numbers_in(tmp_path) == list(range(20))


def test_what_another_process_renamed_first_is_not_renamed_again(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = make()
    write(log, range(11))
    held = files.held

    @contextlib.contextmanager
    def slower_than_the_other(lock: Path, *, doing: str, seconds: float) -> Iterator[None]:
        (tmp_path / "p.log").rename(tmp_path / "p.log.1")
        with held(lock, doing=doing, seconds=seconds):
            yield

    monkeypatch.setattr(files, "held", slower_than_the_other)
    write(log, range(11, 12))
    assert log_names(tmp_path) == ["p.log", "p.log.1"]
    assert numbers_in(tmp_path) == list(range(12))


_WRITER = """
import logging, sys
from pathlib import Path
from qcpump_qt.engine.logs.rotation import RotatingLog
log = RotatingLog(Path(sys.argv[1]), max_bytes=5000, kept=200)
sys.stdin.read(1)
for number in range(int(sys.argv[2]), int(sys.argv[2]) + 1000):
    log.emit(logging.LogRecord("x", logging.INFO, "", 0, f"line {number:05} " + "." * 88, (), None))
"""


def test_two_processes_lose_no_line(tmp_path: Path) -> None:
    """faults-of-the-incumbent: two copies of the program running; here they share a log."""
    path = tmp_path / "p.log"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), str(first)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for first in (0, 1000)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("g")
        process.stdin.flush()
    errors = [process.communicate(timeout=120)[1] for process in processes]
    assert errors == ["", ""]
    assert numbers_in(tmp_path) == list(range(2000))
    assert len(log_names(tmp_path)) > 10


def test_what_locking_itself_logs_begins_no_second_rename(tmp_path: Path) -> None:
    with Logs(tmp_path, Redactor(), level="debug", max_bytes=1000, kept=100):
        logging.getLogger("filelock").setLevel(logging.DEBUG)
        for number in range(100):
            logging.getLogger("ours").debug("line %05d %s", number, "." * 88)
        logging.getLogger("filelock").setLevel(logging.WARNING)
    text = "".join(path.read_text() for path in tmp_path.glob("qcpump-qt.log*"))
    assert [f"line {number:05}" in text for number in range(100)] == [True] * 100
