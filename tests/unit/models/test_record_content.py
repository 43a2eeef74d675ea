"""What was sent and what was answered, in plain text; never the content of a file."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.records import DeliveryState, FileContent
from qcpump_qt.models.record_content import ValueLine, answer_text, lines_of, value_text
from qcpump_qt.models.rows import RecordDetail, RecordRow
from shared_data import shared
from unit.engine.delivery.memory_server import record

SESSION = {
    "work_started": "2026-11-02 08:00:00",
    "work_completed": "2026-11-02 08:05:00",
    "user_key": "mpc/2101/1",
    "day": 0,
    "tests": {
        "size_mm_6x": {"value": 0.31, "comment": "Threshold: 0.500,Result: Pass"},
        "flatness": {"skipped": True},
    },
    "comment": "Fileset:\n\tfirst",
    "unit_test_collection": "https://qa.example.org/api/qc/unittestcollections/32/",
}


def detail(payload: Any = None, answer: Any = None, state: str = "delivered") -> RecordDetail:
    row = RecordRow(number=1, title="t", key="k", state=state)
    return RecordDetail(row=row, payload=payload, answer=answer)


def values_of(payload: Any, answer: Any = None) -> list[ValueLine]:
    return [line for line in lines_of(detail(payload, answer)) if not line.entry]


def sent_with(payload: Any) -> list[tuple[str, str]]:
    return [(line.test, line.value) for line in lines_of(detail(payload)) if line.entry]


def recorded(name: str) -> tuple[Any, Any]:
    """What was sent to a real server, and what that answered."""
    told = json.loads(shared("data", "qatrack-recorded", f"{name}.json").read_text(encoding="utf-8"))
    return told["request"]["body"], told["response"]["body"]


# --- what was sent --------------------------------------------------------------------------------


def test_what_is_sent_with_the_tests_stands_above_them() -> None:
    lines = lines_of(detail(SESSION))
    assert [(line.test, line.value) for line in lines if line.entry] == [
        ("Work started", "2026-11-02 08:00:00"),
        ("Work completed", "2026-11-02 08:05:00"),
        ("Key (user_key)", "mpc/2101/1"),
        ("Day", "0"),
        ("Comment", "Fileset:\n\tfirst"),
        ("Assignment in QATrack+", "https://qa.example.org/api/qc/unittestcollections/32/"),
    ]
    assert [line.entry for line in lines] == [True] * 6 + [False] * 2


def test_the_tests_with_value_and_comment_or_skipped() -> None:
    assert values_of(SESSION) == [
        ValueLine("size_mm_6x", "0.31", comment="Threshold: 0.500,Result: Pass"),
        ValueLine("flatness", skipped="skipped"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5, "1.5"),
        (2, "2"),
        (1e-7, "1e-07"),
        (float("nan"), "nan"),
        (True, "yes"),
        (False, "no"),
        (None, "no value"),
        ("0,5", "0,5"),
        ("", ""),
        ({"a": [1, None, "±"]}, '{"a": [1, null, "±"]}'),
        ([datetime(2026, 11, 20)], '["2026-11-20 00:00:00"]'),  # noqa: DTZ001 - as a pump type may give it
        (datetime(2026, 11, 20), "2026-11-20 00:00:00"),  # noqa: DTZ001 - as above
    ],
)
def test_values_as_text(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_a_test_that_is_skipped_shows_no_value() -> None:
    assert values_of({"tests": {"a": {"value": None, "skipped": True}, "b": {"value": None}}}) == [
        ValueLine("a", skipped="skipped"),
        ValueLine("b", "no value"),
    ]


def test_entries_of_a_kind_of_its_own_are_shown_under_their_names() -> None:
    assert sent_with({"in_progress": True, "reviewer": {"name": "MK"}}) == [
        ("In progress", "yes"),
        ("reviewer", '{"name": "MK"}'),
    ]


@pytest.mark.parametrize("payload", [None, {}, {"tests": None}, {"tests": ["a"]}])
def test_nothing_kept_is_nothing_shown(payload: Any) -> None:
    assert lines_of(detail(payload)) == []


def test_odd_tests_are_shown_as_they_are() -> None:
    assert values_of({"tests": {"a": 1.5, 7: {"value": "x", "comment": None}}}) == [
        ValueLine("a", "1.5"),
        ValueLine("7", "x"),
    ]


# --- files ----------------------------------------------------------------------------------------

SECRET = "the patient's name"
ENCODED = base64.b64encode(SECRET.encode()).decode()


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (
            {"value": FileContent(Path("tds") / "a.csv"), "filename": "report.csv", "encoding": "base64"},
            "file report.csv",
        ),
        ({"value": FileContent(Path("tds") / "a.csv")}, "file a.csv"),
        ({"value": SECRET, "filename": "b.txt", "encoding": "text"}, "file b.txt"),
        ({"value": ENCODED, "filename": "c.pdf"}, "file c.pdf"),
        ({"value": ENCODED, "encoding": "base64"}, "content of a file"),
        (
            {"value": {"content of file": "C:\\TDS\\d.csv", "encoding": "base64", "charset": "utf-8"}},
            "file d.csv",
        ),
    ],
)
def test_files_are_named_and_never_shown(test: Mapping[str, Any], words: str) -> None:
    [line] = values_of({"tests": {"upload": test}})
    assert line == ValueLine("upload", words)
    payload = {"attachments": [test], "extra": {"deep": [test]}}
    assert sent_with(payload) == [("Attachment", words), ("extra", f'{{"deep": ["{words}"]}}')]


def test_attachments_of_an_odd_shape_are_shown_too() -> None:
    assert sent_with({"attachments": {"filename": "x.txt", "value": SECRET}}) == [
        ("Attachments", "file x.txt")
    ]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.at(tmp_path / "ledger.sqlite3")
    yield made
    made.close()


def test_a_file_is_named_after_its_way_through_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "results of today.csv"
    file.write_text(SECRET, encoding="utf-8")
    content = FileContent(file, "text")
    payload = {
        "tests": {"upload": {"value": content, "filename": file.name, "encoding": "text"}},
        "attachments": [{"value": content}],
    }
    ledger.deliveries.meet("p", [record("a")])
    ledger.deliveries.write("p", [Entry(key="a", state=DeliveryState.DELIVERED, payload=payload)])
    [line] = ledger.browse.page("p")
    kept = ledger.browse.detail(line.number)
    assert kept is not None
    assert values_of(kept.payload) == [ValueLine("upload", "file results of today.csv")]
    assert sent_with(kept.payload) == [("Attachment", "file results of today.csv")]


# --- the server's answer --------------------------------------------------------------------------


def test_values_that_a_real_server_stored_stand_beside_ours() -> None:
    sent, answered = recorded("post_201_success")
    assert values_of(sent, answered) == [
        ValueLine("a", "1.5", "1.5", "No Tol Set"),
        ValueLine("b", "2", "2.0", "No Tol Set"),
        ValueLine("note", "hello", "hello", "No Tol Set"),
    ]


def test_tests_that_a_real_server_took_as_skipped() -> None:
    sent, answered = recorded("post_201_skipped_tests")
    lines = {line.test: line for line in values_of(sent, answered)}
    assert lines["b"] == ValueLine("b", "", "skipped", "Not Done", "skipped")
    assert not any(line.differs for line in lines.values())


def test_comments_of_both_levels() -> None:
    sent, answered = recorded("post_comments_both_levels")
    lines = lines_of(detail(sent, answered))
    assert {line.test: line.comment for line in lines if line.comment} == {"a": "test level"}
    assert ("Comment", "list level\nsecond line") in [(line.test, line.value) for line in lines]


def test_a_real_upload_shows_which_file_the_server_has() -> None:
    sent, answered = recorded("post_upload_text")
    [line] = values_of(sent, answered)
    assert (line.value, line.server) == ("file report.txt", "file report_2026-11-20_e2b2ab.txt")
    assert not line.differs


def test_a_real_rejection_is_read_as_it_came() -> None:
    sent, answered = recorded("post_400_missing_two_tests")
    shown = detail(sent, {"status": 400, "body": answered}, state="rejected")
    assert answer_text(shown) == (
        'HTTP status 400\n\n{\n  "non_field_errors": [\n    "Missing data for tests: b, note"\n  ]\n}'
    )
    assert [(line.test, line.server) for line in lines_of(shown) if not line.entry] == [("a", "")]


def test_every_recorded_answer_can_be_shown() -> None:
    """Whatever a real server was sent and answered: it is shown, and nothing of a file's content."""
    folder = shared("data", "qatrack-recorded")
    for file in sorted(folder.glob("post_*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        sent, answered = told["request"].get("body"), told["response"].get("body")
        payload = sent if isinstance(sent, dict) else None
        shown = detail(payload, {"status": told["response"]["status"], "body": answered})
        assert answer_text(shown).startswith("HTTP status "), file.name
        given = payload.get("tests") if payload is not None else None
        if isinstance(given, dict):
            lines = {line.test: line for line in values_of(payload, answered)}
            files = [slug for slug, test in given.items() if isinstance(test, dict) and "encoding" in test]
            assert set(given) <= set(lines), file.name
            assert all("file" in lines[slug].value for slug in files), file.name


@pytest.mark.parametrize(
    ("ours", "echo", "server", "differs"),
    [
        ({"value": 1.5}, {"value": 1.6, "skipped": False}, "1.6", True),
        ({"value": True}, {"value": 1.0}, "1.0", False),
        ({"value": "1.50"}, {"value": 1.5}, "1.5", False),
        ({"value": "abc"}, {"value": 1.5}, "1.5", True),
        ({"value": 10**400}, {"value": 1.5}, "1.5", True),
        ({"value": "hello "}, {"value": None, "string_value": "hello"}, "hello", False),
        ({"value": "hello"}, {"value": None, "string_value": "hullo"}, "hullo", True),
        ({"value": "2026-11-02"}, {"date_value": "2026-11-02", "string_value": ""}, "2026-11-02", False),
        ({"value": "x"}, {"datetime_value": "2026-11-02T08:00:00Z"}, "2026-11-02T08:00:00Z", False),
        ({"value": 3}, {"value": None, "value_display": "<b>3</b> mm"}, "3 mm", False),
        ({"value": 3}, {"skipped": True}, "skipped", True),
        ({"skipped": True}, {"skipped": False, "value": 2.0}, "2.0", True),
        ({"skipped": True}, {"skipped": True}, "skipped", False),
        ({"skipped": True}, {"value": 2.0}, "2.0", True),
        ({"value": None}, {"value": 2.0}, "2.0", False),
        ({"value": 3}, "no echo", "", False),
    ],
)
def test_what_the_server_stored_otherwise_is_told(
    ours: dict[str, Any], echo: Any, server: str, differs: bool
) -> None:
    [line] = values_of({"tests": {"a": ours}}, {"tests": {"a": echo}})
    assert (line.server, line.differs) == (server, differs)


def test_tests_that_only_the_server_has_come_last() -> None:
    answer = {
        "tests": {
            "sum": {"value": 3.5, "comment": "computed", "pass_fail": ["ok", "OK"]},
            "a": {"value": 1.5, "pass_fail": "ok"},
            "rest": {"skipped": True},
        }
    }
    assert values_of({"tests": {"a": {"value": 1.5}}}, answer) == [
        ValueLine("a", "1.5", "1.5", "ok"),
        ValueLine("sum", "", "3.5", "OK", comment="computed"),
        ValueLine("rest", "", "skipped", "", "skipped"),
    ]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            {"status": 201, "body": {"url": "/1/"}},
            'HTTP status 201\n\n{\n  "url": "/1/"\n}\n\n'
            "This much of the answer is kept. Open in QATrack+ shows the whole session.",
        ),
        ({"status": 500, "body": "Server Error"}, "HTTP status 500\n\nServer Error"),
        ({"status": 400, "body": ["no"]}, 'HTTP status 400\n\n[\n  "no"\n]'),
        ("only text", "only text"),
        (
            {"status": "/api/qc/status/1/", "body": "x"},
            '{\n  "status": "/api/qc/status/1/",\n  "body": "x"\n}',
        ),
        ({"detail": "ü"}, '{\n  "detail": "ü"\n}'),
    ],
)
def test_answers_as_text(answer: Any, text: str) -> None:
    assert answer_text(detail(None, answer)) == text


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("would be sent", "Nothing has been sent yet, so there is no answer."),
        ("waiting", "There is no answer, as the server has not judged this record yet."),
        ("sending", "The record is on its way; there is no answer yet."),
        (
            "delivered",
            "The server stored this record. What it answered is not kept; "
            "Open in QATrack+ shows the session.",
        ),
        (
            "already there",
            "The server had this record before. Open in QATrack+ shows the session where its page is known.",
        ),
        ("skipped", "The record was not sent, so there is no answer."),
        (
            "rejected",
            "No answer of the server is kept. The reason above says what stood in the way.",
        ),
        ("a state of tomorrow", "No answer of the server is kept for this record."),
    ],
)
def test_where_no_answer_is_kept_a_sentence_says_why(state: str, text: str) -> None:
    assert answer_text(detail(SESSION, None, state)) == text
