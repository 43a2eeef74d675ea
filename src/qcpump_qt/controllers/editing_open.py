"""Which pumps are open for editing, in the order in which they were last looked at."""

from __future__ import annotations

from collections.abc import Iterator

from qcpump_qt.controllers.editing_session import Session

KEPT = 20
"""The forms looked at last that stay open whatever they hold."""


class OpenSessions:
    """The sessions by the ids of their pumps; of many, those that nobody would miss are closed."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def __iter__(self) -> Iterator[Session]:
        """All sessions, the one that was looked at longest ago first."""
        return iter(list(self._sessions.values()))

    def get(self, pump_id: str) -> Session | None:
        """The session of a pump; None for one that is not open."""
        return self._sessions.get(pump_id)

    def look_at(self, pump_id: str) -> Session | None:
        """The same, for somebody who shows it: it becomes the last one that will be closed."""
        session = self._sessions.pop(pump_id, None)
        if session is not None:
            self._sessions[pump_id] = session
        return session

    def put(self, session: Session) -> None:
        """A session was opened, or has another id now."""
        self._sessions[session.id] = session

    def take(self, pump_id: str) -> Session | None:
        """The session of a pump, which is no longer among the open ones."""
        return self._sessions.pop(pump_id, None)

    def close_unused(self) -> None:
        """Close those that were not looked at for long, where nothing is unsaved and nothing is under way."""
        for pump_id, session in list(self._sessions.items())[:-KEPT]:
            if session.is_idle:
                del self._sessions[pump_id]
                session.discard()
