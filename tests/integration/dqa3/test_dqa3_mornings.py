"""Mornings with Daily QA3: what was measured arrives once, on the right unit, whatever the day brings."""

from __future__ import annotations

from datetime import timedelta

from integration.dqa3.clinic import BEAMS, Clinic
from integration.dqa3.observed import Observed, full_rows
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome


def test_a_morning_of_two_machines_arrives(clinic: Clinic) -> None:
    first, second = clinic.morning(), clinic.morning(machine=1)
    report = clinic.run()
    assert report.outcome is CycleOutcome.OK, report.messages
    assert set(clinic.sessions()) == {clinic.key_of(first), clinic.key_of(second)}
    clinic.judge()


def test_each_beam_arrives_on_its_own_test_list(one_beam: Clinic) -> None:
    made = [*one_beam.morning(), *one_beam.morning(machine=1)]
    report = one_beam.run()
    assert report.outcome is CycleOutcome.OK, report.messages
    one_beam.judge()
    first = made[0]
    key = f"QCPump/DQA3/{first.beam.machine.id}/2026-03-10 07:10:07/{first.data_key}"
    session = one_beam.sessions()[key]
    assert (session["work_started"][:19], session["work_completed"][:19]) == (
        "2026-03-10 07:10:07",
        "2026-03-10 07:11:07",
    )


def test_microseconds_stand_in_the_key(one_beam: Clinic) -> None:
    made = one_beam.measure("03-10 07:41:49.250000")
    one_beam.run()
    assert set(one_beam.sessions()) == {
        f"QCPump/DQA3/{made.beam.machine.id}/2026-03-10 07:41:49.250000/{made.data_key}"
    }


def test_nothing_new_means_no_request_and_no_row(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    assert full_rows() == len(BEAMS)
    clinic.standin.counts.reset()
    report = clinic.run()
    assert (report.outcome, clinic.standin.counts.requests(), full_rows()) == (CycleOutcome.OK, 0, 0)
    clinic.now += timedelta(minutes=5)
    made = clinic.measure("03-10 11:30")
    clinic.run()
    assert full_rows() == 1
    assert len(clinic.holding(made)) == 1
    clinic.judge()


def test_a_beam_waits_for_the_others(clinic: Clinic) -> None:
    clinic.now = clinic.now.replace(hour=7, minute=30)
    clinic.measure("03-10 07:20")
    clinic.run()
    assert clinic.reasons() == {"Waits until 07:40 for more beams of this machine."}
    clinic.measure("03-10 07:31", "9 MeV")
    clinic.now += timedelta(minutes=11)
    clinic.run()
    assert clinic.reasons() == {"Waits until 07:51 for more beams of this machine."}
    clinic.now += timedelta(minutes=11)
    assert clinic.run().outcome is CycleOutcome.OK
    assert len(clinic.records()) == 1
    clinic.judge()


def test_a_beam_that_waits_over_midnight_says_the_day(clinic: Clinic) -> None:
    clinic.now = clinic.now.replace(hour=23, minute=50)
    clinic.measure("03-10 23:45")
    clinic.run()
    assert clinic.reasons() == {"Waits until 2026-03-11 00:05 for more beams of this machine."}


def test_a_late_beam_becomes_a_record_of_its_own(clinic: Clinic) -> None:
    made = clinic.morning()
    clinic.run()
    late = clinic.measure("03-10 07:15:30", "12 MeV")
    report = clinic.run()
    assert [message.text for message in report.messages] == [
        "Room 1/TrueBeam 1 2026-03-10 07:15 Daily QA3 (late): 12 MeV at 2026-03-10 07:15:30 turned up in the database "
        f"after the group {clinic.key_of(made)} had been delivered; sent as a record of its own."
    ]
    assert clinic.holding(late) == [clinic.key_of([late])]
    clinic.judge()


def test_of_a_repeated_beam_the_last_counts_and_the_other_is_told(clinic: Clinic) -> None:
    first = clinic.measure("03-10 07:10", comment="first try")
    clinic.measure("03-10 07:12", "9 MeV", comment="fine")
    last = clinic.measure("03-10 07:14:05", comment="repeated")
    report = clinic.run()
    assert [message.text for message in report.messages] == [
        "Room 1/TrueBeam 1 2026-03-10 07:10 Daily QA3: the beam 6 MV was measured at 07:10:00 and again at 07:14:05; "
        "the last measurement is sent."
    ]
    clinic.judge(not_sent=[first])
    session = clinic.sessions()[next(iter(clinic.holding(last)))]
    assert session["comment"] == "first try\nfine\nrepeated"


def test_comments_stay_at_home_when_they_are_switched_off(clinic: Clinic) -> None:
    clinic.configure("QATrack+ API", include_comment=False)
    clinic.measure("03-10 07:10", comment="Проверка, Größe")
    clinic.run()
    assert next(iter(clinic.sessions().values()))["comment"] in (None, "")
    clinic.judge()


def test_columns_that_are_null_become_skipped_tests(one_beam: Clinic) -> None:
    made = one_beam.measure("03-10 07:10", signature=None, dose=None, temperature=None)
    assert one_beam.run().outcome is CycleOutcome.OK
    session = next(iter(one_beam.sessions().values()))
    skipped = {slug for slug, test in session["tests"].items() if test["skipped"]}
    assert {"signature", "dose", "temperature"} <= skipped
    assert session["tests"]["dose_diff"]["value"] == made.tests["dose_diff"]
    one_beam.judge()


def test_photons_and_electrons_by_choice(clinic: Clinic) -> None:
    made = clinic.morning()
    electrons = [each for each in made if each.beam.type == "Electron"]
    clinic.configure("DQA3Reader", beam_types="Photons")
    clinic.run()
    clinic.judge(not_sent=electrons)
    clinic.configure("DQA3Reader", beam_types="Electrons")
    clinic.run()
    clinic.judge()


def test_a_beam_of_an_unknown_type_is_told_once(clinic: Clinic) -> None:
    beam = clinic.db.add_beam(clinic.machines[0], "Proton 1", "Proton", 150)
    strange = clinic.db.measure(beam, clinic.now - timedelta(hours=3))
    texts = [message.text for message in clinic.run().messages]
    assert texts == [
        "The beam 'Proton 1' has the type 'proton' in Daily QA3, which is none of Photon, Electron and FFF, so its "
        "measurements are not sent. Correct its type in Daily QA3. This is told once."
    ]
    assert clinic.run().messages == ()
    clinic.db.measurements.remove(strange)
    clinic.judge()


def test_types_of_beams_compare_without_regard_to_case(clinic: Clinic) -> None:
    clinic.db.execute("UPDATE dqa3_template SET beamtype = upper(beamtype)", ())
    clinic.morning()
    assert clinic.run().outcome is CycleOutcome.OK
    clinic.judge()


def test_a_time_in_the_future_waits_for_the_clocks(clinic: Clinic) -> None:
    clinic.measure("03-11 15:00")
    clinic.run()
    record = next(iter(clinic.records().values()))
    assert record.waiting_for is WaitingFor.CLOCK
    assert record.reason == (
        "Its time, 2026-03-11 15:00, lies in the future. It waits until then; look at the clocks (and time zones) of "
        "the computer with Daily QA3 and of this one."
    )
    clinic.now += timedelta(days=2)
    clinic.run()
    clinic.judge()


def test_a_measurement_with_an_impossible_time_does_not_stop_the_others(clinic: Clinic) -> None:
    clinic.morning()
    clinic.db.insert("dqa3_trend", set_key=clinic.beam().id, data_key=999, measured_datetime="2026-xx-10")
    texts = [message.text for message in clinic.run().messages]
    assert texts == ["A measurement is left out. The time '2026-xx-10' in the database is no time."]
    clinic.judge()


def test_what_the_race_of_the_vendor_writes_goes_to_the_right_unit(clinic: Clinic) -> None:
    """Two machines' measurements carry one data key: both arrive, each on the unit of its template."""
    first = clinic.measure("03-10 07:10")
    second = clinic.measure("03-10 07:11", machine=1, data_key=first.data_key)
    clinic.run()
    assert [len(clinic.holding(each)) for each in (first, second)] == [1, 1]
    assert clinic.states() == {DeliveryState.DELIVERED}


def test_two_beams_that_share_machine_time_and_key_are_two(one_beam: Clinic) -> None:
    first = one_beam.measure("03-10 07:10")
    second = one_beam.measure("03-10 07:10", "9 MeV", data_key=first.data_key)
    one_beam.run()
    keys = [key for made in (first, second) for key in one_beam.holding(made)]
    plain = f"QCPump/DQA3/{first.beam.machine.id}/2026-03-10 07:10:00/{first.data_key}"
    assert keys[0] == plain
    assert keys[1].startswith(f"{plain}/#")
    one_beam.run()
    assert set(one_beam.sessions()) == set(keys)


def test_a_late_beam_with_the_key_of_a_delivered_one_is_not_taken_for_it(clinic: Clinic) -> None:
    first = clinic.measure("03-10 07:10:05")
    clinic.run()
    second = clinic.measure("03-10 07:10:35", "9 MeV", data_key=first.data_key)
    clinic.run()
    assert clinic.key_of([first]) == clinic.key_of([second])
    assert clinic.holding(second)[0].startswith(f"{clinic.key_of([first])}/#")
    assert len(clinic.holding(first)) == 1


def test_one_query_lists_and_one_reads(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    asked = [statement.split()[1] for statement, _ in Observed.statements]
    assert len(asked) == 4  # version, machines, what there is, what is new


def test_a_measurement_without_a_data_key_arrives_too(one_beam: Clinic) -> None:
    """Any measured column can be NULL (reference *dqa3-databases*)."""
    made = one_beam.measure("03-10 07:10:07")
    other = one_beam.measure("03-10 07:20:07")
    one_beam.db.execute("UPDATE dqa3_trend SET data_key = NULL WHERE data_key = ?", [made.data_key])
    for _ in range(2):
        assert one_beam.run().outcome is CycleOutcome.OK
    machine = made.beam.machine.id
    assert set(one_beam.sessions()) == {
        f"QCPump/DQA3/{machine}/2026-03-10 07:10:07/",
        f"QCPump/DQA3/{machine}/2026-03-10 07:20:07/{other.data_key}",
    }
    assert one_beam.records().keys() == one_beam.sessions().keys()
