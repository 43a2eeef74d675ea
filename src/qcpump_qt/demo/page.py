"""The stand-in's pages for people: what was delivered, and one session with its values.

Plain HTML that works without scripts and with a screen reader: captions, header cells, a title on
every page. Everything that came from outside is escaped.
"""

from __future__ import annotations

import re
from html import escape

from qcpump_qt.demo.sessions import Result, Session, SessionStore
from qcpump_qt.demo.wire import Response, error_page, html_page
from qcpump_qt.demo.world import World

_SESSION_PAGE = re.compile(r"/qc/session/details/(\d+)/")


class Pages:
    """Writes the pages over what was delivered."""

    def __init__(self, world: World, store: SessionStore) -> None:
        self._world = world
        self._store = store

    def answer(self, path: str) -> Response | None:
        """The page at a path, None where there is none."""
        if path == "/":
            return self.overview()
        if match := _SESSION_PAGE.fullmatch(path):
            return self.session(int(match[1]))
        if path == "/accounts/login/":
            return html_page("Log In", "<p>The stand-in has no logins; its overview is at /.</p>")
        return None

    def overview(self) -> Response:
        """All sessions, newest first."""
        sessions = sorted(self._store.all(), key=lambda session: session.id, reverse=True)
        head = ("Session", "Unit", "Test list", "Started", "Completed", "Key", "Values", "Skipped")
        rows = "".join(self._row(session) for session in sessions)
        count = f"{len(sessions)} session{'s' * (len(sessions) != 1)} delivered, newest first"
        note = (
            "<p>This is a stand-in for a QATrack+ server, made for demonstration and tests. "
            "It shows what was delivered to it.</p>"
        )
        return html_page("QATrack+ stand-in", note + _table(count, head, rows))

    def session(self, number: int) -> Response:
        """One session with its values."""
        session = self._store.get(number)
        if session is None:
            return error_page(404)
        facts = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{_lines(text)}</td></tr>'
            for name, text in self._facts(session)
        )
        values = "".join(_value_row(result) for result in session.results)
        content = (
            f"<table><caption>About this session</caption><tbody>{facts}</tbody></table>"
            + _table("Values", ("Test", "Value", "Comment"), values)
            + '<p><a href="/">All sessions</a></p>'
        )
        return html_page(f"Session {session.id}: {self._list_name(session)}", content)

    def _row(self, session: Session) -> str:
        skipped = sum(result.skipped for result in session.results)
        texts = (
            self._unit(session),
            self._list_name(session),
            _clock_time(session.work_started),
            _clock_time(session.work_completed),
            session.user_key or "",
        )
        cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
        numbers = "".join(f'<td class="number">{n}</td>' for n in (len(session.results) - skipped, skipped))
        link = f'<th scope="row"><a href="/qc/session/details/{session.id}/">{session.id}</a></th>'
        return f"<tr>{link}{cells}{numbers}</tr>"

    def _facts(self, session: Session) -> list[tuple[str, str]]:
        facts = [
            ("Unit", self._unit(session)),
            ("Test list", self._list_name(session)),
            ("Started", _clock_time(session.work_started)),
            ("Completed", _clock_time(session.work_completed)),
            ("Key", session.user_key or ""),
            ("Delivered by", self._world.users[session.user_id - 1].name),
            ("Delivered at", _clock_time(session.created)),
            ("In progress", "yes" if session.in_progress else "no"),
            ("Comment", session.comment or ""),
        ]
        if len(self._world.assignments[session.assignment_id - 1].days) > 1:
            facts.append(("Day of the cycle", str(session.day + 1)))
        return facts

    def _unit(self, session: Session) -> str:
        unit = self._world.assignments[session.assignment_id - 1].unit
        return unit.name if unit.site is None else f"{unit.site.name}: {unit.name}"

    def _list_name(self, session: Session) -> str:
        return self._world.assignments[session.assignment_id - 1].name


def _table(caption: str, head: tuple[str, ...], rows: str) -> str:
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{cells}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _value_row(result: Result) -> str:
    text = result.display
    if result.attachment is not None:
        text = f"{result.attachment.label} ({result.attachment.size} bytes)"
    return (
        f'<tr><th scope="row">{escape(result.slug)}</th><td>{_lines(text)}</td>'
        f"<td>{_lines(result.comment or '')}</td></tr>"
    )


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _clock_time(moment: str) -> str:
    return moment[:19].replace("T", " ")
