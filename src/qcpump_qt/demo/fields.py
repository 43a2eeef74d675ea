"""The first round of checks on a posted session: each field by itself.

All complaints of this round are answered together, keyed by field; only when there are none does the
second round (`checks`) look at how the fields fit (qatrack-api, "Order of checks").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.sessions import Attachment, SessionStore
from qcpump_qt.demo.things import Assignment
from qcpump_qt.demo.uploads import list_attachments
from qcpump_qt.demo.world import World

REQUIRED = "This field is required."
NOT_NULL = "This field may not be null."
KEY_EXISTS = "test list instance with this user key already exists."
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_ASSIGNMENT_PATH = re.compile(r"/api/q[ac]/unittestcollections/(\d+)/")
_OTHER_PATH = re.compile(r"/api/(?:q[ac]|units|auth)/[a-z]+/(\d+)/")


@dataclass
class PostedFields:
    """The fields of a posted session that passed the first round."""

    assignment: Assignment
    work_started: datetime
    work_completed: datetime
    tests: dict[str, Mapping[str, Any]]
    user_key: str | None = None
    day: int | None = None
    comment: str | None = None
    in_progress: bool = False
    include_for_scheduling: bool = True
    status_id: int | None = None
    attachments: list[Attachment] = field(default_factory=list)


class FieldErrors(Exception):  # noqa: N818 - holds several
    """What is wrong with single fields: the body of the 400 answer."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(errors)
        self.errors = errors


class FieldChecks:
    """Checks the fields of one kind of request against what the server has."""

    def __init__(self, world: World, store: SessionStore, clock: ServerClock) -> None:
        self._world = world
        self._store = store
        self._clock = clock

    def check(self, payload: Mapping[str, Any]) -> PostedFields:
        """Read all fields.

        Raises:
            FieldErrors: at least one is not acceptable.
        """
        readers: dict[str, Callable[[Any], Any]] = {
            "work_completed": self._clock.read,
            "comment": _comment,
            "tests": _tests,
            "unit_test_collection": self._assignment,
            "work_started": self._clock.read,
            "in_progress": _boolean,
            "user_key": self._user_key,
            "include_for_scheduling": _boolean,
            "day": _whole_number,
            "status": _status,
            "attachments": lambda given: list_attachments(given, self._clock.now(), self._store.new_file_id),
        }
        found: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        for name, reader in readers.items():
            try:
                self._read(name, reader, payload, found)
            except ValueError as error:
                errors[name] = [str(error)]
        if errors:
            raise FieldErrors(errors)
        found.setdefault("work_completed", self._clock.now())
        found["assignment"] = found.pop("unit_test_collection")
        found["status_id"] = found.pop("status", None)
        return PostedFields(**found)

    @staticmethod
    def _read(
        name: str, reader: Callable[[Any], Any], payload: Mapping[str, Any], found: dict[str, Any]
    ) -> None:
        if name not in payload:
            if name in ("tests", "unit_test_collection", "work_started"):
                raise ValueError(REQUIRED)
            return
        value = payload[name]
        if value is None and name not in ("user_key", "comment", "attachments", "status"):
            raise ValueError(NOT_NULL)
        found[name] = reader(value)

    def _assignment(self, value: object) -> Assignment:
        if not isinstance(value, str):
            raise ValueError(f"Incorrect type. Expected URL string, received {type(value).__name__}.")  # noqa: TRY004 - as below
        path = unquote(urlsplit(value.strip()).path)
        match = _ASSIGNMENT_PATH.fullmatch(path)
        if match is None:
            other = _OTHER_PATH.fullmatch(path)
            raise ValueError(f"Invalid hyperlink - {'Incorrect' if other else 'No'} URL match.")
        number = int(match[1])
        if not 0 < number <= len(self._world.assignments):
            raise ValueError("Invalid hyperlink - Object does not exist.")
        return self._world.assignments[number - 1]

    def _user_key(self, value: object) -> str | None:
        text = _comment(value)
        if text is None:
            return None
        text = text.strip()
        if "\0" in text:
            raise ValueError("Null characters are not allowed.")
        if len(text) > 255:
            raise ValueError("Ensure this field has no more than 255 characters.")
        # An empty text passes this check and fails in the database: the real server answers 500.
        if text and self._store.with_key(text) is not None:
            raise ValueError(KEY_EXISTS)
        return text


def _comment(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError("Not a valid string.")  # noqa: TRY004 - all complaints are ValueErrors
    return str(value)


def _boolean(value: object) -> bool:
    found = _BOOLEANS.get(str(value).lower())
    if found is None:
        raise ValueError("Must be a valid boolean.")
    return found


def _whole_number(value: object) -> int:
    if not re.fullmatch(r"-?\d{1,9}(\.0*)?", str(value)):
        raise ValueError("A valid integer is required.")
    return int(float(str(value)))


def _status(value: object) -> int | None:
    if value is None:
        return None
    match = re.fullmatch(r"/api/q[ac]/testinstancestatus/([123])/", urlsplit(str(value)).path)
    if match is None:
        raise ValueError("Invalid hyperlink - No URL match.")
    return int(match[1])


def _tests(value: object) -> dict[str, Mapping[str, Any]]:
    if not isinstance(value, dict):
        raise ValueError(f'Expected a dictionary of items but got type "{type(value).__name__}".')  # noqa: TRY004
    wrong = [slug for slug, given in value.items() if not isinstance(given, dict)]
    if wrong:
        named = ", ".join(f'"{slug}"' for slug in wrong)
        raise ValueError(f"{named} field(s) have errors. Test data must be a dictionary ")
    return value
