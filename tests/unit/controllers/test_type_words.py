"""What is told of a pump type to those who choose one."""

from __future__ import annotations

from qcpump_qt.controllers.type_words import LONGEST, about
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.builtin import BUILTIN


class Chamber(BasePump):
    """Reads the chamber
    in the water tank.

    How it does that nobody wants to know.
    """


class Described(BasePump):
    """For those who read code."""

    DESCRIPTION = "  Reads   the film scanner.  "


class Silent(Described):
    DESCRIPTION = 7  # type: ignore[assignment]


def test_each_type_that_comes_along_is_described_in_whole_sentences() -> None:
    for kind in BUILTIN:
        assert about(kind).endswith(".")
        assert about(kind) == kind.DESCRIPTION


def test_the_first_paragraph_of_what_its_author_wrote_is_told() -> None:
    assert about(Chamber) == "Reads the chamber in the water tank."


def test_a_description_comes_first() -> None:
    assert about(Described) == "Reads the film scanner."


def test_a_type_that_says_nothing_of_itself_does_not_say_what_its_base_says() -> None:
    assert about(Silent) == ""


def test_a_whole_page_is_cut() -> None:
    long = type("Long", (BasePump,), {"__doc__": "word " * 500})
    assert len(about(long)) <= LONGEST
    assert about(long).endswith("word…")
