"""Of the server's answer to a delivered record only what people look at is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qcpump_qt.engine.delivery.attempt import Job, Outcome
from qcpump_qt.engine.delivery.kept_answer import LONGEST, kept_answer
from qcpump_qt.engine.delivery.verdict import judge
from qcpump_qt.engine.records import DeliveryState, Place, Stored, UnitBy, UnitRef, Upload
from qcpump_qt.models.record_content import ValueLine, lines_of
from qcpump_qt.models.rows import RecordDetail, RecordRow
from shared_data import shared
from unit.engine.delivery.memory_server import record

ECHO = {
    "url": "/api/qc/testinstances/1/",
    "value": 1.5,
    "string_value": "",
    "date_value": None,
    "datetime_value": None,
    "value_display": "1.5 mm",
    "diff_display": "",
    "pass_fail": ["no_tol", "No Tol Set"],
    "skipped": False,
    "comment": "",
    "status": "/api/qc/testinstancestatus/1/",
    "reference": {"url": "/api/qc/references/1/", "value": 1.4},
    "tolerance": {"url": "/api/qc/tolerances/1/", "act_low": -3.0, "act_high": 3.0},
    "attachments": [],
}
SESSION: dict[str, Any] = {
    "url": "https://qa.example.org/api/qc/testlistinstances/1/",
    "site_url": "https://qa.example.org/qc/session/details/1/",
    "work_started": "2026-11-02T08:00:00-05:00",
    "work_completed": "2026-11-02T08:05:00-05:00",
    "user_key": "mpc/2101/1",
    "comment": "Fine.",
    "created_by": "https://qa.example.org/api/auth/users/3/",
    "reviewed": None,
    "flagged": False,
}


def size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8"))


def recorded(name: str) -> tuple[Any, Any]:
    """What was sent to a real server, and what that answered."""
    told = json.loads(shared("data", "qatrack-recorded", f"{name}.json").read_text(encoding="utf-8"))
    return told["request"]["body"], told["response"]["body"]


def shown(payload: Any, answer: Any) -> list[ValueLine]:
    """What the detail pane shows of the tests."""
    row = RecordRow(number=1, title="t", key="k", state="delivered")
    detail = RecordDetail(row=row, payload=payload, answer={"status": 201, "body": answer})
    return [line for line in lines_of(detail) if not line.entry]


def one(**echo: Any) -> Any:
    return kept_answer({"tests": {"a": {**ECHO, **echo}}})["tests"]["a"]


def test_a_session_of_25_tests_takes_less_than_3000_bytes() -> None:
    """With names and values as long as those of a Machine Performance Check."""
    tests = {
        f"beamgroup_beamuniformitychange_per_{number}x": {**ECHO, "value": 0.123456789}
        for number in range(25)
    }
    answer = {**SESSION, "tests": tests}
    assert size(answer) > 10_000
    assert size(kept_answer(answer)) < 3000


def test_what_is_kept_of_a_session() -> None:
    assert kept_answer({**SESSION, "tests": {"a": ECHO}}) == {
        "url": "https://qa.example.org/api/qc/testlistinstances/1/",
        "site_url": "https://qa.example.org/qc/session/details/1/",
        "work_started": "2026-11-02T08:00:00-05:00",
        "work_completed": "2026-11-02T08:05:00-05:00",
        "user_key": "mpc/2101/1",
        "comment": "Fine.",
        "tests": {"a": {"value": 1.5, "pass_fail": "No Tol Set"}},
    }


@pytest.mark.parametrize(
    ("echo", "kept"),
    [
        ({"value": 0.0}, {"value": 0.0}),
        ({"value": None, "string_value": "hello"}, {"string_value": "hello"}),
        ({"value": None, "date_value": "2026-11-02"}, {"date_value": "2026-11-02"}),
        (
            {"value": None, "datetime_value": "2026-11-02T13:00:00Z"},
            {"datetime_value": "2026-11-02T13:00:00Z"},
        ),
        ({"value": None, "value_display": "<b>3</b>"}, {"value_display": "<b>3</b>"}),
        ({"value": None, "value_display": ""}, {}),
        (
            {"value": None, "attachments": ["/media/u/2/report.txt", "b.pdf"]},
            {"attachments": ["report.txt", "b.pdf"]},
        ),
        ({"value": 3.0, "skipped": True}, {"skipped": True}),
    ],
)
def test_what_is_kept_of_a_test(echo: dict[str, Any], kept: dict[str, Any]) -> None:
    assert one(**echo) == {**kept, "pass_fail": "No Tol Set"}


@pytest.mark.parametrize(
    ("verdict", "kept"),
    [(["ok", "OK"], "OK"), ("action", "action"), (None, None), ([], None), ({"a": 1}, None)],
)
def test_the_judgement_in_one_word(verdict: object, kept: str | None) -> None:
    assert one(pass_fail=verdict).get("pass_fail") == kept


def test_long_texts_are_cut_and_never_look_like_another_value_than_was_sent() -> None:
    long = "x" * 10_000
    answer = kept_answer(
        {**SESSION, "comment": long, "tests": {"note": {**ECHO, "value": None, "string_value": long}}}
    )
    assert size(answer) < 3 * LONGEST + 400
    assert answer["comment"] == "x" * (LONGEST - 1) + "…"
    [line] = shown({"tests": {"note": {"value": long}}}, answer)
    assert line.server == "x" * (LONGEST - 1) + "…"
    assert not line.differs


@pytest.mark.parametrize("tests", [None, [], "none", {"a": None, "b": ["x"]}])
def test_answers_of_another_shape_are_no_hindrance(tests: object) -> None:
    assert kept_answer({"tests": tests}) in ({}, {"tests": {"a": {}, "b": {}}})


@pytest.mark.parametrize(
    "name",
    [
        "post_201_success",
        "post_201_skipped_tests",
        "post_all_test_types",
        "post_skipped_with_value",
        "post_long_string_value",
        "post_comment_long_4000",
        "post_upload_text",
        "post_upload_with_analysis",
        "post_autoreview_action",
        "post_autoreview_skipped",
        "flow_autoskip_mpc_2_post_skipped_201",
        "flow_autoskip_grouped_dqa3_2_post_skipped_201",
    ],
)
def test_of_what_a_real_server_answered_the_pane_shows_the_same(name: str) -> None:
    sent, answered = recorded(name)
    kept = kept_answer(answered)
    assert size(kept) < size(answered) / 2 or len(answered["tests"]) < 4
    assert size(kept) <= 700 + 100 * len(answered["tests"])
    for whole, part in zip(shown(sent, answered), shown(sent, kept), strict=True):
        assert (part.test, part.value, part.judged) == (whole.test, whole.value, whole.judged)
        assert (part.skipped, part.differs) == (whole.skipped, whole.differs)
        assert part.server == whole.server or part.server == f"{whole.server[: LONGEST - 1]}…"


def test_it_is_kept_when_a_record_has_arrived() -> None:
    upload = Upload(payload={}, unit=UnitRef(UnitBy.SERIAL, "2101"), test_list="Daily")
    job = Job(record=record("k"), upload=upload, place=Place("/1/", "TB1", "/l/1/"))
    stored = Stored(
        url=SESSION["url"], site_url=SESSION["site_url"], answer={**SESSION, "tests": {"a": ECHO}}
    )
    entry = judge(Outcome(job, {"tests": {}}, stored)).entry
    assert (entry.state, entry.url) == (DeliveryState.DELIVERED, SESSION["site_url"])
    assert entry.answer == {"status": 201, "body": kept_answer(stored.answer)}
