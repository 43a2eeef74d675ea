"""Folders that are deleted, renamed, copied or published a second time: nothing is lost, nothing goes twice."""

from __future__ import annotations

import shutil

import pytest

from integration.mpc.clinic import Clinic, settle


@pytest.mark.parametrize("which", [[0], [2], [0, 1, 2, 3]])
def test_folders_deleted_after_they_were_met_still_arrive(clinic: Clinic, which: list[int]) -> None:
    runs = clinic.morning()
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    clinic.run()
    for number in which:
        clinic.remove(runs[number])
    clinic.run()
    clinic.standin.faults.clear()
    clinic.run()
    assert set(clinic.sessions()) == {runs[0].key}
    clinic.judge()
    assert clinic.run().counts["delivered"] == 0


def test_a_new_result_of_the_same_minute_does_not_replace_what_was_kept(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41:00")
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    clinic.run()
    clinic.remove(run)
    new = clinic.add("03-10 07:41:30", "BeamCheckTemplate15x")
    clinic.standin.faults.clear()
    clinic.run()
    assert clinic.values(run.key) == run.tests
    assert clinic.values(f"{run.key}/late-1") == new.tests
    clinic.judge()


def test_a_machine_folder_that_was_renamed_sends_nothing_again(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    (clinic.tds / "H192101").rename(clinic.tds / "TrueBeam 1")
    report = clinic.run()
    assert report.counts["delivered"] == 0
    assert any("It is a copy of H192101/MPCChecks/" in message.text for message in report.messages)
    late = clinic.add("03-10 07:50", "BeamCheckTemplate15x", machine="TrueBeam 1")
    clinic.run()
    assert len(clinic.holding(late)) == 1
    clinic.judge()


def test_a_copy_of_a_machine_folder_sends_nothing_again(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    shutil.copytree(clinic.tds / "H192101", clinic.tds / "Backup of H192101")
    assert clinic.run().counts["delivered"] == 0
    clinic.judge()


def test_a_tds_directory_given_from_further_above_sends_nothing_again(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    clinic.configure(tds_directory=str(clinic.folder), fast_search=False)
    assert clinic.run().counts["delivered"] == 0
    clinic.judge()


def test_without_fast_search_results_are_found_anywhere(clinic: Clinic) -> None:
    runs = clinic.morning()
    (clinic.tds / "H192101").rename(clinic.tds / "Elsewhere")
    (clinic.tds / "Elsewhere" / "MPCChecks").rename(clinic.tds / "Elsewhere" / "Results 2026")
    assert clinic.run().counts["found"] == 0
    clinic.configure(fast_search=False)
    clinic.run()
    assert set(clinic.sessions()) == {runs[0].key}


def test_a_result_published_a_second_time_is_not_sent_again(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41")
    copy = clinic.checks() / run.name.replace("07-41", "08-41")
    shutil.copytree(run.path, copy)
    settle(copy / "Results.csv", run.moment)
    report = clinic.run()
    assert any(
        f"It is the run of {run.name} published a second time" in each.text for each in report.messages
    )
    clinic.judge()
