"""Sending is committed before a request leaves, the end after the answer; whoever dies between loses nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.delivery.delivery import Delivery
from qcpump_qt.engine.errors import Cancelled, LedgerError
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from unit.engine.delivery.memory_server import (
    LOST,
    PUMP,
    Fault,
    Scene,
    raising,
    record,
    records,
)


class PowerCut(BaseException):
    """The process dies here."""


def test_sending_is_on_the_disk_before_the_request_leaves(scene: Scene, tmp_path: Path) -> None:
    seen: list[tuple[str, str, int]] = []

    def look(payload: Mapping[str, Any]) -> None:
        with sqlite3.connect(f"file:{tmp_path}/state/ledger.sqlite3?mode=ro", uri=True) as other:
            seen.extend(other.execute("select key, state, attempts from records").fetchall())
        other.close()

    scene.server.on_post = look
    scene.cycle([record("a")])
    assert seen == [("a", "sending", 1)]
    assert scene.states() == {"a": DeliveryState.DELIVERED}


def test_the_book_keeps_what_was_sent_and_where_it_is(scene: Scene) -> None:
    scene.cycle([record("a", source=("folder/a",))])
    kept = scene.sightings()["a"]
    assert kept.url == "/page/a"
    assert kept.unit == "Unit 2101"
    assert kept.test_list == "Daily"
    assert kept.source == ("folder/a",)
    assert kept.payload == scene.server.stored["a"]
    assert kept.reason == ""
    assert kept.attempts == 1


def test_what_is_final_is_never_asked_for_again(scene: Scene) -> None:
    found = records(30)
    scene.cycle(found)
    scene.check(each.key for each in found)
    before = len(scene.server.asked)
    tally = scene.cycle(found)
    assert len(scene.server.asked) == before
    assert tally.counts()["found"] == 0


def test_a_session_that_was_there_before_is_already_there(scene: Scene) -> None:
    scene.server.stored["a"] = {"user_key": "a"}
    scene.cycle([record("a")])
    assert scene.states() == {"a": DeliveryState.ALREADY_THERE}
    assert scene.sightings()["a"].reason == "The server had a session with this key before."
    assert scene.server.requests() == 1


@pytest.mark.parametrize("stored", [True, False])
def test_the_process_dies_while_a_request_is_under_way(scene: Scene, stored: bool) -> None:
    """The delivery is abandoned as a killed process would leave it; the next cycle asks first."""
    gone, answered = threading.Event(), threading.Event()

    def die(payload: Mapping[str, Any]) -> None:
        answered.set()
        gone.wait(5)

    scene.server.on_post = die
    scene.server.faults = [Fault(LOST, stored=stored)]
    abandoned = scene.delivery()
    thread = threading.Thread(target=_ignore_end, args=(abandoned,), daemon=True)
    thread.start()
    assert answered.wait(5)
    assert scene.states() == {"a": DeliveryState.SENDING}
    scene.server.faults = []
    if stored:
        scene.server.stored["a"] = {"user_key": "a"}
    scene.server.on_post = lambda _payload: None
    before = len(scene.server.asked)
    scene.cycle([record("a")])
    assert scene.server.asked[before] == ("find", "a")
    assert scene.states() == {"a": DeliveryState.DELIVERED}
    assert scene.server.requests("post") == (1 if stored else 2)
    gone.set()
    thread.join(5)
    scene.check(["a"])


def _ignore_end(delivery: Delivery) -> None:
    with delivery:
        delivery.run([record("a")])


def test_the_process_dies_after_the_answer_and_before_it_is_written(scene: Scene) -> None:
    delivery = scene.delivery()
    write = scene.ledger.deliveries.write
    calls: list[object] = []

    def write_once(*args: Any, **options: Any) -> None:
        calls.append(args)
        if len(calls) > 1:
            raise PowerCut
        write(*args, **options)

    scene.ledger.deliveries.write = write_once  # type: ignore[method-assign]
    with pytest.raises(PowerCut):
        delivery.run([record("a")])
    scene.ledger.deliveries.write = write  # type: ignore[method-assign]
    assert scene.states() == {"a": DeliveryState.SENDING}
    assert "a" in scene.server.stored
    scene.cycle([])
    assert scene.states() == {"a": DeliveryState.DELIVERED}
    assert scene.server.requests("post") == 1
    assert scene.sightings()["a"].url == "/page/a"


def test_what_follows_a_delivery_is_done_when_the_doubt_is_settled(scene: Scene) -> None:
    """The file of a session that had arrived when the program died is still moved away, once."""
    moved: list[str] = []
    found = record("a", settled=lambda: moved.append("a"))
    scene.server.faults = [Fault(LOST, stored=True), *[Fault(LOST)] * 9]
    scene.server.find_faults = [LOST] * 2
    scene.cycle([found])
    assert scene.states() == {"a": DeliveryState.SENDING}
    assert moved == []
    scene.cycle([found])
    assert scene.states() == {"a": DeliveryState.DELIVERED}
    assert moved == ["a"]
    scene.cycle([found])
    assert moved == ["a"]


def test_settle_again_is_called_in_every_cycle_that_finds_the_record(scene: Scene) -> None:
    moved: list[str] = []
    found = record("a", settled=lambda: moved.append("a"), settle_again=True)
    scene.cycle([found])
    scene.cycle([found])
    assert moved == ["a", "a"]
    assert scene.server.requests() == 1


def test_settled_is_called_only_when_the_end_is_written(scene: Scene) -> None:
    states: list[DeliveryState] = []
    found = [
        record(key, settled=lambda key=key: states.append(scene.states()[key])) for key in ("a", "b", "c")
    ]
    scene.cycle(found)
    assert states == [DeliveryState.DELIVERED] * 3


@pytest.mark.parametrize("kind", [ValueError, SystemExit])
def test_a_fault_in_settled_is_told_and_the_others_go_on(scene: Scene, kind: type[BaseException]) -> None:
    scene.cycle([record("a", settled=raising(kind("disk full"))), record("b")])
    assert scene.counts() == {DeliveryState.DELIVERED: 2}
    assert scene.messages() == ["Session a: delivered, but the step after it failed (disk full)."]
    assert scene.tally.outcome().value == "attention"


def test_a_ledger_that_fails_ends_the_sending(scene: Scene) -> None:
    """Nothing leaves without its state having been written; what had left is asked for later."""
    found = records(40)
    write = scene.ledger.deliveries.write
    calls: list[object] = []

    def write_some(*args: Any, **options: Any) -> None:
        calls.append(args)
        if len(calls) > 4:
            raise LedgerError("The disk is full.")
        write(*args, **options)

    scene.ledger.deliveries.write = write_some  # type: ignore[method-assign]
    with pytest.raises(LedgerError), scene.delivery() as delivery:
        delivery.run(found)
    scene.ledger.deliveries.write = write  # type: ignore[method-assign]
    posted = {key for kind, key in scene.server.asked if kind == "post"}
    states = scene.states()
    assert posted <= {key for key, state in states.items() if state is not DeliveryState.WAITING}
    scene.cycle(found)
    scene.check(each.key for each in found)
    assert scene.counts() == {DeliveryState.DELIVERED: 40}


def test_cancelled_before_anything_is_sent(scene: Scene) -> None:
    scene.cancel.cancel()
    with pytest.raises(Cancelled, match="what was not finished goes on in the next one"):
        scene.cycle(records(3))
    assert scene.counts() == {DeliveryState.WAITING: 3}
    assert scene.server.requests() == 0
    assert scene.sightings()["r000"].reason == "The cycle was stopped before this record's turn."
    assert scene.sightings()["r000"].waiting_for is WaitingFor.TIME


@pytest.mark.parametrize("at", [1, 2, 5, 9, 14])
def test_cancelled_in_the_middle_leaves_what_the_next_cycle_resolves(scene: Scene, at: int) -> None:
    found = records(20)
    posts: list[object] = []

    def cancel(payload: Mapping[str, Any]) -> None:
        posts.append(payload)
        if len(posts) == at:
            scene.cancel.cancel()

    scene.server.on_post = cancel
    with pytest.raises(Cancelled):
        scene.cycle(found)
    scene.check(each.key for each in found)
    assert len(scene.states()) == 20
    scene.server.on_post = lambda _payload: None
    scene.cancel = type(scene.cancel)()
    scene.cycle(found)
    scene.check(each.key for each in found)
    assert scene.counts() == {DeliveryState.DELIVERED: 20}


def test_prepared_records_keep_their_content_when_the_cycle_is_stopped(scene: Scene) -> None:
    """The scout of the test list is under way, the others of that list are ready and wait for it."""
    scene.server.on_post = lambda _payload: scene.cancel.cancel()
    with pytest.raises(Cancelled):
        scene.cycle(records(5))
    scene.cancel = type(scene.cancel)()
    scene.server.on_post = lambda _payload: None
    kept = [draft.key for draft in scene.ledger.deliveries.drafted(PUMP)]
    scene.cycle([])
    delivered = {key for key, state in scene.states().items() if state is DeliveryState.DELIVERED}
    assert delivered == {"r000", *kept}


def test_no_more_than_four_at_once_and_one_at_first(scene: Scene) -> None:
    meet = threading.Barrier(4)
    posts: list[int] = []

    def wait(payload: Mapping[str, Any]) -> None:
        posts.append(scene.server.most_at_once)
        if 1 < len(posts) <= 5:
            meet.wait(5)

    scene.server.on_post = wait
    scene.cycle(records(25))
    assert posts[0] == 1
    assert scene.server.most_at_once == 4


def test_one_at_a_time_with_a_throttle(scene: Scene) -> None:
    scene.cycle(records(10), throttle=0.5)
    assert scene.server.most_at_once == 1
    assert scene.server.pace.turns == [0.5] * 10


def test_one_at_a_time_once_the_pace_says_so(scene: Scene) -> None:
    scene.server.pace.at_once = 1
    scene.cycle(records(10))
    assert scene.server.most_at_once == 1


def test_a_source_that_breaks_half_way_still_gets_what_came_before_delivered(scene: Scene) -> None:
    def found() -> Any:
        yield from records(3)
        raise ValueError("row 4 is bad")

    with pytest.raises(ValueError, match="row 4 is bad"):
        scene.cycle(found())
    assert scene.counts() == {DeliveryState.DELIVERED: 3}


def test_records_are_taken_from_a_generator_in_groups(scene: Scene) -> None:
    found = records(450)
    scene.cycle(iter(found))
    scene.check(each.key for each in found)
    assert scene.counts() == {DeliveryState.DELIVERED: 450}


def test_the_next_records_are_made_ready_while_the_first_is_under_way(scene: Scene) -> None:
    """Looking up the units of the others takes no extra time."""
    ready, in_time = threading.Event(), []
    first, second, third = records(3)

    def read() -> Any:
        ready.set()
        return third.prepare()

    scene.server.on_post = lambda _payload: in_time.append(ready.wait(5))
    scene.cycle([first, second, record("r002", prepare=read)])
    assert in_time == [True, True, True]
    assert scene.counts() == {DeliveryState.DELIVERED: 3}


@pytest.mark.parametrize("step", ["prepare", "place"])
def test_stopped_while_a_record_is_made_ready(scene: Scene, step: str) -> None:
    def stop() -> Any:
        scene.cancel.cancel()
        scene.cancel.check()

    found = [record("a"), record("b")]
    if step == "prepare":
        found[0] = record("a", prepare=stop)
    else:
        scene.server.place_fault = Cancelled("Stopped.")
        scene.server.place = _stopping(scene, scene.server.place)  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        scene.cycle(found)
    assert scene.counts() == {DeliveryState.WAITING: 2}
    assert scene.server.requests() == 0
    assert (scene.sightings()["a"].payload is not None) == (step == "place")


def _stopping(scene: Scene, place: Any) -> Any:
    def stop_and_ask(*args: Any) -> Any:
        scene.cancel.cancel()
        return place(*args)

    return stop_and_ask
