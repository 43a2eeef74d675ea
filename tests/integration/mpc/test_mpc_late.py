"""Results that turn up after their session was delivered, or while the server is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from integration.mpc.clinic import PHOTON, Clinic, slug_by_the_book
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome


def test_a_late_beam_becomes_a_record_of_its_own_and_is_told(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.run()
    late = clinic.add("03-10 07:50", "BeamCheckTemplate15x")
    report = clinic.run()
    key = f"{first.key}/late-1"
    assert clinic.values(key) == late.tests
    session = clinic.sessions()[key]
    assert (session["work_started"], session["work_completed"]) == (
        "2026-03-10 07:50:00",
        "2026-03-10 07:51:00",
    )
    assert any(
        f"{late.name} turned up after the session {first.key} had been delivered; sent as a record of its own."
        in message.text
        for message in report.messages
    )
    clinic.judge()


def test_the_second_late_beam_has_the_next_number(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.run()
    clinic.add("03-10 07:50", "BeamCheckTemplate15x")
    clinic.run()
    second = clinic.add("03-10 07:51", "BeamCheckTemplate18x")
    clinic.run()
    assert clinic.values(f"{first.key}/late-2") == second.tests
    clinic.judge()


def test_a_late_result_before_the_first_one_of_its_session(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.run()
    early = clinic.add("03-10 07:35", "BeamCheckTemplate15x")
    clinic.run()
    assert clinic.values(f"{first.key}/late-1") == early.tests
    clinic.judge()


def test_a_couch_check_that_comes_late_is_a_session_of_its_own(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    couch = clinic.add("03-10 07:45", "GeometryCheckTemplate6xMVkVEnhancedCouch")
    clinic.run()
    assert clinic.values(couch.key) == couch.tests
    clinic.judge()


def test_late_while_the_server_is_away_joins_its_session(clinic: Clinic) -> None:
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    first = clinic.morning()[0]
    assert clinic.run().outcome is CycleOutcome.UNREACHABLE
    clinic.add("03-10 07:50", "BeamCheckTemplate15x")
    clinic.run()
    clinic.standin.faults.clear()
    clinic.run()
    assert set(clinic.sessions()) == {first.key}
    clinic.judge()


def test_an_earlier_first_result_while_the_server_is_away_changes_the_key(clinic: Clinic) -> None:
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    clinic.morning()
    clinic.run()
    early = clinic.add("03-10 07:35", "BeamCheckTemplate15x")
    clinic.run()
    clinic.standin.faults.clear()
    clinic.run()
    assert set(clinic.sessions()) == {early.key}
    assert not clinic.keys(DeliveryState.WAITING)
    clinic.judge()


def test_late_for_a_session_whose_answer_was_lost(clinic: Clinic) -> None:
    clinic.add("03-10 05:00")
    clinic.run()
    first = clinic.morning()[0]
    clinic.standin.faults.add("drop-after", times=1)
    clinic.standin.faults.add("drop-before", method="ANY", path="testlistinstances", times=None)
    clinic.run()
    assert clinic.state(first.key) is DeliveryState.SENDING
    late = clinic.add("03-10 07:50", "BeamCheckTemplate15x")
    clinic.run()
    assert clinic.state(f"{first.key}/late-1") is DeliveryState.WAITING
    clinic.standin.faults.clear()
    clinic.run()
    assert clinic.values(f"{first.key}/late-1") == late.tests
    clinic.judge()


def test_late_for_a_session_that_never_arrived_after_all(clinic: Clinic) -> None:
    """The doubt about the first one ends in *not there*: then both go as one."""
    before = clinic.add("03-10 05:00")
    clinic.run()
    first = clinic.morning()[0]
    clinic.standin.faults.add("drop-before", method="ANY", path="testlistinstances", times=None)
    clinic.run()
    assert clinic.state(first.key) is DeliveryState.SENDING
    clinic.add("03-10 07:50", "BeamCheckTemplate15x")
    clinic.run()
    clinic.standin.faults.clear()
    clinic.run()
    assert set(clinic.sessions()) == {before.key, first.key}
    assert not clinic.keys(DeliveryState.WAITING)
    clinic.judge()


def test_a_late_record_that_was_rejected_goes_when_it_has_changed(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.run()
    slug = slug_by_the_book(PHOTON[0], "15x")
    late = clinic.add("03-10 07:50", "BeamCheckTemplate15x")
    _refuse(clinic, slug)
    report = clinic.run()
    key = f"{first.key}/late-1"
    assert clinic.state(key) is DeliveryState.REJECTED
    assert report.outcome is CycleOutcome.ATTENTION
    before = clinic.standin.counts.requests()
    clinic.run()
    assert clinic.standin.counts.requests() == before
    more = clinic.add("03-10 07:52", "BeamCheckTemplate18x")
    _accept(clinic, slug)
    clinic.run()
    assert clinic.values(key) == {**late.tests, **more.tests}
    clinic.judge()


def _refuse(clinic: Clinic, slug: str) -> None:
    """Make a test one that takes a text, as a physicist may by mistake."""
    _set_type(clinic, slug, "constant")


def _accept(clinic: Clinic, slug: str) -> None:
    _set_type(clinic, slug, "simple")


def _set_type(clinic: Clinic, slug: str, type_: str) -> None:
    for test_list in clinic.standin.world.test_lists:
        test_list.own_tests = tuple(
            replace(test, type=type_, constant=-1.0) if test.slug == slug else test
            for test in test_list.own_tests
        )


def test_a_rejected_session_that_gets_an_earlier_first_result_is_not_left_behind(clinic: Clinic) -> None:
    slug = slug_by_the_book(PHOTON[0], "10x")
    _refuse(clinic, slug)
    first = clinic.morning()[0]
    clinic.run()
    assert clinic.state(first.key) is DeliveryState.REJECTED
    _accept(clinic, slug)
    early = clinic.add("03-10 07:35", "BeamCheckTemplate15x")
    clinic.run()
    assert first.key not in clinic.records()
    assert set(clinic.sessions()) == {early.key}
    clinic.judge()


def test_a_rejected_session_whose_file_is_mended_goes_without_anything_else_new(clinic: Clinic) -> None:
    slug = slug_by_the_book(PHOTON[0], "6xFFF")
    _refuse(clinic, slug)
    run = clinic.add("03-10 07:41")
    clinic.run()
    assert clinic.state(run.key) is DeliveryState.REJECTED
    _accept(clinic, slug)
    run.values = {**run.values, PHOTON[0]: 77.7}
    run.csv.write_text(run.text.replace("0.01", "77.7"), encoding="utf-8")
    clinic.run()
    clinic.judge()


def test_a_record_that_waits_keeps_what_it_waits_for(clinic: Clinic) -> None:
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    run = clinic.add("03-10 07:41")
    clinic.run()
    record = clinic.records()[run.key]
    assert (record.state, record.waiting_for) == (DeliveryState.WAITING, WaitingFor.SERVER)
    assert record.payload is not None
    assert record.payload["tests"].keys() == run.tests.keys()


def test_a_truncated_late_result_is_told_and_goes_when_it_is_whole(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.run()
    late = clinic.add("03-10 07:50", "BeamCheckTemplate15x")
    late.csv.write_text(late.text[:-30], encoding="utf-8")
    clinic.run()
    assert clinic.state(f"{first.key}/late-1") is DeliveryState.SKIPPED
    late.finish()
    clinic.run()
    assert clinic.values(f"{first.key}/late-1") == late.tests
    clinic.judge()


@pytest.mark.parametrize("minutes", [20, 21])
def test_the_window_counts_from_the_first_result(clinic: Clinic, minutes: int) -> None:
    first = clinic.add("03-10 07:41")
    clinic.add("03-10 07:55", "BeamCheckTemplate10x")
    clinic.run()
    last = clinic.add(first.moment + timedelta(minutes=minutes), "BeamCheckTemplate15x")
    clinic.run()
    expected = f"{first.key}/late-1" if minutes == 20 else last.key
    assert clinic.holding(last) == [expected]
    clinic.judge()
