from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from qcpump_qt.engine import files
from qcpump_qt.engine.errors import BusyError, ConfigurationError
from qcpump_qt.engine.files import FileBroken, FileMissing, set_aside, write_atomically
from qcpump_qt.engine.oserror_words import in_words


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_text_is_written_as_utf8(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", "grün")
    assert (tmp_path / "a").read_bytes() == "grün".encode()
    write_atomically(tmp_path / "a", b"\x00\xff")
    assert (tmp_path / "a").read_bytes() == b"\x00\xff"
    assert names(tmp_path) == ["a"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"nowhere.a could not be written: it is not there"):
        write_atomically(tmp_path / "nowhere" / "a", "x")


def test_a_folder_in_the_way_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "inside").touch()
    with pytest.raises(ConfigurationError, match="a could not be written"):
        write_atomically(tmp_path / "a", "x")
    assert names(tmp_path) == ["a"]


_FAILING_DISK = """
import resource, sys
from pathlib import Path
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.files import write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomically(Path(sys.argv[1]), b"x" * 5000)
except ConfigurationError as error:
    sys.stdout.write(str(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of files")
def test_a_failed_save_leaves_the_old_file_and_says_so(tmp_path: Path) -> None:
    """faults-of-the-incumbent: a failed save leaves an empty file and looks saved."""
    path = tmp_path / "config.json"
    path.write_text("old")
    done = subprocess.run(
        [sys.executable, "-c", _FAILING_DISK, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "config.json could not be written: the file would become larger than is allowed" in done.stdout
    assert path.read_text() == "old"
    assert names(tmp_path) == ["config.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_has_its_words(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="No space") as caught,
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    text = in_words(caught.value, "written", tmp_path / "a")
    assert text == f"{tmp_path / 'a'} could not be written: the disk is full. Make room on it and try again."


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "you do not have the right"),
        (errno.EPERM, "the system does not allow it"),
        (errno.EIO, "the disk reports a fault"),
        (errno.EDQUOT, "quota"),
        (errno.EHOSTDOWN, "the network share does not answer"),
        (errno.ENAMETOOLONG, "the name is too long"),
        (errno.EBUSY, "it is in use"),
        (errno.EXDEV, "the system says: "),
    ],
)
def test_each_trouble_of_a_disk_has_its_words(number: int, words: str) -> None:
    text = in_words(OSError(number, os.strerror(number)), "written", Path("x"))
    assert words in text
    assert text.endswith(".")


def test_an_error_without_a_number_has_words() -> None:
    assert in_words(OSError(), "read", Path("x")) == "x could not be read: the system says: OSError."


class HeldOpen:
    """Replaces only after the other program has let go."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.calls = 0

    def __call__(self, source: str, target: Path) -> None:
        self.calls += 1
        if self.calls <= self.refusals:
            raise PermissionError(errno.EACCES, "Access is denied")
        Path(source).replace(target)


def test_windows_waits_until_another_program_lets_go(tmp_path: Path) -> None:
    replace = HeldOpen(refusals=2)
    write_atomically(tmp_path / "a", "new", platform="win32", replace=replace)
    assert replace.calls == 3
    assert (tmp_path / "a").read_text() == "new"


def test_windows_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "WINDOWS_PATIENCE", 0.02)
    (tmp_path / "a").write_text("old")
    with pytest.raises(ConfigurationError, match="close the program that holds the file open"):
        write_atomically(tmp_path / "a", "new", platform="win32", replace=HeldOpen(refusals=10**6))
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_elsewhere_a_refusal_is_told_at_once(tmp_path: Path) -> None:
    replace = HeldOpen(refusals=1)
    with pytest.raises(ConfigurationError, match="you do not have the right"):
        write_atomically(tmp_path / "a", "new", platform="linux", replace=replace)
    assert replace.calls == 1


@pytest.mark.parametrize(("platform", "synced"), [("win32", False), ("linux", True), ("darwin", True)])
def test_the_folder_is_synced_where_that_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, synced: bool
) -> None:
    seen: list[Path] = []
    monkeypatch.setattr(files, "_sync_folder", seen.append)
    write_atomically(tmp_path / "a", "x", platform=platform)
    assert seen == ([tmp_path] if synced else [])


def test_json_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert files.read_json(path) == {"a": 1}
    path.write_bytes('{"a": "ü"}'.encode("utf-16"))
    assert files.read_json(path) == {"a": "ü"}


def test_broken_json_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": 1,\n "b" 2}')
    with pytest.raises(
        FileBroken, match=r"a\.json, line 2, column 6: this is not JSON \(expecting ':' delimiter\)"
    ):
        files.read_json(path)
    assert path.exists()


def test_a_missing_file_is_not_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"a\.json could not be read: it is not there"):
        files.read_json(tmp_path / "a.json")


def test_a_broken_file_is_set_aside_over_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    kept = {}
    for number in range(4):
        path.write_text(f"broken {number}")
        kept[set_aside(path)] = f"broken {number}"
        assert not path.exists()
    assert len(kept) == 4
    for aside, text in kept.items():
        assert aside.name.startswith("settings.json.broken-2")
        assert aside.read_text() == text


def test_setting_aside_what_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="could not be set aside"):
        set_aside(tmp_path / "settings.json")
    assert names(tmp_path) == []


def test_folders_are_looked_into_and_removed(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "c").touch()
    assert files.names_in(tmp_path / "a") == ["b", "c"]
    assert files.is_folder(tmp_path / "a")
    assert not files.is_folder(tmp_path / "a" / "c")
    assert not files.exists(tmp_path / "a" / "c" / "d")
    files.remove_folder(tmp_path / "a")
    files.remove_folder(tmp_path / "a")
    assert not files.exists(tmp_path / "a")
    with pytest.raises(FileMissing):
        files.names_in(tmp_path / "a")


def test_a_rename_that_is_not_possible_is_only_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert not files.try_rename(tmp_path / "a", tmp_path / "nowhere" / "b")
    assert not files.try_rename(tmp_path / "missing", tmp_path / "b")
    assert files.try_rename(tmp_path / "a", tmp_path / "b")
    assert names(tmp_path) == ["b"]


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link that leads in a circle")
def test_what_cannot_be_told_is_not_taken_for_missing(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(ConfigurationError, match="its links lead in a circle"):
        files.exists(tmp_path / "loop")


def test_a_held_lock_keeps_others_out(tmp_path: Path) -> None:
    lock = tmp_path / "pumps.lock"
    with (
        files.held(lock, doing="changing the pumps"),
        pytest.raises(
            BusyError, match=r"Another QCPump-Qt is changing the pumps and did not finish within 0.05"
        ),
        files.held(lock, doing="changing the pumps", seconds=0.05),
    ):
        pass
    with files.held(lock, doing="changing the pumps", seconds=0.05):
        assert lock.exists()


def test_a_lock_waits_for_its_turn(tmp_path: Path) -> None:
    lock, inside, order = tmp_path / "x.lock", threading.Event(), list[str]()

    def other() -> None:
        with files.held(lock, doing="waiting", seconds=30):
            order.append("second")

    thread = threading.Thread(target=other)
    with files.held(lock, doing="waiting"):
        thread.start()
        inside.wait(0.05)
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]


def test_a_lock_without_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ConfigurationError, match="could not be made"),
        files.held(tmp_path / "file" / "x", doing="x"),
    ):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_place_of_a_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    os.mkfifo(path)
    with pytest.raises(ConfigurationError, match="it is no file but a pipe or a device"):
        files.read_bytes(path)


def test_what_is_written_bit_by_bit_stands_there_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.zip"
    path.write_bytes(b"former")
    with files.replacing(path) as stream:
        stream.write(b"new ")
        stream.flush()
        assert path.read_bytes() == b"former"
        stream.write(b"content")
    assert path.read_bytes() == b"new content"
    assert names(tmp_path) == ["report.zip"]


def test_what_fails_half_way_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "report.zip"
    path.write_bytes(b"former")
    with pytest.raises(ZeroDivisionError):
        _write_half(path)
    assert path.read_bytes() == b"former"
    assert names(tmp_path) == ["report.zip"]


def _write_half(path: Path) -> None:
    with files.replacing(path) as stream:
        stream.write(b"half")
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("most", "end"), [(0, b""), (3, b"def"), (6, b"abcdef"), (7, b"abcdef"), (10**9, b"abcdef")]
)
def test_the_end_of_a_file_is_read(tmp_path: Path, most: int, end: bytes) -> None:
    (tmp_path / "a").write_bytes(b"abcdef")
    assert files.read_end(tmp_path / "a", most) == end


def test_the_end_of_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="nothing could not be read"):
        files.read_end(tmp_path / "nothing", 5)
    with pytest.raises(ConfigurationError, match="could not be read"):
        files.read_end(tmp_path, 5)
