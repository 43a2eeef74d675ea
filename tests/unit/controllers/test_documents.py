"""A look at the documents of a home tells whether they are still the same."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from qcpump_qt.controllers.documents import Marks, marks_of
from qcpump_qt.engine.paths import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path)
    places.ensure()
    return places


def write(places: Places, pump: str, text: str = "{}") -> Path:
    path = places.pumps / pump / "config.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_an_empty_home_has_empty_marks(places: Places) -> None:
    assert marks_of(places) == Marks()


def test_the_same_documents_have_the_same_marks(places: Places) -> None:
    write(places, "a")
    places.settings_file.write_text("{}", "utf-8")
    first = marks_of(places)
    assert first is not None
    assert set(first.pumps) == {"a"}
    assert first.settings is not None
    assert marks_of(places) == first


def test_each_change_shows(places: Places) -> None:
    path = write(places, "a")
    seen = [marks_of(places)]
    write(places, "a", "{ }")
    seen.append(marks_of(places))
    os.utime(path, ns=(1, 1))
    seen.append(marks_of(places))
    write(places, "b")
    seen.append(marks_of(places))
    path.unlink()
    seen.append(marks_of(places))
    places.settings_file.write_text("{}", "utf-8")
    seen.append(marks_of(places))
    assert None not in seen
    assert all(one != other for one, other in pairwise(seen))


def test_what_is_no_pump_does_not_matter(places: Places) -> None:
    before = marks_of(places)
    (places.pumps / "notes.txt").write_text("by hand", "utf-8")
    (places.pumps / "being made").mkdir()
    assert marks_of(places) == before


def test_a_folder_that_is_away_is_no_change(places: Places) -> None:
    write(places, "a")
    places.pumps.rename(places.root / "elsewhere")
    assert marks_of(places) is None
