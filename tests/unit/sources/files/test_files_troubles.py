"""What disks and shares refuse, in words; and names that Windows cannot have."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from qcpump_qt.engine.errors import ItemError, PumpError, SourceUnavailable
from qcpump_qt.sources.files.target_names import check_name
from qcpump_qt.sources.files.transfer_checks import either_side
from qcpump_qt.sources.files.troubles import (
    TargetRefuses,
    Vanished,
    destination_away,
    not_listed,
    of_source,
    of_target,
)

PATH = Path("share/a.txt")


def windows(number: int, kind: type[OSError] = PermissionError) -> OSError:
    error = kind(errno.EACCES, "Zugriff verweigert")
    error.winerror = number  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (
            FileNotFoundError(errno.ENOENT, ""),
            Vanished,
            "“share/a.txt” was there a moment ago and is gone now. Nothing was done with it.",
        ),
        (
            windows(32),
            SourceUnavailable,
            "“share/a.txt” is locked by another program. It is tried again in the next cycle.",
        ),
        (
            windows(5),
            SourceUnavailable,
            "“share/a.txt” is locked by another program, or this account may not read or remove it. It is tried again "
            "in the next cycle; if this stays so, give the account the right to change files in that folder.",
        ),
        (
            OSError(errno.EROFS, ""),
            SourceUnavailable,
            "“share/a.txt” lies on a disk that is read-only, so it cannot be taken away from there. Make the disk "
            "writable, or choose the mode Copy.",
        ),
        (
            OSError(errno.EIO, ""),
            SourceUnavailable,
            "“share/a.txt” could not be used: the disk reports a fault. Have the disk looked at.",
        ),
    ],
)
def test_of_the_source(error: OSError, kind: type[PumpError], message: str) -> None:
    told = of_source(error, PATH)
    assert type(told) is kind
    assert told.message == message


@pytest.mark.parametrize(
    ("error", "kind", "why"),
    [
        (OSError(errno.ENOSPC, ""), TargetRefuses, "the disk is full. Make room on it and try again."),
        (
            OSError(errno.EROFS, ""),
            TargetRefuses,
            "the disk is read-only. Make it writable, or choose another destination.",
        ),
        (
            PermissionError(errno.EACCES, ""),
            TargetRefuses,
            "this account may not write there. Give it the right to write to the destination.",
        ),
        (
            OSError(errno.ETIMEDOUT, ""),
            TargetRefuses,
            "the network share does not answer. See whether the share can be reached and try again.",
        ),
        (
            OSError(errno.EINVAL, ""),
            ItemError,
            "that name is not possible there, or it is too long. Rename the file.",
        ),
        (
            windows(123, OSError),
            ItemError,
            "that name is not possible there, or it is too long. Rename the file.",
        ),
    ],
)
def test_of_the_target(error: OSError, kind: type[PumpError], why: str) -> None:
    told = of_target(error, PATH)
    assert type(told) is kind
    assert told.message == f"“share/a.txt” could not be written: {why}"


def test_folders_that_cannot_be_looked_at() -> None:
    assert not_listed(OSError(errno.EIO, ""), PATH).message == (
        "“share/a.txt” cannot be read now: the disk reports a fault. Have the disk looked at. What is in it waits "
        "until then."
    )
    assert destination_away(NotADirectoryError(errno.ENOTDIR, ""), PATH).message == (
        "The destination “share/a.txt” is a file, not a folder. Choose a folder. What is to go there waits until then."
    )
    assert destination_away(OSError(errno.EHOSTDOWN, ""), PATH).message == (
        "The destination “share/a.txt” cannot be reached now: the network share does not answer. See whether the share "
        "can be reached and try again. What is to go there waits until then."
    )


def test_a_refused_rename_is_laid_to_the_right_side(tmp_path: Path) -> None:
    file, target = tmp_path / "a.txt", tmp_path / "target" / "a.txt"
    file.write_text("x")
    target.parent.mkdir()
    assert type(either_side(windows(32), file, target)) is SourceUnavailable
    assert type(either_side(PermissionError(errno.EACCES, ""), file, target)) is SourceUnavailable
    assert type(either_side(OSError(errno.ENOSPC, ""), file, target)) is TargetRefuses
    target.parent.rmdir()
    assert type(either_side(PermissionError(errno.EACCES, ""), file, target)) is TargetRefuses
    file.unlink()
    assert type(either_side(FileNotFoundError(errno.ENOENT, ""), file, target)) is Vanished


@pytest.mark.parametrize(
    "name",
    ["NUL", "nul.txt", "con.tar.gz", "COM1", "lpt9.csv", "COM².x", "aux .txt", "a.", "a ", "a:b", "a?", 'a"'],
)
def test_names_that_windows_cannot_have(name: str) -> None:
    with pytest.raises(ItemError) as caught:
        check_name(Path("target") / name, "nt")
    assert caught.value.message == (
        f"“target/{name}” could not be written: Windows cannot have a file of that name. Rename the file."
    )
    check_name(Path("target") / name, "posix")


@pytest.mark.parametrize(
    "name", ["NULL", "console.txt", "COM0", "COM10.txt", "a.b", ".hidden", "Prüfung (2).txt"]
)
def test_names_that_windows_can_have(name: str) -> None:
    check_name(Path("target") / name, "nt")
