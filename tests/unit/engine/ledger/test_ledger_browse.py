"""Records as a list shows them: pages, filters, orders; and one of them in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcpump_qt.engine.ledger.browse import Browse
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.shown import ORDERS, RecordLine
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from unit.engine.ledger.ledger_writing import NOON, add_record


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.at(tmp_path / "ledger.sqlite3")
    yield made
    made.close()


@pytest.fixture
def browse(ledger: Ledger) -> Browse:
    return ledger.browse


def keys(lines: list[RecordLine]) -> str:
    return "".join(line.key for line in lines)


def test_a_line_has_all_but_what_was_sent_and_answered(ledger: Ledger, browse: Browse) -> None:
    add_record(
        ledger,
        "a",
        state="waiting",
        waiting_for="mapping",
        reason="No unit.",
        url="http://page",
        attempts=3,
        first_seen=NOON - timedelta(days=1),
        payload={"tests": {}},
        answer={"detail": "x"},
    )
    assert browse.page("p") == [
        RecordLine(
            number=1,
            pump="p",
            key="a",
            title="Session a",
            state=DeliveryState.WAITING,
            reason="No unit.",
            waiting_for=WaitingFor.MAPPING,
            unit="Site: TB1",
            test_list="Daily",
            first_seen=NOON - timedelta(days=1),
            updated=NOON,
            attempts=3,
            url="http://page",
        )
    ]
    assert {"payload", "answer", "source"}.isdisjoint(field.name for field in fields(RecordLine))


@pytest.mark.parametrize(
    ("state", "waiting_for", "trouble"),
    [
        ("waiting", "time", False),
        ("waiting", "server", True),
        ("waiting", "mapping", True),
        ("rejected", "time", True),
        ("delivered", "mapping", False),
        ("skipped", "time", False),
    ],
)
def test_what_somebody_has_to_look_at_is_trouble(
    ledger: Ledger, browse: Browse, state: str, waiting_for: str, trouble: bool
) -> None:
    add_record(ledger, "a", state=state, waiting_for=waiting_for)
    (line,) = browse.page("p")
    assert line.trouble is trouble


def test_the_last_changed_comes_first_and_only_of_this_pump(ledger: Ledger, browse: Browse) -> None:
    for key, seconds in {"a": 0, "b": 2, "c": 1}.items():
        add_record(ledger, key, updated=NOON + timedelta(seconds=seconds))
    add_record(ledger, "x", pump="other")
    assert keys(browse.page("p")) == "bca"
    assert keys(browse.page("p", descending=False)) == "acb"
    assert (browse.count("p"), browse.count("other"), browse.count("none")) == (3, 1, 0)
    assert browse.page("none") == []


@pytest.mark.parametrize(
    ("order", "upwards"),
    [
        ("updated", "cab"),
        ("first_seen", "abc"),
        ("title", "bca"),
        ("state", "cba"),
        ("unit", "acb"),
        ("test_list", "bac"),
    ],
)
def test_every_order_goes_both_ways(ledger: Ledger, browse: Browse, order: str, upwards: str) -> None:
    rows: dict[str, dict[str, Any]] = {
        "a": {"title": "gamma", "state": "skipped", "unit": "Alpha", "test_list": "m", "updated": 1},
        "b": {"title": "Alpha", "state": "rejected", "unit": "gamma", "test_list": "A", "updated": 2},
        "c": {"title": "beta", "state": "delivered", "unit": "Beta", "test_list": "x", "updated": 0},
    }
    for key, row in rows.items():
        add_record(ledger, key, **{**row, "updated": NOON + timedelta(seconds=row["updated"])})
    assert keys(browse.page("p", order=order, descending=False)) == upwards
    assert keys(browse.page("p", order=order, descending=True)) == upwards[::-1]


def test_every_order_has_a_name_that_is_known(browse: Browse) -> None:
    for order in ORDERS:
        assert browse.page("p", order=order) == []
    with pytest.raises(KeyError):
        browse.page("p", order="payload")


def test_pages_follow_each_other_without_gap_or_double(ledger: Ledger, browse: Browse) -> None:
    for number in range(25):
        add_record(ledger, f"{number:02} ", title="all alike")
    for order in ORDERS:
        found = "".join(
            keys(browse.page("p", order=order, offset=offset, limit=7)) for offset in range(0, 28, 7)
        )
        assert sorted(found.split()) == [f"{number:02}" for number in range(25)]
    assert len(browse.page("p", limit=7, offset=21)) == 4


def test_states_are_told_apart(ledger: Ledger, browse: Browse) -> None:
    for number, state in enumerate(DeliveryState):
        for each in range(number + 1):
            add_record(ledger, f"{number}{each}", state=state.value)
    for number, state in enumerate(DeliveryState):
        assert browse.count("p", state) == number + 1
        assert {line.state for line in browse.page("p", state=state)} == {state}
    assert browse.count("p") == 21


@pytest.mark.parametrize("column", ["title", "key", "unit", "test_list", "reason"])
def test_text_is_looked_for_in_everything_that_is_shown(ledger: Ledger, browse: Browse, column: str) -> None:
    add_record(ledger, "other")
    add_record(ledger, **{"key": "a", column: "Linac 7 Überprüfung"})
    for text in ("linac 7", "LINAC", " überprüfung ", "ÜBERPRÜFUNG", "7 über"):
        (line,) = browse.page("p", text=text)
        assert browse.count("p", text=text) == 1
        assert line.number == 2
    assert browse.count("p", text="linac 8") == 0
    assert browse.count("p", text="uberprufung") == 0


def test_text_and_state_are_asked_for_together(ledger: Ledger, browse: Browse) -> None:
    add_record(ledger, "a", state="rejected")
    add_record(ledger, "b", state="rejected")
    add_record(ledger, "c", title="Session a too")
    assert keys(browse.page("p", state=DeliveryState.REJECTED, text="session A")) == "a"
    assert browse.count("p", DeliveryState.REJECTED, "session a") == 1


@pytest.mark.parametrize("text", ["100%", "a_b", "back\\slash", "a/b", "'", '"', "/%"])
def test_signs_of_the_database_language_are_plain_text(ledger: Ledger, browse: Browse, text: str) -> None:
    add_record(ledger, "a", title=f"has {text} in it")
    add_record(ledger, "b", title="has 100 aXb back slash a-b in it")
    assert keys(browse.page("p", text=text)) == "a"


def test_half_of_a_character_finds_what_was_kept_of_it(ledger: Ledger, browse: Browse) -> None:
    add_record(ledger, "a", title="odd \udcff name")
    assert keys(browse.page("p", text="odd \udcff")) == "a"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12))
def test_every_text_finds_itself(ledger: Ledger, browse: Browse, text: str) -> None:
    add_record(ledger, f"key {browse.count('p')}", title=f"before {text} after")
    assert any(text in line.title for line in browse.page("p", text=text))
    assert browse.count("p", text=text) >= 1


def test_a_detail_is_the_whole_record(ledger: Ledger, browse: Browse) -> None:
    payload = {"user_key": "a", "tests": {"x": {"value": 1.5}}}
    add_record(ledger, "a", payload=payload, answer={"url": "/1/"}, source='["folder"]')
    found = browse.detail(1)
    assert found is not None
    assert (found.number, found.pump, found.key) == (1, "p", "a")
    assert (found.payload, found.answer, found.source) == (payload, {"url": "/1/"}, ("folder",))
    assert [found] == ledger.deliveries.sightings()
    assert browse.detail(2) is None


def plan(ledger: Ledger, browse: Browse, state: DeliveryState | None, order: str) -> str:
    """How SQLite goes about the page."""
    asked: list[tuple[str, object]] = []
    database = ledger._database
    from sqlalchemy import event

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(database._engine, "before_cursor_execute", note)
    browse.page("p", state=state, order=order)
    event.remove(database._engine, "before_cursor_execute", note)
    ((statement, parameters),) = asked
    with database.reading() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        return " | ".join(str(row[-1]) for row in rows)


def test_the_first_page_is_read_from_an_index_however_many_there_are(ledger: Ledger, browse: Browse) -> None:
    assert "COVERING INDEX records_by_time (pump=?)" in plan(ledger, browse, None, "updated")
    assert "COVERING INDEX records_by_state_and_time (pump=? AND state=?)" in plan(
        ledger, browse, DeliveryState.DELIVERED, "updated"
    )
