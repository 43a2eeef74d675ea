"""How delivered sessions look in JSON: in a list, and as the answer to the request that stored them."""

from __future__ import annotations

from typing import Any

from qcpump_qt.demo.sessions import Attachment, Result, Session
from qcpump_qt.demo.shapes import STATUSES, Shapes


class SessionShapes:
    """Writes sessions as JSON objects; links are made by `shapes`."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    def session(self, session: Session) -> dict[str, Any]:
        """A session in a list."""
        times = {name: getattr(session, name) for name in ("work_started", "work_completed")}
        return {
            "url": self._shapes.qc("testlistinstances", session.id),
            "attachments": [self._attachment(each, session) for each in session.attachments],
            "comments": [],
            "test_instances": [
                self._result(each, order, session) for order, each in enumerate(session.results)
            ],
            **times,
            "created": session.created,
            "modified": session.modified,
            **self._session_rest(session),
            "modified_by": self._shapes.user_url(session.modified_by_id),
        }

    def answered(self, session: Session) -> dict[str, Any]:
        """A session as the answer to the POST or PATCH that made it."""
        return {
            "url": self._shapes.qc("testlistinstances", session.id),
            "work_completed": session.work_completed,
            "comment": session.comment,
            "tests": {result.slug: answered_result(result, session) for result in session.results},
            "work_started": session.work_started,
            **self._session_rest(session),
        }

    def _session_rest(self, session: Session) -> dict[str, Any]:
        chosen_by_client = session.status_id != 1
        return {
            "unit_test_collection": self._shapes.qc("unittestcollections", session.assignment_id),
            "test_list": self._shapes.qc("testlists", session.test_list_id),
            "site_url": f"{self._shapes.base}/qc/session/details/{session.id}/",
            "due_date": None,
            "in_progress": session.in_progress,
            "flagged": False,
            "user_key": session.user_key,
            "include_for_scheduling": session.include_for_scheduling,
            "reviewed": session.created if chosen_by_client else None,
            "all_reviewed": not STATUSES[session.status_id - 1][1],
            "day": session.day,
            "reviewed_by": self._shapes.user_url(session.user_id) if chosen_by_client else None,
            "created_by": self._shapes.user_url(session.user_id),
        }

    def _result(self, result: Result, order: int, session: Session) -> dict[str, Any]:
        return {
            "url": self._shapes.qc("testinstances", result.id),
            "attachments": []
            if result.attachment is None
            else [self._attachment(result.attachment, session, result)],
            "review_date": None,
            "pass_fail": _pass_fail(result)[0],
            "value": result.value,
            "string_value": result.string_value,
            "date_value": result.date_value,
            "datetime_value": result.datetime_value,
            "json_value": None,
            "skipped": result.skipped,
            "comment": result.comment,
            "work_started": session.work_started,
            "work_completed": session.work_completed,
            "order": order,
            "created": session.created,
            "modified": session.modified,
            "status": self._shapes.qc("testinstancestatus", session.status_id),
            "reviewed_by": None,
            "reference": None,
            "tolerance": None,
            "unit_test_info": self._shapes.qc("unittestinfos", result.info_id),
            "test_list_instance": self._shapes.qc("testlistinstances", session.id),
            "created_by": self._shapes.user_url(session.user_id),
            "modified_by": self._shapes.user_url(session.modified_by_id),
        }

    def _attachment(
        self, attachment: Attachment, session: Session, result: Result | None = None
    ) -> dict[str, Any]:
        owner, number = ("testlistinstance", session.id) if result is None else ("testinstance", result.id)
        links: dict[str, str | None] = dict.fromkeys(
            ("test", "testlist", "testlistcycle", "testinstance", "testlistinstance")
        )
        links[owner] = self._shapes.qc(owner + "s", number)
        base = self._shapes.base
        return {
            "url": f"{base}/api/attachments/attachments/{attachment.id}/",
            "attachment": f"{base}/media/uploads/{owner}/{number}/{attachment.filename}",
            "label": attachment.label,
            "comment": f"Uploaded {session.created}",
            **links,
            "created": session.created,
            "created_by": self._shapes.user_url(session.user_id),
        }


def answered_result(result: Result, session: Session) -> dict[str, Any]:
    """One test in the answer to a POST; its links carry no host."""
    display, files = result.display, []
    if result.attachment is not None:
        path = f"/media/uploads/testinstance/{result.id}/{result.attachment.filename}"
        files = [path]
        if not result.skipped:
            name = result.attachment.filename
            display = f'<a href="{path}" title="{name}">{name}</a>'
    return {
        "url": f"/api/qc/testinstances/{result.id}/",
        "value": result.value,
        "string_value": result.string_value,
        "date_value": result.date_value,
        "datetime_value": result.datetime_value,
        "value_display": display,
        "diff_display": "",
        "pass_fail": list(_pass_fail(result)),
        "skipped": result.skipped,
        "comment": result.comment,
        "status": f"/api/qc/testinstancestatus/{session.status_id}/",
        "reference": None,
        "tolerance": None,
        "attachments": files,
    }


def _pass_fail(result: Result) -> tuple[str, str]:
    return ("not_done", "Not Done") if result.skipped else ("no_tol", "No Tol Set")
