"""The generated exports of a profiler: three ways to write a text, two files with one stem, and one that is no text."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from qcpump_qt.demo.clinic import demo_world
from qcpump_qt.demo.profiles import (
    PROFILES_LIST,
    PROFILES_TEST,
    PROFILES_UNIT,
    ProfilesStory,
    write_profiles,
)
from qcpump_qt.engine.errors import ItemError
from qcpump_qt.sources.files.contents import text_charset

TODAY = date(2026, 11, 20)


@pytest.fixture
def story(tmp_path: Path) -> ProfilesStory:
    return write_profiles(tmp_path, TODAY)


def test_the_files_lie_there_as_the_story_says(story: ProfilesStory) -> None:
    lying = {
        path.relative_to(story.source).as_posix(): path.read_bytes()
        for path in story.source.rglob("*")
        if path.is_file()
    }
    assert lying == {file.path: file.content for file in story.files}
    assert sorted(lying) == [
        "2026-11-19/Profil 6 MV.txt",
        "2026-11-19/Screenshot.png",
        "6 MV.csv",
        "6 MV.txt",
    ]
    assert list(story.destination.iterdir()) == []
    assert not story.destination.is_relative_to(story.source)


def test_a_second_story_in_the_same_folder_is_refused(story: ProfilesStory, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        write_profiles(tmp_path, TODAY)
    assert len(list(story.source.iterdir())) == 3


def test_they_were_written_long_ago(story: ProfilesStory) -> None:
    midnight = datetime.combine(TODAY, datetime.min.time())
    for file in story.files:
        modified = datetime.fromtimestamp((story.source / file.path).stat().st_mtime)  # noqa: DTZ006 - local time
        assert modified == file.modified
        assert midnight - modified > timedelta(hours=7)


def test_texts_are_written_in_three_ways(story: ProfilesStory) -> None:
    charsets = [text_charset(story.source / file.path) for file in story.delivered]
    assert charsets == ["utf-8", "utf-16", "cp1252"]
    for file, charset in zip(story.delivered, charsets, strict=True):
        assert file.content.decode(charset) == file.text


def test_two_have_one_stem_and_time(story: ProfilesStory) -> None:
    first, second, *_ = story.files
    assert Path(first.path).stem == Path(second.path).stem == "6 MV"
    assert first.modified == second.modified
    assert first.content != second.content


def test_one_is_no_text_and_stays(story: ProfilesStory) -> None:
    (picture,) = story.left
    with pytest.raises(ItemError):
        text_charset(story.source / picture.path)
    with pytest.raises(ValueError, match=r"Screenshot\.png is no text and does not arrive\."):
        _ = picture.arrival


def test_what_arrives_is_the_text_under_its_real_name(story: ProfilesStory) -> None:
    last = story.delivered[-1]
    text = "Feldgröße;10 × 10 cm²\r\nPrüfer;Jürgen Weiß\r\nTiefe;10 cm\r\n-50;50,3\r\n0;100,0\r\n50;49,8\r\n"
    checksum = hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert last.arrival.values == ((PROFILES_TEST, f"Profil 6 MV.txt, SHA-256 {checksum}"),)
    assert (last.arrival.unit, last.arrival.test_list) == (PROFILES_UNIT, PROFILES_LIST)
    assert last.arrival.started == "2026-11-19 16:20:30"


def test_the_clinic_has_the_list_with_an_upload_test() -> None:
    (assignment,) = [each for each in demo_world().assignments if each.name == PROFILES_LIST]
    assert assignment.unit.number == PROFILES_UNIT
    assert [(test.slug, test.type) for test in assignment.days[0].tests] == [(PROFILES_TEST, "upload")]
