"""The few kinds of answers."""

from __future__ import annotations

import json

import pytest

from qcpump_qt.demo.body import read_body
from qcpump_qt.demo.fault_answers import BEFORE, answer_of
from qcpump_qt.demo.faults import Fault, FaultKind
from qcpump_qt.demo.wire import Request, error_page, html_page, json_answer, moved, to_login


def test_json_is_ascii_on_the_wire_and_headers_get_their_hyphens() -> None:
    answer = json_answer(201, {"name": "Köln ±"}, allow="GET", Retry_After="5")
    assert answer.body == b'{"name":"K\\u00f6ln \\u00b1"}'
    assert answer.headers == {
        "Content-Type": "application/json",
        "Vary": "Accept, Cookie",
        "Allow": "GET",
        "Retry-After": "5",
    }


def test_pages_have_an_escaped_title() -> None:
    text = html_page("a < b", "<p>is HTML already</p>").body.decode("utf-8")
    assert "<title>a &lt; b</title>" in text
    assert "<p>is HTML already</p>" in text


@pytest.mark.parametrize(
    ("status", "title"),
    [(404, "Error 404 : Resource not found"), (500, "Error 500 : Server Error"), (418, "Error 418 : Error")],
)
def test_error_pages(status: int, title: str) -> None:
    answer = error_page(status)
    assert answer.status == status
    assert f"<h1>{title}</h1>" in answer.body.decode("utf-8")


def test_redirections() -> None:
    assert moved(301, "/api/").headers["Location"] == "/api/"
    assert "Vary" not in moved(301, "/api/").headers
    asked = to_login(Request("GET", "/units/ä", (("a", "b&c"),)))
    assert (asked.status, asked.headers["Location"]) == (
        302,
        "/accounts/login/?next=/units/%C3%A4%3Fa%3Db%2526c",
    )


def test_links_take_the_host_of_the_request() -> None:
    assert Request("GET", "/", headers={"host": "qa.example.org"}).base == "http://qa.example.org"


def test_every_kind_of_fault_that_keeps_a_request_has_its_answer() -> None:
    answers = {kind: answer_of(Fault(kind, seconds=7), "/x/") for kind in BEFORE}
    statuses = {kind: answer.status for kind, answer in answers.items() if answer is not None}
    assert statuses == {
        FaultKind.ERROR: 500,
        FaultKind.UNAVAILABLE: 503,
        FaultKind.THROTTLED: 429,
        FaultKind.REDIRECT: 307,
        FaultKind.PAGE: 200,
    }
    throttled = answers[FaultKind.THROTTLED]
    assert throttled is not None
    assert "7 seconds" in json.loads(throttled.body)["detail"]


def test_bodies_of_known_length_and_in_chunks() -> None:
    from io import BytesIO

    assert read_body(BytesIO(b"abcdef"), {"content-length": "3"}) == b"abc"
    assert read_body(BytesIO(b"abc"), {}) == b""
    chunked = {"transfer-encoding": "Chunked"}
    assert read_body(BytesIO(b"3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n"), chunked) == b"abcde"
    for broken in (b"3\r\nab", b"", b"zz\r\nabc\r\n"):
        assert read_body(BytesIO(broken), chunked) is None
    assert read_body(BytesIO(b"ab"), {"content-length": "3"}) is None
    assert read_body(BytesIO(b"ab"), {"content-length": "x"}) is None
