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


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One request body for QATrack+, made ready.

    Args:
        payload: the JSON object that is posted; values may be `FileContent`.
        unit: the unit it goes to, as shown to people (``site: unit``).
        test_list: the name of the test list.
        list_id: what tells test lists apart on the server (their url), to remember which tests it wants.
        notes: what should be told about the content, such as a replaced run or a blank value.
    """

    payload: Mapping[str, Any]
    unit: str = ""
    test_list: str = ""
    list_id: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Record:
    """One thing found at the source.

    Args:
        key: its identity for ever, and the `user_key` on the server; at most 255 characters.
        title: how people would call it, used in messages.
        standing: whether it can be sent now.
        prepare: makes the request body; may raise any `PumpError`. Called only when the record is ready.
        source: the items (folders, rows, files) that it is made of.
        fingerprint: changes when its content changes, so that a rejected record is tried again then.
        notes: what should be told about the record when it is first seen.
        settled: called once the record is on the server (delivered or already there), e.g. to move a file.
    """

    key: str
    title: str
    prepare: Callable[[], Upload]
    standing: Ready | Waits | Skips = field(default_factory=Ready)
    source: tuple[str, ...] = ()
    fingerprint: str = ""
    notes: tuple[str, ...] = ()
    settled: Callable[[], None] | None = None


@dataclass(frozen=True)
class Stored:
    """A session as the server has it: API url, page to look at, and what it answered."""

    url: str
    site_url: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


class Destination(Protocol):
    """A server that records can be delivered to. All methods may raise `PumpError`s and honour cancelling."""

    @property
    def name(self) -> str:
        """How people call the server (its address)."""

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
