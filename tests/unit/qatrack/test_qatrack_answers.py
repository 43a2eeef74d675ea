"""What answers mean: each documented shape leads to the right result or error, in words."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.errors import PumpError, RecordRejected, ServerRefused, ServerUnavailable
from qcpump_qt.engine.records import Stored
from qcpump_qt.qatrack.answer import KEPT, Answer
from qcpump_qt.qatrack.answers import read_json, read_post

URL = "https://qa.example.org/api/qa/testlistinstances/"
PAGE = b"<!DOCTYPE html><html><head><title>local: Error 404 : Resource not found</title></head><body>x</body></html>"


def answer(status: int, said: Any = None, **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(said, bytes):
        return Answer(status, {"content-type": "text/html; charset=utf-8", **names}, said, URL)
    body = b"" if said is None else json.dumps(said).encode()
    return Answer(status, {"content-type": "application/json", **names}, body, URL)


def post_error(given_answer: Answer) -> PumpError:
    with pytest.raises(PumpError) as caught:
        read_post(given_answer, "key/1")
    return caught.value


def test_only_201_with_a_session_means_stored() -> None:
    session = {"url": "http://x/api/qc/testlistinstances/7/", "site_url": "http://x/qc/session/details/7/"}
    assert read_post(answer(201, session)) == Stored(session["url"], session["site_url"], session)
    assert read_post(answer(201, {"url": "http://x/1/", "site_url": None})) == Stored(
        "http://x/1/", "", {"url": "http://x/1/", "site_url": None}
    )


@pytest.mark.parametrize("said", [None, [], {}, {"url": 5}, b"<html>Created</html>"])
def test_201_without_a_session_is_unclear_and_asked_for(said: Any) -> None:
    error = post_error(answer(201, said))
    assert isinstance(error, ServerUnavailable)
    assert (error.title, error.status, error.reached) == ("Unclear answer", 201, True)
    assert "asked for the session before anything is sent again" in error.message


@pytest.mark.parametrize(
    ("given_answer", "kind", "title", "words"),
    [
        (
            answer(401, {"detail": "Invalid token."}),
            ServerRefused,
            "API token refused",
            "does not know the API token",
        ),
        (
            answer(401, {"detail": "User inactive or deleted."}),
            ServerRefused,
            "API token refused",
            "inactive or deleted in QATrack+. Ask the administrator to activate the user",
        ),
        (
            answer(401, {"detail": "Authentication credentials were not provided."}),
            ServerRefused,
            "API token refused",
            "takes the Authorization header away",
        ),
        (answer(401, b"<html>Login</html>"), ServerRefused, "API token refused", "wants other credentials"),
        (
            answer(403, {"detail": "You do not have permission to perform this action."}),
            ServerRefused,
            "API user lacks a right",
            "Ask the administrator for the right",
        ),
        (
            answer(403, b"<html>WAF</html>"),
            ServerRefused,
            "Server refuses",
            "Something before QATrack+ forbids",
        ),
        (answer(404, PAGE), ServerRefused, "API address wrong", f"There is no QATrack+ API at {URL} (404)"),
        (answer(405, {"detail": 'Method "POST" not allowed.'}), ServerRefused, "API address wrong", "(405)"),
        (
            answer(407, b"<html>proxy</html>"),
            ServerRefused,
            "Proxy wants a login",
            "The proxy wants a user name and password (407)",
        ),
        (
            answer(415, {"detail": 'Unsupported media type "" in request.'}),
            ServerRefused,
            "Server refuses",
            "takes the Content-Type header away",
        ),
        (answer(418, {"detail": "teapot"}), ServerRefused, "Server refuses", "refused the request (418)"),
        (
            answer(400, b"<html><title>Bad Request (400)</title>"),
            ServerRefused,
            "API address wrong",
            "ALLOWED_HOSTS",
        ),
        (
            answer(400, b"<html><title>400 The plain HTTP request was sent to HTTPS port</title>"),
            ServerRefused,
            "API address wrong",
            "begin with https://",
        ),
        (answer(400), ServerRefused, "Server refuses", "did not understand the request (400)"),
        (answer(200, []), ServerRefused, "Not an answer of QATrack+", "Nothing was stored"),
        (
            answer(200, b"<title>Login</title>"),
            ServerRefused,
            "Not an answer of QATrack+",
            "It said: “Login”",
        ),
        (answer(204), ServerRefused, "Not an answer of QATrack+", "(204)"),
        (answer(500, PAGE), ServerUnavailable, "Server has an error", "error of its own (500)"),
        (
            answer(502, b"<h1>Bad Gateway</h1>"),
            ServerUnavailable,
            "Server has an error",
            "It said: “Bad Gateway”",
        ),
        (answer(408), ServerUnavailable, "Server has an error", "(408)"),
    ],
)
def test_troubles_with_the_server_are_told_apart(
    given_answer: Answer, kind: type[PumpError], title: str, words: str
) -> None:
    error = post_error(given_answer)
    assert type(error) is kind
    assert error.title == title
    assert words in error.message
    if isinstance(error, ServerUnavailable):
        assert (error.reached, error.status) == (True, given_answer.status)


def test_a_body_that_is_too_large_is_a_matter_of_the_record() -> None:
    error = post_error(answer(413, b"<title>413 Request Entity Too Large</title>"))
    assert isinstance(error, RecordRejected)
    assert "client_max_body_size" in error.message
    assert error.answer == "413 Request Entity Too Large"


@pytest.mark.parametrize(
    ("status", "location", "words"),
    [
        (301, "/api/qa/testlistinstances", "with or without a slash at its end"),
        (308, URL + "/", "with or without a slash at its end"),
        (
            302,
            "/accounts/login/?next=/qa/",
            "leads to its login page (https://qa.example.org/accounts/login/)",
        ),
        (301, URL.replace("https", "http"), "The server wants http:// for this address"),
        (301, "https://elsewhere.org/api/", "leads elsewhere (https://elsewhere.org/api/)"),
    ],
)
def test_redirects_are_explained_and_never_a_success(status: int, location: str, words: str) -> None:
    error = post_error(answer(status, b"", location=location))
    assert isinstance(error, ServerRefused)
    assert error.title == "API address wrong"
    assert words in error.message


def test_a_307_that_does_not_end_is_tried_later() -> None:
    error = post_error(answer(307, b"", location=URL))
    assert isinstance(error, ServerUnavailable)
    assert (error.title, error.status, error.reached) == ("Server sends requests back", 307, True)


DATE = "Fri, 20 Nov 2026 08:11:44 GMT"


@pytest.mark.parametrize(
    ("headers", "detail", "seconds"),
    [
        ({"retry_after": "56"}, "", 56),
        ({"retry_after": " 1.5 "}, "", 1.5),
        ({"retry_after": "0"}, "", 0),
        ({"retry_after": "Fri, 20 Nov 2026 08:12:44 GMT", "date": DATE}, "", 60),
        ({"retry_after": "Fri, 20 Nov 2026 08:12:14 GMT"}, "", 30),
        ({"retry_after": "Fri, 20 Nov 2026 08:00:00 GMT", "date": DATE}, "", 0),
        ({"retry_after": "soon"}, "Request was throttled. Expected available in 56 seconds.", 56),
        ({}, "Request was throttled. Expected available in 1 second.", 1),
        ({"retry_after": "-4"}, "", None),
        ({"retry_after": "Fri, 99 Nov 2026"}, "", None),
        ({}, "Request was throttled.", None),
    ],
)
def test_the_pause_that_is_asked_for(headers: dict[str, str], detail: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 20, 8, 11, 44, tzinfo=timezone.utc)
    assert answer(429, {"detail": detail}, **headers).retry_after(now) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_gives_a_pause_or_none(text: str) -> None:
    seconds = answer(429, {}, retry_after=text).retry_after()
    assert seconds is None or seconds >= 0


def test_throttling_and_overload_pass_the_pause_on() -> None:
    throttled = post_error(answer(429, {"detail": "Request was throttled."}, retry_after="56"))
    assert isinstance(throttled, ServerUnavailable)
    assert (throttled.retry_after, throttled.status, throttled.reached) == (56, 429, True)
    assert "asks for a pause of 56 seconds (429)" in throttled.message
    overloaded = post_error(answer(503, PAGE, retry_after="7"))
    assert isinstance(overloaded, ServerUnavailable)
    assert overloaded.retry_after == 7
    silent = post_error(answer(429))
    assert "too many requests from this user (429)" in silent.message


def test_questions_need_200_and_json() -> None:
    assert read_json(answer(200, {"count": 0}), "units") == {"count": 0}
    with pytest.raises(ServerRefused, match="answered the question for units") as page:
        read_json(answer(200, b"<title>Log In</title>"), "units")
    assert page.value.title == "Not an answer of QATrack+"
    with pytest.raises(
        ServerRefused, match=r"did not understand the question \(400\).*Enter a number"
    ) as bad:
        read_json(answer(400, {"unit__number": ["Enter a number."]}), "units")
    assert bad.value.title == "Server refuses"
    with pytest.raises(ServerUnavailable):
        read_json(answer(500, PAGE), "units")


def test_of_a_page_only_the_title_or_the_start_is_kept() -> None:
    assert answer(500, PAGE).kept() == "local: Error 404 : Resource not found"
    long = answer(500, b"<html><script>var x;</script><style>p {}</style><p>Hello &amp; " + b"w " * 2000)
    kept = long.kept()
    assert kept.startswith("Hello & w w")
    assert len(kept) <= KEPT
    assert answer(500, b"\xff\xfe plain").kept().endswith("plain")
    assert Answer(500, {}, b"plain   text\n").kept() == "plain text"


@pytest.mark.parametrize(
    ("status", "headers", "body", "cut"),
    [
        (200, {}, b"", True),
        (200, {"content-type": "application/json"}, b'{"a": ', True),
        (200, {"content-type": "application/json"}, b'{"a": 1}', False),
        (200, {"content-type": "application/json"}, b" null", False),
        (200, {"content-type": "text/html"}, b"<html>", False),
        (200, {"content-length": "0"}, b"", False),
        (200, {"transfer-encoding": "chunked"}, b"", False),
        (204, {}, b"", False),
    ],
)
def test_an_answer_of_unknown_length_may_be_cut(
    status: int, headers: dict[str, str], body: bytes, cut: bool
) -> None:
    assert Answer(status, headers, body).maybe_cut() is cut


def test_a_huge_json_answer_is_kept_in_part() -> None:
    kept = answer(400, {"x": "y" * 100_000}).kept()
    assert isinstance(kept, str)
    assert len(kept) <= KEPT


@given(st.binary(max_size=300), st.integers(100, 599), st.sampled_from(["text/html", "application/json", ""]))
def test_garbage_never_counts_as_stored(body: bytes, status: int, kind: str) -> None:
    with pytest.raises(PumpError) as caught:
        read_post(Answer(status, {"content-type": kind}, body, URL))
    assert caught.value.message
