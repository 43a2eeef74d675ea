"""Records that break the server: last in line, counted, in the end named; never at the price of the others."""

from __future__ import annotations

from qcpump_qt.engine.delivery.attempt import TRIES
from qcpump_qt.engine.delivery.suspects import MARK, TRIED_OFTEN, Suspects
from qcpump_qt.engine.errors import Cancelled
from qcpump_qt.engine.records import DeliveryState
from unit.engine.delivery.memory_server import BROKEN, LOST, PUMP, Fault, Scene, record, records


def poison(scene: Scene, *keys: str) -> None:
    scene.server.faults_of = {key: Fault(BROKEN) for key in keys}


def test_after_five_cycles_in_which_others_passed_it_is_the_record(scene: Scene) -> None:
    poison(scene, "bad")
    for cycle in range(TRIED_OFTEN):
        assert scene.states().get("bad") is not DeliveryState.REJECTED
        scene.cycle([record("bad"), record(f"good{cycle}")])
    kept = scene.sightings()["bad"]
    assert kept.state is DeliveryState.REJECTED
    assert kept.reason == (
        "The server had an error of its own (500). This happened in 5 cycles while the server took other "
        "records: look at the values of this one, then retry it."
    )
    assert kept.payload is not None
    assert f"Session bad: rejected. {kept.reason}" in scene.messages()
    assert scene.counts()[DeliveryState.DELIVERED] == TRIED_OFTEN
    scene.check([])
    before = scene.server.requests()
    scene.cycle([record("bad")])
    assert scene.server.requests() == before


def test_three_of_them_at_the_front_do_not_keep_the_others_from_arriving(scene: Scene) -> None:
    bad = [f"a-bad{number}" for number in range(4)]
    poison(scene, *bad)
    found = [*(record(key) for key in bad), *records(10)]
    scene.cycle(found)
    assert scene.counts()[DeliveryState.DELIVERED] == 0  # it looked like a server in trouble
    scene.cycle(found)
    states = scene.states()
    assert sum(state.arrived for state in states.values()) == 10
    for cycle in range(12):
        scene.cycle([*found, record(f"new{cycle}")])
    assert {state for key, state in scene.states().items() if key in bad} == {DeliveryState.REJECTED}
    assert scene.states()["new11"] is DeliveryState.DELIVERED


def test_they_go_last_also_behind_later_groups_and_leftovers(scene: Scene) -> None:
    poison(scene, "r000", "r001", "r002")
    scene.cycle(records(3))
    scene.cycle(records(450))
    assert scene.counts()[DeliveryState.DELIVERED] == 447


def test_outages_are_not_held_against_a_record(scene: Scene) -> None:
    """It was only the first in line when the server was away; one 500 later it is not poison."""
    for _ in range(TRIED_OFTEN + 2):
        scene.server.faults = [Fault(LOST)] * TRIES
        scene.server.find_faults = []
        scene.cycle([record("a"), record("b")])
    scene.server.faults_of = {"a": Fault(BROKEN)}
    scene.server.faults = []
    scene.cycle([record("a"), record("b")])
    assert scene.states() == {"a": DeliveryState.SENDING, "b": DeliveryState.DELIVERED}
    scene.server.faults_of = {}
    scene.cycle([record("a")])
    assert scene.counts() == {DeliveryState.DELIVERED: 2}


def test_a_server_that_takes_nothing_is_not_the_fault_of_a_record(scene: Scene) -> None:
    poison(scene, "a", "b")
    for _ in range(TRIED_OFTEN + 2):
        scene.cycle([record("a"), record("b")])
    assert DeliveryState.REJECTED not in scene.states().values()


def test_a_record_that_arrives_after_all_starts_anew(scene: Scene) -> None:
    poison(scene, "a")
    for cycle in range(TRIED_OFTEN - 1):
        scene.cycle([record("a"), record(f"good{cycle}")])
    poison(scene)
    scene.cycle([record("a")])
    assert scene.states()["a"] is DeliveryState.DELIVERED
    assert scene.ledger.memory(PUMP).mark(MARK) == {}


def test_what_the_server_stored_before_it_broke_is_not_rejected(scene: Scene) -> None:
    """In the last of the five cycles the very last attempt was stored before the 500."""
    poison(scene, "a")
    for cycle in range(TRIED_OFTEN - 1):
        scene.cycle([record("a"), record(f"good{cycle}")])
    scene.server.faults_of = {}
    stored = Fault(BROKEN, stored=True)
    scene.server.faults = [None, *[Fault(BROKEN)] * (TRIES - 1), stored]
    moved: list[str] = []
    scene.cycle([record("a", settled=lambda: moved.append("a")), record("good")])
    assert scene.states()["a"] is DeliveryState.DELIVERED
    assert moved == ["a"]
    scene.check([])


def test_when_the_server_cannot_be_asked_it_stays_in_doubt(scene: Scene) -> None:
    poison(scene, "a")
    for cycle in range(TRIED_OFTEN - 1):
        scene.cycle([record("a"), record(f"good{cycle}")])
    asked: list[str] = []

    def fail_last(key: str) -> None:
        asked.append(key)
        if len(asked) == TRIES + 1:
            raise LOST

    find = scene.server.find
    scene.server.find = lambda key: fail_last(key) or find(key)  # type: ignore[method-assign, func-returns-value]
    scene.server.on_post = lambda payload: asked.clear() if payload["user_key"] != "a" else None
    scene.ledger.deliveries.in_doubt = lambda pump: []  # type: ignore[method-assign]
    scene.cycle([record("a"), record("good")])
    assert scene.states()["a"] is DeliveryState.SENDING


def test_retried_by_hand_it_gets_another_five_cycles(scene: Scene) -> None:
    poison(scene, "bad")
    for cycle in range(TRIED_OFTEN):
        scene.cycle([record("bad"), record(f"good{cycle}")])
    scene.ledger.deliveries.retry(scene.sightings()["bad"].number)
    scene.cycle([record("bad"), record("one more")])
    assert scene.states()["bad"] is DeliveryState.SENDING
    poison(scene)
    scene.cycle([])
    assert scene.states()["bad"] is DeliveryState.DELIVERED


def test_cancelling_is_not_held_against_a_record(scene: Scene) -> None:
    scene.server.faults_of = {"a": Fault(Cancelled("Stopped."))}
    scene.cycle([record("a"), record("b")])
    assert scene.states() == {"a": DeliveryState.SENDING, "b": DeliveryState.DELIVERED}
    assert scene.ledger.memory(PUMP).mark(MARK) is None


def test_counts_are_kept_from_cycle_to_cycle(scene: Scene) -> None:
    memory = scene.ledger.memory(PUMP)
    for cycle in range(1, TRIED_OFTEN + 1):
        suspects = Suspects(memory)
        suspects.broke_down("a")
        assert suspects.convict(server_fine=True) == (["a"] if cycle == TRIED_OFTEN else [])
        suspects.keep()
    assert "a" in Suspects(memory)
    first = Suspects(memory)
    first.cleared("a")
    first.keep()
    assert "a" not in Suspects(memory)
