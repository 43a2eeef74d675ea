"""The parts of the kit: digests of folders, tokens that come at a moment, odd values."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qcpump_qt.engine.config.checks import check
from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.errors import Cancelled
from qcpump_qt.testing import tree_digest
from qcpump_qt.testing.odd_values import odd_values, shown
from qcpump_qt.testing.requiring import require, require_none
from qcpump_qt.testing.tokens import CancelsWhenAsked
from qcpump_qt.testing.trees import differences


def test_a_folder_that_is_left_alone_has_the_same_digest(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text("b", encoding="utf-8")
    before = tree_digest(tmp_path)
    assert set(before) == {".", "a", "a/b.txt"}
    (tmp_path / "a" / "b.txt").read_text(encoding="utf-8")
    assert differences(before, tree_digest(tmp_path)) == []


def test_new_gone_and_changed_files_are_told(tmp_path: Path) -> None:
    for name in ("same", "changed", "touched", "gone"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    before = tree_digest(tmp_path)
    seen = (tmp_path / "changed").stat()
    (tmp_path / "changed").write_text("CHANGED", encoding="utf-8")
    os.utime(tmp_path / "changed", ns=(seen.st_atime_ns, seen.st_mtime_ns))
    os.utime(tmp_path / "touched", (1, 1))
    (tmp_path / "gone").unlink()
    (tmp_path / "new").mkdir()
    os.utime(tmp_path, (1, 1))
    assert differences(before, tree_digest(tmp_path)) == [
        ". was changed",
        "changed was changed",
        "gone is gone",
        "new is new",
        "touched was changed",
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "link").symlink_to(tmp_path / "elsewhere")
    assert tree_digest(tmp_path / "source")["link"] == f"link to {tmp_path / 'elsewhere'}"


def test_no_folder_has_an_empty_digest(tmp_path: Path) -> None:
    assert tree_digest(tmp_path / "none") == {}


def test_a_token_is_cancelled_at_the_wanted_look() -> None:
    token = CancelsWhenAsked(2)
    assert [token.cancelled for _ in range(4)] == [False, False, True, True]
    assert token.asked_at is not None


def test_a_token_cuts_what_is_tied_to_it_when_it_is_asked() -> None:
    closed: list[str] = []
    token = CancelsWhenAsked(1)
    with token.closing(lambda: closed.append("cut")):
        assert closed == []
        with pytest.raises(Cancelled):
            token.check()
        assert closed == ["cut"]
        assert token.wait(60)


def test_a_token_that_nobody_asks_stays_as_it_is() -> None:
    assert CancelsWhenAsked(0).asked_at is None


@pytest.mark.parametrize("kind", list(FieldType))
def test_every_kind_of_field_is_tried_blank_and_with_what_it_refuses(kind: FieldType) -> None:
    field = Field(name="f", type=kind, minimum=1, maximum=4, choices=("a", "b"), required=True)
    values = list(odd_values(field))
    assert any(value is None for value in values)
    assert "" in values
    said = {check(field, value) for value in values}
    assert any("must be" in text for text in said)


def test_numbers_are_tried_at_their_limits_and_choices_one_by_one() -> None:
    number = Field(name="f", type=FieldType.INT, minimum=3, maximum=77)
    assert {3, 77} <= {value for value in odd_values(number) if isinstance(value, int)}
    chosen = Field(name="f", type=FieldType.MULTCHOICE, choices=("Photons", "Electrons"))
    assert {"Photons", "Electrons"} <= {value for value in odd_values(chosen) if isinstance(value, str)}


def test_values_are_shown_short() -> None:
    assert shown("x") == "'x'"
    assert shown("x" * 5000) == f"'{'x' * 46}… (5002 characters)"


def test_complaints_are_told_together() -> None:
    require(condition=True, message="never told")
    require_none([], "never told")
    with pytest.raises(AssertionError, match=r"^so it is$"):
        require(condition=[], message="so it is")
    with pytest.raises(AssertionError, match=r"^Wrong:\n- one\n- two$"):
        require_none(["one", "two"], "Wrong:")
