"""The words in which records are shown."""

from __future__ import annotations

import pytest

from qcpump_qt.engine.ledger.browse import ORDERS
from qcpump_qt.engine.preview import TO_SEND as FATE
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.models.record_words import (
    COLUMNS,
    ICONS,
    STATE_FILTERS,
    TO_SEND,
    counts_line,
    is_web_address,
    loaded_line,
    one_line,
    retry_question,
    retry_words,
    state_words,
)
from qcpump_qt.models.rows import RecordRow


def row(state: str, *, trouble: bool = False) -> RecordRow:
    return RecordRow(number=1, title="t", key="k", state=state, trouble=trouble)


def test_the_words_are_those_of_the_engine() -> None:
    states = {state.value for state in DeliveryState}
    assert {state for _words, state in STATE_FILTERS if state is not None} == states
    assert set(ICONS) == {*states, FATE}
    assert TO_SEND == FATE


def test_every_column_that_can_be_sorted_by_is_an_order_of_the_ledger() -> None:
    assert {column.key for column in COLUMNS if column.sortable} == set(ORDERS)


@pytest.mark.parametrize(
    ("state", "trouble", "words"),
    [
        ("delivered", False, "Delivered"),
        ("already there", False, "Already there"),
        ("would be sent", False, "Would be sent"),
        ("waiting", False, "Waiting"),
        ("waiting", True, "Waiting (needs attention)"),
        ("rejected", True, "Rejected"),
    ],
)
def test_state_words(state: str, trouble: bool, words: str) -> None:
    assert state_words(row(state, trouble=trouble)) == words


@pytest.mark.parametrize(
    ("states", "line"),
    [
        (["would be sent"] * 9 + ["waiting"] + ["skipped"] * 5, "9 would be sent, 1 waits, 5 skipped"),
        (["would be sent"] * 1200, "1,200 would be sent"),
        (["waiting"] * 2 + ["already there"], "1 is there already, 2 wait"),
        (["already there"] * 2 + ["rejected"] * 3, "2 are there already, 3 rejected"),
        (["sending", "delivered"], "1 is on its way, 1 delivered"),
        ([], ""),
    ],
)
def test_counts_of_a_preview(states: list[str], line: str) -> None:
    assert counts_line(map(row, states)) == line


@pytest.mark.parametrize(
    ("loaded", "total", "filtered", "line"),
    [
        (0, 0, False, "No record yet. What a cycle finds at the source appears here."),
        (0, 0, True, "No record matches the filter."),
        (1, 1, False, "1 record."),
        (3, 3, True, "3 records."),
        (500, 100_000, False, "500 of 100,000 records are loaded; scroll down for more."),
    ],
)
def test_what_stands_below_the_table(loaded: int, total: int, filtered: bool, line: str) -> None:
    assert loaded_line(loaded, total, filtered=filtered) == line


@pytest.mark.parametrize(
    ("count", "left", "words"),
    [
        (1, 0, "1 record will be tried again in the next cycle."),
        (3, 0, "3 records will be tried again in the next cycle."),
        (
            2,
            1,
            "2 records will be tried again in the next cycle. "
            "1 other was left alone, as it has arrived, was skipped or is on its way.",
        ),
        (
            2,
            1234,
            "2 records will be tried again in the next cycle. "
            "1,234 others were left alone, as they have arrived, were skipped or are on their way.",
        ),
        (0, 2, "Nothing is tried again: only records that were rejected or that wait can be."),
        (0, 0, "No record of this pump is rejected, so there is nothing to try again."),
    ],
)
def test_what_is_told_of_a_retry(count: int, left: int, words: str) -> None:
    assert retry_words(count, left) == words


def test_what_is_asked_before_all_are_retried() -> None:
    assert retry_question(1) == "Try the 1 rejected record of this pump again in its next cycle?"
    assert retry_question(1200) == "Try all 1,200 rejected records of this pump again in its next cycle?"


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("https://qa.example.org/qc/session/details/7/", True),
        ("HTTP://10.0.0.1:8000/x", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("/qc/session/details/7/", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_opened(url: str, web: bool) -> None:
    assert is_web_address(url) is web


def test_texts_for_cells_are_one_line_and_cut() -> None:
    assert one_line("Fileset:\n\tfirst\n\tsecond") == "Fileset: first second"
    assert one_line("x" * 400) == "x" * 299 + "…"
    assert one_line("x" * 300) == "x" * 300
