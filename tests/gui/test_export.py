"""Records as a CSV file: all of them, once each, safe to open in a spreadsheet, and never half a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from gui.records_book import OTHER, PAGE_URL, PUMP, REJECTION, fill, fill_many, home, meet
from qcpump_qt.app import Program
from qcpump_qt.controllers.export import PAGE, Export
from qcpump_qt.controllers.records import RecordChoice
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.ledger.browse import Browse, RecordLine
from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.records import DeliveryState

ALL = RecordChoice(pump=PUMP)


class Heard:
    """The controller over a real home, and everything that it told."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.tasks = Tasks(2)
        self.export = Export(program, self.tasks)
        self.busy: list[bool] = []
        self.told: list[tuple[str, str]] = []
        self.failed: list[tuple[str, str]] = []
        self.export.busy.connect(self.busy.append)
        self.export.told.connect(lambda *given: self.told.append(given))
        self.export.failed.connect(lambda *given: self.failed.append(given))


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with home(tmp_path) as made:
        yield made


@pytest.fixture
def heard(program: Program, qtbot: QtBot) -> Iterator[Heard]:
    made = Heard(program)
    yield made
    made.tasks.cancel()
    assert made.tasks.wait(30)


def write(qtbot: QtBot, heard: Heard, file: Path, choice: RecordChoice = ALL) -> list[dict[str, str]]:
    """Export, and read what came of it as a spreadsheet does."""
    heard.export.export(choice, str(file))
    qtbot.waitUntil(lambda: not heard.tasks.busy, timeout=60_000)
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))


def test_every_record_with_all_that_the_table_shows(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    numbers = fill(heard.program.ledger)
    fill(heard.program.ledger, OTHER)
    file = tmp_path / "records of today.csv"
    rows = {row["Key"]: row for row in write(qtbot, heard, file)}
    assert {key: int(row["Number"]) for key, row in rows.items()} == numbers
    assert heard.told == [("Export", f"7 records were written to {file}.")]
    assert (heard.busy, heard.failed) == ([True, False], [])
    rejected = rows["rejected"]
    assert (rejected["State"], rejected["Reason"], rejected["Attempts"]) == ("rejected", REJECTION, "1")
    assert (rejected["Record"], rejected["Test list"]) == ("SN2101 rejected", "MPC 6x")
    assert rows["delivered"]["Unit"] == "TrueBeam 1"
    assert rows["delivered"]["Page in QATrack+"] == PAGE_URL
    assert list(rejected) == [
        *("Number", "Record", "Key", "State", "Reason", "Unit", "Test list"),
        *("First seen", "Updated", "Attempts", "Page in QATrack+"),
    ]


def test_times_are_iso_with_their_offset(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    fill(heard.program.ledger)
    kept = {line.key: line for line in heard.program.ledger.browse.page(PUMP)}
    for row in write(qtbot, heard, tmp_path / "a.csv"):
        for heading, moment in (("First seen", "first_seen"), ("Updated", "updated")):
            read = datetime.fromisoformat(row[heading])
            assert read.utcoffset() == read.astimezone().utcoffset()
            assert read == getattr(kept[row["Key"]], moment).replace(microsecond=0)


def test_excel_sees_that_it_is_utf_8(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    meet(heard.program.ledger, ["Größe 6×"])
    write(qtbot, heard, tmp_path / "a.csv")
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfNumber,Record,")
    assert "Größe 6×".encode() in data
    assert data.endswith(b"\r\n")


def test_only_what_the_filter_shows(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    fill(heard.program.ledger)
    choice = RecordChoice(pump=PUMP, state=DeliveryState.WAITING, text="no unit", order="title")
    rows = write(qtbot, heard, tmp_path / "a.csv", choice)
    assert [row["Key"] for row in rows] == ["no unit"]
    assert heard.told == [("Export", f"1 record was written to {tmp_path / 'a.csv'}.")]


def test_nothing_found_is_a_file_with_headings(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    assert write(qtbot, heard, tmp_path / "a.csv") == []
    assert heard.told == [("Export", f"0 records were written to {tmp_path / 'a.csv'}.")]
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("Number,")


def test_formulas_are_guarded_in_every_column(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    meet(heard.program.ledger, ["=key"])
    entry = Entry(
        key="=key", state=DeliveryState.REJECTED, reason="=reason, with\nlines", unit="@unit", url="=url"
    )
    heard.program.ledger.deliveries.write(PUMP, [entry])
    [row] = write(qtbot, heard, tmp_path / "a.csv")
    assert row["Key"] == "'=key"
    assert row["Reason"] == "'=reason, with\nlines"
    assert (row["Unit"], row["Page in QATrack+"]) == ("'@unit", "'=url")


def test_a_folder_that_is_not_there_is_told_in_words(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    fill(heard.program.ledger)
    file = tmp_path / "nowhere" / "a.csv"
    heard.export.export(ALL, str(file))
    qtbot.waitUntil(lambda: not heard.tasks.busy, timeout=10_000)
    [(title, text)] = heard.failed
    assert title == "File is missing"
    assert text.startswith(f"{file} could not be written: ")
    assert heard.busy == [True, False]
    assert heard.told == []


def test_the_file_of_before_stays_until_the_new_one_is_complete(
    qtbot: QtBot, heard: Heard, tmp_path: Path
) -> None:
    fill_many(heard.program.ledger, 3 * PAGE)
    file = tmp_path / "a.csv"
    file.write_text("before", encoding="utf-8")
    heard.export.export(ALL, str(file))
    heard.export.cancel()
    assert heard.told == [("Export", "The export was cancelled.")]
    assert heard.busy == [True, False]
    qtbot.waitUntil(lambda: not heard.tasks.busy, timeout=60_000)
    assert file.read_text(encoding="utf-8") == "before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "home"]
    heard.export.cancel()  # nothing is under way
    assert len(heard.told) == 1


def test_a_newer_export_takes_the_place_of_an_older_one(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    fill_many(heard.program.ledger, 3 * PAGE)
    heard.export.export(ALL, str(tmp_path / "first.csv"))
    rows = write(qtbot, heard, tmp_path / "second.csv")
    assert len(rows) == 3 * PAGE
    assert [text for _title, text in heard.told] == [
        f"6,000 records were written to {tmp_path / 'second.csv'}."
    ]


def test_without_a_pump_nothing_is_written(heard: Heard, tmp_path: Path) -> None:
    heard.export.export(RecordChoice(), str(tmp_path / "a.csv"))
    assert not heard.tasks.busy
    assert heard.busy == []


def test_100_000_records_are_written_without_a_stall(
    qtbot: QtBot, heard: Heard, tmp_path: Path, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    fill_many(heard.program.ledger, 100_000)
    file = tmp_path / "a.csv"
    with heartbeat():
        heard.export.export(ALL, str(file))
        qtbot.waitUntil(lambda: not heard.tasks.busy, timeout=120_000)
    assert heard.told == [("Export", f"100,000 records were written to {file}.")]
    with file.open(encoding="utf-8-sig", newline="") as lines:
        numbers = [int(row["Number"]) for row in csv.DictReader(lines)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 100_000


class MovingBrowse(Browse):
    """A ledger in which a cycle moves records between two pages; `moves` are done one before each page."""

    def __init__(self, program: Program, moves: list[Callable[[], Any]]) -> None:
        super().__init__(program.ledger._database)
        self._moves = moves

    def page(self, pump: str, **wanted: Any) -> list[RecordLine]:
        if wanted["offset"] and self._moves:
            self._moves.pop(0)()
        return super().page(pump, **wanted)


def test_records_that_leave_the_filter_meanwhile_hide_no_others(
    qtbot: QtBot, heard: Heard, tmp_path: Path
) -> None:
    """Half of those that were read leave; those behind them move forward past the next page's start."""
    ledger = heard.program.ledger
    fill_many(ledger, 3 * PAGE, rejected=range(3 * PAGE))
    leaving = [Entry(key=f"key-{place}", state=DeliveryState.DELIVERED) for place in range(PAGE + 500)]
    ledger.browse = MovingBrowse(heard.program, [lambda: ledger.deliveries.write(PUMP, leaving)])
    choice = RecordChoice(pump=PUMP, state=DeliveryState.REJECTED)
    rows = write(qtbot, heard, tmp_path / "a.csv", choice)
    keys = [row["Key"] for row in rows]
    stayed = {f"key-{place}" for place in range(PAGE + 500, 3 * PAGE)}
    assert stayed <= set(keys)
    assert len(keys) == len(set(keys)) == PAGE + 2 * PAGE - 500


def test_records_that_enter_the_filter_meanwhile_are_not_written_twice(
    qtbot: QtBot, heard: Heard, tmp_path: Path
) -> None:
    ledger = heard.program.ledger
    fill_many(ledger, 2 * PAGE, rejected=range(500, 2 * PAGE))
    entering = [Entry(key=f"key-{place}", state=DeliveryState.REJECTED) for place in range(500)]
    ledger.browse = MovingBrowse(heard.program, [lambda: ledger.deliveries.write(PUMP, entering)])
    choice = RecordChoice(pump=PUMP, state=DeliveryState.REJECTED)
    keys = [row["Key"] for row in write(qtbot, heard, tmp_path / "a.csv", choice)]
    assert len(keys) == len(set(keys)) == 2 * PAGE - 500
