"""A clinic that switches from QCPump 0.3.17: nothing arrives twice, and what was never sent arrives."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from integration.mpc.clinic import BEAM, COUCH, Clinic
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome


def test_whole_mornings_are_recognised(clinic: Clinic) -> None:
    keys = {clinic.stored_by_qcpump(clinic.morning(day)) for day in ("03-08", "03-09", "03-10")}
    posts = clinic.standin.counts.requests("POST")
    report = clinic.run()
    assert (report.outcome, report.counts["already_there"]) == (CycleOutcome.OK, 3)
    assert clinic.standin.counts.requests("POST") == posts
    assert set(clinic.sessions()) == keys
    clinic.judge()


def test_a_morning_that_a_couch_check_cut_into_several_records(clinic: Clinic) -> None:
    """Fault of QCPump: the grouping window falls to zero after the first couch or MLC check."""
    couch = clinic.add("03-10 07:40", "GeometryCheckTemplate6xMVkVEnhancedCouch")
    runs = clinic.morning()
    keys = {clinic.stored_by_qcpump([couch]), *(clinic.stored_by_qcpump([run]) for run in runs)}
    posts = clinic.standin.counts.requests("POST")
    clinic.run()
    assert set(clinic.sessions()) == keys
    assert clinic.standin.counts.requests("POST") == posts
    clinic.judge()
    clinic.morning("03-11")
    clinic.now += timedelta(days=1)
    clinic.run()
    clinic.judge()


def test_a_beam_that_came_late_and_was_never_sent(clinic: Clinic) -> None:
    runs = clinic.morning()
    key = clinic.stored_by_qcpump([*runs[:2], runs[3]])
    clinic.run()
    assert clinic.values(f"{key}/late-1") == runs[2].tests
    assert set(clinic.sessions()) == {key, f"{key}/late-1"}
    clinic.judge()


def test_a_beam_that_came_late_to_a_morning_that_was_cut(clinic: Clinic) -> None:
    runs = clinic.morning()
    keys = {clinic.stored_by_qcpump([run]) for run in runs[:3]}
    clinic.run()
    late = set(clinic.sessions()) - keys
    assert late == {f"{runs[2].key}/late-1"}
    assert clinic.values(late.pop()) == runs[3].tests
    clinic.judge()


def test_a_beam_that_was_repeated_after_its_session_was_sent(clinic: Clinic) -> None:
    """Both values stay: the first on QCPump's record, the repeat as a late one."""
    first = clinic.add("03-10 07:41")
    other = clinic.add("03-10 07:42", "BeamCheckTemplate10x")
    key = clinic.stored_by_qcpump([first, other])
    repeat = clinic.add("03-10 07:55")
    clinic.run()
    assert clinic.values(f"{key}/late-1") == repeat.tests
    assert clinic.values(key) == {**first.tests, **other.tests}
    clinic.judge()


def test_a_session_cut_at_midnight(clinic: Clinic) -> None:
    first = clinic.add("03-08 23:55")
    second = clinic.add("03-09 00:05", "BeamCheckTemplate10x")
    keys = {clinic.stored_by_qcpump([first]), clinic.stored_by_qcpump([second])}
    clinic.run()
    assert set(clinic.sessions()) == keys
    clinic.judge()


def test_a_first_result_that_came_late_changes_our_key_and_nothing_else(clinic: Clinic) -> None:
    early = clinic.add("03-10 07:35", "BeamCheckTemplate15x")
    runs = clinic.morning()
    key = clinic.stored_by_qcpump(runs)
    clinic.run()
    assert set(clinic.sessions()) == {key, f"{key}/late-1"}
    assert clinic.values(f"{key}/late-1") == early.tests
    clinic.judge()


def test_the_same_two_numbers_on_another_day_are_another_result(clinic: Clinic) -> None:
    """Two electron beams may well give the same two numbers; only a session of that time can hold a run."""
    old = clinic.add("03-08 07:41", "BeamCheckTemplate6e")
    clinic.stored_by_qcpump([old])
    new = clinic.add("03-10 07:41", "BeamCheckTemplate6e")
    new.text = new.text.replace(new.text.splitlines()[1], old.text.splitlines()[1])
    new.text = new.text.replace(new.text.splitlines()[2], old.text.splitlines()[2])
    new.finish()
    clinic.run()
    assert clinic.values(new.key) == old.tests
    assert set(clinic.sessions()) == {old.key, new.key}


def test_other_machines_of_the_same_time_are_other_results(clinic: Clinic) -> None:
    theirs = clinic.morning(serial="2102")
    clinic.stored_by_qcpump(theirs)
    ours = clinic.morning()
    clinic.run()
    assert set(clinic.sessions()) == {theirs[0].key, ours[0].key}
    clinic.judge()


def test_a_key_whose_values_are_none_of_ours(clinic: Clinic) -> None:
    """Somebody typed other numbers under this key: ours arrive beside them, they are not taken for there."""
    run = clinic.add("03-10 07:41")
    key = clinic.stored_by_qcpump([run], values=dict.fromkeys(run.tests, 99.5))
    clinic.run()
    assert clinic.values(f"{key}/late-1") == run.tests
    assert set(clinic.values(key).values()) == {99.5}
    second = clinic.add("03-10 07:41:30", "BeamCheckTemplate10x")
    clinic.run()
    assert clinic.values(f"{key}/late-2") == second.tests
    clinic.judge()


def test_tests_that_the_list_has_not_are_not_missed(clinic: Clinic) -> None:
    """The clinic's list has no tests for 15x: QCPump's session held that beam, as far as it could."""
    runs = clinic.morning()
    extra = clinic.add("03-10 07:45", "BeamCheckTemplate15x")
    beams = clinic.standin.world.test_lists[0]
    beams.own_tests = tuple(test for test in beams.own_tests if not test.slug.endswith("_15x"))
    key = clinic.stored_by_qcpump([*runs, extra])
    clinic.run()
    assert set(clinic.sessions()) == {key}


def test_the_outcome_survives_a_server_that_fails_on_the_way(clinic: Clinic) -> None:
    """The comparison is made, then the server goes away before the late beam is taken."""
    runs = clinic.morning()
    key = clinic.stored_by_qcpump(runs[:3])
    clinic.standin.faults.add("503", times=None)
    clinic.run()
    assert clinic.state(key) is DeliveryState.ALREADY_THERE
    assert clinic.state(f"{key}/late-1") in (DeliveryState.WAITING, DeliveryState.SENDING)
    clinic.standin.faults.clear()
    clinic.run()
    assert clinic.values(f"{key}/late-1") == runs[3].tests
    clinic.judge()


def test_nothing_is_sent_uncompared_while_the_share_is_away(clinic: Clinic) -> None:
    """What the ledger keeps from before the comparison could be under a key that QCPump used."""
    runs = clinic.morning()
    key = clinic.stored_by_qcpump(runs[:3])
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    clinic.run()
    clinic.standin.faults.clear()
    clinic.tds.rename(clinic.folder / "away")
    clinic.run()
    assert clinic.state(key) is DeliveryState.WAITING
    (clinic.folder / "away").rename(clinic.tds)
    clinic.run()
    assert clinic.values(f"{key}/late-1") == runs[3].tests
    clinic.judge()


@pytest.mark.parametrize("path", ["testlistinstances", "unittestinfos", "qa/tests"])
def test_a_server_that_cannot_be_asked_gets_nothing(clinic: Clinic, path: str) -> None:
    runs = clinic.morning()
    key = clinic.stored_by_qcpump(runs[:3])
    clinic.standin.faults.add("drop-before", method="GET", path=path, times=None)
    report = clinic.run()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert set(clinic.sessions()) == {key}
    clinic.standin.faults.clear()
    clinic.run()
    assert clinic.values(f"{key}/late-1") == runs[3].tests
    clinic.judge()


def test_a_server_without_names_for_its_values_is_gone_by_keys_and_times(clinic: Clinic) -> None:
    runs = clinic.morning()
    keys = {clinic.stored_by_qcpump([run]) for run in runs}
    clinic.standin.faults.add("html", method="GET", path="unittestinfos", times=None)
    clinic.run()
    assert set(clinic.sessions()) == keys


def test_a_folder_that_is_locked_during_the_switch_is_compared_later(clinic: Clinic) -> None:
    """Also when other mornings of the machine could be compared at once."""
    clinic.stored_by_qcpump(clinic.morning("03-08"))
    runs = clinic.morning()
    key = clinic.stored_by_qcpump(runs[:3])
    runs[3].csv.unlink()
    runs[3].csv.symlink_to(runs[3].csv)  # reading it fails, as with a lock
    clinic.run()
    runs[3].csv.unlink()
    runs[3].finish()
    clinic.run()
    assert clinic.values(f"{key}/late-1") == runs[3].tests
    clinic.judge()


def test_history_that_is_asked_for_later_is_compared_too(clinic: Clinic) -> None:
    clinic.configure(history_days=1)
    old = clinic.morning("02-20")
    keys = {clinic.stored_by_qcpump([run]) for run in old[:3]}
    new = clinic.morning()
    clinic.run()
    clinic.configure(history_days=30)
    clinic.run()
    assert set(clinic.sessions()) == {*keys, new[0].key, f"{old[2].key}/late-1"}
    clinic.judge()


def test_a_ledger_that_was_lost_is_made_anew_from_the_server(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.run()
    clinic.add("03-10 07:50", "BeamCheckTemplate15x")
    clinic.run()
    clinic.program.close()
    for file in clinic.program.places.ledger_file.parent.glob("ledger*"):
        file.unlink()
    clinic.reopen()
    posts = clinic.standin.counts.requests("POST")
    clinic.run()
    assert clinic.standin.counts.requests("POST") == posts
    clinic.judge()
    second = clinic.add("03-10 07:52", "BeamCheckTemplate18x")
    clinic.run()
    assert clinic.holding(second) == [f"{first.key}/late-2"]
    clinic.judge()


def test_couch_checks_are_taken_over_by_their_minute(clinic: Clinic) -> None:
    there = clinic.add("03-10 07:40", "GeometryCheckTemplate6xMVkVEnhancedCouch")
    clinic.stored_by_qcpump([there])
    new = clinic.add("03-10 07:50", "GeometryCheckTemplate6xMVkVEnhancedCouch")
    clinic.run()
    assert set(clinic.sessions()) == {there.key, new.key}
    assert new.key == f"QCPump/MPC/2101/2026-03-10-07-50/{COUCH}"
    clinic.judge()


def test_a_year_of_qcpump_is_compared_with_few_requests(clinic: Clinic) -> None:
    clinic.configure(history_days=400)
    start = datetime.fromisoformat("2025-09-01 07:41")
    for day in range(150):
        run = clinic.add(start + timedelta(days=day), "BeamCheckTemplate6e")
        clinic.stored_by_qcpump([run])
    clinic.standin.counts.reset()
    report = clinic.run()
    assert (report.counts["already_there"], report.counts["delivered"]) == (150, 0)
    assert clinic.standin.counts.requests() < 12
    clinic.judge()


def test_keys_of_others_on_the_list_do_no_harm(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41")
    others = ("by hand", f"QCPump/MPC/2101/2026-99-10-07-41/{BEAM}", "QCPump/MPC/2101/2026-03-10-07-41/Other")
    for number, key in enumerate(others):
        clinic.stored_by_qcpump([run], key=key, values=dict.fromkeys(run.tests, number))
    clinic.run()
    assert clinic.values(run.key) == run.tests
    clinic.judge(elsewhere=others)
