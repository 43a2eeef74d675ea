"""The sessions (test list instances) that were delivered to the stand-in, kept in memory and on disk.

With a file, every session is on the disk (fsync) before it is answered, so that a stand-in that is
killed and started again still has it. A last line that was cut off by the kill was never answered and
is dropped.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO


class KeyTaken(Exception):  # noqa: N818 - reads as what the database says
    """Another session has this `user_key`; the database's unique constraint, so to say."""


@dataclass
class Attachment:
    """An uploaded file: its cleaned name and what identifies its content."""

    id: int
    label: str
    filename: str
    size: int
    sha256: str


@dataclass
class Result:
    """One test of a session, as stored."""

    slug: str
    type: str
    info_id: int
    id: int = 0
    value: float | None = None
    string_value: str | None = ""
    date_value: str | None = None
    datetime_value: str | None = None
    display: str = ""
    skipped: bool = False
    comment: str | None = ""
    attachment: Attachment | None = None


@dataclass
class Session:
    """One stored session; times are ISO texts with the server's offset."""

    assignment_id: int
    test_list_id: int
    user_id: int
    work_started: str
    work_completed: str
    created: str
    modified: str
    user_key: str | None
    results: list[Result]
    id: int = 0
    day: int = 0
    comment: str | None = None
    in_progress: bool = False
    include_for_scheduling: bool = True
    status_id: int = 1
    modified_by_id: int = 0
    attachments: list[Attachment] = field(default_factory=list)

    def at(self, name: str) -> datetime:
        """One of the times as a moment."""
        return datetime.fromisoformat(getattr(self, name).replace("Z", "+00:00"))


class SessionStore:
    """All sessions, with the unique index on `user_key`.

    Args:
        path: a JSON-lines file that outlives the process; None to keep nothing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._sessions: list[Session] = []
        self._by_key: dict[str, Session] = {}
        self._results = 0
        self._files = 0
        self._file: BinaryIO | None = None
        if path is not None:
            self._open(path)

    def all(self) -> tuple[Session, ...]:
        """Every session, oldest first."""
        with self._lock:
            return tuple(self._sessions)

    def with_key(self, user_key: str) -> Session | None:
        """The session with exactly this key."""
        return self._by_key.get(user_key)

    def get(self, number: int) -> Session | None:
        """The session with this id."""
        with self._lock:
            return self._sessions[number - 1] if 0 < number <= len(self._sessions) else None

    def add(self, session: Session) -> Session:
        """Store a session and give it its ids.

        Raises:
            KeyTaken: its key is there already (an empty text is a key, None is none).
        """
        with self._lock:
            if session.user_key is not None and session.user_key in self._by_key:
                raise KeyTaken(session.user_key)
            session.id = len(self._sessions) + 1
            for number, result in enumerate(session.results, start=self._results + 1):
                result.id = number
            self._write(session)
            self._keep(session)
            return session

    def change(self, number: int, mend: Callable[[Session], None]) -> Session:
        """Change a stored session in place (PATCH)."""
        with self._lock:
            session = self._sessions[number - 1]
            mend(session)
            self._write(session)
            return session

    def new_file_id(self) -> int:
        """The id for a file that was just received; it stays used when the session is refused later."""
        with self._lock:
            self._files += 1
            return self._files

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _keep(self, session: Session) -> None:
        self._sessions.append(session)
        self._results += len(session.results)
        files = [*session.attachments, *(r.attachment for r in session.results if r.attachment is not None)]
        self._files = max([self._files, *(file.id for file in files)])
        if session.user_key is not None:
            self._by_key[session.user_key] = session

    def _write(self, session: Session) -> None:
        if self._file is None:
            return
        self._file.write(json.dumps(asdict(session)).encode("ascii") + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _open(self, path: Path) -> None:
        content = path.read_bytes() if path.exists() else b""
        complete = content[: content.rfind(b"\n") + 1]
        for line in complete.splitlines():
            session = _from_plain(json.loads(line))
            if session.id <= len(self._sessions):
                self._replace(session)
            else:
                self._keep(session)
        self._file = path.open("r+b" if path.exists() else "w+b")
        self._file.truncate(len(complete))
        self._file.seek(len(complete))

    def _replace(self, session: Session) -> None:
        self._sessions[session.id - 1] = session
        if session.user_key is not None:
            self._by_key[session.user_key] = session


def _from_plain(plain: dict[str, Any]) -> Session:
    results = [_result_from_plain(each) for each in plain.pop("results")]
    attachments = [Attachment(**each) for each in plain.pop("attachments")]
    return Session(**plain, results=results, attachments=attachments)


def _result_from_plain(plain: dict[str, Any]) -> Result:
    attachment = plain.pop("attachment")
    return Result(**plain, attachment=None if attachment is None else Attachment(**attachment))
