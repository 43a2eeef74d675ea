"""Directories that overlap: which of them a file belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.pumps.uploads.watched import Watched, all_watched


def row(source: Path, destination: Path | str | None = None, unit: str = "U") -> dict[str, Any]:
    return {"unit name": unit, "source": str(source), "destination": destination and str(destination)}


def test_one_directory(tmp_path: Path) -> None:
    assert all_watched([row(tmp_path / "in", tmp_path / "out", " U ")]) == [
        Watched("U", tmp_path / "in", tmp_path / "out", ())
    ]
    assert all_watched([row(tmp_path / "in", "  ")])[0].destination is None


def test_the_innermost_counts(tmp_path: Path) -> None:
    outer, inner = tmp_path / "in", tmp_path / "in" / "a" / "b"
    found = all_watched([row(outer), row(inner)])
    assert [each.left_out for each in found] == [(inner,), ()]


def test_of_two_that_are_one_the_first_counts(tmp_path: Path) -> None:
    same = tmp_path / "in" / ".." / "in"
    assert [each.unit for each in all_watched([row(tmp_path / "in", unit="1"), row(same, unit="2")])] == ["1"]


def test_a_link_to_a_folder_is_that_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    try:
        (tmp_path / "link").symlink_to(tmp_path / "in", target_is_directory=True)
    except OSError:
        pytest.skip("this account may not make links")
    assert len(all_watched([row(tmp_path / "in"), row(tmp_path / "link")])) == 1


def test_destinations_are_left_out_wherever_they_lie(tmp_path: Path) -> None:
    done = tmp_path / "in" / "done"
    found = all_watched([row(tmp_path / "in"), row(tmp_path / "other", done), row(done / "again")])
    assert [each.left_out for each in found] == [(done, done / "again"), (), ()]


def test_a_source_that_is_a_destination_is_watched_all_the_same(tmp_path: Path) -> None:
    found = all_watched([row(tmp_path / "in", tmp_path / "next"), row(tmp_path / "next")])
    assert [(each.source.name, each.left_out) for each in found] == [("in", ()), ("next", ())]
