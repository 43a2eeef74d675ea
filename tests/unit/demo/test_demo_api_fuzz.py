"""Whatever is asked, the API answers as a server does: it never fails itself and never stores half."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qcpump_qt.demo.api import Api
from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.sessions import SessionStore
from qcpump_qt.demo.throttle import Throttle
from qcpump_qt.demo.wire import Request, Response
from qcpump_qt.demo.world import World

POSTED = "/api/qa/testlistinstances/"
HEADERS = {"authorization": "Token t", "content-type": "application/json", "host": "h"}


def _api() -> tuple[Api, SessionStore]:
    world = World()
    world.add_site("Main")
    world.add_unit("Linac 1", 1, "Main", "2101")
    types = ("simple", "string", "boolean", "date", "datetime", "multchoice", "upload")
    world.add_test_list("All", {f"t_{type_}": type_ for type_ in types})
    world.add_test_list("One", {"t_simple": "simple"})
    world.add_cycle("Days", ["One", "One"])
    for name in ("All", "One", "Days"):
        world.assign(name, 1)
    world.add_user("pump", "t", may_change=True)
    store = SessionStore()
    return Api(world, store, ServerClock("America/Toronto"), Throttle()), store


def _content(answer: Response) -> Any:
    is_json = answer.headers["Content-Type"] == "application/json"
    return json.loads(answer.body) if is_json else None


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "value": ANYTHING,
        "skipped": st.booleans() | SCALARS,
        "comment": SCALARS,
        "filename": st.sampled_from(["a.txt", "", None, 3]),
        "encoding": st.sampled_from(["text", "base64", None]),
    },
)
SLUGS = st.sampled_from(["t_simple", "t_string", "t_boolean", "t_date", "t_datetime", "t_upload", "other"])
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "unit_test_collection": st.sampled_from([f"/api/qc/unittestcollections/{n}/" for n in range(5)])
        | SCALARS,
        "work_started": st.sampled_from(["2026-11-02 08:00", "2026-11-01 01:30"]) | SCALARS,
        "work_completed": st.sampled_from(["2026-11-02 08:05", "9999-12-31 23:59", "0001-01-01 00:00"])
        | SCALARS,
        "tests": st.dictionaries(SLUGS, VALUES, max_size=7) | ANYTHING,
        "user_key": SCALARS,
        "day": SCALARS,
        "comment": SCALARS,
        "in_progress": SCALARS,
        "include_for_scheduling": SCALARS,
        "status": SCALARS,
        "attachments": ANYTHING,
    },
)


@settings(max_examples=300)
@given(BODIES | ANYTHING)
def test_any_json_is_answered_and_only_201_stores(body: Any) -> None:
    api, store = _api()
    answer = api.answer(Request("POST", POSTED, (), HEADERS, json.dumps(body).encode("utf-8")))
    assert answer.status in (201, 400, 500)
    assert len(store.all()) == (answer.status == 201)
    if answer.status == 400:
        content = _content(answer)
        assert content
        assert content.keys() <= {"non_field_errors", "detail"} or "non_field_errors" not in content
    if answer.status == 201:
        listed = _content(api.answer(Request("GET", POSTED, (), HEADERS)))
        assert listed["count"] == 1
        assert listed["results"][0]["user_key"] == _content(answer)["user_key"]


@given(st.binary(max_size=60))
def test_any_bytes_are_answered(body: bytes) -> None:
    api, store = _api()
    answer = api.answer(Request("POST", POSTED, (), HEADERS, body))
    assert answer.status in (400, 500)
    assert store.all() == ()


PARAMETERS = st.sampled_from(
    (
        "user_key",
        "user_key!",
        "day",
        "day__in",
        "work_started",
        "work_started__in",
        "created_max",
        "limit",
        "offset",
        "ordering",
        "in_progress",
        "unit_test_collection__unit__number",
        "test_list__name__icontains",
    )
)


@settings(max_examples=200)
@given(st.lists(st.tuples(PARAMETERS | st.text(max_size=10), st.text(max_size=10)), max_size=4))
def test_any_query_is_answered(query: list[tuple[str, str]]) -> None:
    api, _ = _api()
    for path in (POSTED, "/api/qa/unittestcollections/", "/api/units/units/"):
        answer = api.answer(Request("GET", path, tuple(query), HEADERS))
        assert answer.status in (200, 400, 500)


@given(st.text(max_size=20), st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "HEAD"]))
def test_any_path_is_answered(tail: str, method: str) -> None:
    api, _ = _api()
    for path in (f"/api/{tail}/", f"{POSTED}{tail}/", f"/api/qc/testlists/{tail}/"):
        assert 200 <= api.answer(Request(method, path, (), HEADERS)).status < 600


@settings(max_examples=150)
@given(st.dictionaries(SLUGS, VALUES, max_size=3) | ANYTHING)
def test_any_change_is_answered(tests: Any) -> None:
    api, store = _api()
    body = {
        "unit_test_collection": "/api/qc/unittestcollections/2/",
        "work_started": "2026-11-02 08:00",
        "tests": {"t_simple": {"value": 1}},
    }
    assert api.answer(Request("POST", POSTED, (), HEADERS, json.dumps(body).encode())).status == 201
    change = json.dumps({"tests": tests}).encode()
    assert api.answer(Request("PATCH", POSTED + "1/", (), HEADERS, change)).status in (200, 400, 500)
    assert len(store.all()) == 1
