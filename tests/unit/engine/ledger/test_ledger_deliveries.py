"""The main book: one state for every record of every pump, found again in any number."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from qcpump_qt.engine.clock import now
from qcpump_qt.engine.errors import LedgerError
from qcpump_qt.engine.ledger.deliveries import CHUNK, Deliveries, Entry, Page
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.schema import records as book
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from unit.engine.delivery.memory_server import UNIT, record, records, upload

P = "pump-1"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.at(tmp_path / "ledger.sqlite3")
    yield made
    made.close()


@pytest.fixture
def deliveries(ledger: Ledger) -> Deliveries:
    return ledger.deliveries


def test_a_record_is_new_once(deliveries: Deliveries) -> None:
    first = deliveries.meet(P, records(3))
    assert {each.new for each in first.values()} == {True}
    again = deliveries.meet(P, records(4))
    assert [again[key].new for key in sorted(again)] == [False, False, False, True]
    assert {each.state for each in again.values()} == {DeliveryState.WAITING}


def test_more_records_than_one_query_takes(deliveries: Deliveries) -> None:
    found = records(2 * CHUNK + 7)
    deliveries.meet(P, found)
    assert len(deliveries.standings(P, [each.key for each in found])) == 2 * CHUNK + 7


def test_no_record_can_have_two_states(ledger: Ledger) -> None:
    ledger.deliveries.meet(P, [record("a")])
    with pytest.raises(LedgerError) as caught, ledger._database.writing() as connection:
        connection.execute(
            book.insert().from_select(
                [c.name for c in book.c if c.name != "id"],
                book.select().with_only_columns(*[c for c in book.c if c.name != "id"]),
            )
        )
    assert isinstance(caught.value.__cause__, IntegrityError)


def test_an_entry_changes_what_it_names_and_nothing_else(deliveries: Deliveries) -> None:
    deliveries.meet(P, [record("a", source=("x", "y"), fingerprint="1"), record("b")])
    before = deliveries.sightings()[0]
    deliveries.write(
        P,
        [
            Entry(
                key="a",
                state=DeliveryState.SENDING,
                upload=upload("a"),
                unit="Unit 1",
                fingerprint="2",
                attempt=True,
            ),
            Entry(key="a", state=DeliveryState.SENDING, attempt=True),
            Entry(
                key="a", state=DeliveryState.REJECTED, reason="No.", answer={"status": 400}, payload={"x": 1}
            ),
        ],
    )
    after = deliveries.sightings()[0]
    assert after == replace(
        before,
        state=DeliveryState.REJECTED,
        reason="No.",
        unit="Unit 1",
        test_list="Daily",
        payload={"x": 1},
        answer={"status": 400},
        attempts=2,
        updated=after.updated,
    )
    assert after.source == ("x", "y")
    assert before.first_seen <= after.updated
    assert now() - after.updated < timedelta(minutes=1)
    assert deliveries.standings(P, ["a"])["a"].fingerprint == "2"
    assert deliveries.sightings()[1].state is DeliveryState.WAITING


def test_refreshing_keeps_the_fingerprint_of_what_is_drafted(deliveries: Deliveries) -> None:
    deliveries.meet(P, [record("a", fingerprint="1")])
    deliveries.write(P, [], refresh=[record("a", fingerprint="2", title="New name", source=("z",))])
    kept = deliveries.sightings()[0]
    assert (kept.title, kept.source) == ("New name", ("z",))
    assert deliveries.standings(P, ["a"])["a"].fingerprint == "1"


def test_an_entry_of_one_pump_is_not_that_of_another(deliveries: Deliveries) -> None:
    for pump in ("one", "two"):
        deliveries.meet(pump, [record("a")])
    deliveries.write("one", [Entry(key="a", state=DeliveryState.DELIVERED)])
    assert deliveries.counts("one") == {DeliveryState.DELIVERED: 1}
    assert deliveries.counts("two") == {DeliveryState.WAITING: 1}
    assert len(deliveries.sightings(Page(pump="two"))) == 1


def test_only_records_that_are_not_on_the_server_can_be_forgotten(deliveries: Deliveries) -> None:
    deliveries.meet(P, records(6))
    states = list(DeliveryState)
    deliveries.write(P, [Entry(key=f"r{n:03}", state=state) for n, state in enumerate(states)])
    deliveries.forget(P, [f"r{n:03}" for n in range(6)] + ["unknown"])
    left = {each.state for each in deliveries.sightings()}
    assert left == set(DeliveryState) - {DeliveryState.WAITING, DeliveryState.REJECTED}


def test_open_keys_and_doubts(deliveries: Deliveries) -> None:
    deliveries.meet(P, records(6))
    deliveries.write(P, [Entry(key=f"r{n:03}", state=state) for n, state in enumerate(DeliveryState)])
    assert deliveries.open_keys(P) == {"r000": DeliveryState.WAITING, "r001": DeliveryState.SENDING}
    assert deliveries.in_doubt(P) == ["r001"]
    assert deliveries.in_doubt("another") == []


def test_drafts_are_waiting_records_with_their_content(deliveries: Deliveries) -> None:
    deliveries.meet(P, records(4))
    for key, state in (("r000", DeliveryState.WAITING), ("r001", DeliveryState.DELIVERED)):
        deliveries.write(P, [Entry(key=key, state=state, upload=upload(key), fingerprint="7")])
    drafts = list(deliveries.drafted(P))
    assert [draft.key for draft in drafts] == ["r000"]
    assert drafts[0].upload == upload("r000")
    assert drafts[0].upload.unit == UNIT
    assert drafts[0].fingerprint == "7"
    assert drafts[0].title == "Session r000"


def test_drafts_in_any_number_while_states_change(deliveries: Deliveries) -> None:
    number = 2 * CHUNK + 3
    deliveries.meet(P, records(number))
    keys = [each.key for each in records(number)]
    deliveries.write(P, [Entry(key=key, state=DeliveryState.WAITING, upload=upload(key)) for key in keys])
    seen = []
    for draft in deliveries.drafted(P):
        seen.append(draft.key)
        if len(seen) % CHUNK == 7:
            deliveries.write(P, [Entry(key=key, state=DeliveryState.DELIVERED) for key in seen])
    assert seen == keys


def test_retry_is_for_what_is_rejected_or_waits(deliveries: Deliveries) -> None:
    deliveries.meet(P, records(6))
    deliveries.write(
        P,
        [
            Entry(key=f"r{n:03}", state=state, waiting_for=WaitingFor.MAPPING, fingerprint="1")
            for n, state in enumerate(DeliveryState)
        ],
    )
    for each in deliveries.sightings():
        assert deliveries.retry(each.number) == each
    after = {each.key: each.state for each in deliveries.sightings()}
    before = dict(zip((f"r{n:03}" for n in range(6)), DeliveryState, strict=True))
    assert after == {
        key: DeliveryState.WAITING if state is DeliveryState.REJECTED else state
        for key, state in before.items()
    }
    assert deliveries.standings(P, ["r005"])["r005"].fingerprint == ""
    assert deliveries.retry(12345) is None


def test_several_are_tried_again_at_once(deliveries: Deliveries) -> None:
    deliveries.meet(P, records(7))
    states = [*DeliveryState, DeliveryState.REJECTED]
    deliveries.write(
        P,
        [Entry(key=f"r{n:03}", state=state, fingerprint="1", reason="No.") for n, state in enumerate(states)],
    )
    before = deliveries.sightings()
    left_alone = before[-1]
    asked = [each.number for each in reversed(before[:-1])]
    assert deliveries.retry_all([*asked, 12345, asked[0]]) == before[:-1]
    for former, later in zip(before, deliveries.sightings(), strict=True):
        again = former is not left_alone and former.state in (DeliveryState.REJECTED, DeliveryState.WAITING)
        assert later.state is (DeliveryState.WAITING if again else former.state)
        assert later.reason == (
            "Will be tried again in the next cycle, as somebody asked." if again else "No."
        )
    assert deliveries.retry_all([]) == []


def test_more_than_fit_into_one_question_are_tried_again_in_one_transaction(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries.meet(P, records(900))
    deliveries.write(P, [Entry(key=each.key, state=DeliveryState.REJECTED) for each in records(900)])
    transactions: list[None] = []
    real = deliveries._database.writing

    def counted() -> AbstractContextManager[Connection]:
        transactions.append(None)
        return real()

    monkeypatch.setattr(deliveries._database, "writing", counted)
    assert len(deliveries.retry_all([each.number for each in deliveries.sightings()])) == 900
    assert transactions == [None]
    assert deliveries.counts(P) == {DeliveryState.WAITING: 900}


def test_all_rejected_ones_of_a_pump_are_tried_again(deliveries: Deliveries) -> None:
    deliveries.meet(P, records(7))
    deliveries.meet("other", records(2))
    states = [*DeliveryState, DeliveryState.REJECTED]
    deliveries.write(
        P,
        [Entry(key=f"r{n:03}", state=state, fingerprint="1", reason="No.") for n, state in enumerate(states)],
    )
    deliveries.write("other", [Entry(key="r000", state=DeliveryState.REJECTED)])
    assert deliveries.retry_rejected(P) == 2
    after = {each.key: each for each in deliveries.sightings(Page(pump=P))}
    for number, state in enumerate(states):
        asked = state is DeliveryState.REJECTED
        found = after[f"r{number:03}"]
        assert found.state is (DeliveryState.WAITING if asked else state)
        assert found.reason == (
            "Will be tried again in the next cycle, as somebody asked." if asked else "No."
        )
        assert deliveries.standings(P, [found.key])[found.key].fingerprint == ("" if asked else "1")
    assert deliveries.counts("other")[DeliveryState.REJECTED] == 1
    assert deliveries.retry_rejected(P) == 0


def test_pages_follow_each_other_and_hold_what_was_asked_for(deliveries: Deliveries) -> None:
    deliveries.meet(P, records(10))
    deliveries.meet("other", records(3))
    deliveries.write(P, [Entry(key=f"r00{n}", state=DeliveryState.REJECTED) for n in (2, 5, 7)])
    found: list[str] = []
    after = 0
    while page := deliveries.sightings(Page(pump=P, after=after, limit=4)):
        assert len(page) <= 4
        found += [each.key for each in page]
        after = page[-1].number
    assert found == [each.key for each in records(10)]
    rejected = deliveries.sightings(Page(state=DeliveryState.REJECTED))
    assert [each.key for each in rejected] == ["r002", "r005", "r007"]
    chosen = deliveries.sightings(Page(pump=P, keys=["r001", "r009", "absent"]))
    assert [each.key for each in chosen] == ["r001", "r009"]
    assert len(deliveries.sightings()) == 13


def test_a_hundred_thousand_records_are_leafed_through_quickly(ledger: Ledger) -> None:
    """A page costs the same at the end as at the start: it is found by number, never counted through."""
    rows = 100_000
    moment = now().isoformat()
    fixed = {
        "title": "t",
        "waiting_for": "time",
        "reason": "",
        "unit": "",
        "test_list": "",
        "fingerprint": "",
        "source": "[]",
        "url": "",
        "attempts": 0,
        "first_seen": moment,
        "updated": moment,
    }
    with ledger._database.writing() as connection:
        for start in range(0, rows, 10_000):
            connection.execute(
                book.insert(),
                [
                    {
                        **fixed,
                        "pump": f"pump-{n % 3}",
                        "key": f"k{n}",
                        "state": "rejected" if n % 1000 == 0 else "delivered",
                    }
                    for n in range(start, start + 10_000)
                ],
            )
    pages = (
        Page(limit=100),
        Page(limit=100, after=99_900),
        Page(pump="pump-1", limit=100, after=50_000),
        Page(state=DeliveryState.REJECTED, limit=100),
        Page(pump="pump-2", state=DeliveryState.REJECTED, limit=100),
    )
    slowest = 0.0
    for page in pages:
        started = time.perf_counter()
        found = ledger.deliveries.sightings(page)
        slowest = max(slowest, time.perf_counter() - started)
        assert 0 < len(found) <= 100
    whole_started = time.perf_counter()
    assert len(ledger.deliveries.sightings()) == rows
    assert slowest < (time.perf_counter() - whole_started) / 3
