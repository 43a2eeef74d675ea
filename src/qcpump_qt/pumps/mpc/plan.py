"""From what the share holds to records: grouped, with late results told apart from new ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from qcpump_qt.engine.records import (
    DeliveryState,
    IsThere,
    Ready,
    Record,
    Skips,
    Upload,
    WaitingFor,
    Waits,
)
from qcpump_qt.pumps.mpc.findings import Findings, Place, label
from qcpump_qt.pumps.mpc.keys import read_key
from qcpump_qt.pumps.mpc.readings import Kind, Reading
from qcpump_qt.sources.mpc.sessions import Fixed, Run, Session, group

AHEAD = timedelta(hours=1)
"""Clocks differ by minutes; more than this is a wrong clock or time zone."""


@dataclass(frozen=True)
class Timing:
    """The times that decide.

    Args:
        window: minutes of the grouping window.
        wait: how long a session waits for more results.
        now: local time of the machines, without zone as in the folders' names.
        since: first moment of the history.
    """

    window: float
    wait: timedelta
    now: datetime
    since: datetime


def sessions_in_history(
    runs: Iterable[Run], timing: Timing, known: Mapping[str, DeliveryState], fixed: Iterable[Fixed]
) -> list[Session]:
    """Sessions that reach into the history, or that the ledger has met before, however old."""
    return [
        session
        for session in group(runs, timing.window, fixed)
        if session.runs[-1].name.time >= timing.since or session.late_of or session.key in known
    ]


def stranger_records(findings: Findings) -> Iterator[Record]:
    """Entries whose name says nothing: reported once."""
    for place, reason in findings.strangers:
        yield _skipped(place, reason)


def folder_record(place: Place, reading: Reading, timing: Timing) -> Record:
    """A folder that has nothing to send: an aborted run, a baseline, a file that is no result."""
    due = reading.run.name.time + timing.wait
    if reading.kind is Kind.ABORTED and timing.now < due:
        reason = f"{reading.reason} It is looked at again until {_clock(due, timing)}."
        return Record(
            key=place.key,
            title=label(place),
            prepare=_nothing_to_prepare,
            standing=Waits(reason),
            source=(place.id,),
        )
    return _skipped(place, reading.reason)


def session_record(
    session: Session, readings: Mapping[str, Reading], timing: Timing, prepare: Callable[[], Upload]
) -> Record:
    """One session as a record, with what it waits for if it does."""
    return Record(
        key=session.key,
        title=title(session),
        prepare=prepare,
        standing=_standing(session, readings, timing),
        source=tuple(run.id for run in session.runs),
        fingerprint=_fingerprint(session, readings),
    )


def there_record(key: str, runs: Iterable[Run]) -> Record:
    """A session that somebody else brought to the server, with the runs that it holds."""
    read = read_key(key)
    return Record(
        key=key,
        title=read.title if read else key,
        prepare=_nothing_to_prepare,
        standing=IsThere("An earlier program or installation delivered it."),
        source=tuple(run.id for run in runs),
    )


def title(session: Session) -> str:
    """How people would call a session."""
    late = " (late)" if session.late_of else ""
    return f"SN{session.serial} {session.runs[0].name.time:%Y-%m-%d %H:%M} {session.check_type.value}{late}"


def _standing(session: Session, readings: Mapping[str, Reading], timing: Timing) -> Ready | Waits:
    for run in session.runs:
        reading = readings[run.id]
        if reading.kind is Kind.GROWING:
            return Waits(f"{run.name.folder}: {reading.reason}")
        if reading.kind is Kind.BLOCKED:
            return Waits(f"{run.name.folder}: {reading.reason}", WaitingFor.SOURCE)
    newest = session.runs[-1].name.time
    if newest > timing.now + AHEAD:
        return Waits(
            f"Its time, {newest:%Y-%m-%d %H:%M}, lies in the future. It waits until then; look at the clocks (and time "
            "zones) of the machine and of this computer.",
            WaitingFor.CLOCK,
        )
    due = newest + timing.wait
    if timing.now < due:
        return Waits(f"Waits until {_clock(due, timing)} for more results of this session.")
    return Ready()


def _fingerprint(session: Session, readings: Mapping[str, Reading]) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for run in session.runs:
        reading = readings[run.id]
        digest.update(f"{run.id}\0{reading.content}\0{reading.kind.value}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _clock(moment: datetime, timing: Timing) -> str:
    """The time of day, with the date where it is not today's."""
    return f"{moment:%H:%M}" if moment.date() == timing.now.date() else f"{moment:%Y-%m-%d %H:%M}"


def _skipped(place: Place, reason: str) -> Record:
    return Record(
        key=place.key,
        title=label(place),
        prepare=_nothing_to_prepare,
        standing=Skips(reason),
        source=(place.id,),
    )


def _nothing_to_prepare() -> Upload:
    raise AssertionError("a folder without results is never sent")
