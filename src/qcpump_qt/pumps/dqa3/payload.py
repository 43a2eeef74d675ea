"""Measurements as QATrack+ takes them (compatibility reference, sections 5 and 6); clinics name tests after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from qcpump_qt.engine.records import UnitRef, Upload
from qcpump_qt.pumps.slugs import slugify
from qcpump_qt.sources.dqa3.measurements import Measurement

SHORTEST = timedelta(minutes=1)
"""Work takes at least this long in QATrack+."""


def one_beam_upload(
    measurement: Measurement, key: str, unit: UnitRef, test_list: str, *, comments: bool
) -> Upload:
    """What is to be sent for one measurement: each result column under its own name."""
    tests = {name: {"value": value} for name, value in measurement.values.items()}
    body = _body(key, [measurement], tests, comments=comments)
    return Upload(payload=body, unit=unit, test_list=test_list, notes=_odd_notes([measurement]))


def group_upload(
    members: Sequence[Measurement],
    key: str,
    unit: UnitRef,
    test_list: str,
    *,
    comments: bool,
    late_of: str | None = None,
) -> Upload:
    """What is to be sent for a group: each result column under its name and the beam's.

    Args:
        members: by time; of a beam measured twice the last measurement counts.
        key: of the record.
        unit: where it goes.
        test_list: its name.
        comments: whether comments are sent.
        late_of: key of the delivered group that they came too late for, or None.
    """
    chosen: dict[str, Measurement] = {}
    notes = [_late(members, late_of)] if late_of else []
    for measurement in members:
        beam = slugify(f"dose_{measurement.sight.beam_name}")
        if beam in chosen:
            notes.append(_replaced(chosen[beam], measurement))
        chosen[beam] = measurement
    tests = {
        macro: {"value": value}
        for measurement in chosen.values()
        for macro, value in zip(_macros(measurement), measurement.values.values(), strict=True)
    }
    body = _body(key, members, tests, comments=comments)
    return Upload(payload=body, unit=unit, test_list=test_list, notes=(*notes, *_odd_notes(chosen.values())))


def fingerprint(members: Iterable[Measurement]) -> str:
    """Changes when anything of these measurements changes in the database."""
    digest = hashlib.blake2b(digest_size=12)
    for each in members:
        content = (each.sight.name, each.comment, each.beam_type, *each.values.items())
        digest.update(repr(content).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _macros(measurement: Measurement) -> tuple[str, ...]:
    """The macro names of its tests, in the order of its values."""
    return _macros_of(measurement.sight.beam_name, tuple(measurement.values))


@lru_cache(maxsize=1024)
def _macros_of(beam_name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(slugify(f"{name}_{beam_name}") for name in columns)


def _body(
    key: str, members: Sequence[Measurement], tests: dict[str, Any], *, comments: bool
) -> dict[str, Any]:
    first, last = members[0].sight.time, members[-1].sight.time
    body: dict[str, Any] = {
        "work_started": _text(first),
        "work_completed": _text(max(last, first + SHORTEST)),
        "user_key": key,
        "day": 0,
        "tests": tests,
    }
    comment = "\n".join(each.comment for each in members if each.comment)
    if comments and comment:
        body["comment"] = comment
    return body


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _replaced(earlier: Measurement, later: Measurement) -> str:
    if earlier.sight.beam_name == later.sight.beam_name:
        return (
            f"the beam {earlier.sight.beam_name} was measured at {earlier.sight.time:%H:%M:%S} and again at "
            f"{later.sight.time:%H:%M:%S}; the last measurement is sent."
        )
    return (
        f"the beams {earlier.sight.beam_name} and {later.sight.beam_name} have the same macro names in QATrack+; only "
        f"the later one, measured at {later.sight.time:%H:%M:%S}, is sent. Rename one of them in Daily QA3."
    )


def _late(members: Iterable[Measurement], late_of: str) -> str:
    beams = ", ".join(each.sight.title for each in members)
    return (
        f"{beams} turned up in the database after the group {late_of} had been delivered; sent as a record of "
        "its own."
    )


def _odd_notes(members: Iterable[Measurement]) -> tuple[str, ...]:
    return tuple(
        f"the beam {each.sight.beam_name} has something else than a number in its column {column}; it is sent as "
        "skipped."
        for each in members
        for column in each.odd
    )
