"""What an earlier program delivered: recognised by what is on the server, never sent a second time.

QCPump 0.3 cut mornings into several records after a couch check, and never sent a beam that came after
its session. So the keys alone do not tell what is there; the values do. The server is asked when the pump
first meets a type of check of a machine, and again for results that are older than those compared before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from qcpump_qt.engine.errors import PumpError, ServerRefused, ServerUnavailable
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.pumps.mpc.held import Held, holders
from qcpump_qt.pumps.mpc.keys import fixed_from, read_key
from qcpump_qt.pumps.mpc.payload import Wishes
from qcpump_qt.pumps.mpc.readings import Kind, Reading
from qcpump_qt.sources.mpc.sessions import Run, Session, group

MARK = "taken over"
MARGIN = timedelta(days=1)


class Survey(Protocol):
    """The part of a server that is needed here."""

    def sessions_named(
        self, test_list_name: str, since: datetime, until: datetime
    ) -> Iterable[Mapping[str, Any]]:
        """The sessions of a test list by when their work started."""

    def values_of(self, session: Mapping[str, Any]) -> Mapping[str, float | None]:
        """The numbers of a session by macro name."""


@dataclass(frozen=True)
class Compared:
    """The sessions of a cycle after the comparison.

    Args:
        sessions: what remains to be sent.
        there: keys that are on the server, each with the runs that it holds.
    """

    sessions: list[Session]
    there: dict[str, list[Run]] = field(default_factory=dict)


class Takeover:
    """Compares new sessions with what the server has.

    Args:
        memory: remembers which machines and types of check were compared, and from when on.
        server: asked for its sessions.
        wishes: the names of the test lists.
        window: minutes of the grouping window.
    """

    def __init__(self, memory: SourceMemory, server: Survey, wishes: Wishes, window: float) -> None:
        self._memory = memory
        self._server = server
        self._wishes = wishes
        self._window = window
        self._done: dict[str, str] = memory.mark(MARK) or {}
        self._first: dict[str, str] = {}
        self._unread: set[str] = set()
        self.trouble: PumpError | None = None
        """Why the comparison could not be made; nothing is sent then."""

    def compare(
        self,
        sessions: list[Session],
        readings: Mapping[str, Reading],
        states: Mapping[str, DeliveryState],
    ) -> Compared:
        """The sessions without what is there already; what never arrived becomes a late session.

        Args:
            sessions: of this cycle.
            readings: of their runs.
            states: sessions in the ledger about that time.
        """
        new = [session for session in sessions if self._is_new(session)]
        ready = [session for session in new if _readable(session, readings)]
        self._unread = {_kind(session) for session in new} - {_kind(session) for session in ready}
        self._unread |= {_kind(session) for session in new if not _readable(session, readings)}
        if not ready:
            return Compared(sessions)
        try:
            held = self._survey(ready)
        except (ServerUnavailable, ServerRefused) as error:
            self.trouble = error
            return Compared(sessions)
        for session in ready:
            kind, moment = _kind(session), session.runs[0].name.time.isoformat()
            self._first[kind] = min(moment, self._first.get(kind, moment))
        return self._without_held(
            sessions, [each for each in ready if _kind(each) in held], readings, held, states
        )

    def keep(self) -> None:
        """Remember what was compared, once what is on the server stands in the ledger.

        Types of check with a folder that could not be read are compared again.
        """
        done = {kind: min(first, self._done.get(kind, first)) for kind, first in self._first.items()}
        done = {kind: first for kind, first in done.items() if kind not in self._unread}
        if done and self.trouble is None:
            self._done = {**self._done, **done}
            self._memory.set_mark(MARK, self._done)

    def _is_new(self, session: Session) -> bool:
        done = self._done.get(_kind(session))
        return session.late_of is None and (done is None or session.runs[0].name.time.isoformat() < done)

    def _survey(self, sessions: Iterable[Session]) -> dict[str, list[Held]]:
        """What the server has, by machine and type of check."""
        names: dict[str, list[Session]] = {}
        for session in sessions:
            names.setdefault(self._wishes.test_list(session.check_type.value), []).append(session)
        found: dict[str, list[Held]] = {}
        for name, members in names.items():
            wanted = {_kind(session) for session in members}
            first = min(session.runs[0].name.time for session in members) - MARGIN
            last = max(session.runs[-1].name.time for session in members) + MARGIN
            for item in self._server.sessions_named(name, first, last):
                key = read_key(str(item.get("user_key") or ""))
                if key is not None and (kind := f"{key.serial}/{key.check_type.value}") in wanted:
                    found.setdefault(kind, []).append(Held.of(key, item, self._server.values_of(item)))
        return found

    def _without_held(
        self,
        sessions: list[Session],
        touched: list[Session],
        readings: Mapping[str, Reading],
        held: Mapping[str, list[Held]],
        states: Mapping[str, DeliveryState],
    ) -> Compared:
        """Take the touched sessions apart into what the server has and what it lacks."""
        there: dict[str, list[Run]] = {}
        missing: list[Run] = []
        for session in touched:
            reach = self._window if session.check_type.windowed else 0.0
            for run, key in holders(session, readings, held[_kind(session)], reach).items():
                (missing if key is None else there.setdefault(key, [])).append(run)
        on_server = [each for found in held.values() for each in found]
        known = {**states, **{each.key: DeliveryState.ALREADY_THERE for each in on_server}}
        late = group(missing, self._window, fixed_from(known))
        bases = {session.late_of for session in late}
        for each in on_server:
            if each.base in bases:
                there.setdefault(each.key, [])
        apart = {id(session) for session in touched}
        untouched = [session for session in sessions if id(session) not in apart]
        return Compared([*untouched, *late], there)


def uncompared(memory: SourceMemory, keys: Iterable[str]) -> list[str]:
    """Those of these keys whose sessions were never compared with what the server has."""
    done: dict[str, str] = memory.mark(MARK) or {}
    found: list[str] = []
    for key in keys:
        read = read_key(key)
        since = done.get(f"{read.serial}/{read.check_type.value}") if read else ""
        # The mark has seconds, the key has not.
        if read and (since is None or (read.start + timedelta(minutes=1)).isoformat() <= since):
            found.append(key)
    return found


def _readable(session: Session, readings: Mapping[str, Reading]) -> bool:
    return all(readings[run.id].kind is Kind.RESULTS for run in session.runs)


def _kind(session: Session) -> str:
    return f"{session.serial}/{session.check_type.value}"
