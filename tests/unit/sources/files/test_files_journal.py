"""The journal of what is under way: read back whole or not, tidied, and never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.sources.files.copying import Version
from qcpump_qt.sources.files.journal import MOST_BYTES, Journal, Note

VERSION = Version(1, 5, 1_600_000_000_000_000_001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "under-way.jsonl"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "source.txt"
    found.write_text("12345")
    return found


def placed(path: Path, file: Path) -> tuple[Journal, Path]:
    journal, part = Journal(path), file.with_name("part")
    part.write_text("1234")
    journal.started(file, part)
    journal.placing(file, VERSION, file.with_name("final.txt"))
    return journal, part


def test_what_was_noted_is_read_back(path: Path, file: Path) -> None:
    journal, part = placed(path, file)
    journal.close()
    note = Journal(path).left(file, file.parent)
    assert note == Note(str(file), str(part), str(file.with_name("final.txt")), 5, VERSION.mtime_ns)
    assert Journal(path).left(file, file.parent / "other") is None


def test_done_is_forgotten_and_the_file_does_not_grow(path: Path, file: Path) -> None:
    journal, _part = placed(path, file)
    journal.done(file, file.parent)
    assert journal.left(file, file.parent) is None
    assert Journal(path).left(file, file.parent) is None
    for _ in range(2000):
        journal.started(file, file.with_name("part"))
        journal.done(file, file.parent)
    assert path.stat().st_size < MOST_BYTES + 1000
    journal.done(file, file.parent)
    journal.close()
    assert path.read_bytes() == b""


def test_of_two_folders_one_can_be_done(path: Path, file: Path) -> None:
    journal, _part = placed(path, file)
    journal.started(file, file.parent / "other" / "part")
    journal.done(file, file.parent)
    journal.close()
    assert Journal(path).left(file, file.parent) is None
    assert Journal(path).left(file, file.parent / "other") is not None


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_spoils_no_other(path: Path, file: Path, cut: int) -> None:
    journal, _part = placed(path, file)
    journal.close()
    whole = path.read_bytes()
    path.write_bytes(whole + b'\n{"file": "x", "part": "y/z", "final": ""}\n'[: -cut % 40 + 1])
    again = Journal(path)
    again.started(Path("other"), Path("folder/part"))
    again.close()
    last = Journal(path)
    assert last.left(file, file.parent) is not None
    assert last.left(Path("other"), Path("folder")) is not None


def test_tidying_takes_incomplete_copies_away_and_keeps_what_matters(path: Path, file: Path) -> None:
    journal, part = placed(path, file)
    other = file.with_name("other-part")
    other.write_text("x")
    journal.started(Path("gone"), other)
    journal.close()
    again = Journal(path)
    again.tidy()
    assert not part.exists()
    assert not other.exists()
    assert again.left(file, file.parent) is not None, "its source is there: it may have its name already"
    assert again.left(Path("gone"), other.parent) is None
    file.unlink()
    again.tidy()
    assert again.left(file, file.parent) is None
    assert path.read_bytes() == b""


def test_a_share_that_is_away_keeps_its_notes(path: Path, file: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "part").write_text("x")
    journal = Journal(path)
    journal.started(file, share / "part")
    journal.close()
    share.rename(tmp_path / "away")
    again = Journal(path)
    again.tidy()
    assert again.left(file, share) is not None
    (tmp_path / "away").rename(share)
    Journal(path).tidy()
    assert not (share / "part").exists()


def test_names_that_are_no_text(path: Path, tmp_path: Path) -> None:
    odd = tmp_path / "Pr\udcfcfung.txt"
    journal = Journal(path)
    journal.started(odd, tmp_path / "part")
    journal.close()
    assert Journal(path).left(odd, tmp_path) is not None


def test_a_journal_that_cannot_be_written_or_read_is_told(path: Path, file: Path) -> None:
    path.mkdir()
    with pytest.raises(ConfigurationError) as caught:
        Journal(path)
    assert caught.value.message == (
        f"{path} could not be read: a folder is in the way where a file should be. Move that folder away."
    )
    path.rmdir()
    journal = Journal(path)
    path.mkdir()
    with pytest.raises(ConfigurationError) as caught:
        journal.started(file, file.with_name("part"))
    assert caught.value.message == (
        f"{path} could not be written: a folder is in the way where a file should be. Move that folder away."
    )


def test_without_notes_nothing_is_written(path: Path) -> None:
    Journal(path).tidy()
    assert not path.exists()
