"""The stand-in's control paths, for tests that run it as a process of its own, and its sessions as plain data."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from qcpump_qt.demo.connection import CONTROL
from qcpump_qt.demo.counts import Counts
from qcpump_qt.demo.faults import Faults
from qcpump_qt.demo.sessions import Result, Session
from qcpump_qt.demo.wire import Request, Response, error_page, json_answer
from qcpump_qt.demo.world import World


class Control:
    """Answers ``/_standin/faults`` (POST), ``/_standin/counts`` and ``/_standin/sessions`` (GET)."""

    def __init__(self, faults: Faults, counts: Counts, sessions: Callable[[], list[dict[str, Any]]]) -> None:
        self._faults = faults
        self._reads: dict[str, Callable[[], Any]] = {"counts": counts.plain, "sessions": sessions}

    def answer(self, request: Request) -> Response:
        """The answer to a request below ``/_standin/``."""
        name = request.path.removeprefix(CONTROL)
        if name in self._reads and request.method == "GET":
            return json_answer(200, self._reads[name]())
        if name != "faults" or request.method != "POST":
            return error_page(404)
        try:
            self._faults.set(json.loads(request.body))
        except ValueError as error:
            return json_answer(400, {"detail": str(error)})
        return json_answer(200, {})


def plain_session(world: World, session: Session) -> dict[str, Any]:
    """A session as tests compare it; times are clock readings of the server."""
    assignment = world.assignments[session.assignment_id - 1]
    return {
        "id": session.id,
        "user_key": session.user_key,
        "unit": assignment.unit.number,
        "test_list": assignment.name,
        "work_started": session.work_started[:19].replace("T", " "),
        "work_completed": session.work_completed[:19].replace("T", " "),
        "day": session.day,
        "comment": session.comment,
        "in_progress": session.in_progress,
        "created_by": world.users[session.user_id - 1].name,
        "tests": {result.slug: _plain_result(result) for result in session.results},
    }


def _plain_result(result: Result) -> dict[str, Any]:
    value = next(
        (v for v in (result.value, result.date_value, result.datetime_value) if v is not None),
        result.string_value or None,
    )
    plain = {"value": value, "skipped": result.skipped, "comment": result.comment}
    if result.attachment is not None:
        file = result.attachment
        plain |= {"value": None, "filename": file.label, "size": file.size, "sha256": file.sha256}
    return plain
