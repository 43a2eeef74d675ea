"""`Check.xml` beside the results: the run's date with its UTC offset, and whether it is a check at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as Xml

LARGEST = 1024 * 1024
"""Bytes; the file has about 1 kB."""

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_EARLIEST_YEAR = 1990
"""Dates before are .NET's way to say that there is none (0001-01-01)."""


@dataclass(frozen=True)
class CheckInfo:
    """What `Check.xml` says about one run; what it does not say is None or empty.

    Args:
        date: when the check was run, with UTC offset.
        serial: the machine's serial number.
        template_id: the template's name.
        is_baseline: True when the run sets a new baseline and is no check.
        baseline_date: when the baseline was made that the run is compared with, with UTC offset.
        evaluation: the overall evaluation, such as ``Pass``.
        uuid: the run's own identity.
        completed: True when every beam was completed, False when one was not, None when it is not said.
    """

    date: datetime | None
    serial: str
    template_id: str
    is_baseline: bool
    baseline_date: datetime | None
    evaluation: str
    uuid: str
    completed: bool | None


def read_check(data: bytes) -> CheckInfo | None:
    """Read `Check.xml`.

    Args:
        data: the file's bytes.

    Returns:
        What it says; None when it is broken or something else, then the folder's name alone counts.
    """
    root = _parse(data)
    if root is None or _local(root.tag) != "Check":
        return None
    said = {_local(child.tag): (child.text or "").strip() for child in root}
    template = next((child for child in root if _local(child.tag) == "Template"), None)
    return CheckInfo(
        date=_date(said.get("Date", "")),
        serial=said.get("MachineSerialNumber", ""),
        template_id=_text_of(template, "ID"),
        is_baseline=said.get("IsBaseline", "").casefold() in ("true", "1"),
        baseline_date=_date(said.get("BaselineDateTime", "")),
        evaluation=said.get("Evaluation", ""),
        uuid=said.get("UUID", ""),
        completed=_completed(root),
    )


class _DoctypeFound(ValueError):  # noqa: N818 - a find, handled within this file
    """The document declares a DOCTYPE, which could hold entities; Varian's never does."""


class _Builder(Xml.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002 - hook
        """Called by the parser before anything that the DOCTYPE declares could be used."""
        raise _DoctypeFound


def _parse(data: bytes) -> Xml.Element | None:
    if len(data) > LARGEST:
        return None
    parser = Xml.XMLParser(target=_Builder())  # noqa: S314 - `_Builder` refuses DOCTYPE
    try:
        parser.feed(data)
        root: Xml.Element = parser.close()
    except (Xml.ParseError, ValueError, LookupError):
        # Bad XML, a DOCTYPE, or an encoding that does not exist.
        return None
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text_of(parent: Xml.Element | None, name: str) -> str:
    found = (child.text for child in parent if _local(child.tag) == name) if parent is not None else ()
    return (next(iter(found), None) or "").strip()


def _completed(root: Xml.Element) -> bool | None:
    states = [(e.text or "").strip() for e in root.iter() if _local(e.tag) == "BeamState"]
    return all(state == "Completed" for state in states) if states else None


def _date(text: str) -> datetime | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    seconds, fraction, offset = match.groups()
    micro = (fraction or "").ljust(6, "0")[:6]
    try:
        date = datetime.fromisoformat(f"{seconds}.{micro}{'+00:00' if offset == 'Z' else offset}")
    except ValueError:
        return None
    return date if date.year >= _EARLIEST_YEAR else None
