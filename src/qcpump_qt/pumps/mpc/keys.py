"""The keys of MPC sessions (compatibility reference, section 4), read back; and which sessions stand as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.sources.mpc.names import CheckType
from qcpump_qt.sources.mpc.sessions import Fixed, Run

_KEY = re.compile(
    r"(?P<base>QCPump/MPC/(?P<serial>[^/]+)/(?P<minute>[0-9]{4}(?:-[0-9]{2}){4})/(?P<type>[^/]+))"
    r"(?:/late-(?P<late>[0-9]+))?"
)


@dataclass(frozen=True)
class SessionKey:
    """What a key says.

    Args:
        base: the key of the session itself, without ``/late-1``.
        serial: the machine's serial number.
        start: the minute of the session's first result, local time of the machine.
        check_type: the type of check.
        late: the number of a late record, 0 for the session itself.
    """

    base: str
    serial: str
    start: datetime
    check_type: CheckType
    late: int

    @property
    def title(self) -> str:
        """How people would call the session."""
        late = " (late)" if self.late else ""
        return f"SN{self.serial} {self.start:%Y-%m-%d %H:%M} {self.check_type.value}{late}"


def read_key(key: str) -> SessionKey | None:
    """What a key says; None when it is not the key of an MPC session."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    try:
        start = datetime.strptime(match["minute"], "%Y-%m-%d-%H-%M")  # noqa: DTZ007 - wall clock, as in the name
        check_type = CheckType(match["type"])
    except ValueError:
        return None
    return SessionKey(match["base"], match["serial"], start, check_type, int(match["late"] or 0))


def states_near(
    memory: SourceMemory, runs: Iterable[Run], window: float, kept: Iterable[str] = ()
) -> dict[str, DeliveryState]:
    """Sessions in the ledger about the time of these runs, by key.

    Args:
        memory: what the ledger knows.
        runs: check folders that are looked at.
        window: minutes of the grouping window.
        kept: keys of records that are sent as the ledger has them; like those on their way they stay as they are.
    """
    reach = timedelta(minutes=window) + timedelta(days=1)
    spans: dict[str, tuple[datetime, datetime]] = {}
    for run in runs:
        serial, moment = run.name.serial, run.name.time
        first, last = spans.get(serial, (moment, moment))
        spans[serial] = (min(first, moment), max(last, moment))
    states: dict[str, DeliveryState] = {}
    for serial, (first, last) in spans.items():
        start = f"QCPump/MPC/{serial}/{first - reach:%Y-%m-%d}"
        states.update(memory.records_between(start, f"QCPump/MPC/{serial}/{last + reach:%Y-%m-%d}~"))
    return {**states, **dict.fromkeys(kept, DeliveryState.SENDING)}


def fixed_from(states: Mapping[str, DeliveryState]) -> list[Fixed]:
    """Sessions that are on the server or may be, so that what turns up for them now is late."""
    late: dict[str, int] = {}
    there: list[SessionKey] = []
    for key, state in states.items():
        read = read_key(key)
        if read is None or not (state.arrived or state is DeliveryState.SENDING):
            continue
        if read.late:
            late[read.base] = max(late.get(read.base, 0), read.late)
        else:
            there.append(read)
    return [
        Fixed(read.base, read.start, read.serial, read.check_type, late.get(read.base, 0)) for read in there
    ]
