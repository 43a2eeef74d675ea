"""A server in trouble: little is asked of it, everything waits with its content, and arrives later once."""

from __future__ import annotations

import pytest

from qcpump_qt.engine.delivery.attempt import LONGEST_PAUSE, TRIES, backoff
from qcpump_qt.engine.errors import (
    Cancelled,
    MappingError,
    PumpError,
    ServerRefused,
    ServerUnavailable,
)
from qcpump_qt.engine.records import DeliveryState, UnitBy, UnitRef, WaitingFor
from unit.engine.delivery.memory_server import (
    BROKEN,
    LOST,
    NO_TOKEN,
    Fault,
    QuickToken,
    Scene,
    raising,
    record,
    records,
    throttled,
)


def test_a_dropped_answer_is_asked_for_and_not_sent_twice(scene: Scene) -> None:
    scene.server.faults = [Fault(LOST, stored=True)]
    scene.cycle(records(3))
    assert [each for each in scene.server.asked if each[0] != "place"][:2] == [
        ("post", "r000"),
        ("find", "r000"),
    ]
    assert scene.server.requests("post") == 3
    assert scene.counts() == {DeliveryState.DELIVERED: 3}
    scene.check([])


@pytest.mark.parametrize("error", [LOST, BROKEN])
def test_a_request_that_got_lost_is_repeated_after_asking(scene: Scene, error: PumpError) -> None:
    scene.server.faults = [Fault(error)]
    scene.cycle(records(3))
    assert [each for each, _ in scene.server.asked if each != "place"][:3] == ["post", "find", "post"]
    assert scene.counts() == {DeliveryState.DELIVERED: 3}
    scene.check([])


def test_a_server_error_is_told_to_the_pace_and_a_307_is_not(scene: Scene) -> None:
    moved = ServerUnavailable("The server kept on sending the request back (307).", reached=True, status=307)
    scene.server.faults = [Fault(moved)]
    scene.cycle([record("a")])
    assert scene.server.pace.errors == []
    scene.server.faults = [Fault(BROKEN)]
    scene.cycle([record("b")])
    assert scene.server.pace.errors == [False]


def test_a_server_that_is_gone_is_asked_for_one_record_only(scene: Scene) -> None:
    scene.server.faults_of = {each.key: Fault(LOST) for each in records(300)}
    scene.server.find_faults = [LOST] * 100
    scene.cycle(records(300))
    assert scene.server.requests() == TRIES
    assert scene.counts() == {DeliveryState.SENDING: 1, DeliveryState.WAITING: 299}
    waiting = scene.sightings()["r299"]
    assert waiting.reason == "The connection broke."
    assert waiting.waiting_for is WaitingFor.SERVER
    assert waiting.payload is not None
    assert waiting.payload["user_key"] == "r299"
    assert scene.messages() == ["Server cannot be reached: The connection broke."]
    assert scene.tally.outcome().value == "unreachable"


def test_the_next_cycle_of_an_outage_asks_once(scene: Scene) -> None:
    scene.server.faults = [Fault(LOST)] * 1000
    scene.server.find_faults = [LOST] * 1000
    scene.cycle(records(20))
    before = scene.server.requests()
    prepared: list[str] = []
    found = [record(f"r{n:03}", prepare=lambda: prepared.append("x")) for n in range(20)]
    scene.cycle(found)
    assert scene.server.requests() == before + 1
    assert len(prepared) <= 1  # the one in doubt was not drafted by a later state; the others are kept
    assert scene.counts() == {DeliveryState.SENDING: 1, DeliveryState.WAITING: 19}


def test_what_an_outage_delayed_is_delivered_from_the_ledger_alone(scene: Scene) -> None:
    """The source has forgotten them (history, moved folders); the ledger has not."""
    scene.server.faults = [Fault(LOST)] * 1000
    scene.server.find_faults = [LOST] * 3
    found = records(500)
    scene.cycle(found)
    scene.server.faults, scene.server.find_faults = [], []
    scene.cycle([])
    scene.check(each.key for each in found)
    assert scene.counts() == {DeliveryState.DELIVERED: 500}
    assert scene.server.stored["r499"]["tests"] == {"a": {"value": 1.5}}


def test_a_record_that_changed_in_an_outage_arrives_with_what_it_holds_now(scene: Scene) -> None:
    scene.server.faults = [Fault(LOST)] * 9
    scene.server.find_faults = [LOST] * 2
    scene.cycle([record("a"), record("b", fingerprint="1")])
    scene.server.faults = []
    scene.cycle([record("a"), record("b", {"a": {"value": 2.5}}, fingerprint="2")])
    assert scene.server.stored["b"]["tests"] == {"a": {"value": 2.5}}


def test_a_draft_is_never_taken_for_newer_than_it_is(scene: Scene) -> None:
    """Stopped before the changed content could be read: the next outage must not keep the old one as the new."""
    scene.server.faults = [Fault(LOST)] * 9
    scene.server.find_faults = [LOST] * 9
    scene.cycle([record("a"), record("b", fingerprint="1")])
    changed = record("b", {"a": {"value": 2.5}}, fingerprint="2")
    scene.cancel.cancel()
    with pytest.raises(Cancelled):
        scene.cycle([changed])
    scene.cancel = QuickToken()
    scene.cycle([changed])
    scene.server.faults, scene.server.find_faults = [], []
    scene.cycle([])
    assert scene.server.stored["b"]["tests"] == {"a": {"value": 2.5}}


def test_a_refused_token_is_told_once_and_ends_the_cycle(scene: Scene) -> None:
    scene.server.faults = [Fault(NO_TOKEN)] * 100
    scene.cycle(records(30))
    assert scene.server.requests() == 1
    assert scene.messages() == ["Server refuses: The server does not know the API token."]
    assert scene.counts() == {DeliveryState.WAITING: 30}
    assert {each.waiting_for for each in scene.sightings().values()} == {WaitingFor.REFUSAL}
    assert scene.tally.outcome().value == "attention"
    scene.server.faults = []
    scene.cycle([])
    assert scene.counts() == {DeliveryState.DELIVERED: 30}


def test_a_refusal_while_doubts_are_settled_holds_everything(scene: Scene) -> None:
    scene.server.faults = [Fault(LOST)] * 9
    scene.server.find_faults = [LOST, LOST]
    scene.cycle([record("a")])
    scene.server.find_faults = [NO_TOKEN]
    before = scene.server.requests()
    scene.cycle([record("a"), record("b")])
    assert scene.server.requests() == before + 1
    assert scene.states() == {"a": DeliveryState.SENDING, "b": DeliveryState.WAITING}
    assert scene.sightings()["b"].reason == "The server does not know the API token."


def test_three_records_in_a_row_that_break_the_server_end_the_cycle(scene: Scene) -> None:
    scene.server.faults = [Fault(BROKEN)] * 1000
    scene.cycle(records(50))
    assert scene.server.requests("post") == 3 * TRIES
    assert scene.counts()[DeliveryState.WAITING] == 47
    assert scene.tally.outcome().value == "unreachable"


def test_a_pause_that_the_server_asks_for_is_kept(scene: Scene) -> None:
    scene.server.faults = [Fault(throttled(7.0))]
    scene.cycle(records(2))
    assert scene.server.pace.pauses == [7.0]
    assert scene.server.requests("find") == 0
    assert scene.counts() == {DeliveryState.DELIVERED: 2}
    assert scene.sightings()["r000"].reason == ""


def test_a_pause_of_unknown_length_is_waited_for_too(scene: Scene) -> None:
    scene.server.faults = [Fault(throttled(None)), Fault(throttled(None))]
    scene.cycle(records(2))
    assert len(scene.server.pace.pauses) == 2
    assert scene.counts() == {DeliveryState.DELIVERED: 2}


def test_a_pause_that_is_too_long_ends_the_cycle(scene: Scene) -> None:
    scene.server.faults = [Fault(throttled(LONGEST_PAUSE + 1))]
    scene.cycle(records(5))
    assert scene.server.requests() == 1
    assert scene.counts() == {DeliveryState.WAITING: 5}
    assert scene.server.pace.pauses == [LONGEST_PAUSE + 1]


def test_a_server_that_throttles_for_ever_is_given_up(scene: Scene) -> None:
    scene.server.faults = [Fault(throttled(0.0))] * 1000
    scene.cycle(records(2))
    assert scene.server.requests() < 100
    assert scene.counts() == {DeliveryState.WAITING: 2}


def test_one_record_without_a_unit_does_not_stop_the_others(scene: Scene) -> None:
    scene.server.unknown_units = {"9999"}
    stranger = UnitRef(UnitBy.SERIAL, "9999")
    scene.cycle([record("a", unit=stranger), record("b"), record("c", unit=stranger)])
    assert scene.states() == {
        "a": DeliveryState.WAITING,
        "b": DeliveryState.DELIVERED,
        "c": DeliveryState.WAITING,
    }
    assert scene.sightings()["a"].waiting_for is WaitingFor.MAPPING
    assert scene.messages() == [
        "Session a: No unit has the serial number 9999.",
        "Session c: No unit has the serial number 9999.",
    ]
    scene.server.unknown_units = set()
    scene.cycle([])
    assert scene.counts() == {DeliveryState.DELIVERED: 3}


def test_a_server_that_fails_while_units_are_looked_up_holds_all(scene: Scene) -> None:
    scene.server.place_fault = LOST
    scene.cycle(records(10))
    assert len(scene.server.asked) == 1
    assert scene.counts() == {DeliveryState.WAITING: 10}
    scene.server.place_fault = None
    scene.cycle([])
    assert scene.counts() == {DeliveryState.DELIVERED: 10}


@pytest.mark.parametrize(
    ("error", "waiting_for"),
    [(LOST, WaitingFor.SERVER), (NO_TOKEN, WaitingFor.REFUSAL)],
)
def test_a_pump_type_that_asks_the_server_in_an_outage_loses_nothing(
    scene: Scene, error: PumpError, waiting_for: WaitingFor
) -> None:
    """`prepare` may look up units; that the server is away says nothing about the record."""
    scene.cycle([record("a", prepare=raising(error)), record("b")])
    assert scene.counts() == {DeliveryState.WAITING: 2}
    assert scene.sightings()["a"].waiting_for is waiting_for
    scene.cycle([record("a"), record("b")])
    assert scene.counts() == {DeliveryState.DELIVERED: 2}


def test_no_match_found_by_the_pump_type_waits_for_a_person(scene: Scene) -> None:
    scene.cycle([record("a", prepare=raising(MappingError("No unit is called Linac 9."))), record("b")])
    assert scene.states() == {"a": DeliveryState.WAITING, "b": DeliveryState.DELIVERED}
    assert scene.sightings()["a"].waiting_for is WaitingFor.MAPPING
    assert scene.messages() == ["Session a: No unit is called Linac 9."]


def test_a_hold_keeps_everything_with_its_content(scene: Scene) -> None:
    delivery = scene.delivery(hold=ServerRefused("The address leads elsewhere."))
    with delivery:
        delivery.run(records(5))
    assert scene.server.asked == []
    assert scene.messages() == ["Server refuses: The address leads elsewhere."]
    assert all(each.payload for each in scene.sightings().values())


@pytest.mark.parametrize(("tries", "least", "most"), [(1, 0.25, 0.75), (3, 1.0, 3.0), (50, 4.0, 12.0)])
def test_the_waits_between_tries_double_with_jitter(tries: int, least: float, most: float) -> None:
    waits = [backoff(tries) for _ in range(200)]
    assert least <= min(waits)
    assert max(waits) <= most
    assert len(set(waits)) > 100
