"""What an earlier program delivered: recognised by what is on the server, never sent a second time.

QCPump 0.3 cut mornings into several records after a couch check, and never sent a beam that came after
its session. So the keys alone do not tell what is there; the values do. The server is asked once for
each type of check of each machine, when the pump first meets it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from qcpump_qt.engine.errors import PumpError, ServerRefused, ServerUnavailable
from qcpump_qt.engine.ledger.memory import SourceMemory
from qcpump_qt.pumps.mpc.payload import Wishes
from qcpump_qt.pumps.mpc.readings import Kind, Reading
from qcpump_qt.sources.mpc.sessions import Run, Session, choose

MARK = "taken over"
MARGIN = timedelta(days=1)


class Survey(Protocol):
    """The part of a server that is needed here."""

    def sessions_named(self, test_list_name: str, since: Any, until: Any) -> Iterable[Mapping[str, Any]]:
        """The sessions of a test list by when their work started."""


@dataclass(frozen=True)
class Taken:
    """One session after the comparison.

    Args:
        session: with the runs that remain to be sent.
        there: why nothing of it remains, in words; empty when something does.
    """

    session: Session
    there: str = ""


class Takeover:
    """Compares new sessions with what the server has.

    Args:
        memory: remembers which machines and types of check were compared before.
        server: asked for its sessions.
        wishes: the names of the test lists.
    """

    def __init__(self, memory: SourceMemory, server: Survey, wishes: Wishes) -> None:
        self._memory = memory
        self._server = server
        self._wishes = wishes
        self._done: set[str] = set(memory.mark(MARK) or ())
        self.trouble: PumpError | None = None
        """Why the comparison could not be made; nothing new is sent then."""

    def compare(self, sessions: list[Session], readings: Mapping[str, Reading]) -> list[Taken]:
        """The sessions without what is there already; what came too late for one becomes a late session."""
        new = [
            session for session in sessions if session.late_of is None and _kind(session) not in self._done
        ]
        if not new:
            return [Taken(session) for session in sessions]
        try:
            there = self._survey(new)
        except (ServerUnavailable, ServerRefused) as error:
            self.trouble = error
            return [Taken(session) for session in sessions]
        self._done.update(_kind(session) for session in new)
        chosen = {id(session) for session in new}
        taken: list[Taken] = []
        for session in sessions:
            known = there.get(_kind(session), {}) if id(session) in chosen else {}
            taken += _compare_one(session, readings, known) if known else [Taken(session)]
        return taken

    def keep(self) -> None:
        """Remember what was compared, once its outcome is in the ledger."""
        if self.trouble is None and self._done != set(self._memory.mark(MARK) or ()):
            self._memory.set_mark(MARK, sorted(self._done))

    def _survey(self, sessions: Iterable[Session]) -> dict[str, dict[str, Mapping[str, Any]]]:
        """What the server has: by machine and type of check, then by key."""
        names: dict[str, list[Session]] = {}
        for session in sessions:
            names.setdefault(self._wishes.test_list(session.check_type.value), []).append(session)
        found: dict[str, dict[str, Mapping[str, Any]]] = {}
        for name, members in names.items():
            first = min(session.runs[0].name.time for session in members) - MARGIN
            last = max(session.runs[-1].name.time for session in members) + MARGIN
            for item in self._server.sessions_named(name, first, last):
                key = str(item.get("user_key") or "")
                kind = key_kind(key)
                if kind:
                    found.setdefault(kind, {})[key] = item
        return found


def key_kind(key: str) -> str:
    """Serial number and type of check of a key that QCPump made; empty for any other."""
    parts = key.split("/")
    return f"{parts[2]}/{parts[4]}" if len(parts) >= 5 and parts[:2] == ["QCPump", "MPC"] else ""


def _kind(session: Session) -> str:
    return f"{session.serial}/{session.check_type.value}"


def _compare_one(
    session: Session, readings: Mapping[str, Reading], there: Mapping[str, Mapping[str, Any]]
) -> list[Taken]:
    holders = {run.id: _holder(run, session, readings, there) for run in session.runs}
    missing = tuple(run for run in session.runs if holders[run.id] is None)
    if session.key in there:
        late = Session(f"{session.key}/late-1", session.serial, session.check_type, missing, session.key)
        return [Taken(session), *([Taken(late)] if missing else [])]
    if len(missing) == len(session.runs):
        return [Taken(session)]
    if missing:
        return [Taken(replace(session, runs=missing))]
    keys = ", ".join(sorted({holder for holder in holders.values() if holder}))
    return [Taken(session, there=f"An earlier program delivered its results under {keys}.")]


def _holder(
    run: Run, session: Session, readings: Mapping[str, Reading], there: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """The key of the server's session that has this run's values; None when they are not there."""
    values = _values(run, session, readings)
    if not values:
        return session.key
    for key, item in there.items():
        if _same(values, item.get("tests") or {}):
            return key
    comparable = any(set(values) & set(item.get("tests") or {}) for item in there.values())
    return None if comparable or session.key not in there else session.key


def _values(run: Run, session: Session, readings: Mapping[str, Reading]) -> dict[str, float]:
    """What of a run would be uploaded: empty for one that another run of the session replaces."""
    usable = [
        (each, reading.results)
        for each in session.runs
        if (reading := readings[each.id]).kind is Kind.RESULTS and reading.results is not None
    ]
    tests = choose(usable).tests
    return {
        slug: pick.row.value for slug, pick in tests.items() if pick.run == run and pick.row.value is not None
    }


def _same(values: Mapping[str, float], tests: Mapping[str, Any]) -> bool:
    """True when the server has at least one of these values and none that differs."""
    common = [slug for slug in values if slug in tests]
    return bool(common) and all(_equal(values[slug], tests[slug].get("value")) for slug in common)


def _equal(value: float, stored: Any) -> bool:
    return isinstance(stored, (int, float)) and math.isclose(value, stored, rel_tol=1e-9, abs_tol=1e-9)
