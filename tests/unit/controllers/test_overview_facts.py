"""What is known of one pump, and when somebody has to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import pytest

from qcpump_qt.controllers import overview_facts
from qcpump_qt.controllers.overview_facts import PumpFactsFound
from qcpump_qt.engine.ledger.browse import LastCycle, PumpSummary
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome, CycleReport

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=timezone.utc)
AWAY = "The server at https://qa.example.org cannot be reached."


@pytest.fixture
def facts() -> PumpFactsFound:
    return PumpFactsFound()


def report(outcome: CycleOutcome, reason: str = "") -> CycleReport:
    return CycleReport("Linac", "SomeType", outcome, {}, 1.0, (), reason)


def summary(
    outcome: str = "ok",
    reason: str = "",
    *,
    trouble: int = 0,
    counts: Mapping[DeliveryState, int] | None = None,
) -> PumpSummary:
    return PumpSummary(counts or {}, trouble, NOW, LastCycle(7, outcome, reason, NOW))


def test_a_pump_of_which_nothing_is_known_needs_nobody(facts: PumpFactsFound) -> None:
    assert (facts.attention(), facts.hint(), facts.away) == ("", "", False)


def test_a_cycle_that_ended_well_needs_nobody(facts: PumpFactsFound) -> None:
    facts.note_report(report(CycleOutcome.OK))
    assert (facts.attention(), facts.hint()) == ("", "")


@pytest.mark.parametrize("outcome", [CycleOutcome.ATTENTION, CycleOutcome.FAILED, CycleOutcome.INVALID])
def test_what_the_last_cycle_told_is_the_reason(facts: PumpFactsFound, outcome: CycleOutcome) -> None:
    facts.note_report(report(outcome, "It broke."))
    assert facts.attention() == "It broke."


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (
            CycleOutcome.ATTENTION,
            "The last cycle left something to look at. The tab Activity shows what.",
        ),
        (CycleOutcome.FAILED, "The last cycle failed. The tab Activity shows what happened."),
        (
            CycleOutcome.INVALID,
            "Its configuration is not in order. The tab Configuration shows what has to be put right.",
        ),
    ],
)
def test_a_cycle_that_told_nothing_has_a_reason_all_the_same(
    facts: PumpFactsFound, outcome: CycleOutcome, words: str
) -> None:
    facts.note_report(report(outcome))
    assert facts.attention() == words


def test_a_cycle_that_ends_well_again_ends_the_attention(facts: PumpFactsFound) -> None:
    facts.note_report(report(CycleOutcome.FAILED, "It broke."))
    facts.note_report(report(CycleOutcome.OK))
    assert facts.attention() == ""


@pytest.mark.parametrize("outcome", [CycleOutcome.STOPPED, CycleOutcome.BUSY, CycleOutcome.INACTIVE])
def test_a_cycle_that_was_cut_short_says_nothing_of_the_pump(
    facts: PumpFactsFound, outcome: CycleOutcome
) -> None:
    facts.note_report(report(CycleOutcome.FAILED, "It broke."))
    facts.note_report(report(outcome, "Stopped."))
    assert facts.attention() == "It broke."


def test_away_once_is_no_alarm(facts: PumpFactsFound) -> None:
    facts.note_report(report(CycleOutcome.UNREACHABLE, AWAY))
    assert facts.attention() == ""
    assert facts.hint() == (
        f"Waiting for the server or the source; it is tried again in the next cycle. {AWAY}"
    )
    facts.note_report(report(CycleOutcome.OK))
    assert facts.hint() == ""


def test_away_twice_in_a_row_is(facts: PumpFactsFound) -> None:
    facts.note_report(report(CycleOutcome.UNREACHABLE))
    facts.note_report(report(CycleOutcome.STOPPED))
    facts.note_report(report(CycleOutcome.UNREACHABLE))
    assert facts.attention() == "The server or the source could not be reached in the last 2 cycles."
    facts.note_report(report(CycleOutcome.OK))
    facts.note_report(report(CycleOutcome.UNREACHABLE))
    assert facts.attention() == ""


def test_away_for_more_than_an_hour_is(facts: PumpFactsFound, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [NOW]
    monkeypatch.setattr(overview_facts, "now", lambda: clock[0])
    facts.note_report(report(CycleOutcome.UNREACHABLE, AWAY))
    clock[0] = NOW + timedelta(minutes=60)
    assert facts.attention() == ""
    clock[0] = NOW + timedelta(minutes=61)
    assert facts.attention() == (
        f"The server or the source has not been reached for more than an hour. {AWAY}"
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 record was rejected by the server. The tab Records shows why; mend it and retry it there."),
        (
            3,
            "3 records were rejected by the server. The tab Records shows why; mend them and retry them there.",
        ),
    ],
)
def test_rejected_records_stay_in_sight(facts: PumpFactsFound, number: int, words: str) -> None:
    facts.note_summary(summary(counts={DeliveryState.REJECTED: number}))
    assert facts.attention() == words
    facts.note_report(report(CycleOutcome.OK))
    assert facts.attention() == words
    facts.note_summary(summary())
    assert facts.attention() == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 record waits for something that has to be put right. The tab Records shows what."),
        (2, "2 records wait for something that has to be put right. The tab Records shows what."),
    ],
)
def test_waiting_records_in_trouble_need_somebody(facts: PumpFactsFound, number: int, words: str) -> None:
    facts.note_summary(summary(trouble=number))
    assert facts.attention() == words


def test_what_somebody_has_to_put_right_is_told_also_while_the_server_is_away(facts: PumpFactsFound) -> None:
    facts.note_report(report(CycleOutcome.UNREACHABLE))
    facts.note_summary(summary("unreachable", trouble=2))
    assert facts.attention().startswith("2 records wait for something that has to be put right.")


def test_both_a_failed_cycle_and_rejected_records_are_told(facts: PumpFactsFound) -> None:
    facts.note_report(report(CycleOutcome.FAILED, "It broke."))
    facts.note_summary(summary(counts={DeliveryState.REJECTED: 1}))
    assert facts.attention().startswith("It broke. 1 record was rejected")


def test_what_waits_is_counted_with_what_is_on_its_way(facts: PumpFactsFound) -> None:
    counts = {DeliveryState.WAITING: 2, DeliveryState.SENDING: 1, DeliveryState.DELIVERED: 9}
    facts.note_summary(summary(counts=counts))
    assert (facts.waiting, facts.rejected, facts.last_success) == (3, 0, NOW)


def test_the_last_cycle_of_the_former_session_counts_until_one_ends_in_this(facts: PumpFactsFound) -> None:
    facts.note_summary(summary("failed", "It broke yesterday."))
    assert facts.attention() == "It broke yesterday."
    facts.note_report(report(CycleOutcome.OK))
    facts.note_summary(summary("failed", "It broke yesterday."))
    assert facts.attention() == ""


@pytest.mark.parametrize("outcome", ["running", "not run", "cut off", "stopped", "something newer"])
def test_a_last_cycle_that_says_nothing_of_the_pump_is_passed_by(facts: PumpFactsFound, outcome: str) -> None:
    facts.note_summary(summary(outcome, "Whatever."))
    assert (facts.attention(), facts.hint()) == ("", "")


def test_away_at_the_end_of_the_former_session_is_away_once(facts: PumpFactsFound) -> None:
    facts.note_summary(summary("unreachable", AWAY))
    facts.note_summary(summary("unreachable", AWAY))
    assert facts.unreachable == 1
    assert facts.attention() == ""
    assert facts.hint().endswith(AWAY)


def test_a_pump_without_any_cycle_has_none_to_tell_of(facts: PumpFactsFound) -> None:
    facts.note_summary(PumpSummary())
    assert (facts.attention(), facts.waiting, facts.last_success) == ("", 0, None)


def test_a_configuration_that_was_put_right_needs_nobody_any_more(facts: PumpFactsFound) -> None:
    facts.note_report(report(CycleOutcome.INVALID, "MPC: It is blank."))
    facts.note_validity(False, "MPC: It is blank.")
    assert facts.attention() == "MPC: It is blank."
    facts.note_validity(True, "")
    assert (facts.attention(), facts.valid) == ("", True)
    facts.note_summary(summary("invalid", "MPC: It is blank."))
    assert facts.attention() == ""


@pytest.mark.parametrize(
    ("outcome", "valid"),
    [
        (CycleOutcome.OK, None),
        (CycleOutcome.ATTENTION, None),
        (CycleOutcome.UNREACHABLE, None),
        (CycleOutcome.INVALID, False),
        (CycleOutcome.FAILED, False),
        (CycleOutcome.STOPPED, False),
        (CycleOutcome.BUSY, False),
    ],
)
def test_a_cycle_that_works_shows_that_the_configuration_does(
    facts: PumpFactsFound, outcome: CycleOutcome, valid: bool | None
) -> None:
    facts.note_validity(False, "The share is not there.")
    facts.note_report(report(outcome))
    assert facts.valid is valid
    assert facts.problems == ("" if valid is None else "The share is not there.")


def test_a_cycle_that_began_with_other_values_shows_nothing_of_these(facts: PumpFactsFound) -> None:
    facts.note_validity(False, "The mark is blank.", in_cycle=True)
    facts.note_report(report(CycleOutcome.OK))
    assert (facts.valid, facts.problems) == (False, "The mark is blank.")
    facts.note_report(report(CycleOutcome.OK))
    assert (facts.valid, facts.problems) == (None, "")


def test_what_is_known_to_be_in_order_stays_so(facts: PumpFactsFound) -> None:
    facts.note_validity(True, "")
    facts.note_report(report(CycleOutcome.OK))
    assert facts.valid is True
