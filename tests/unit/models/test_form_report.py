"""What a validation found, shown in the form: section by section, in words, and only where something changed."""

from __future__ import annotations

from typing import Any

import pytest

from qcpump_qt.engine.config.report import Report, SectionReport
from qcpump_qt.models.form_model import FormRole, Status
from qcpump_qt.models.form_report import status_of
from unit.models.sample_form import Form


def entry(section: str = "Main", index: int | None = None, **more: Any) -> SectionReport:
    return SectionReport(**{"section": section, "index": index, "valid": True, **more})


def report(*entries: SectionReport, **more: Any) -> Report:
    return Report(sections=entries, **{"valid": all(each.valid for each in entries), **more})


@pytest.fixture
def form() -> Form:
    return Form()


def test_a_valid_section_tells_what_its_check_said(form: Form) -> None:
    units = [entry("Unit", number) for number in range(3)]
    form.model.set_report(report(entry(message="Connected to server."), *units))
    assert Status(form.section(FormRole.STATUS)) is Status.OK
    assert form.section(FormRole.MESSAGE) == "Connected to server."
    assert Status(form.section(FormRole.STATUS, "Unit")) is Status.OK
    assert form.section(FormRole.MESSAGE, "Unit") == ""


def test_a_field_that_is_wrong_is_marked_until_it_is_edited(form: Form) -> None:
    wrong = "Folder: the folder /x does not exist."
    form.model.set_report(report(entry(valid=False, message=wrong, fields={"folder": wrong})))
    assert Status(form.section(FormRole.STATUS)) is Status.WRONG
    assert form.section(FormRole.MESSAGE) == wrong
    assert form.at("folder", FormRole.PROBLEM) == wrong
    assert form.at("host", FormRole.PROBLEM) == ""
    form.type("folder", "/y")
    assert form.at("folder", FormRole.PROBLEM) == ""


def test_a_server_that_is_away_is_no_mistake(form: Form) -> None:
    away = entry(valid=False, transient=True, message="server does not answer.")
    form.model.set_report(report(away))
    assert Status(form.section(FormRole.STATUS)) is Status.AWAY
    assert form.section(FormRole.MESSAGE) == "server does not answer."


def test_a_blocked_section_tells_by_what(form: Form) -> None:
    blocked = entry(
        "Unit",
        valid=False,
        message="Not checked yet: put the section Main in order first.",
        blocked_by=("Main",),
    )
    form.model.set_report(report(entry(valid=False, message="No."), blocked))
    assert Status(form.section(FormRole.STATUS, "Unit")) is Status.BLOCKED
    assert form.section(FormRole.BLOCKED_BY, "Unit") == ["Main"]
    said = "Not checked yet: put the section Main in order first."
    assert form.section(FormRole.MESSAGE, "Unit") == said
    assert [Status(form.row(FormRole.STATUS, number)) for number in range(3)] == [Status.BLOCKED] * 3
    form.model.set_checking()
    assert form.section(FormRole.BLOCKED_BY, "Unit") == []


def test_each_row_has_its_own_status_and_the_section_the_worst(form: Form) -> None:
    form.model.set_report(
        report(
            entry(),
            entry("Unit", 0, message="Fine."),
            entry("Unit", 1, valid=False, transient=True, message="Away."),
            entry("Unit", 2, valid=False, message="Scrapped."),
        )
    )
    assert [Status(form.row(FormRole.STATUS, number)) for number in range(3)] == [
        Status.OK,
        Status.AWAY,
        Status.WRONG,
    ]
    assert [form.row(FormRole.MESSAGE, number) for number in range(3)] == ["Fine.", "Away.", "Scrapped."]
    assert Status(form.section(FormRole.STATUS, "Unit")) is Status.WRONG
    assert form.section(FormRole.MESSAGE, "Unit") == "Unit #3: Scrapped."


def test_two_rows_that_are_wrong_are_both_told(form: Form) -> None:
    wrong = [entry("Unit", number, valid=number == 1, message=f"No {number}.") for number in range(3)]
    form.model.set_report(report(entry(), *wrong))
    assert form.section(FormRole.MESSAGE, "Unit") == "Unit #1: No 0. Unit #3: No 2."


def test_a_row_that_the_report_does_not_know_is_unchecked(form: Form) -> None:
    form.model.set_report(report(entry(), entry("Unit", 0)))
    assert Status(form.row(FormRole.STATUS, 1)) is Status.UNCHECKED


def test_the_way_to_keep_a_secret_from_the_command_line_is_left_out(form: Form) -> None:
    form.type("token", "")
    plain = "Enter a value for Token; it must not be blank."
    said = f'{plain} It is kept in the keyring by: qcpump-qt secret set "Linac" "Main" "token"'
    form.model.set_report(report(entry(valid=False, message=f"{said} And more.", fields={"token": said})))
    assert form.at("token", FormRole.PROBLEM) == plain
    assert form.section(FormRole.MESSAGE) == f"{plain} And more."


def test_an_inactive_pump_is_not_looked_at(form: Form) -> None:
    form.model.set_report(Report(sections=(), valid=False, inactive=True))
    for section in ("Main", "Unit"):
        assert Status(form.section(FormRole.STATUS, section)) is Status.INACTIVE
        assert form.section(FormRole.MESSAGE, section) == ""


def test_checking_is_shown_on_every_section(form: Form) -> None:
    form.model.set_report(report(entry(valid=False, message="No.", fields={"host": "Unknown."})))
    form.model.set_checking()
    for section in ("Main", "Unit"):
        assert Status(form.section(FormRole.STATUS, section)) is Status.CHECKING
        assert form.section(FormRole.MESSAGE, section) == "Checking…"
    assert Status(form.row(FormRole.STATUS, 2)) is Status.CHECKING
    assert form.at("host", FormRole.PROBLEM) == "Unknown."  # no flicker while it is being checked


def test_only_what_changed_is_told(form: Form) -> None:
    units = [entry("Unit", number) for number in range(3)]
    form.model.set_report(report(entry(), *units))
    form.told.clear()
    form.model.set_report(report(entry(), *units))
    assert form.told == []
    form.model.set_report(report(entry(), *units[:2], entry("Unit", 2, valid=False, message="No.")))
    assert form.told == [("section", "Unit", 0, "Unit"), ("row", "Unit", 2, "")]
    assert (form.edits, form.flips, form.model.undo_stack.count()) == (0, [], 0)


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (report(entry()), Status.OK),
        (report(entry(), valid=False, inactive=True), Status.INACTIVE),
        (report(entry(valid=False)), Status.WRONG),
        (report(entry(valid=False, transient=True)), Status.AWAY),
        (
            report(entry(valid=False, transient=True), entry("Unit", valid=False, blocked_by=("Main",))),
            Status.AWAY,
        ),
        (report(entry(valid=False, transient=True), entry("Unit", 0, valid=False)), Status.WRONG),
    ],
)
def test_the_whole_report_in_one_word(found: Report, status: Status) -> None:
    assert status_of(found) is status
