"""The keys of Daily QA3 records, byte for byte as QCPump 0.3 made them (compatibility reference, section 4).

They have two weaknesses: a group's key is cut to 255 characters, and the vendor's race can give two measurements
one key. Where a key is taken already, a record gets a better one, that no two can share.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.engine.records import KEY_LIMIT, DeliveryState
from qcpump_qt.sources.dqa3.measurements import Sight

_GROUPED = re.compile(
    r"QCPump/DQA3/(?P<machine>[^/]+)/(?P<minute>[0-9]{4}(?:-[0-9]{2}){4})/(?P<keys>.+)", re.DOTALL
)
_MARK = "/#"
_DIGEST = re.compile(r"/#[0-9a-f]{16}$")


@dataclass(frozen=True)
class GroupKey:
    """What the key of a group says.

    Attributes:
        text: the key itself.
        machine_id: of its machine, as the key has it.
        start: the minute of its first measurement.
        data_keys: as far as they stand there whole.
        cut: the beginning of the one at which the key was cut, "" where it may be whole.
        whole: False when more keys may have followed.
    """

    text: str
    machine_id: str
    start: datetime
    data_keys: tuple[str, ...]
    cut: str
    whole: bool


def one_beam_key(sight: Sight) -> str:
    """The key of a single measurement."""
    return f"QCPump/DQA3/{sight.machine_id}/{sight.time}/{sight.data_key}"[:KEY_LIMIT]


def group_key(sights: Iterable[Sight]) -> str:
    """The key of a group of measurements of one machine, given by time."""
    members = list(sights)
    first = members[0]
    parts = [
        f"QCPump/DQA3/{first.machine_id}/{first.time:%Y-%m-%d-%H-%M}",
        *(each.data_key for each in members),
    ]
    return "/".join(parts)[:KEY_LIMIT]


def better_key(key: str, sights: Iterable[Sight]) -> str:
    """A key that only these measurements can have, for when QCPump's is taken."""
    digest = hashlib.blake2b("\n".join(sight.name for sight in sights).encode("utf-8"), digest_size=8)
    return f"{key[: KEY_LIMIT - 16 - len(_MARK)]}{_MARK}{digest.hexdigest()}"


def read_group_key(text: str) -> GroupKey | None:
    """What a key says; None when it is not that of a group."""
    match = _GROUPED.fullmatch(_DIGEST.sub("", text))
    if match is None:
        return None
    try:
        start = datetime.strptime(match["minute"], "%Y-%m-%d-%H-%M")  # noqa: DTZ007 - wall clock, as in the database
    except ValueError:
        return None
    keys = match["keys"].split("/")
    digested = _DIGEST.search(text) is not None
    whole = not digested and len(text) < KEY_LIMIT
    cut = "" if whole else keys.pop()
    return GroupKey(text, match["machine"], start, tuple(keys), cut, whole)


def states_about(
    memory: SourceMemory, machine_id: str, first: datetime, last: datetime
) -> dict[str, DeliveryState]:
    """The records of a machine that began between two days before `first` and a day after `last`, by key."""
    start, end = first - timedelta(days=2), last + timedelta(days=1)
    prefix = f"QCPump/DQA3/{machine_id}"
    return memory.records_between(f"{prefix}/{start:%Y-%m-%d}", f"{prefix}/{end:%Y-%m-%d}~")
