"""Which news is told, in which words, and that nothing is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from qcpump_qt.models.notices import Gathering, News, Notice, Watch
from qcpump_qt.models.rows import PumpRow, PumpState

SOON = datetime(2026, 11, 20, 7, 5, tzinfo=timezone.utc)
ATTENTION = PumpState.ATTENTION


def row(
    state: PumpState, reason: str = "", name: str = "Linac 1", next_run: datetime | None = None
) -> PumpRow:
    return PumpRow(
        id=name, name=name, type_key="Mpc", type_name="MPC", state=state, reason=reason, next_run=next_run
    )


def news(kind: str, name: str = "Linac 1", detail: str = "") -> News:
    return News(kind, name, name, detail)  # type: ignore[arg-type]


def test_attention_is_told_once_until_the_pump_recovered() -> None:
    watch = Watch()
    assert watch.row(row(ATTENTION, "The token is wrong.")) == [
        news("attention", detail="The token is wrong.")
    ]
    assert watch.row(row(ATTENTION, "The token is wrong.")) == []
    assert watch.row(row(PumpState.RUNNING)) == []
    assert watch.row(row(ATTENTION, "The token is wrong.")) == []
    assert watch.row(row(PumpState.WAITING)) == [news("recovered")]
    assert watch.row(row(PumpState.WAITING)) == []
    assert watch.row(row(ATTENTION, "The token is wrong.")) == [
        news("attention", detail="The token is wrong.")
    ]


def test_another_reason_is_news_and_a_number_that_grows_is_not() -> None:
    watch = Watch()
    assert len(watch.row(row(ATTENTION, "2 records were rejected since 07:05."))) == 1
    assert watch.row(row(ATTENTION, "3 records were rejected since 07:06.")) == []
    assert len(watch.row(row(ATTENTION, "The server answers 401."))) == 1
    assert len(watch.row(row(ATTENTION, "The server answers 403."))) == 1


@pytest.mark.parametrize("state", [PumpState.INACTIVE, PumpState.NOT_CONFIGURED])
def test_a_pump_that_was_switched_off_did_not_recover(state: PumpState) -> None:
    watch = Watch()
    watch.row(row(ATTENTION))
    assert watch.row(row(state)) == []
    assert watch.row(row(PumpState.WAITING)) == []


def test_an_invalid_pump_is_news_only_where_it_would_run() -> None:
    watch = Watch()
    assert watch.row(row(PumpState.INVALID, "No unit.")) == []
    assert watch.row(row(PumpState.INVALID, "No unit.", next_run=SOON)) == [
        news("attention", detail="No unit.")
    ]
    assert watch.row(row(PumpState.IDLE)) == [news("recovered")]


def test_pumps_that_are_gone_are_forgotten() -> None:
    watch = Watch()
    assert len(watch.all_rows([row(ATTENTION), row(PumpState.IDLE, name="B")])) == 1
    assert watch.all_rows([row(PumpState.IDLE, name="B")]) == []
    assert len(watch.all_rows([row(ATTENTION)])) == 1


def taken(*found: News, gathering: Gathering | None = None) -> Notice | None:
    gathering = gathering or Gathering()
    for each in found:
        gathering.add(each)
    return gathering.take()


def test_one_piece_of_news_in_full() -> None:
    assert taken() is None
    assert taken(news("attention", detail="The token is wrong.")) == Notice(
        "Linac 1 needs attention", "The token is wrong.", "warning"
    )
    assert taken(news("attention")) == Notice(
        "Linac 1 needs attention", "Open QCPump-Qt to see what is the matter.", "warning"
    )
    assert taken(news("missing", detail="Nothing has arrived.")) == Notice(
        "Linac 1: no result yet", "Nothing has arrived.", "warning"
    )


def test_recovery_is_told_to_those_who_were_worried() -> None:
    gathering = Gathering()
    assert taken(news("attention"), news("recovered"), gathering=gathering) is None
    assert taken(news("attention"), gathering=gathering) is not None
    assert taken(news("attention", detail="Worse."), news("recovered"), gathering=gathering) == Notice(
        "Linac 1 works again", "Its last cycle ended well.", "info"
    )
    assert taken(news("recovered"), gathering=gathering) is None


def test_of_one_pump_the_newest_counts() -> None:
    found = taken(news("attention", detail="First."), news("attention", detail="Second."))
    assert found == Notice("Linac 1 needs attention", "Second.", "warning")


@pytest.mark.parametrize(
    ("kind", "title", "line"),
    [
        ("attention", "2 pumps need attention", "needs attention"),
        ("missing", "2 pumps have no result yet", "needs attention"),
    ],
)
def test_several_of_a_kind_become_one(kind: str, title: str, line: str) -> None:
    assert taken(news(kind, "A", "Why."), news(kind, "B")) == Notice(title, f"A: Why.\nB: {line}", "warning")


def test_several_that_recovered() -> None:
    gathering = Gathering()
    taken(news("attention", "A"), news("attention", "B"), gathering=gathering)
    assert taken(news("recovered", "A"), news("recovered", "B"), gathering=gathering) == Notice(
        "2 pumps work again", "A: works again\nB: works again", "info"
    )


def test_mixed_news_has_the_trouble_first() -> None:
    gathering = Gathering()
    taken(news("attention", "A"), gathering=gathering)
    assert taken(news("recovered", "A"), news("attention", "B", "Why."), gathering=gathering) == Notice(
        "News of 2 pumps", "B: Why.\nA: works again", "warning"
    )
    assert taken(
        news("attention", "B", "New."), news("missing", "B", "Nothing came."), gathering=gathering
    ) == Notice("News of B", "B: New.\nB: Nothing came.", "warning")


def test_a_long_list_is_counted() -> None:
    found = taken(*(news("attention", f"P{number}", "Why.") for number in range(7)))
    assert found == Notice(
        "7 pumps need attention", "P0: Why.\nP1: Why.\nP2: Why.\nP3: Why.\nand 3 more", "warning"
    )


def test_that_a_pump_in_trouble_is_stopped_or_started_is_no_news() -> None:
    watch = Watch()
    trouble = row(ATTENTION, "The token is wrong.")
    assert len(watch.row(trouble)) == 1
    assert watch.row(replace(trouble, stopped=True)) == []
    assert watch.row(trouble) == []
