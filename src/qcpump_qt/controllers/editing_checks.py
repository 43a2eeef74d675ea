"""Validates the pumps that are being edited, 400 ms after the last edit; the newest values win."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.editing_drafts import Drafts
from qcpump_qt.controllers.editing_session import Session
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.errors import PumpError, SecretError
from qcpump_qt.models.form_model import Status
from qcpump_qt.models.form_report import status_of

if TYPE_CHECKING:
    from qcpump_qt.engine.config.report import Report

CHECKING = "Checking the configuration…"
NOT_CHECKED = "Not checked since the program started. That is done as soon as you use the window."
_VALID = {Status.OK: True, Status.WRONG: False}


class Checks(QObject):
    """Validations of edited values.

    A new one cancels the older one's token, which closes its connections, and drops what it finds. One that
    hangs all the same keeps a thread of the pool and nobody waits for it.

    Args:
        drafts: what validates.
        tasks: the threads to work on; more than a few, for some may hang.
        parent: as for every Qt object.
    """

    checked = Signal(object)
    """A `Session` of which the status has changed; also when a validation begins."""
    reported = Signal(object, object)
    """A `Session` and the `Report` of its values as they are now."""

    def __init__(self, drafts: Drafts, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._tasks = tasks

    def watch(self, session: Session, *, at_once: bool) -> None:
        """Validate the pump after each edit, and now where that is wanted."""
        session.edited.connect(self._on_edited)
        session.check_due.connect(self.check)
        if at_once:
            self.check(session)
        else:
            self._tell(session, Status.UNCHECKED, NOT_CHECKED)

    def check(self, session: Session) -> None:
        """Validate the values as they are now; returns at once."""
        session.cancel_check()
        self._on_edited(session)
        draft = session.draft()
        session.check = self._tasks.start(
            lambda cancel: self._drafts.validate(draft, cancel),
            partial(self._on_report, session),
            partial(self._on_error, session),
        )

    def _on_edited(self, session: Session) -> None:
        """What was found so far was about other values."""
        if session.check is not None:
            session.check.cancel()
            session.check = None
        if session.status is not Status.CHECKING:
            session.model.set_checking()
            self._tell(session, Status.CHECKING, CHECKING)

    def _on_report(self, session: Session, report: Report) -> None:
        if session.closed:
            return
        session.check = None
        session.model.set_report(report)
        status = status_of(report)
        session.valid = _VALID.get(status)
        self._tell(session, status, report.summary)
        self.reported.emit(session, report)

    def _on_error(self, session: Session, error: PumpError) -> None:
        if session.closed:
            return
        session.check = None
        session.valid = validity_of(error)
        session.model.set_status(Status.UNCHECKED, "")
        self._tell(session, Status.WRONG if session.valid is False else Status.AWAY, error.message)

    def _tell(self, session: Session, status: Status, summary: str) -> None:
        session.status, session.summary = status, summary
        self.checked.emit(session)


def verdict_of(report: Report) -> tuple[bool | None, str]:
    """Whether a configuration is valid (None when that cannot be said now), and a summary in words."""
    return _VALID.get(status_of(report)), report.summary


def validity_of(error: PumpError) -> bool | None:
    """False when a pump that cannot be checked is not in order; None when only a keyring or server is away."""
    return None if error.transient or isinstance(error, SecretError) else False
