"""The words and columns in which records are shown: states, filters, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from qcpump_qt.models.rows import RecordRow

TO_SEND = "would be sent"
"""The fate of a record in a preview that a cycle would send."""


@dataclass(frozen=True)
class RecordColumn:
    """One column of the table of records.

    Args:
        key: the attribute of `RecordRow` that it shows, and the name of the order by it.
        title: its heading.
        help: what it tells, for the heading's tooltip.
        sortable: False where the ledger keeps no order by it.
    """

    key: str
    title: str
    help: str
    sortable: bool = True


COLUMNS = (
    RecordColumn("title", "Record", "What was found at the source."),
    RecordColumn("state", "State", "What became of the record."),
    RecordColumn("reason", "Reason", "Why the record is in that state.", sortable=False),
    RecordColumn("unit", "Unit", "The unit in QATrack+ that it went to or would go to."),
    RecordColumn("test_list", "Test list", "The test list in QATrack+ that it went to or would go to."),
    RecordColumn("first_seen", "First seen", "When the record was first found at the source."),
    RecordColumn("updated", "Updated", "When its state last changed."),
    RecordColumn("attempts", "Attempts", "How often it was sent to the server.", sortable=False),
)
"""The columns of the table, from left to right."""

STATE_FILTERS: tuple[tuple[str, str | None], ...] = (
    ("All", None),
    ("Waiting", "waiting"),
    ("Sending", "sending"),
    ("Rejected", "rejected"),
    ("Delivered", "delivered"),
    ("Already there", "already there"),
    ("Skipped", "skipped"),
)
"""What the state filter offers, and the state that each choice stands for."""

ICONS = {
    TO_SEND: "record-to-send",
    "waiting": "record-waiting",
    "sending": "record-sending",
    "rejected": "record-rejected",
    "delivered": "record-delivered",
    "already there": "record-delivered",
    "skipped": "record-skipped",
}
"""The name of the icon for each state."""

LONGEST_STATE = "Waiting (needs attention)"
"""The longest words that `state_words` gives."""

_IN_COUNTS = (
    (TO_SEND, "would be sent", "would be sent"),
    ("already there", "is there already", "are there already"),
    ("waiting", "waits", "wait"),
    ("sending", "is on its way", "are on their way"),
    ("skipped", "skipped", "skipped"),
    ("rejected", "rejected", "rejected"),
    ("delivered", "delivered", "delivered"),
)


def state_words(row: RecordRow) -> str:
    """The state as it stands in the table, with a word more where somebody has to look at it."""
    words = row.state[:1].upper() + row.state[1:]
    return f"{words} (needs attention)" if row.trouble and row.state != "rejected" else words


def counts_line(rows: Iterable[RecordRow]) -> str:
    """How many records of a preview have which fate: ``9 would be sent, 5 skipped, 1 waits``."""
    counts = Counter(row.state for row in rows)
    parts = [
        f"{counts[state]:,} {one if counts[state] == 1 else many}"
        for state, one, many in _IN_COUNTS
        if counts[state]
    ]
    return ", ".join(parts)


def loaded_line(loaded: int, total: int, *, filtered: bool) -> str:
    """What stands below the table: how many records there are, and how many of them are loaded."""
    if total == 0:
        return (
            "No record matches the filter."
            if filtered
            else "No record yet. What a cycle finds at the source appears here."
        )
    if loaded < total:
        return f"{loaded:,} of {total:,} records are loaded; scroll down for more."
    return "1 record." if total == 1 else f"{total:,} records."


def records_counted(count: int) -> str:
    """A count with its word: ``1 record``, ``3 records``."""
    return "1 record" if count == 1 else f"{count:,} records"


def retry_words(count: int, left: int) -> str:
    """What came of asking that records be tried again.

    Args:
        count: how many will be.
        left: how many will not, as their state is final or they are on their way.
    """
    if count:
        said = f"{records_counted(count)} will be tried again in the next cycle."
        if left == 1:
            return f"{said} 1 other was left alone, as it has arrived, was skipped or is on its way."
        return (
            f"{said} {left:,} others were left alone, as they have arrived, were skipped or are on their way."
            if left
            else said
        )
    if left:
        return "Nothing is tried again: only records that were rejected or that wait can be."
    return "No record of this pump is rejected, so there is nothing to try again."


def retry_question(count: int) -> str:
    """What is asked before all rejected records are tried again."""
    if count == 1:
        return "Try the 1 rejected record of this pump again in its next cycle?"
    return f"Try all {count:,} rejected records of this pump again in its next cycle?"


def is_web_address(url: str) -> bool:
    """True for an http or https address with a host; nothing else is ever opened."""
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def one_line(text: str, limit: int = 300) -> str:
    """The text in one line, cut where it is too long for a cell."""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
