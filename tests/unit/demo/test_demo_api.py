"""The API's answers, without a network: who may ask, and every row of the table of POST errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from qcpump_qt.demo.api import Api
from qcpump_qt.demo.clock import FORMAT_MESSAGE, ServerClock
from qcpump_qt.demo.sessions import SessionStore
from qcpump_qt.demo.throttle import Throttle
from qcpump_qt.demo.uploads import ATTACHMENTS_MESSAGE, NOT_BASE64
from qcpump_qt.demo.wire import Request, Response
from qcpump_qt.demo.world import World

POSTED = "/api/qa/testlistinstances/"
SMALL, FILES, SUMS, CYCLE, ZOO = (f"http://host/api/qc/unittestcollections/{n}/" for n in range(1, 6))


def _lines(values: Mapping[str, Any]) -> int:
    return len(values["upload"].decode("utf-8").splitlines())


@pytest.fixture
def world() -> World:
    world = World()
    world.add_unit("Linac 1", 1)
    world.add_test_list("Small", {"a": "simple", "b": "simple", "note": "string"})
    world.add_test_list(
        "Files", {"upload": "upload", "n_lines": "composite"}, calculations={"n_lines": _lines}
    )
    world.add_test_list(
        "Sums",
        {"x": "simple", "k": "constant", "total": "composite"},
        constants={"k": 2.5},
        calculations={"total": lambda values: values["x"] * values["k"]},
    )
    zoo = {"yes": "boolean", "turn": "wraparound", "pick": "multchoice", "day": "date", "when": "datetime"}
    world.add_test_list("Zoo", zoo)
    world.add_cycle("Cycle", ["Small", "Sums"])
    for name in ("Small", "Files", "Sums", "Cycle", "Zoo"):
        world.assign(name, 1)
    world.add_user("pump", "good")
    world.add_user("reader", "reader", may_add=False)
    world.add_user("gone", "gone", active=False)
    world.add_user("editor", "editor", may_change=True)
    world.add_user("admin", "admin", superuser=True, password="secret")
    return world


class Asker:
    """Asks one API with one token."""

    def __init__(self, world: World, throttle: int | None = None) -> None:
        self.store = SessionStore()
        self.api = Api(world, self.store, ServerClock("America/Toronto"), Throttle(throttle))

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = "good", **query: str
    ) -> Response:
        headers = {"host": "host", "content-type": "application/json"}
        if token is not None:
            headers["authorization"] = f"Token {token}"
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        return self.api.answer(Request(method, path, tuple(query.items()), headers, text.encode("utf-8")))

    def post(self, **changes: Any) -> tuple[int, Any]:
        body = {
            "unit_test_collection": SMALL,
            "work_started": "2026-11-02 08:00:00",
            "work_completed": "2026-11-02 08:05:00",
            "tests": {"a": {"value": 1.5}, "b": {"value": 2}, "note": {"value": "hello"}},
            **changes,
        }
        answer = self.ask("POST", POSTED, {k: v for k, v in body.items() if v is not ...})
        return answer.status, _content(answer)


def _content(answer: Response) -> Any:
    is_json = answer.headers["Content-Type"] == "application/json"
    return json.loads(answer.body) if is_json else answer.body.decode("utf-8")


@pytest.fixture
def asker(world: World) -> Asker:
    return Asker(world)


# --- who may ask ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        (None, "Authentication credentials were not provided."),
        ("Bearer good", "Authentication credentials were not provided."),
        ("Token bad", "Invalid token."),
        ("Token", "Invalid token header. No credentials provided."),
        ("Token a b", "Invalid token header. Token string should not contain spaces."),
        ("Token gone", "User inactive or deleted."),
    ],
)
def test_without_a_good_token_the_answer_is_401(asker: Asker, header: str | None, detail: str) -> None:
    headers = {} if header is None else {"authorization": header}
    for method, path in (("GET", "/api/"), ("GET", "/api/units/units/"), ("POST", POSTED)):
        answer = asker.api.answer(Request(method, path, (), headers))
        assert (answer.status, _content(answer)) == (401, {"detail": detail})
        assert answer.headers["WWW-Authenticate"] == "Token"


def test_the_auth_root_answers_anybody_but_a_bad_token(asker: Asker) -> None:
    assert asker.ask("GET", "/api/auth/", token=None).status == 200
    assert asker.ask("GET", "/api/auth/", token="bad").status == 401


@pytest.mark.parametrize(
    ("token", "method", "path", "status"),
    [
        ("reader", "GET", POSTED, 200),
        ("reader", "POST", POSTED, 403),
        ("good", "POST", POSTED, 400),
        ("good", "POST", "/api/units/units/", 403),
        ("admin", "POST", "/api/units/units/", 405),
        ("good", "PUT", POSTED, 403),
        ("admin", "DELETE", POSTED, 405),
        ("good", "HEAD", POSTED, 405),
        ("good", "OPTIONS", POSTED, 405),
        ("good", "OPTIONS", "/api/qa/unittestcollections/", 200),
        ("good", "GET", "/api/nosuch/", 404),
        ("good", "GET", "/api/units/units/77/", 404),
        ("good", "GET", "/api/units/units/1/2/", 404),
        ("good", "GET", "/api/qc/testlists/1/", 200),
        ("good", "GET", POSTED + "1/", 404),
        ("editor", "PATCH", POSTED + "1/", 404),
    ],
)
def test_rights_and_methods(asker: Asker, token: str, method: str, path: str, status: int) -> None:
    answer = asker.ask(method, path, {} if method == "POST" else None, token=token)
    assert answer.status == status
    if status in (403, 405):
        assert _content(answer)["detail"] in (
            "You do not have permission to perform this action.",
            f'Method "{method}" not allowed.',
        )


def test_what_one_may_do_stands_in_the_users_detail(asker: Asker) -> None:
    listed = _content(asker.ask("GET", "/api/auth/users/", username="reader"))
    assert listed["count"] == 1
    path = listed["results"][0]["url"].removeprefix("http://host")
    assert _content(asker.ask("GET", path))["permissions"] == []


def test_a_token_for_name_and_password(asker: Asker) -> None:
    good = asker.ask("POST", "/api/get-token/", {"username": "admin", "password": "secret"}, token=None)
    bad = asker.ask("POST", "/api/get-token/", {"username": "admin", "password": "x"}, token=None)
    assert _content(good) == {"token": "admin"}
    assert (bad.status, _content(bad)) == (
        400,
        {"non_field_errors": ["Unable to log in with provided credentials."]},
    )


def test_both_spellings_and_links_that_always_say_qc(asker: Asker) -> None:
    for spelling in ("qa", "qc"):
        listed = _content(asker.ask("GET", f"/api/{spelling}/unittestcollections/", limit="1"))
        assert listed["results"][0]["url"] == "http://host/api/qc/unittestcollections/1/"
        assert listed["next"] == f"http://host/api/{spelling}/unittestcollections/?limit=1&offset=1"


def test_the_root_and_its_menus(asker: Asker) -> None:
    assert _content(asker.ask("GET", "/api/"))["qa"] == "http://host/api/qa"
    assert _content(asker.ask("GET", "/api/units/")) == {
        "units": "http://host/api/units/units/",
        "sites": "http://host/api/units/sites/",
    }


# --- storing -------------------------------------------------------------------------------------------------


def test_a_session_is_stored_and_answered_whole(asker: Asker) -> None:
    answer = asker.ask(
        "POST",
        POSTED,
        {
            "unit_test_collection": SMALL,
            "work_started": "2026-11-02 08:00",
            "work_completed": "2026-11-02 08:00",
            "tests": {
                "a": {"value": True, "comment": "first"},
                "b": {"skipped": True},
                "note": {"value": [1, 2]},
                "unknown": {"value": 3},
            },
            "user_key": "  k1 ",
            "comment": "",
            "nosuch": 1,
        },
    )
    content = _content(answer)
    assert answer.status == 201
    assert answer.headers["Location"] == content["url"] == "http://host/api/qc/testlistinstances/1/"
    assert content["site_url"] == "http://host/qc/session/details/1/"
    assert (content["user_key"], content["comment"]) == ("k1", None)
    assert content["work_completed"] == "2026-11-02T08:01:00-05:00", "equal times: the server adds a minute"
    tests = content["tests"]
    assert list(tests) == ["a", "b", "note"]
    assert (tests["a"]["value"], tests["a"]["value_display"], tests["a"]["comment"]) == (1.0, "1", "first")
    assert (tests["b"]["skipped"], tests["b"]["value_display"]) == (True, "Skipped")
    assert tests["b"]["pass_fail"] == ["not_done", "Not Done"]
    assert tests["note"]["string_value"] == "[1, 2]"


def test_a_stored_session_is_found_by_its_key(asker: Asker) -> None:
    asker.post(user_key="k1")
    asker.post(user_key="K1")
    for key, count in (("k1", 1), (" k1 ", 1), ("K1", 1), ("k2", 0), ("k1,K1", 0), ("", 2)):
        listed = _content(asker.ask("GET", POSTED, user_key=key))
        assert listed["count"] == count
    found = _content(asker.ask("GET", POSTED, user_key="k1"))["results"][0]
    assert found["user_key"] == "k1"
    assert [each["value"] for each in found["test_instances"]] == [1.5, 2.0, None]
    assert _content(asker.ask("GET", "/api/qc/testlistinstances/1/")) == found


def test_values_of_every_type(asker: Asker) -> None:
    status, content = asker.post(
        unit_test_collection=ZOO,
        tests={
            "yes": {"value": True},
            "turn": {"value": 359.5},
            "pick": {"value": "Never"},
            "day": {"value": "2026-11-02"},
            "when": {"value": "2026-11-02 08:00:00"},
        },
    )
    tests = content["tests"]
    assert status == 201
    assert [each["value_display"] for each in tests.values()] == [
        "Yes",
        "359.5",
        "Never",
        "02 Nov 2026",
        "02 Nov 2026 08:00",
    ]
    assert tests["when"]["datetime_value"] == "2026-11-02T13:00:00Z"


def test_a_bad_date_value_is_stored_as_none(asker: Asker) -> None:
    given = {name: {"skipped": True} for name in ("yes", "turn", "pick", "when")}
    status, content = asker.post(unit_test_collection=ZOO, tests={**given, "day": {"value": "soon"}})
    assert (status, content["tests"]["day"]["date_value"]) == (201, None)
    assert content["tests"]["day"]["value_display"] == "Not Done"


def test_without_completion_it_is_now(asker: Asker) -> None:
    status, content = asker.post(work_completed=...)
    assert status == 201
    assert content["work_completed"] > content["work_started"]


def test_a_status_makes_it_reviewed(asker: Asker) -> None:
    _, content = asker.post(status="http://host/api/qc/testinstancestatus/2/")
    assert content["all_reviewed"] is True
    assert content["reviewed_by"] == "http://host/api/auth/users/1/"


@pytest.mark.parametrize("key", [..., None])
def test_without_a_key_the_same_is_stored_twice(asker: Asker, key: object) -> None:
    assert [asker.post(user_key=key)[0] for _ in range(2)] == [201, 201]


def test_the_editor_may_change_a_value(asker: Asker) -> None:
    asker.post(user_key="k")
    refused = asker.ask("PATCH", POSTED + "1/", {"tests": {"a": {"value": 9}}})
    changed = asker.ask("PATCH", POSTED + "1/", {"tests": {"a": {"value": 9}}}, token="editor")
    assert (refused.status, changed.status) == (403, 200)
    assert _content(changed)["tests"]["a"]["value"] == 9.0
    assert _content(asker.ask("GET", POSTED + "1/"))["modified_by"] == "http://host/api/auth/users/4/"


# --- the table of errors: fields by themselves ---------------------------------------------------------------

REQUIRED = ["This field is required."]
FIELD_ERRORS: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
    ({"user_key": "taken"}, {"user_key": ["test list instance with this user key already exists."]}),
    ({"user_key": "taken  "}, {"user_key": ["test list instance with this user key already exists."]}),
    (
        {"user_key": "taken", "tests": {"a": {"value": 1}}},
        {"user_key": ["test list instance with this user key already exists."]},
    ),
    ({"user_key": "k" * 256}, {"user_key": ["Ensure this field has no more than 255 characters."]}),
    ({"user_key": "k\0"}, {"user_key": ["Null characters are not allowed."]}),
    ({"user_key": ["k"]}, {"user_key": ["Not a valid string."]}),
    ({"tests": ...}, {"tests": REQUIRED}),
    ({"tests": ..., "unit_test_collection": ...}, {"tests": REQUIRED, "unit_test_collection": REQUIRED}),
    ({"work_started": ...}, {"work_started": REQUIRED}),
    ({"tests": [1]}, {"tests": ['Expected a dictionary of items but got type "list".']}),
    (
        {"tests": {"a": 1.5, "b": {"value": 2}}},
        {"tests": ['"a" field(s) have errors. Test data must be a dictionary ']},
    ),
    ({"work_completed": None}, {"work_completed": ["This field may not be null."]}),
    ({"work_started": "soon"}, {"work_started": [FORMAT_MESSAGE]}),
    (
        {"work_started": "2026-03-08 02:30"},
        {"work_started": ['Invalid datetime for the timezone "America/Toronto".']},
    ),
    ({"day": "x"}, {"day": ["A valid integer is required."]}),
    ({"in_progress": "perhaps"}, {"in_progress": ["Must be a valid boolean."]}),
    ({"status": "nonsense"}, {"status": ["Invalid hyperlink - No URL match."]}),
    ({"attachments": ["a.txt"]}, {"attachments": [ATTACHMENTS_MESSAGE]}),
    (
        {"unit_test_collection": SMALL.replace("/1/", "/999/")},
        {"unit_test_collection": ["Invalid hyperlink - Object does not exist."]},
    ),
    (
        {"unit_test_collection": "http://host/api/units/units/1/"},
        {"unit_test_collection": ["Invalid hyperlink - Incorrect URL match."]},
    ),
    ({"unit_test_collection": "nonsense"}, {"unit_test_collection": ["Invalid hyperlink - No URL match."]}),
    (
        {"unit_test_collection": SMALL.rstrip("/")},
        {"unit_test_collection": ["Invalid hyperlink - No URL match."]},
    ),
    (
        {"unit_test_collection": 1},
        {"unit_test_collection": ["Incorrect type. Expected URL string, received int."]},
    ),
]


@pytest.mark.parametrize(("changes", "errors"), FIELD_ERRORS)
def test_field_errors(asker: Asker, changes: dict[str, Any], errors: dict[str, list[str]]) -> None:
    asker.post(user_key="taken")
    assert asker.post(**changes) == (400, errors)
    assert len(asker.store.all()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"user_key": "k" * 255},
        {"user_key": 12345},
        {"unit_test_collection": "/api/qa/unittestcollections/1/"},
        {"unit_test_collection": "https://other.example.org/api/qc/unittestcollections/1/"},
        {"day": "0"},
        {"comment": None},
        {"attachments": [{"filename": "a.txt", "value": "x", "encoding": "text"}]},
        {"include_for_scheduling": False, "in_progress": True},
    ],
)
def test_what_is_accepted(asker: Asker, changes: dict[str, Any]) -> None:
    assert asker.post(**changes)[0] == 201


# --- the table of errors: how the fields fit -----------------------------------------------------------------


def _wrong(slug: str) -> str:
    return (
        f"Wrong value type (number/string) for tests: {slug}\nIf these are composite tests with missing "
        "dependencies, they should be marked as skipped in your request "
        f"(e.g. {{'tests': {{'{slug}': {{'skipped': True}}}}}})"
    )


GOOD = {"a": {"value": 1.5}, "b": {"value": 2}, "note": {"value": "x"}}
FILE = {"value": "line\nline", "filename": "a.txt", "encoding": "text"}
MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"tests": {}}, "Missing data for tests: a, b, note"),
    ({"tests": {"a": {"value": 1}, "note": {"value": "x"}}}, "Missing data for tests: b"),
    ({"tests": {"a": {"value": 1}}, "in_progress": True}, "Missing data for tests: b, note"),
    ({"tests": {**GOOD, "a": {"value": "1.5"}}}, _wrong("a")),
    ({"tests": {**GOOD, "a": {"value": None}}}, _wrong("a")),
    ({"tests": {**GOOD, "a": {}}}, _wrong("a")),
    (
        {"tests": {"a": {"value": "x"}, "note": {"value": "x"}}},
        "Missing data for tests: b\n" + _wrong("a"),
    ),
    (
        {"tests": {"a": {"value": 1}}, "work_completed": "2026-11-02 07:00"},
        "Missing data for tests: b, note\nwork_completed date must be after work_started",
    ),
    ({"work_completed": "2026-11-02 07:59:59"}, "work_completed date must be after work_started"),
    ({"day": 1}, "'1' is not a valid day for this Test Collection.  Day must be between 0 & 0"),
    ({"unit_test_collection": CYCLE}, "You must include the 'day' key when performing a Test List Cycle"),
    (
        {"unit_test_collection": CYCLE, "day": 2},
        "'2' is not a valid day for this Test Collection.  Day must be between 0 & 1",
    ),
    ({"unit_test_collection": FILES, "tests": {}}, "upload is missing the filename field"),
    (
        {"unit_test_collection": FILES, "tests": {"upload": {"skipped": True}}},
        "upload is missing the filename field",
    ),
    ({"unit_test_collection": FILES, "tests": {"upload": {**FILE, "encoding": "base64"}}}, NOT_BASE64),
    (
        {"unit_test_collection": FILES, "tests": {"upload": FILE, "n_lines": {"value": 3}}},
        "The following tests are calculated automatically and should not have values provided: n_lines",
    ),
    (
        {"unit_test_collection": SUMS, "tests": {}},
        'Error with total test: Invalid Test Procedure: total", line 1, in total\n'
        "NameError: name 'x' is not defined\n",
    ),
    ({"unit_test_collection": SUMS, "tests": {"x": {"skipped": True}}}, _wrong("total")),
    (
        {"unit_test_collection": SUMS, "tests": {"x": {"value": 2}, "k": {"value": 9}}},
        "Incorrect constant value passed for k",
    ),
]


@pytest.mark.parametrize(("changes", "message"), MISFITS)
def test_misfits(asker: Asker, changes: dict[str, Any], message: str) -> None:
    assert asker.post(user_key="k", **changes) == (400, {"non_field_errors": [message]})
    assert asker.post(user_key="k")[0] == 201, "what was refused is not stored, its key is free"


def test_composites_and_constants_are_filled_in(asker: Asker) -> None:
    status, content = asker.post(unit_test_collection=SUMS, tests={"x": {"value": 2}})
    assert status == 201
    assert [each["value"] for each in content["tests"].values()] == [2.0, 2.5, 5.0]


def test_a_skipped_composite_is_not_calculated(asker: Asker) -> None:
    tests = {"x": {"skipped": True}, "total": {"skipped": True}}
    status, content = asker.post(unit_test_collection=SUMS, tests=tests)
    assert (status, content["tests"]["total"]["skipped"]) == (201, True)


def test_a_calculation_that_fails_on_the_file(asker: Asker) -> None:
    upload = {"filename": "a.bin", "value": "gA=="}
    status, content = asker.post(unit_test_collection=FILES, tests={"upload": upload})
    assert status == 400
    assert content["non_field_errors"][0].startswith("Error with n_lines test: Invalid Test Procedure: ")


def test_each_day_of_a_cycle_has_its_own_list(asker: Asker) -> None:
    status, content = asker.post(unit_test_collection=CYCLE, day=1, tests={"x": {"value": 2}})
    assert (status, content["day"], content["test_list"]) == (201, 1, "http://host/api/qc/testlists/3/")


def test_a_file_is_stored_under_a_clean_name(asker: Asker) -> None:
    status, content = asker.post(unit_test_collection=FILES, tests={"upload": FILE})
    assert status == 201
    upload = content["tests"]["upload"]
    assert upload["attachments"][0].startswith("/media/uploads/testinstance/1/a_")
    assert upload["value_display"].startswith('<a href="/media/uploads/testinstance/1/a_')
    assert content["tests"]["n_lines"]["value"] == 2.0
    listed = _content(asker.ask("GET", POSTED))["results"][0]
    assert listed["test_instances"][0]["attachments"][0]["label"] == "a.txt"


# --- what the real server falls over, and bodies that are none -----------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"tests": {**GOOD, "a": {"skipped": "true"}}},
        {"tests": {**GOOD, "a": {"value": 10**400}}},
        {"tests": {**GOOD, "note": {"value": "ab\0"}}},
        {"unit_test_collection": FILES, "tests": {"upload": {"filename": "a.txt"}}},
        {"unit_test_collection": FILES, "tests": {"upload": {**FILE, "value": None}}},
    ],
)
def test_crashes_are_html_pages_and_store_nothing(asker: Asker, changes: dict[str, Any]) -> None:
    status, content = asker.post(**changes)
    assert status == 500
    assert content.startswith("<!DOCTYPE html>")
    assert asker.store.all() == ()


def test_the_second_empty_key_is_a_crash(asker: Asker) -> None:
    assert [asker.post(user_key="")[0] for _ in range(2)] == [201, 500]


def test_there_is_no_bulk_create(asker: Asker) -> None:
    assert asker.ask("POST", POSTED, [{}, {}]).status == 500


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('{"tests": ', "JSON parse error - Expecting value: line 1 column 11 (char 10)"),
        ('{"a": NaN}', "JSON parse error - Out of range float values are not JSON compliant: 'NaN'"),
        (
            '{"a": Infinity}',
            "JSON parse error - Out of range float values are not JSON compliant: 'Infinity'",
        ),
    ],
)
def test_text_that_is_no_json(asker: Asker, text: str, detail: str) -> None:
    answer = asker.ask("POST", POSTED, text)
    assert (answer.status, _content(answer)) == (400, {"detail": detail})


@pytest.mark.parametrize("kind", ["text/plain", ""])
def test_other_media_types_are_refused(asker: Asker, kind: str) -> None:
    headers = {"authorization": "Token good", "content-type": kind}
    answer = asker.api.answer(Request("POST", POSTED, (), headers, b"{}"))
    assert (answer.status, _content(answer)) == (
        415,
        {"detail": f'Unsupported media type "{kind}" in request.'},
    )


def test_a_form_is_read_but_has_no_tests(asker: Asker) -> None:
    headers = {"authorization": "Token good", "content-type": "application/x-www-form-urlencoded"}
    body = b"unit_test_collection=/api/qc/unittestcollections/1/&work_started=2026-11-02+08:00"
    answer = asker.api.answer(Request("POST", POSTED, (), headers, body))
    assert (answer.status, _content(answer)) == (400, {"tests": REQUIRED})


# --- limits --------------------------------------------------------------------------------------------------


def test_the_throttle_counts_reads_and_posts_of_sessions_only(world: World) -> None:
    asker = Asker(world, throttle=2)
    assert asker.ask("GET", POSTED).status == 200
    assert asker.post()[0] == 201
    answer = asker.ask("GET", POSTED)
    wait = answer.headers["Retry-After"]
    assert answer.status == 429
    assert wait in ("59", "60")
    assert _content(answer) == {"detail": f"Request was throttled. Expected available in {wait} seconds."}
    assert asker.post()[0] == 429
    assert asker.ask("GET", "/api/units/units/").status == 200
    assert asker.ask("GET", POSTED, token="reader").status == 200


def test_lists_have_their_page_sizes(asker: Asker, world: World) -> None:
    for number in range(2, 113):
        world.add_unit(f"Unit {number}", number)
        world.assign("Small", number)
        asker.post()
    for path, size in (("/api/units/units/", 100), ("/api/qa/unittestcollections/", 10), (POSTED, 10)):
        assert len(_content(asker.ask("GET", path))["results"]) == size


def test_units_come_by_number_and_sites_by_name(world: World, asker: Asker) -> None:
    world.add_unit("Early", 0)
    for name in ("Zeta", "Alpha"):
        world.add_site(name)
    units = _content(asker.ask("GET", "/api/units/units/"))["results"]
    sites = _content(asker.ask("GET", "/api/units/sites/"))["results"]
    assert [unit["number"] for unit in units] == [0, 1]
    assert [site["name"] for site in sites] == ["Alpha", "Zeta"]
    assert [site["url"][-2] for site in sites] == ["2", "1"]
    detail = _content(asker.ask("GET", "/api/units/units/2/"))
    assert (detail["name"], detail["modalities"]) == ("Early", [])


def test_which_tests_a_list_has_can_be_found_out(asker: Asker) -> None:
    members = _content(asker.ask("GET", "/api/qa/testlistmemberships/", test_list__name="Small"))["results"]
    assert [member["test"] for member in members] == [f"http://host/api/qc/tests/{n}/" for n in (1, 2, 3)]
    tests = _content(asker.ask("GET", "/api/qa/tests/", slug__in="a,note"))["results"]
    assert [(test["slug"], test["type"]) for test in tests] == [("a", "simple"), ("note", "string")]
