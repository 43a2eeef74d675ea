"""The pages for people: plain, whole, and safe against whatever was delivered."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from qcpump_qt.demo.clinic import demo_world
from qcpump_qt.demo.page import Pages
from qcpump_qt.demo.sessions import Attachment, Result, Session, SessionStore
from qcpump_qt.demo.wire import Response

NASTY = "<script>alert('x')</script> & \"so\""


class Reader(HTMLParser):
    """Collects texts and tags, and fails on tags that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(data.strip())


def _read(answer: Response | None) -> Reader:
    assert answer is not None
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    reader = Reader()
    reader.feed(answer.body.decode("utf-8"))
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture
def pages() -> Pages:
    store = SessionStore()
    for key in ("first", NASTY):
        store.add(
            Session(
                assignment_id=2,
                test_list_id=1,
                user_id=1,
                work_started="2026-11-02T08:00:00-05:00",
                work_completed="2026-11-02T08:05:00-05:00",
                created="2026-11-02T09:00:00-05:00",
                modified="2026-11-02T09:00:00-05:00",
                user_key=key,
                comment=f"line one\n{NASTY}",
                results=[
                    Result("a", "simple", 1, value=1.5, display="1.5", comment=NASTY),
                    Result("b", "simple", 2, display="Skipped", skipped=True),
                    Result("f", "upload", 3, attachment=Attachment(1, NASTY, "x.txt", 12, "ab")),
                ],
            )
        )
    return Pages(demo_world(), store)


def test_the_overview_lists_sessions_newest_first(pages: Pages) -> None:
    reader = _read(pages.answer("/"))
    links = [value for tag, name, value in reader.attributes if (tag, name) == ("a", "href")]
    assert links == ["/qc/session/details/2/", "/qc/session/details/1/"]
    assert "2 sessions delivered, newest first" in reader.text
    row = reader.text[reader.text.index("first") - 5 :]
    assert row[:8] == [
        "1",
        "North Campus: Linac 2",
        "MPC: Beam and Geometry Checks",
        "2026-11-02 08:00:00",
        "2026-11-02 08:05:00",
        "first",
        "2",
        "1",
    ]


def test_an_empty_stand_in_has_a_page_too() -> None:
    assert "0 sessions delivered, newest first" in _read(Pages(demo_world(), SessionStore()).overview()).text


def test_a_session_shows_its_values(pages: Pages) -> None:
    reader = _read(pages.answer("/qc/session/details/1/"))
    for text in ("Session 1: MPC: Beam and Geometry Checks", "1.5", "Skipped", "line one", "first", "pump"):
        assert text in reader.text
    assert f"{NASTY} (12 bytes)" in reader.text


@pytest.mark.parametrize("path", ["/", "/qc/session/details/2/", "/accounts/login/"])
def test_pages_are_escaped_accessible_and_without_scripts(pages: Pages, path: str) -> None:
    answer = pages.answer(path)
    reader = _read(answer)
    assert answer is not None
    assert b"<script" not in answer.body
    assert ("html", "lang", "en") in reader.attributes
    assert {"title", "main", "h1"} <= set(reader.tags)
    assert reader.tags.count("caption") == reader.tags.count("table")
    assert all(name == "scope" for tag, name, _ in reader.attributes if tag == "th")
    assert sum(tag == "th" for tag, _, _ in reader.attributes) == reader.tags.count("th")


def test_a_session_that_is_not_there(pages: Pages) -> None:
    answer = pages.answer("/qc/session/details/9/")
    assert answer is not None
    assert answer.status == 404
    assert pages.answer("/elsewhere/") is None


def test_a_session_of_a_cycle_tells_its_day() -> None:
    world, store = demo_world(), SessionStore()
    world.add_cycle("Both", ["MPC: Enhanced MLC Checks", "MPC: Enhanced Couch Checks"])
    assignment = world.assign("Both", 1)
    moment = "2026-11-02T08:00:00-05:00"
    session = Session(assignment.id, 2, 1, moment, moment, moment, moment, "k", [], day=1)
    store.add(session)
    text = _read(Pages(world, store).session(1)).text
    assert text[text.index("Day of the cycle") + 1] == "2"
