"""Faults of the network and of the server, with the real client: source = ledger = server in the end."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from integration.delivery.conftest import (
    NO_RIGHT,
    PUMP,
    Clinic,
    in_time,
    record,
    records,
    when,
    world,
)
from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome, CycleReport


def test_all_goes_well(clinic: Clinic) -> None:
    found = [
        *records(20),
        *records(
            20, "w", serial="1002", test_list="Weekly", tests={"a": {"value": 1.0}, "c": {"value": 2.0}}
        ),
    ]
    report = clinic.cycle(found)
    assert report.outcome is CycleOutcome.OK
    clinic.check(found, all_there=True)
    assert clinic.posts() == 40
    assert clinic.standin.counts.max_connections <= 4
    sighting = clinic.ledger.deliveries.sightings()[0]
    assert sighting.url.startswith(clinic.standin.page_url)
    assert sighting.unit == "Main Campus: Linac 1"


def test_the_next_cycle_asks_nothing(clinic: Clinic) -> None:
    found = records(30)
    clinic.cycle(found)
    clinic.standin.counts.reset()
    report = clinic.cycle(found)
    assert clinic.standin.counts.requests() == 0
    assert report.counts["found"] == 0


ONE_FAULT = [
    ("drop-before", {}),
    ("drop-after", {}),
    ("500", {}),
    ("500-after", {}),
    ("503", {}),
    ("429", {"seconds": 0}),
    ("307", {}),
    ("slow-body", {"seconds": 0.2}),
]


@pytest.mark.parametrize(("kind", "more"), ONE_FAULT)
@pytest.mark.parametrize("times", [1, 2])
def test_a_passing_fault_is_got_over_in_the_same_cycle(
    clinic: Clinic, kind: str, more: dict[str, Any], times: int
) -> None:
    found = records(6)
    clinic.standin.faults.add(kind, times=times, **more)
    report = clinic.cycle(found)
    clinic.check(found, all_there=True)
    assert set(clinic.states().values()) == {DeliveryState.DELIVERED}
    assert report.outcome is CycleOutcome.OK


@pytest.mark.parametrize("kind", ["drop-before", "500", "503", "307", "html", "hang"])
def test_a_lasting_fault_keeps_everything_for_later(clinic: Clinic, kind: str) -> None:
    """And later it all arrives from the ledger alone, once."""
    found = records(40)
    clinic.read_timeout = 0.2
    clinic.standin.faults.add(kind, times=None, seconds=5)
    report = clinic.cycle(found)
    attention = kind == "html"
    assert report.outcome is (CycleOutcome.ATTENTION if attention else CycleOutcome.UNREACHABLE)
    clinic.check(found)
    assert clinic.posts() <= 3 * 3 * 3  # three records, three tries, a 307 repeated twice
    waiting = [each for each in clinic.ledger.deliveries.sightings() if each.state is DeliveryState.WAITING]
    assert len(waiting) >= 37
    assert all(each.payload is not None and each.reason for each in waiting)
    clinic.calm_down()
    clinic.read_timeout = 5.0
    clinic.cycle([])
    clinic.check(found, all_there=True)
    clinic.standin.counts.reset()
    clinic.cycle([])
    assert clinic.standin.counts.requests() == 0


@pytest.mark.parametrize("kind", ["drop-after", "500-after", "hang-after"])
def test_a_server_that_stores_and_never_says_so_gets_everything_once(clinic: Clinic, kind: str) -> None:
    found = records(8)
    clinic.read_timeout = 0.1
    clinic.standin.faults.add(kind, times=None, seconds=0.2)
    clinic.cycle(found)
    clinic.check(found, all_there=True)
    assert clinic.posts() == 8


@pytest.mark.parametrize("probability", [0.1, 0.3])
@pytest.mark.parametrize("seed", range(3))
def test_faults_at_random(clinic: Clinic, probability: float, seed: int) -> None:
    found = records(40)
    for number, kind in enumerate(("drop-before", "drop-after", "500-after", "500")):
        clinic.standin.faults.add(
            kind,
            method="ANY",
            times=None,
            probability=probability / 4,
            seed=10 * seed + number,
            path="testlistinstances",
        )
    for _ in range(3):
        clinic.cycle(found)
        assert {session["user_key"] for session in clinic.standin.sessions()} <= {each.key for each in found}
    clinic.calm_down()
    clinic.cycle(found)
    clinic.check(found, all_there=True)


def test_a_server_that_is_gone_costs_a_few_requests(clinic: Clinic) -> None:
    found = records(200)
    clinic.cycle(found[:1])
    clinic.standin.stop()
    report = in_time(10, lambda: clinic.cycle(found))
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert report.counts["waiting"] == 199
    assert len(report.messages) == 1
    assert "does not take connections on this port" in report.messages[0].text
    with StandIn(world()) as back:
        clinic.url = back.url
        clinic.cycle([])
        assert sorted(session["user_key"] for session in back.sessions()) == [each.key for each in found[1:]]
    assert set(clinic.states().values()) == {DeliveryState.DELIVERED}


@pytest.mark.parametrize("token", ["0" * 40, NO_RIGHT])
def test_a_token_that_is_refused_is_told_once(clinic: Clinic, token: str) -> None:
    found = records(20)
    good, clinic.token = clinic.token, token
    report = clinic.cycle(found)
    assert clinic.posts() == (1 if token == NO_RIGHT else 0)
    assert report.outcome is CycleOutcome.ATTENTION
    assert len(report.messages) == 1
    assert {each.waiting_for for each in clinic.ledger.deliveries.sightings()} == {WaitingFor.REFUSAL}
    clinic.token = good
    clinic.cycle([])
    clinic.check(found, all_there=True)


def test_a_page_instead_of_an_answer_stops_the_cycle(clinic: Clinic) -> None:
    clinic.standin.faults.add("html", times=None)
    report = clinic.cycle(records(20))
    assert clinic.posts() == 1
    assert "Something else than QATrack+ answered" in report.messages[0].text
    assert set(clinic.states().values()) == {DeliveryState.WAITING}


def test_a_long_pause_that_is_asked_for_ends_the_cycle(clinic: Clinic) -> None:
    found = records(20)
    clinic.standin.faults.add("429", seconds=3600)
    report = in_time(2, lambda: clinic.cycle(found))
    assert clinic.posts() == 1
    assert report.outcome is CycleOutcome.UNREACHABLE
    clinic.cycle(found)
    assert clinic.posts() == 1  # the pause goes on, and is kept
    clinic.check(found)


def test_two_pumps_with_one_token_share_the_pause(clinic: Clinic) -> None:
    clinic.standin.faults.add("429", seconds=3600)
    clinic.cycle(records(2))
    report = clinic.cycle(records(2, "other"), pump="pump-2")
    assert clinic.posts() == 1
    assert "asked for a pause" in report.messages[0].text
    assert set(clinic.states("pump-2").values()) == {DeliveryState.WAITING}


def test_a_pause_is_sat_out(clinic: Clinic) -> None:
    clinic.standin.faults.add("429", seconds=1)
    found = records(5)
    report = clinic.cycle(found)
    assert 1.0 <= report.seconds < 5
    assert clinic.posts() == 6
    clinic.check(found, all_there=True)


@pytest.mark.parametrize("kind", ["hang", "hang-after"])
def test_stopping_while_the_server_hangs_takes_less_than_two_seconds(clinic: Clinic, kind: str) -> None:
    found = records(30)
    clinic.cancel = CancelToken()
    clinic.cycle(found[:1])
    clinic.read_timeout = 60
    clinic.standin.faults.add(kind, times=None, seconds=30)
    reports: list[CycleReport] = []
    thread = threading.Thread(target=lambda: reports.append(clinic.cycle(found)))
    thread.start()
    when(lambda: clinic.posts() > 1)
    clinic.cancel.cancel()
    in_time(2, lambda: thread.join(10))
    assert reports[0].outcome is CycleOutcome.STOPPED
    clinic.check(found)
    clinic.calm_down()
    clinic.cycle(found)
    clinic.check(found, all_there=True)


def test_stopping_in_a_pause_takes_less_than_two_seconds(clinic: Clinic) -> None:
    clinic.cancel = CancelToken()
    clinic.standin.faults.add("429", seconds=60)
    thread = threading.Thread(target=clinic.cycle, args=(records(3),))
    thread.start()
    when(lambda: clinic.gate.pause_left() > 0)
    clinic.cancel.cancel()
    in_time(2, lambda: thread.join(10))
    assert set(clinic.states().values()) == {DeliveryState.WAITING}


@pytest.mark.parametrize("at", [1, 4, 9])
def test_stopping_at_any_point(clinic: Clinic, at: int) -> None:
    found = records(12)
    clinic.standin.faults.latency_ms = 20
    thread = threading.Thread(target=clinic.cycle, args=(found,))
    thread.start()
    when(lambda: clinic.posts() >= at)
    clinic.cancel.cancel()
    thread.join(10)
    clinic.check(found)
    clinic.calm_down()
    clinic.cycle(found)
    clinic.check(found, all_there=True)


def test_missing_tests_cost_one_request_a_list(clinic: Clinic) -> None:
    found = [
        *records(20, tests={"a": {"value": 1.0}}),
        *records(20, "w", test_list="Weekly", tests={"c": {"value": 1.0}}),
    ]
    clinic.cycle(found)
    clinic.check(found, all_there=True)
    assert clinic.posts() == 42
    stored = {session["user_key"]: session["tests"] for session in clinic.standin.sessions()}
    assert stored["r019"]["a"]["value"] == 1.0
    assert stored["r019"]["b"]["skipped"]
    later = records(5, "later", tests={"a": {"value": 1.0}})
    clinic.cycle([*found, *later])
    assert clinic.posts() == 47


def test_blank_values_are_taken_by_the_server(clinic: Clinic) -> None:
    odd = {"a": {"value": None}, "b": {"value": float("nan")}, "note": {"value": ""}}
    clinic.cycle([record("odd", odd)])
    (session,) = clinic.standin.sessions()
    assert session["tests"]["a"]["skipped"]
    assert session["tests"]["b"]["skipped"]
    assert not session["tests"]["note"]["skipped"]


def test_a_refused_record_keeps_the_servers_answer(clinic: Clinic) -> None:
    wrong = {"a": {"value": "text"}, "b": {"value": 1.0}, "note": {"value": "x"}}
    found = [record("bad", wrong), *records(5)]
    report = clinic.cycle(found)
    assert report.outcome is CycleOutcome.ATTENTION
    clinic.check(found)
    (rejected,) = [e for e in clinic.ledger.deliveries.sightings() if e.state is DeliveryState.REJECTED]
    assert rejected.answer["status"] == 400
    assert "Wrong value type" in str(rejected.answer["body"])
    assert rejected.payload is not None
    assert rejected.payload["tests"]["a"] == {"value": "text"}
    before = clinic.posts()
    clinic.cycle(found)
    assert clinic.posts() == before


def test_a_value_that_cannot_be_sent_stops_nobody_else(clinic: Clinic) -> None:
    odd = [
        record(f"odd{n}", {"a": {"value": 10**400}, "b": {"value": 1}, "note": {"value": "x"}})
        for n in range(4)
    ]
    nul = record("nul", {"a": {"value": 1}, "b": {"value": 1}, "note": {"value": "a\0b"}})
    clinic.cycle([*odd, nul, *records(3)])
    states = clinic.states()
    assert {states[key] for key in ("odd0", "odd3", "nul")} == {DeliveryState.REJECTED}
    assert {states[key] for key in ("r000", "r002")} == {DeliveryState.DELIVERED}
    assert clinic.posts() == 3


def test_units_and_lists_without_a_match_wait_and_stop_nobody(clinic: Clinic) -> None:
    found = [
        record("no unit", serial="9999"),
        record("no list", test_list="Monthly"),
        record("fine"),
    ]
    report = clinic.cycle(found)
    assert clinic.states() == {
        "no unit": DeliveryState.WAITING,
        "no list": DeliveryState.WAITING,
        "fine": DeliveryState.DELIVERED,
    }
    assert report.outcome is CycleOutcome.ATTENTION
    clinic.standin.world.add_unit("Linac 3", 3, "Main Campus", "9999")
    clinic.standin.world.assign("Daily", 3)
    clinic.cycle([])
    assert clinic.states()["no unit"] is DeliveryState.DELIVERED


def test_a_throttle_is_kept_between_requests_that_are_sent(clinic: Clinic) -> None:
    found = records(6)
    report = clinic.cycle(found, throttle=0.1)
    assert 0.5 <= report.seconds < 2
    assert clinic.standin.counts.max_in_flight == 1
    report = clinic.cycle([*found, record("new")], throttle=0.1)
    assert report.seconds < 0.5


def test_after_a_5xx_in_parallel_requests_go_one_at_a_time(clinic: Clinic) -> None:
    found = records(40)
    clinic.standin.faults.latency_ms = 10
    clinic.standin.faults.add("500", times=1, probability=0.2, seed=3)
    clinic.cycle(found)
    assert clinic.gate.connections() == 1
    clinic.standin.counts.reset()
    more = records(10, "more")
    clinic.cycle(more)
    assert clinic.standin.counts.max_in_flight == 1
    clinic.check([*found, *more], all_there=True)


def test_another_pump_delivers_the_same_records(clinic: Clinic) -> None:
    """Two homes on one share: what one has delivered is already there for the other."""
    found = records(10)
    clinic.cycle(found)
    clinic.cycle(found, pump="pump-2")
    assert set(clinic.states("pump-2").values()) == {DeliveryState.ALREADY_THERE}
    clinic.check(found, all_there=True, pump="pump-2")


SECOND_PROCESS = """
import sys
from pathlib import Path
from integration.delivery.conftest import Clinic, records
from qcpump_qt.engine.ledger.ledger import Ledger
home = Path(sys.argv[1])
ledger = Ledger.at(home / "ledger.sqlite3")
report = Clinic(home, None, ledger, url=sys.argv[2]).cycle(records(10))
print(report.outcome.value)
"""


def second_process(clinic: Clinic) -> str:
    process = subprocess.run(
        [sys.executable, "-c", SECOND_PROCESS, str(clinic.home), clinic.standin.url],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    return process.stdout.strip()


def test_two_processes_with_one_pump(clinic: Clinic) -> None:
    found = records(10)
    clinic.standin.faults.add("hang", seconds=60, times=1)
    clinic.read_timeout = 60
    thread = threading.Thread(target=clinic.cycle, args=(found,))
    thread.start()
    when(lambda: clinic.posts() == 1)
    assert second_process(clinic) == "busy"
    clinic.cancel.cancel()
    thread.join(10)
    assert second_process(clinic) == "ok"
    clinic.check(found, all_there=True)
    outcomes = [each.outcome for each in clinic.ledger.cycles.latest(PUMP)]
    assert outcomes == ["ok", "not run", "stopped"]
