"""The names of MPC check folders: what they say, and sifting many thousands of them quickly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.sources.mpc.templates import CheckType, read_template

__all__ = ["CheckName", "CheckType", "minute_text", "name_time", "parse_name", "shown", "sift"]

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{2}(?:-[0-9]{2})?"
_NAME = re.compile(
    r"(?P<prefix>\w+(?:-\w+)*?)-SN(?P<serial>\w{1,64})"
    rf"-(?P<time>{_TIME})(?:-(?P<number>[0-9]{{4,9}}))?-(?P<template>.+)",
    re.DOTALL,
)
_TIME_IN_NAME = re.compile(rf"-SN\w+-({_TIME})-")
_EXAMPLE = "NDS-WKS-SN1234-2020-11-06-09-59-21-0009-BeamCheckTemplate6x"


@dataclass(frozen=True, slots=True)
class CheckName:
    """What the name of one check folder says (reference mpc-results, table of styles).

    Args:
        folder: the name itself.
        prefix: what stands before the serial number, such as ``NDS-WKS`` or ``HAL-TRT``.
        serial: the machine's serial number, word characters.
        time: when the check was run, local time of the machine as in the name.
        number: the running number, None where the name has none.
        template: the template's name as written.
        energy: such as ``6`` or ``2.5``.
        beam_type: ``x``, ``e``, ``FFF`` or ``HDTSE``.
        check_type: the type of check.
        forced_baseline: True when the run sets a new baseline and is no check.
    """

    folder: str
    prefix: str
    serial: str
    time: datetime
    number: int | None
    template: str
    energy: str
    beam_type: str
    check_type: CheckType
    forced_baseline: bool

    @property
    def suffix(self) -> str:
        """Energy and beam type as they end a test's macro name, such as ``6x`` or ``6FFF``."""
        return self.energy + self.beam_type


def parse_name(folder: str) -> CheckName:
    """Read the name of a check folder.

    Args:
        folder: the folder's name, without the path.

    Raises:
        ItemError: it is no check folder's name, its date does not exist, or its template is unknown.
    """
    match = _NAME.fullmatch(folder)
    if match is None:
        raise _unusable(folder, f"Its name is not built like {_EXAMPLE}, so it is no MPC check folder")
    prefix, serial, time, number, template = match.groups()
    try:
        # Local time of the machine, without a zone; only Check.xml knows the UTC offset.
        moment = datetime.fromisoformat(f"{time[:10]} {time[11:].replace('-', ':')}")
    except ValueError:
        raise _unusable(folder, f"The time in its name, {time}, does not exist") from None
    known = read_template(template)
    if known is None:
        raise _unusable(folder, f"This version does not know the template “{shown(template)}”")
    return CheckName(
        folder,
        prefix,
        serial,
        moment,
        None if number is None else int(number),
        template,
        known.energy,
        known.beam_type,
        known.check_type,
        known.forced_baseline,
    )


def name_time(folder: str) -> str | None:
    """The time as it stands in a check folder's name, or None when it has none.

    Times compare as text: ``name_time(name) >= minute_text(cut_off)`` is True from that minute on.
    """
    match = _TIME_IN_NAME.search(folder)
    return match[1] if match else None


def minute_text(moment: datetime) -> str:
    """A moment as check folders and keys write it, to the minute: ``2025-09-19-07-41``."""
    return moment.replace(tzinfo=None).isoformat("-", "minutes").replace(":", "-")


def sift(names: Iterable[str], cut_off: str, known: AbstractSet[str] = frozenset()) -> list[str]:
    """The names worth parsing: those not known yet and not older than the cut-off.

    Args:
        names: everything that stands in one folder.
        cut_off: the oldest minute of interest as `minute_text` writes it; empty for all.
        known: names that are settled already.

    Returns:
        The names in the order given. A name without a time is always kept, so that it is reported.
    """
    search = _TIME_IN_NAME.search
    return [
        name for name in names if name not in known and (not (match := search(name)) or match[1] >= cut_off)
    ]


def shown(name: str) -> str:
    """A name as it can be printed and stored: no control characters, and bytes that are no text as question marks."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    return (
        text
        if text.isprintable()
        else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    )


def _unusable(folder: str, why: str) -> ItemError:
    return ItemError(f"{why}. Nothing in it is uploaded.", title="Not an MPC check", subject=shown(folder))
