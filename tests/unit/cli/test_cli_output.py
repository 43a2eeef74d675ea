"""What is printed, in which form, and what happens when it cannot be."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from qcpump_qt.cli.output import (
    Output,
    counted,
    headline,
    indented,
    printable,
    pump_object,
    pumps_document,
)
from qcpump_qt.engine.report import CycleOutcome, CycleReport, Message

COUNTS = {"found": 3, "delivered": 2, "already_there": 1, "waiting": 0, "skipped": 0, "rejected": 0}


def report(outcome: CycleOutcome, counts: dict[str, int], *messages: Message) -> CycleReport:
    return CycleReport("TB", "QATrackMPCPump", outcome, counts, 0.25, messages)


@pytest.mark.parametrize(
    ("outcome", "counts", "line"),
    [
        (CycleOutcome.OK, COUNTS, "TB (QATrackMPCPump): ok, 2 delivered, 1 already there"),
        (CycleOutcome.OK, {"found": 0}, "TB (QATrackMPCPump): ok, nothing new"),
        (
            CycleOutcome.ATTENTION,
            {"found": 1, "rejected": 1},
            "TB (QATrackMPCPump): needs attention, 1 rejected",
        ),
        (CycleOutcome.FAILED, {}, "TB (QATrackMPCPump): failed"),
        (CycleOutcome.BUSY, {"found": 0}, "TB (QATrackMPCPump): busy"),
        (CycleOutcome.UNREACHABLE, {"waiting": 4}, "TB (QATrackMPCPump): unreachable, 4 waiting"),
    ],
)
def test_a_cycle_in_one_line(outcome: CycleOutcome, counts: dict[str, int], line: str) -> None:
    assert headline(report(outcome, counts)) == line


def test_counts_leave_out_what_is_nought_and_the_sum() -> None:
    assert counted(COUNTS) == "2 delivered, 1 already there"
    assert counted({"found": 7}) == ""


def test_a_message_of_several_lines_stays_below_its_pump() -> None:
    assert (
        indented("error: run:\nqcpump-qt x\nqcpump-qt y") == "  error: run:\n    qcpump-qt x\n    qcpump-qt y"
    )
    assert indented("") == "  "


def test_people_get_lines_and_no_object(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=False)
    output.report(report(CycleOutcome.OK, COUNTS, Message("warning", "Row 3: no value.")))
    output.document({"pumps": []})
    output.trouble("Settings: mended.")
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        "TB (QATrackMPCPump): ok, 2 delivered, 1 already there",
        "  warning: Row 3: no value.",
    ]
    assert captured.err == "Settings: mended.\n"


def test_programs_get_one_object_and_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=True)
    output.report(report(CycleOutcome.OK, COUNTS))
    output.trouble("Settings: mended.")
    output.document(pumps_document([report(CycleOutcome.OK, COUNTS).as_json()], ["über"]))
    captured = capsys.readouterr()
    assert captured.out.isascii()
    assert json.loads(captured.out) == {
        "pumps": [
            {
                "name": "TB",
                "type": "QATrackMPCPump",
                "outcome": "ok",
                **COUNTS,
                "seconds": 0.25,
                "messages": [],
            }
        ],
        "messages": [{"level": "error", "text": "über"}],
    }
    assert captured.err == "Settings: mended.\n"


def test_a_pump_that_counted_nothing_has_every_key_all_the_same() -> None:
    keys = set(report(CycleOutcome.OK, COUNTS).as_json())
    assert set(report(CycleOutcome.STOPPED, {}).as_json()) == keys
    assert set(pump_object("TB", "T", "invalid", [Message("error", "why")])) == keys


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("7 µGy", "ascii", "7 \\xb5Gy"),
        ("7 µGy", "latin-1", "7 µGy"),
        ("7 µGy", None, "7 µGy"),
        ("x\udc80", "utf-8", "x\\udc80"),
    ],
)
def test_what_the_terminal_does_not_know_is_spelt_out(text: str, encoding: str | None, shown: str) -> None:
    assert printable(text, encoding) == shown


class Pipe(io.TextIOWrapper):
    """A stream onto a pipe whose reader has gone."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        super().__init__(os.fdopen(writing, "wb"), encoding="utf-8")


def test_a_reader_that_has_gone_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with Pipe() as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        output = Output(as_json=False)
        output.line("first")
        output.line("second")
        assert not output.lost


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        output = Output(as_json=False)
        output.line("first")
        assert output.lost
    assert capsys.readouterr().err == "The output could not be written: No space left on device.\n"


def test_without_any_stream_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program without a console on Windows."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    output = Output(as_json=False)
    output.line("x")
    output.trouble("y")
    assert not output.lost


def test_control_characters_of_a_name_reach_no_terminal() -> None:
    assert printable("\x1b[31mred\r\x07 folder\n\tnext", "utf-8") == "\\x1b[31mred\\r\\x07 folder\n\tnext"
