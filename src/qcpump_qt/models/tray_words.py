"""What the tray says: its tooltip and the entries of its menu, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.pump_possible import can_run
from qcpump_qt.models.rows import OverallState, PumpRow, PumpState

NAME = "QCPump-Qt"
LONGEST_TOOLTIP = 127
"""Windows cuts tooltips in the tray after so many characters."""
LONGEST_NAME = 60
TROUBLED = frozenset({PumpState.ATTENTION, PumpState.INVALID})


@dataclass(frozen=True)
class TrayPump:
    """One pump in the tray's menu.

    Args:
        id: the pump's stable id.
        label: its name and its state, ready for a menu.
        state: for the icon.
        can_run: whether *Run now* makes sense.
    """

    id: str
    label: str
    state: PumpState
    can_run: bool


def for_menu(text: str) -> str:
    """A text as a menu shows it: a lone ``&`` would underline the next letter and vanish."""
    return text.replace("&", "&&")


def tray_pump(row: PumpRow) -> TrayPump:
    """A pump's entry in the menu."""
    label = for_menu(f"{_cut(row.name, LONGEST_NAME)}: {row.state_words}")
    return TrayPump(row.id, label, row.state, can_run(row))


def tooltip(
    rows: Sequence[PumpRow], overall: OverallState, text: str, dates: DateStyle, limit: int = LONGEST_TOOLTIP
) -> str:
    """Name and overall state, the last success, and which pumps are in trouble; the most important first.

    Args:
        rows: all pumps.
        overall: their state together.
        text: what is to be said of that state; its own word where it is empty.
        dates: how moments are written.
        limit: the most characters.
    """
    parts = [_cut(f"{NAME}: {text or overall.value}", limit)]
    success = _last_success(rows)
    parts.append(f"Last success: {dates.moment(success)[:-3]}" if success else "No success yet")
    troubled = [row.name for row in rows if row.state in TROUBLED]
    if troubled:
        parts.append("Look at: " + ", ".join(troubled))
    return _cut("\n".join(parts), limit)


def _last_success(rows: Sequence[PumpRow]) -> datetime | None:
    moments = [row.last_success for row in rows if row.last_success]
    return max(moments) if moments else None


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
