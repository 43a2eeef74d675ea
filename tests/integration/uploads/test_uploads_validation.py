"""What validation says about each section of an uploader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from integration.uploads.department import (
    BINARY,
    LINAC_1,
    LINAC_2,
    LIST,
    TEXT,
    TYPES,
    Department,
    write,
)
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.validation import dynamic_choices
from qcpump_qt.pumps.uploads.checks import check_patterns


def told(department: Department, section: str, index: int | None = None) -> tuple[bool, str]:
    (found,) = (
        each for each in department.validate().sections if each.section == section and each.index == index
    )
    return found.valid, found.message


def test_a_right_configuration(department: Department) -> None:
    write(department.source / "a.csv", "a")
    report = department.validate()
    assert report.valid
    assert told(department, "Test List") == (
        True,
        f"QATrack+ has the test list “{LIST}”. A preview tells whether it is assigned to the units.",
    )
    assert told(department, "Directories", 0) == (True, "Found 1 file that the pattern takes.")
    assert department.lying_in(department.destination) == {}


@pytest.mark.parametrize(
    ("name", "slug", "message"),
    [
        ("Nothing", "profile", "QATrack+ has no test list called “Nothing”. Choose one of its test lists."),
        (
            LIST,
            "my file",
            "“my file” cannot be a macro name: it has letters, digits and underscores, and no digit at its start. Copy "
            "it from the upload test in QATrack+.",
        ),
    ],
)
def test_the_test_list(department: Department, name: str, slug: str, message: str) -> None:
    department.configure("Test List", {"name": name, "slug": slug})
    assert told(department, "Test List") == (False, message)


def test_the_patterns(department: Department) -> None:
    department.types(pattern="*.csv", ignore_pattern="*.csv")
    wrong = "The ignore pattern leaves out every file that the pattern takes. Choose another one."
    assert told(department, "File Types") == (False, wrong)
    assert check_patterns("*.csv", "*") == (False, wrong)
    assert check_patterns("*", "") == check_patterns("*", "draft-*") == (True, "")


def test_the_directories(department: Department, tmp_path: Path) -> None:
    source = department.source
    department.configure(
        "Directories",
        department.row("Main Campus: Linac 9"),
        department.row(destination=source / "." / ""),
        department.row(source=tmp_path / "away"),
        department.row(destination=""),
        department.row(LINAC_2),
    )
    assert [told(department, "Directories", index) for index in range(5)] == [
        (False, "QATrack+ has no active unit called “Main Campus: Linac 9”. Choose one of its units."),
        (
            False,
            "Source and destination are the same folder. Choose another destination, or leave it blank.",
        ),
        (False, f"Source: the folder {tmp_path / 'away'} does not exist."),
        (
            True,
            f"Found 0 files that the pattern takes. Several sub-sections watch this folder, for {LINAC_1} and "
            f"Main Campus: Linac 9, {LINAC_2}: each file is sent for the first of them only. Give every unit a folder "
            "of its own.",
        ),
        (
            True,
            f"Found 0 files that the pattern takes. Several sub-sections watch this folder, for {LINAC_2} and "
            f"{LINAC_1}, Main Campus: Linac 9: each file is sent for the first of them only. Give every unit a folder "
            "of its own.",
        ),
    ]


def test_a_destination_that_cannot_be_written_to(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(**_where: Any) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr("qcpump_qt.pumps.uploads.checks.tempfile.TemporaryFile", refuses)
    assert told(department, "Directories", 0) == (
        False,
        f"Nothing can be written to {department.destination}: you do not have the right to do so. Ask for the right "
        "to that folder, or close the program that holds the file open.",
    )


def test_a_source_that_nothing_can_be_taken_from(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qcpump_qt.pumps.uploads.checks.os.access", lambda _path, _mode: False)
    assert told(department, "Directories", 0) == (
        False,
        f"This account may not remove files from {department.source}. Give it the right to change files there, or "
        "leave the destination blank.",
    )


def test_a_server_that_is_away_is_not_a_wrong_configuration(department: Department) -> None:
    department.standin.stop()
    report = department.validate()
    assert not report.valid
    assert [each.transient for each in report.sections if each.section == "QATrack+ API"] == [True]


def test_the_choices_come_from_the_server(department: Department) -> None:
    program, pump = department.program, department.pump
    configuration = program.configuration(pump)
    made = program.catalogue.get(pump.type).cls(configuration, _Host(CancelToken()))
    assert dynamic_choices(made, configuration, "Test List", "name") == [LIST]
    assert dynamic_choices(made, configuration, "Directories", "unit name") == [LINAC_1, LINAC_2]


class _Host:
    def __init__(self, cancel: CancelToken) -> None:
        from qcpump_qt.engine.settings import Settings

        self.cancel = cancel
        self.settings = Settings()


@pytest.mark.parametrize("kind", [TEXT, BINARY])
def test_the_sections_are_those_of_qcpump(kind: str) -> None:
    """Compatibility reference, sections 2 and 3: class, section and field names."""
    (cls,) = (each for each in TYPES if each.__name__ == kind)
    fields = {
        section.name: [field.name for field in section.fields]
        for section in cls.sections()
        if section.name not in ("Pump", "QATrack+ API")
    }
    assert fields == {
        "Test List": ["name", "slug"],
        "File Types": ["recursive", "pattern", "ignore pattern", "use file modified time"],
        "Directories": ["unit name", "source", "destination"],
    }
    assert [section.name for section in cls.sections()][:2] == ["Pump", "QATrack+ API"]
    assert f"QATrack+ File Upload: Generic {'Text' if kind == TEXT else 'Binary'} File" == cls.DISPLAY_NAME
