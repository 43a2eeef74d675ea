"""Machines and units that are renamed, vanish, or change places: told, and never mapped by guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from integration.dqa3.clinic import Clinic
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome

PAIRS = (("Room 1/TrueBeam 1", "Main Campus: Linac 1"), ("TrueBeam 2", "North Campus: Linac 2"))


def texts(clinic: Clinic) -> list[str]:
    return [message.text for message in clinic.run().messages]


def test_a_machine_that_was_renamed_waits_until_it_is_chosen_anew(clinic: Clinic) -> None:
    clinic.morning("03-09")
    clinic.run()
    clinic.machines[0] = clinic.db.rename_machine(clinic.machines[0], "TB1")
    clinic.morning("03-10", hour="08")
    other = clinic.morning("03-10", machine=1)
    words = (
        "The machine 'Room 1/TrueBeam 1' is now called 'Room 1/TB1' in Daily QA3. Choose it anew in section Unit; "
        "until then its results wait."
    )
    assert words in texts(clinic)
    assert clinic.reasons() - {""} == {words}
    assert all(len(clinic.holding(made)) == 1 for made in other)
    clinic.units(("Room 1/TB1", "Main Campus: Linac 1"), PAIRS[1])
    renamed = replace_name(clinic)
    assert clinic.run().outcome is CycleOutcome.OK
    renamed.judge()


def replace_name(clinic: Clinic) -> Clinic:
    """The judge knows machines by name; the renamed one is still unit 1."""
    renamed = clinic.machines[0]
    clinic.db.measurements[:] = [
        replace(made, beam=replace(made.beam, machine=renamed))
        if made.beam.machine.id == renamed.id
        else made
        for made in clinic.db.measurements
    ]
    return clinic


def test_two_machines_that_change_names_are_not_mixed_up(clinic: Clinic) -> None:
    clinic.morning("03-09")
    clinic.morning("03-09", machine=1)
    clinic.run()
    before = set(clinic.sessions())
    one, two = clinic.machines
    clinic.db.execute("UPDATE dqa3_machine SET room_key = NULL WHERE mach_key = ?", [one.id])
    clinic.db.rename_machine(one, "TrueBeam 2")
    clinic.db.rename_machine(two, "TrueBeam 1")
    clinic.morning("03-10")
    clinic.run()
    assert set(clinic.sessions()) == before
    assert clinic.reasons() - {""} == {
        "The machine 'Room 1/TrueBeam 1' is now called 'TrueBeam 2' in Daily QA3. Choose it anew in section Unit; "
        "until then its results wait."
    }
    assert (
        "The name 'TrueBeam 2' meant the machine with the id 4 in Daily QA3, which is now called 'TrueBeam 1', and now "
        "stands for the one with the id 2. Nothing is sent for either. If 'TrueBeam 2' in section Unit shall mean the "
        "machine that bears the name now, take its row out, run the pump once, and put it back; then choose the other "
        "machine by its new name."
    ) in texts(clinic)


def test_taking_a_row_out_and_putting_it_back_settles_it(clinic: Clinic) -> None:
    clinic.morning("03-09", machine=1)
    clinic.run()
    two = clinic.machines[1]
    clinic.db.rename_machine(two, "old")
    new = clinic.db.add_machine("TrueBeam 2")
    beam = clinic.db.add_beam(new, "6 MV")
    waiting = clinic.db.measure(beam, clinic.now - timedelta(hours=2))
    clinic.run()
    assert clinic.holding(waiting) == []
    clinic.units(PAIRS[0])
    clinic.run()
    clinic.units(*PAIRS)
    assert clinic.run().outcome is CycleOutcome.OK
    clinic.judge()


def test_two_machines_with_one_label_are_named(clinic: Clinic) -> None:
    clinic.db.add_machine("TrueBeam 2")
    made = clinic.morning()
    assert texts(clinic) == [
        "There are 2 machines called 'TrueBeam 2' in the Daily QA3 database, with the ids 13 and 4, so nothing is read "
        "from any of them. Give them different names, or put them into different rooms, in Daily QA3."
    ]
    assert all(len(clinic.holding(each)) == 1 for each in made)


def test_a_machine_that_is_gone_is_told(clinic: Clinic) -> None:
    clinic.run()
    clinic.db.execute("DELETE FROM dqa3_machine WHERE mach_key = ?", [clinic.machines[1].id])
    assert texts(clinic) == [
        "The machine 'TrueBeam 2' is not in the Daily QA3 database any more. If it was retired, take its row out of "
        "section Unit; if not, ask whoever looks after Daily QA3."
    ]


def test_a_machine_that_is_not_configured_is_told_once(clinic: Clinic) -> None:
    clinic.units(PAIRS[0])
    clinic.morning(machine=1)
    assert texts(clinic) == [
        "The machine 'TrueBeam 2' of the Daily QA3 database has no row in section Unit, so nothing of it is sent. This "
        "is told once."
    ]
    assert texts(clinic) == []
    assert clinic.sessions() == {}


def test_a_unit_that_was_renamed_waits_until_it_is_chosen_anew(clinic: Clinic) -> None:
    clinic.morning("03-09")
    clinic.run()
    world = clinic.standin.world
    world.units[0] = replace(world.units[0], name="TrueBeam A")
    clinic.morning("03-10")
    words = (
        "The unit 'Main Campus: Linac 1' (number 1) is now called 'Main Campus: TrueBeam A' in QATrack+. Choose it "
        "anew in section Unit; until then its results wait."
    )
    clinic.run()
    assert clinic.reasons() - {""} == {words}
    clinic.units((PAIRS[0][0], "Main Campus: TrueBeam A"), PAIRS[1])
    assert clinic.run().outcome is CycleOutcome.OK
    clinic.judge()


def test_units_that_change_names_get_no_result_of_the_other(clinic: Clinic) -> None:
    clinic.morning("03-09")
    clinic.run()
    world = clinic.standin.world
    one, two = world.units
    world.units[:] = [
        replace(one, name="Linac 2", site=two.site),
        replace(two, name="Linac 1", site=one.site),
    ]
    clinic.morning("03-10")
    clinic.run()
    assert clinic.reasons() - {""} == {
        "The name 'Main Campus: Linac 1' meant unit number 1 in QATrack+, which is now called 'North Campus: Linac 2', "
        "and now stands for unit number 2. If its results shall go to the unit that bears the name now, take its row "
        "out of section Unit, run the pump once, and put it back."
    }


def test_a_unit_that_vanished_is_told(clinic: Clinic) -> None:
    clinic.morning("03-09")
    clinic.run()
    del clinic.standin.world.units[0]
    clinic.morning("03-10")
    clinic.run()
    assert clinic.reasons() - {""} == {
        "The unit 'Main Campus: Linac 1' (number 1) is not in QATrack+ any more. Choose the unit anew in section Unit; "
        "until then its results wait."
    }


def test_what_waits_for_a_machine_that_was_taken_out_says_so(clinic: Clinic) -> None:
    clinic.now = clinic.now.replace(hour=7, minute=20)
    clinic.morning()
    clinic.run()
    clinic.units(PAIRS[1])
    clinic.run()
    assert clinic.reasons() == {
        "Its machine is not read at present. Look at the machine's row in section Unit; once that is in order, it will "
        "be sent."
    }
    clinic.units(*PAIRS)
    clinic.now += timedelta(hours=3)
    clinic.run()
    assert clinic.states() == {DeliveryState.DELIVERED}
    clinic.judge()


def test_a_machine_twice_in_the_section_is_refused(clinic: Clinic) -> None:
    clinic.units(PAIRS[0], (PAIRS[0][0], PAIRS[1][1]))
    words = (
        "The machine 'Room 1/TrueBeam 1' stands in section Unit 2 times. Its results can go to one unit only; take the "
        "other rows out."
    )
    assert clinic.message("Unit", 0) == words
    clinic.morning()
    assert clinic.run().outcome is CycleOutcome.INVALID
    assert clinic.sessions() == {}
