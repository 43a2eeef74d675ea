"""How a value of each test type is judged, stored and shown by the stand-in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.sessions import Attachment, Result
from qcpump_qt.demo.things import NUMBER_TYPES, TEXT_TYPES, Test


class Crash(Exception):  # noqa: N818 - the real server answers 500 here
    """Something the real server falls over: it answers 500."""


def is_skipped(given: Mapping[str, Any]) -> bool:
    """Whether a test is marked as skipped; anything but a JSON boolean makes the server fail."""
    skipped = given.get("skipped", False)
    if not isinstance(skipped, bool):
        raise Crash("skipped is not a boolean")
    return skipped


def wrong_type(test: Test, given: Mapping[str, Any]) -> bool:
    """True when a test that is not skipped has a value that its type cannot take."""
    return (
        test.type in NUMBER_TYPES
        and not is_skipped(given)
        and not isinstance(given.get("value"), (int, float))
    )


def stored(
    test: Test,
    given: Mapping[str, Any],
    info_id: int,
    clock: ServerClock,
    attachment: Attachment | None = None,
) -> Result:
    """The stored form of one checked test value."""
    result = Result(test.slug, test.type, info_id, skipped=is_skipped(given), attachment=attachment)
    result.display = "Not Done"
    result.comment = given.get("comment", "")
    if "value" in given:
        _put_value(result, test, given["value"], clock)
    if result.skipped:
        result.display = "Skipped"
    return result


def _put_value(result: Result, test: Test, value: Any, clock: ServerClock) -> None:
    if test.type in NUMBER_TYPES:
        result.value = None if value is None else as_float(value)
        result.display = number_text(result.value, yes_no=test.type == "boolean")
    elif test.type in TEXT_TYPES:
        result.string_value = _text(value)
        result.display = result.string_value or "Not Done"
    elif result.attachment is not None:
        result.string_value, result.display = str(result.attachment.id), result.attachment.filename
    else:
        _put_date(result, test, value, clock)


def as_float(value: float) -> float:
    """A number of JSON as it is stored.

    Raises:
        Crash: an integer too large for that.
    """
    try:
        return float(value)
    except OverflowError as error:
        raise Crash("number too large") from error


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = str(value)
    if "\0" in text:
        raise Crash("NUL character in a text")
    return text


def _put_date(result: Result, test: Test, value: Any, clock: ServerClock) -> None:
    result.display = "Not Done"
    try:
        if test.type == "date":
            day = datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
            result.date_value, result.display = day.isoformat(), f"{day:%d %b %Y}"
        else:
            moment = clock.read(value)
            in_utc = moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
            result.datetime_value, result.display = in_utc, f"{moment:%d %b %Y %H:%M}"
    except ValueError:
        # A date that cannot be read is stored as none at all (qatrack-api, "String tests accept ...").
        return


def number_text(value: float | None, *, yes_no: bool = False) -> str:
    """A number as the server displays it."""
    if value is None:
        return "Not Done"
    if yes_no:
        return "Yes" if value else "No"
    return f"{value:.6g}" if math.isfinite(value) else str(value)
