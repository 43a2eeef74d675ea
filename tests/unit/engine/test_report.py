"""What a cycle tells: counts that add up, messages once, one word for how it ended."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import MOST_MESSAGES, CycleOutcome, CycleReport, Message, Tally


def tally() -> tuple[Tally, list[tuple[int, str]]]:
    heard: list[tuple[int, str]] = []
    return Tally(lambda level, text: heard.append((level, text))), heard


@given(notes=st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(list(DeliveryState)))))
def test_found_is_the_sum_of_all_others(notes: list[tuple[str, DeliveryState]]) -> None:
    made, _ = tally()
    for key, state in notes:
        made.note(key, state)
    counts = made.counts()
    found = counts.pop("found")
    assert found == sum(counts.values()) == len({key for key, _ in notes})
    assert set(counts) == {"delivered", "already_there", "waiting", "skipped", "rejected"}


def test_the_last_state_of_a_record_counts() -> None:
    made, _ = tally()
    made.note("a", DeliveryState.SENDING)
    assert made.counts()["waiting"] == 1
    made.note("a", DeliveryState.DELIVERED)
    assert made.counts() == {
        "found": 1,
        "delivered": 1,
        "already_there": 0,
        "waiting": 0,
        "skipped": 0,
        "rejected": 0,
    }


def test_warnings_are_told_once_and_kept_other_lines_are_passed_on() -> None:
    made, heard = tally()
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        made.tell(level, "line")
        made.tell(level, f"line {level}")
    made.tell(logging.INFO, "line")
    assert made.messages == [
        Message("warning", "line"),
        Message("warning", "line 30"),
        Message("error", "line 40"),
    ]
    assert [text for level, text in heard if level == logging.INFO] == ["line", "line 20", "line"]
    assert (logging.ERROR, "line") not in heard


def test_a_flood_of_messages_is_kept_in_bounds_and_all_of_it_logged() -> None:
    made, heard = tally()
    for number in range(MOST_MESSAGES + 50):
        made.tell(logging.WARNING, f"line {number}")
    assert len(made.messages) == MOST_MESSAGES
    assert len(heard) == MOST_MESSAGES + 50


@pytest.mark.parametrize(
    ("unreachable", "trouble", "state", "outcome"),
    [
        (False, False, DeliveryState.DELIVERED, CycleOutcome.OK),
        (False, False, DeliveryState.WAITING, CycleOutcome.OK),
        (False, False, DeliveryState.REJECTED, CycleOutcome.ATTENTION),
        (True, False, DeliveryState.WAITING, CycleOutcome.UNREACHABLE),
        (True, True, DeliveryState.WAITING, CycleOutcome.ATTENTION),
        (False, True, DeliveryState.DELIVERED, CycleOutcome.ATTENTION),
    ],
)
def test_the_worst_gives_the_outcome(
    unreachable: bool, trouble: bool, state: DeliveryState, outcome: CycleOutcome
) -> None:
    made, _ = tally()
    made.unreachable, made.trouble = unreachable, trouble
    made.note("a", state)
    assert made.outcome() is outcome


def test_a_report_is_plain_data() -> None:
    report = CycleReport(
        "Morning", "MPC", CycleOutcome.ATTENTION, {"found": 2}, 1.23456, (Message("error", "No."),)
    )
    assert json.loads(json.dumps(report.as_json())) == {
        "name": "Morning",
        "type": "MPC",
        "outcome": "attention",
        "found": 2,
        "delivered": 0,
        "already_there": 0,
        "waiting": 0,
        "skipped": 0,
        "rejected": 0,
        "seconds": 1.235,
        "messages": [{"level": "error", "text": "No."}],
    }


def test_the_gist_is_the_first_thing_that_somebody_has_to_look_at() -> None:
    tally = Tally(lambda _level, _text: None)
    tally.tell(logging.WARNING, "A folder is skipped.")
    tally.tell(logging.WARNING, "A machine has no unit.", serious=True)
    tally.tell(logging.WARNING, "Another one has none.", serious=True)
    tally.tell(logging.WARNING, "Another folder is skipped.")
    assert (tally.gist(), tally.outcome()) == ("A machine has no unit.", CycleOutcome.ATTENTION)


def test_what_failed_comes_before_what_has_been_so_for_long() -> None:
    tally = Tally(lambda _level, _text: None)
    tally.tell(logging.WARNING, "A machine has no unit.", serious=True)
    tally.tell(logging.ERROR, "The share is away.")
    tally.tell(logging.ERROR, "So is another one.")
    assert tally.gist() == "The share is away. A machine has no unit."


def test_a_cycle_without_anything_serious_has_the_last_word_as_its_gist() -> None:
    tally = Tally(lambda _level, _text: None, unreachable=True)
    tally.tell(logging.WARNING, "The first share is away.")
    tally.tell(logging.WARNING, "The second share is away.")
    assert tally.gist() == "The second share is away."


def test_where_all_is_well_there_is_no_gist() -> None:
    tally = Tally(lambda _level, _text: None)
    tally.tell(logging.WARNING, "A folder is skipped.")
    assert (tally.gist(), tally.outcome()) == ("", CycleOutcome.OK)
