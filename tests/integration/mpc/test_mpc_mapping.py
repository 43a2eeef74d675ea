"""The right unit and the right list, or none: never guessed, told, and sent when it is mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from integration.mpc.clinic import BEAM, Clinic
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome

LIST = f"MPC: {BEAM}"


def _none(clinic: Clinic) -> Callable[[], None]:
    unit = clinic.standin.world.units[0]
    unit.serial_number = None
    return lambda: setattr(unit, "serial_number", "2101")


def _two(clinic: Clinic) -> Callable[[], None]:
    unit = clinic.standin.world.units[1]
    unit.serial_number = "2101"
    return lambda: setattr(unit, "serial_number", "2102")


def _inactive(clinic: Clinic) -> Callable[[], None]:
    unit = clinic.standin.world.units[0]
    unit.active = False
    return lambda: setattr(unit, "active", True)


def _not_assigned(clinic: Clinic) -> Callable[[], None]:
    assignment = clinic.standin.world.assignments[0]
    assignment.active = False
    return lambda: setattr(assignment, "active", True)


def _assigned_twice(clinic: Clinic) -> Callable[[], None]:
    second = clinic.standin.world.assign(LIST, 1, "Weekly")
    return lambda: setattr(second, "active", False)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_none, "There is no active unit with the serial number '2101' in QATrack+."),
        (
            _two,
            "There are 2 units with the serial number '2101' in QATrack+: Main Campus: Linac 1, number 1; "
            "North Campus: Linac 2, number 2.",
        ),
        (_inactive, "There is an inactive one (Main Campus: Linac 1, number 1)"),
        (_not_assigned, f"Test list '{LIST}' is not assigned to unit Main Campus: Linac 1."),
        (_assigned_twice, f"Test list '{LIST}' is assigned 2 times to unit Main Campus: Linac 1"),
    ],
    ids=["no unit", "two units", "inactive unit", "not assigned", "assigned twice"],
)
def test_without_one_clear_place_results_wait_and_go_when_it_is_mended(
    clinic: Clinic, spoil: Callable[[Clinic], Callable[[], None]], said: str
) -> None:
    mend = spoil(clinic)
    first = clinic.morning()[0]
    other = clinic.morning(serial="2102") if spoil is not _two else []
    report = clinic.run()
    assert report.outcome is CycleOutcome.ATTENTION
    assert any(said in message.text for message in report.messages)
    record = clinic.records()[first.key]
    assert (record.state, record.waiting_for) == (DeliveryState.WAITING, WaitingFor.MAPPING)
    assert said in record.reason
    assert set(clinic.sessions()) == {run.key for run in other[:1]}
    mend()
    assert clinic.run().outcome is CycleOutcome.OK
    assert clinic.sessions()[first.key]["unit"] == 1
    clinic.judge()


def test_an_inactive_unit_beside_an_active_one_of_the_same_serial_number(clinic: Clinic) -> None:
    clinic.standin.world.add_unit("Old Linac 1", 9, "Main Campus", "2101", active=False)
    first = clinic.morning()[0]
    clinic.run()
    assert clinic.sessions()[first.key]["unit"] == 1


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("MPC", "The name must contain {{ check_type }}"),
        ("MPC: {{ check_type[0] }}", "The name must contain {{ check_type }}"),
        ("MPC: {{ chek_type }}", "'chek_type' is undefined"),
        ("MPC: {{ check_type", "cannot be used as a template"),
        ("{{ check_type.__class__.__mro__[1].__subclasses__() }}", "cannot be used as a template"),
        ("{{ check_type }}{% if ''.__init__.__globals__ %}{% endif %}", "cannot be used as a template"),
    ],
)
def test_a_template_that_is_not_usable_sends_nothing(clinic: Clinic, template: str, said: str) -> None:
    clinic.configure("Test List", name=template)
    clinic.morning()
    report = clinic.run()
    assert report.outcome is CycleOutcome.INVALID
    assert said in report.messages[0].text
    assert clinic.sessions() == {}
    assert clinic.records() == {}


def test_validation_tells_which_lists_results_go_to(clinic: Clinic) -> None:
    from qcpump_qt.engine.cancel import CancelToken

    clinic.morning()
    report = clinic.program.validate(clinic.pump, CancelToken())
    assert report.valid
    messages = {section.section: section.message for section in report.sections}
    assert messages["MPC"] == "Found the results of 1 machine."
    assert messages["Test List"] == (
        "The test lists are called: MPC: Beam and Geometry Checks; MPC: Collimation Devices Checks; "
        "MPC: Enhanced Couch Checks; MPC: Enhanced MLC Checks. A preview tells whether they are assigned to the "
        "units."
    )


def test_validation_says_that_no_machine_was_found(clinic: Clinic) -> None:
    from qcpump_qt.engine.cancel import CancelToken

    clinic.configure(tds_directory=str(clinic.folder))
    report = clinic.program.validate(clinic.pump, CancelToken())
    assert not report.valid
    assert any(
        "No folder called MPCChecks was found below the TDS directory." in s.message for s in report.sections
    )
