"""The stand-in as a process of its own: killed and started again, with what it had stored."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from qcpump_qt.demo.clinic import READER_TOKEN, TOKEN, demo_world, list_name, mpc_tests
from qcpump_qt.demo.mpc_names import CHECK_TYPES
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.tds import write_tds
from servers.standin import StandInProcess

PATH = "/api/qa/testlistinstances/"
MLC = "Enhanced MLC Checks"


def _post(url: str, key: str, token: str = TOKEN) -> int:
    assignment = 1 + 2 * CHECK_TYPES.index(MLC)
    body = {
        "unit_test_collection": f"{url}/qc/unittestcollections/{assignment}/",
        "work_started": "2026-11-02 08:00",
        "tests": {slug: {"value": 1} for slug in mpc_tests(MLC)},
        "user_key": key,
    }
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        connection.request("POST", PATH, json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_it_prints_its_url_and_ends_when_asked(tmp_path: Path) -> None:
    with StandInProcess(demo_world(), tmp_path) as standin:
        assert standin.url.startswith("http://127.0.0.1:")
        assert standin.url == standin.page_url + "/api"
        assert _post(standin.url, "k", READER_TOKEN) == 403
        status = standin.terminate()
    if sys.platform != "win32":
        assert status == 0


def test_whatever_was_answered_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    answered: list[str] = []

    def post_until_it_dies() -> None:
        for number in range(100_000):
            try:
                if _post(standin.url, f"k{number}") == 201:
                    answered.append(f"k{number}")
            except (OSError, http.client.HTTPException):
                return

    with StandInProcess(demo_world(), tmp_path) as standin:
        thread = threading.Thread(target=post_until_it_dies)
        thread.start()
        while len(answered) < 20:
            thread.join(0.01)
        standin.kill()
        thread.join()
        standin.restart()
        stored = [session["user_key"] for session in standin.sessions()]
        assert stored[: len(answered)] == answered
        assert len(stored) - len(answered) <= 1, "at most the one whose answer never came"
        assert _post(standin.url, answered[0]) == 400
        assert _post(standin.url, "new") == 201


def test_troubles_and_counts_over_http(tmp_path: Path) -> None:
    with StandInProcess(demo_world(), tmp_path, zone="America/Toronto", throttle=3) as standin:
        standin.plan(add=[{"kind": "500"}])
        assert [_post(standin.url, "k") for _ in range(5)] == [500, 201, 400, 400, 429]
        counts = standin.counts()
        assert counts["statuses"] == {"201": 1, "400": 2, "429": 1, "500": 1}
        assert counts["requests"] == [{"method": "POST", "path": PATH, "number": 5}]
        assert standin.sessions()[0]["test_list"] == list_name(MLC)
        with pytest.raises(RuntimeError, match="is not a valid FaultKind"):
            standin.plan(add=[{"kind": "nosuch"}])


def test_a_world_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qcpump_qt.demo.server", "--world", str(tmp_path / "none.json")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode != 0
    assert "none.json" in done.stderr
    assert done.stdout == ""


def test_the_whole_story_of_the_demonstration_can_be_delivered(tmp_path: Path) -> None:
    from datetime import date

    story = write_tds(tmp_path / "TDS", date(2026, 11, 20))
    with StandIn(demo_world(), store=tmp_path / "sessions.jsonl") as standin:
        for session in story.delivered:
            assert _deliver(standin, session) == 201
        stored = {each["user_key"]: each for each in standin.sessions()}
    assert stored.keys() == {session.user_key for session in story.delivered}
    for session in story.delivered:
        got = stored[session.user_key]
        assert (got["unit"], got["test_list"]) == (session.unit, session.test_list)
        values = {slug: test["value"] for slug, test in got["tests"].items() if not test["skipped"]}
        assert values == {slug: value for slug, value in session.tests.items() if value is not None}


def _deliver(standin: StandIn, session) -> int:  # type: ignore[no-untyped-def]
    world = standin.world
    (assignment,) = [
        a for a in world.assignments if a.name == session.test_list and a.unit.number == session.unit
    ]
    values = {test.slug: session.tests.get(test.slug) for test in assignment.days[0].tests}
    body = {
        "unit_test_collection": f"{standin.url}/qc/unittestcollections/{assignment.id}/",
        "work_started": f"{session.started}",
        "work_completed": f"{session.newest}",
        "tests": {slug: {"skipped": True} if v is None else {"value": v} for slug, v in values.items()},
        "user_key": session.user_key,
    }
    connection = http.client.HTTPConnection(urlsplit(standin.url).netloc, timeout=30)
    try:
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        connection.request("POST", PATH, json.dumps(body), headers)
        return connection.getresponse().status
    finally:
        connection.close()
