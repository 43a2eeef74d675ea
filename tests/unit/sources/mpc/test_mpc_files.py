"""The border to the file system: looks, reads, words for every trouble, Windows' long paths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcpump_qt.engine.errors import ItemError, SourceUnavailable
from qcpump_qt.sources.mpc import files
from qcpump_qt.sources.mpc.files import Sight, long_path, look, read_file, read_optional, unavailable

NAME = "NDS-WKS-SN1234-2020-11-06-09-59-21-0009-BeamCheckTemplate6x"


class SharingViolationError(PermissionError):
    """What Windows says when another program holds a file."""

    winerror = 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / NAME
    made.mkdir()
    return made


@pytest.fixture
def not_root() -> Iterator[None]:
    """For root every file is readable; become somebody else for the length of a test."""
    if os.name == "nt":
        pytest.skip("Windows has no such users; the words are tested with its own error")
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


def test_a_look_at_a_result(folder: Path) -> None:
    results = folder / "Results.csv"
    results.write_bytes(b"12345")
    os.utime(results, ns=(1_600_000_000_000_000_000, 1_600_000_000_500_000_000))
    assert look(folder) == Sight(True, 5, 1_600_000_000_500_000_000, "")
    assert look(str(folder)) == look(folder)


def test_a_look_at_an_aborted_run(folder: Path) -> None:
    why = f"“{NAME}” has no Results.csv (an aborted run, or one still being written)."
    assert look(folder) == Sight(False, problem=why)


def test_a_look_at_a_folder_that_has_vanished(folder: Path) -> None:
    folder.rmdir()
    assert look(folder) == Sight(False, problem=f"“{NAME}” has vanished from the share.")


def test_a_look_at_a_stray_file(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"")
    why = look(tmp_path / NAME).problem
    if os.name == "nt":
        assert why == f"“{NAME}” has vanished from the share."
    else:
        assert why == f"“{NAME}” is a file, not a check folder."


def test_a_look_at_results_that_are_a_folder(folder: Path) -> None:
    (folder / "Results.csv").mkdir()
    assert look(folder) == Sight(False, problem=f"Results.csv in “{NAME}” is not a file.")


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_look_at_something_that_cannot_be_looked_at(folder: Path) -> None:
    (folder / "Results.csv").symlink_to("Results.csv")
    assert look(folder) == Sight(
        False,
        problem=f"“{folder}/Results.csv” cannot be read now (Too many levels of symbolic links). "
        "It is read in a later cycle.",
        unreachable=True,
    )


def test_a_file_is_read(folder: Path) -> None:
    (folder / "Results.csv").write_bytes(b"\xff\x00abc")
    assert read_file(folder / "Results.csv") == b"\xff\x00abc"
    assert read_optional(folder / "Results.csv") == b"\xff\x00abc"


def test_a_file_that_has_vanished(folder: Path) -> None:
    path = folder / "Check.xml"
    with pytest.raises(ItemError) as caught:
        read_file(path)
    assert caught.value.message == (
        f"“{path}” was there a moment ago and is gone now. It is read when it comes back."
    )
    assert caught.value.subject == str(path)
    assert read_optional(path) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows says permission denied for a folder")
@pytest.mark.parametrize("read", [read_file, read_optional])
def test_a_file_that_is_a_folder(folder: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(ItemError) as caught:
        read(folder)
    assert caught.value.message == f"“{folder}” is a folder, not a file, so nothing can be read from it."


@pytest.mark.parametrize("read", [read_file, read_optional])
def test_a_file_far_too_big(folder: Path, read: object) -> None:
    assert callable(read)
    path = folder / "Results.csv"
    with path.open("wb") as file:
        file.truncate(files.LARGEST + 1)
    with pytest.raises(ItemError) as caught:
        read(path)
    assert caught.value.message == f"“{path}” is larger than 16 MB, so it is no MPC result. Remove it."


@pytest.mark.usefixtures("not_root")
@pytest.mark.parametrize("read", [read_file, read_optional])
def test_a_file_that_may_not_be_read(tmp_path_factory: pytest.TempPathFactory, read: object) -> None:
    assert callable(read)
    path = Path("/proc/1/mem")
    if not path.exists():
        pytest.skip("this system has no file that nobody may read")
    with pytest.raises(SourceUnavailable) as caught:
        read(path)
    assert caught.value.message == (
        f"“{path}” is locked or may not be read by this account. It is read in a later cycle; "
        "if this stays so, give the account the right to read it."
    )
    assert caught.value.transient


@pytest.mark.parametrize("read", [read_file, read_optional])
def test_a_file_that_windows_holds(monkeypatch: pytest.MonkeyPatch, read: object) -> None:
    """A sharing violation cannot be had on other systems, so its exception is made by hand."""
    assert callable(read)

    def held(path: Path) -> bytes:
        raise SharingViolationError(13, "in use")

    monkeypatch.setattr(files, "_read", held)
    path = Path("H1") / NAME / "Results.csv"
    with pytest.raises(SourceUnavailable) as caught:
        read(path)
    assert caught.value.message == f"“{path}” is locked by another program. It is read in a later cycle."


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (
            FileNotFoundError(2, "No such file"),
            "does not exist or its share is not connected. Check the path and the network share.",
        ),
        (
            NotADirectoryError(20, "Not a directory"),
            "is a file, not a folder. Choose the folder that holds the machines' folders.",
        ),
        (
            PermissionError(13, "Permission denied"),
            "may not be listed by this account. Give the account the right to read it.",
        ),
        (
            OSError(113, "No route to host"),
            "cannot be listed now (No route to host). Check the network share.",
        ),
        (OSError("odd"), "cannot be listed now (odd). Check the network share."),
    ],
)
def test_folders_that_cannot_be_listed_in_words(error: OSError, why: str) -> None:
    told = unavailable(error, Path("TDS"), "TDS directory")
    assert told.message == f"The TDS directory “TDS” {why} Results wait until then."
    assert told.subject == "TDS"
    assert told.transient


@pytest.mark.parametrize(
    ("path", "long"),
    [
        (r"I:\TDS\H1", r"\\?\I:\TDS\H1"),
        ("I:/TDS/H1", r"\\?\I:\TDS\H1"),
        ("I:\\", "\\\\?\\I:\\"),
        (r"C:\a\..\b\.\c", r"\\?\C:\b\c"),
        (r"\\server\VA_Transfer\TDS\H1", r"\\?\UNC\server\VA_Transfer\TDS\H1"),
        ("//server/VA_Transfer/TDS", r"\\?\UNC\server\VA_Transfer\TDS"),
        (r"\\?\C:\already", r"\\?\C:\already"),
        (r"relative\path", r"relative\path"),
        (r"C:relative", r"C:relative"),
        (r"\rooted", r"\rooted"),
        ("", ""),
    ],
)
def test_the_long_twin_on_windows(path: str, long: str) -> None:
    assert long_path(path, "nt") == long


def test_paths_elsewhere_stay_as_they_are() -> None:
    assert long_path(Path("/srv/TDS"), "posix") == str(Path("/srv/TDS"))
    assert long_path(r"I:\TDS", "posix") == r"I:\TDS"


def test_paths_longer_than_windows_likes_are_read(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d" * 60] * 6, NAME)
    os.makedirs(long_path(deep))  # noqa: PTH103 - Path would undo the long form
    with open(long_path(deep / "Results.csv"), "wb") as file:  # noqa: PTH123 - as above
        file.write(b"x")
    assert look(deep).size == 1
    assert read_file(deep / "Results.csv") == b"x"
