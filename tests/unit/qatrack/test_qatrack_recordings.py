"""Every recorded answer of a real QATrack+ server to a POST of a session is understood for what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.errors import MissingTests, PumpError, RecordRejected, ServerRefused, ServerUnavailable
from qcpump_qt.engine.records import Stored
from qcpump_qt.qatrack.answer import Answer
from qcpump_qt.qatrack.answers import read_json, read_post
from shared_data import SHARED, shared

PLACE = ("data", "qatrack-recorded")
FOLDER = SHARED.joinpath(*PLACE)

THERE = {
    "post_400_duplicate_user_key",
    "post_400_duplicate_user_key_and_missing_tests",
    "post_dup_user_key_trailing_space",
    "post_upload_duplicate_key_no_orphan",
}
MISSING_ALONE = {
    "discover_slugs_by_empty_post",
    "flow_autoskip_grouped_dqa3_1_post_partial_400",
    "flow_autoskip_mpc_1_post_partial_400",
    "post_400_missing_all_tests",
    "post_400_missing_one_test",
    "post_400_missing_two_tests",
    "post_grouped_dqa3_partial",
    "post_in_progress_missing_tests",
    "post_mpc_partial",
    "post_zoo_missing_one",
}
MISSING_AND_MORE = {"post_400_missing_and_dates", "post_400_missing_and_wrong_type"}
REFUSED = {
    "post_401_bad_token",
    "post_401_no_token",
    "post_403_no_permission",
    "post_empty_object_noperm_403",
    "post_415_text_plain",
    "post_no_content_type",
    "post_noslash_301",
    "post_noslash_followed",
}


def recorded(method: str, path: str) -> list[Path]:
    """The recordings of requests of this kind; empty where the shared data is absent."""
    index = FOLDER / "index.json"
    if not index.is_file():
        return []
    entries = json.loads(index.read_text(encoding="utf-8"))
    return [FOLDER / e["file"] for e in entries if e["method"] == method and path in e["path"]]


def exchange(path: Path) -> dict[str, Any] | None:
    loaded = json.loads(path.read_text(encoding="utf-8"))
    return loaded if "response" in loaded else None


def answer_of(loaded: dict[str, Any]) -> Answer:
    response = loaded["response"]
    body = response["body"]
    raw = body if isinstance(body, str) and response.get("body_kind") != "json" else json.dumps(body)
    return Answer(
        status=response["status"],
        headers={name.lower(): value for name, value in response.get("headers", {}).items()},
        body=raw.encode(),
        url=loaded["request"].get("url", ""),
    )


def expected(name: str, status: int) -> tuple[type[object], bool | None]:
    if name in THERE:
        return type(None), None
    if name in MISSING_ALONE | MISSING_AND_MORE:
        return MissingTests, name in MISSING_ALONE
    if name in REFUSED:
        return ServerRefused, None
    by_status: dict[int, type[object]] = {201: Stored, 400: RecordRejected, 500: ServerUnavailable}
    return by_status[status], None


def outcome_of(answer: Answer) -> object:
    try:
        return read_post(answer)
    except PumpError as error:
        return error


def test_the_recordings_are_there() -> None:
    shared(*PLACE)
    found = {path.stem for path in recorded("POST", "testlistinstances")}
    assert len(found) > 100
    assert found >= THERE | MISSING_ALONE | MISSING_AND_MORE | REFUSED


@pytest.mark.parametrize("path", recorded("POST", "testlistinstances"), ids=lambda path: path.stem)
def test_a_recorded_post_leads_to(path: Path) -> None:
    loaded = exchange(path)
    if loaded is None:
        pytest.skip("this recording sums up many exchanges")
    outcome = outcome_of(answer_of(loaded))
    kind, alone = expected(path.stem, loaded["response"]["status"])
    assert type(outcome) is kind
    if isinstance(outcome, MissingTests):
        assert outcome.alone is alone
        assert set(outcome.slugs).isdisjoint(loaded["request"]["body"].get("tests", {}))
    if isinstance(outcome, RecordRejected):
        assert outcome.answer == loaded["response"]["body"]
        assert "The server said" not in outcome.message or path.stem in UNKNOWN_WORDS
    if isinstance(outcome, Stored):
        assert outcome.url == loaded["response"]["body"]["url"]
        assert outcome.site_url == loaded["response"]["body"]["site_url"]
    if isinstance(outcome, ServerUnavailable):
        assert "local: Error 500 : Server Error" in outcome.message


UNKNOWN_WORDS = {
    "post_400_attachment_bad",
    "post_400_day_text",
    "post_day_numeric_text",
    "post_400_tests_is_list",
}
"""Complaints that a pump cannot provoke, passed on as the server wrote them."""


@pytest.mark.parametrize(
    "path",
    [
        *recorded("GET", "units/units"),
        *recorded("GET", "unittestcollections"),
        *recorded("GET", "testlistinstances"),
    ],
    ids=lambda path: path.stem,
)
def test_a_recorded_question_is_answered_or_refused(path: Path) -> None:
    loaded = exchange(path)
    if loaded is None:
        pytest.skip("this recording sums up many exchanges")
    answer = answer_of(loaded)
    is_json = answer.headers["content-type"].startswith("application/json")
    if answer.status == 200 and is_json:
        assert read_json(answer, "something") == loaded["response"]["body"]
    else:
        with pytest.raises((ServerRefused, ServerUnavailable)):
            read_json(answer, "something")


def test_the_recorded_throttling() -> None:
    observed = json.loads(shared(*PLACE, "throttle_429.json").read_text("utf-8"))["observed"]
    headers = {name.lower(): value for name, value in observed["headers"].items()}
    with pytest.raises(ServerUnavailable) as caught:
        read_post(Answer(429, headers, json.dumps(observed["body"]).encode()))
    assert caught.value.retry_after == observed["retry_after_said"]
