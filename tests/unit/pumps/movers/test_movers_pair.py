"""Which files a pair takes, where they go, and which pairs cannot stand together."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.pumps.movers.pair import Pair, check_pairs, left_out
from qcpump_qt.sources.files.walk import FoundFile


def test_where_a_file_goes(tmp_path: Path) -> None:
    found = FoundFile(str(tmp_path / "in"), str(Path("a", "b.txt")), 1, 1)
    assert Pair(tmp_path / "in", tmp_path / "out").target(found) == tmp_path / "out" / "a" / "b.txt"
    assert (
        Pair(tmp_path / "in", tmp_path / "out", keep_folders=False).target(found)
        == tmp_path / "out" / "b.txt"
    )


@pytest.mark.parametrize(
    ("name", "recursive", "taken"),
    [
        ("in/a.dcm", False, True),
        ("in/a.txt", False, False),
        ("in/foo-a.dcm", True, False),
        ("in/below/a.dcm", False, False),
        ("in/below/a.dcm", True, True),
        ("inside/a.dcm", True, False),
        ("a.dcm", True, False),
    ],
)
def test_which_files_are_taken(tmp_path: Path, name: str, recursive: bool, taken: bool) -> None:
    pair = Pair(tmp_path / "in", tmp_path / "out", recursive=recursive, pattern="*.dcm", ignore="foo-*")
    assert pair.takes(str(tmp_path / name)) is taken


def test_a_destination_that_is_the_source_of_the_next_pair_is_not_left_out(tmp_path: Path) -> None:
    first, second = Pair(tmp_path / "a", tmp_path / "b"), Pair(tmp_path / "b", tmp_path / "b" / "c")
    assert left_out(first, [first, second]) == [tmp_path / "b", tmp_path / "b" / "c"]
    assert left_out(second, [first, second]) == [tmp_path / "b" / "c"]


def test_the_same_folder_by_another_way(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for same in (tmp_path / "in", tmp_path / "out" / ".." / "in"):
        with pytest.raises(ConfigurationError) as caught:
            check_pairs([Pair(tmp_path / "in", same)])
        assert caught.value.message == (
            f"Source and destination are the same folder, “{tmp_path / 'in'}”. Choose another destination."
        )


def test_a_circle_of_two(tmp_path: Path) -> None:
    a, b, c = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    with pytest.raises(ConfigurationError) as caught:
        check_pairs([Pair(c, a), Pair(a, b, copies=True), Pair(b, a)])
    assert caught.value.message == (
        f"Files would go round in a circle for ever: from “{a}” to “{b}” to “{a}”. Take one of these pairs away."
    )


def test_chains_and_forks_are_fine(tmp_path: Path) -> None:
    a, b, c, d = (tmp_path / name for name in "abcd")
    check_pairs(
        [Pair(a, b), Pair(a, c), Pair(b, d), Pair(c, d), Pair(a, a / "inside", recursive=True), Pair(a, b)]
    )
    check_pairs([])
