"""What a pump finds, what would be sent for it, and what became of it.

The words are those of the design: a *record* is one thing at the source that has to arrive, its
*delivery* always has exactly one state, with a reason in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from qcpump_qt.engine.cancel import CancelToken

KEY_LIMIT = 255
"""Longest `user_key` that a QATrack+ server accepts (qatrack-api, table of POST errors)."""


class DeliveryState(str, Enum):
    """What became of a record; the values are also the words shown to people."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    ALREADY_THERE = "already there"
    SKIPPED = "skipped"
    REJECTED = "rejected"

    @property
    def final(self) -> bool:
        """True when nothing more happens to the record unless somebody asks for it."""
        return self not in (DeliveryState.WAITING, DeliveryState.SENDING)

    @property
    def arrived(self) -> bool:
        """True when the server has it."""
        return self in (DeliveryState.DELIVERED, DeliveryState.ALREADY_THERE)


class WaitingFor(str, Enum):
    """Why a record waits: the normal run of things, or something that needs looking at."""

    TIME = "time"
    """Settling, wait time, throttle: all is well, it goes in a later cycle."""
    SERVER = "server"
    """The server could not be reached, or was in trouble."""
    SOURCE = "source"
    """The file is locked or the share is away."""
    MAPPING = "mapping"
    """Unit or test list has no clear match; somebody has to mend it in QATrack+ or here."""
    CLOCK = "clock"
    """The record's time lies in the future: a clock is wrong, here or at the machine."""
    REFUSAL = "refusal"
    """The server refuses this pump altogether (token, right, address)."""

    @property
    def trouble(self) -> bool:
        """True when a person should be told."""
        return self is not WaitingFor.TIME


@dataclass(frozen=True)
class Ready:
    """The record can be sent now."""


@dataclass(frozen=True)
class Waits:
    """The record cannot be sent yet; `reason` says why in words."""

    reason: str
    waiting_for: WaitingFor = WaitingFor.TIME


@dataclass(frozen=True)
class Skips:
    """The record is not sent, and never will be; `reason` says why in words."""

    reason: str


@dataclass(frozen=True)
class IsThere:
    """The record is on the server already, under another key; `reason` says which in words."""

    reason: str


@dataclass(frozen=True)
class FileContent:
    """Stands in a payload for a file's content, so that it is read while it is sent and never held.

    Args:
        path: the file.
        encoding: ``base64``, or ``text`` for text that is put into the JSON as it is.
        charset: how the bytes of a ``text`` file are decoded.
    """

    path: Path
    encoding: str = "base64"
    charset: str = "utf-8"


class UnitBy(str, Enum):
    """By what a unit is found on the server."""

    SERIAL = "serial number"
    NUMBER = "number"
    LABEL = "name"


@dataclass(frozen=True)
class UnitRef:
    """Which unit is meant: never a bare name where there is something better.

    Args:
        by: what `value` is.
        value: a serial number, a unit number, or ``site: unit`` as shown to people.
    """

    by: UnitBy
    value: str

    def __str__(self) -> str:
        return f"unit with {self.by.value} {self.value}"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What is to be sent for one record, made without asking the server.

    Args:
        payload: the JSON object that is posted, still without ``unit_test_collection``; values may be
            `FileContent`.
        unit: the unit it is for.
        test_list: the name of the test list.
        notes: what should be told about the content, such as a replaced run or a blank value.
    """

    payload: Mapping[str, Any]
    unit: UnitRef
    test_list: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where on the server a record belongs: one test list assigned to one unit.

    Args:
        url: the url of the assignment, posted as ``unit_test_collection``.
        unit: the unit as shown to people.
        list_id: what tells test lists apart on this server (their url's path).
    """

    url: str
    unit: str
    list_id: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """One thing found at the source.

    Args:
        key: its identity for ever, and the `user_key` on the server; at most 255 characters.
        title: how people would call it, used in messages.
        standing: whether it can be sent now.
        prepare: reads the values and makes what is to be sent, without asking the server; may raise any
            `PumpError`. Called only when the record is ready.
        source: the items (folders, rows, files) that it is made of.
        fingerprint: changes when its content changes, so that a rejected record is tried again then.
        notes: what should be told about the record when it is first seen.
        settled: called once the record is on the server (delivered or already there), e.g. to move a file.
        settle_again: True when `settled` is also called for a record that arrived in an earlier cycle and is
            found again, because what follows the delivery was cut off then.
    """

    key: str
    title: str
    prepare: Callable[[], Upload]
    standing: Ready | Waits | Skips | IsThere = field(default_factory=Ready)
    source: tuple[str, ...] = ()
    fingerprint: str = ""
    notes: tuple[str, ...] = ()
    settled: Callable[[], None] | None = None
    settle_again: bool = False


@dataclass(frozen=True)
class Stored:
    """A session as the server has it: API url, page to look at, and what it answered."""

    url: str
    site_url: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


class Pace(Protocol):
    """How fast a server may be asked; shared by all pumps that use one token on it."""

    def connections(self, throttle: float) -> int:
        """How many requests may be under way at once."""

    def wait_turn(self, cancel: CancelToken, throttle: float) -> None:
        """Wait until the next request may leave; raises `Cancelled`."""

    def note_throttled(self, seconds: float) -> None:
        """The server asked for a pause (429)."""

    def note_server_error(self, parallel: bool) -> None:
        """The server answered 5xx; `parallel` when other requests were under way."""


class Destination(Protocol):
    """A server that records can be delivered to. All methods may raise `PumpError`s and honour cancelling."""

    @property
    def name(self) -> str:
        """How people call the server (its address)."""

    @property
    def pace(self) -> Pace:
        """How fast it may be asked."""

    def place(self, unit: UnitRef, test_list: str) -> Place:
        """The one assignment of this test list to this unit.

        Raises:
            MappingError: there is none, or more than one; never guessed.
        """

    def post(self, payload: Mapping[str, Any]) -> Stored | None:
        """Store one session; None when the server says that its `user_key` exists already.

        Raises:
            MissingTests: the server wants tests that the payload lacks.
            RecordRejected: any other 400 about this record.
            ServerRefused: 401, 403 and the like, nothing to do with the record.
            ServerUnavailable: connection, time-out, 429, 5xx; whether it was stored is unknown.
        """

    def find(self, key: str) -> Stored | None:
        """The session with exactly this `user_key`, or None."""


@dataclass(frozen=True)
class Sighting:
    """A time-stamped fact about one delivery, as kept in the ledger and shown in lists."""

    number: int
    pump: str
    key: str
    title: str
    state: DeliveryState
    reason: str
    waiting_for: WaitingFor
    unit: str
    test_list: str
    first_seen: datetime
    updated: datetime
    attempts: int
    payload: Mapping[str, Any] | None
    answer: Any
    url: str
    source: tuple[str, ...]
