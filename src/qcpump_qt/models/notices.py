"""Which news of the pumps is worth a notification, and in which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qcpump_qt.models.rows import PumpRow, PumpState

Level = Literal["info", "warning", "error"]
MOST_LINES = 4
"""More lines than these are cut off by most systems."""
_COUNTED = re.compile(
    r"\b\d+(?=\s+(?:records?|values?|sessions?|times?|cycles?|seconds?|minutes?|hours?|days?|h|min|s)\b)"
)
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")


@dataclass(frozen=True)
class Notice:
    """What one notification says."""

    title: str
    text: str
    level: Level


@dataclass(frozen=True)
class News:
    """Something that happened to one pump.

    Args:
        kind: it needs attention, it recovered, or a result that always came did not come.
        pump: the pump's stable id.
        name: what its users call it.
        detail: why, in words; may be empty.
    """

    kind: Literal["attention", "recovered", "missing"]
    pump: str
    name: str
    detail: str = ""


class Watch:
    """Remembers what was told of each pump, so that nothing is told twice."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}

    def all_rows(self, rows: Sequence[PumpRow]) -> list[News]:
        """The news in the rows of all pumps; those that are not among them are forgotten."""
        present = {row.id for row in rows}
        self._told = {pump: reason for pump, reason in self._told.items() if pump in present}
        return [news for row in rows for news in self.row(row)]

    def know(self, row: PumpRow) -> bool:
        """Take a pump's trouble as told, where it is in any; True when it is."""
        if _troubled(row):
            self._told[row.id] = _gist(row.reason)
        return _troubled(row)

    def row(self, row: PumpRow) -> list[News]:
        """The news in one pump's row: none while its cycle runs, for what follows is not known yet."""
        told = self._told.get(row.id)
        if _troubled(row):
            if told == _gist(row.reason):
                return []
            self._told[row.id] = _gist(row.reason)
            return [News("attention", row.id, row.name, row.reason)]
        if row.state in {PumpState.RUNNING, PumpState.STOPPING} or told is None:
            return []
        del self._told[row.id]
        well = row.state in {PumpState.WAITING, PumpState.IDLE}
        return [News("recovered", row.id, row.name)] if well else []


def _troubled(row: PumpRow) -> bool:
    """Whether somebody has to look; a pump that is only being configured troubles nobody."""
    return row.state is PumpState.ATTENTION or (row.state is PumpState.INVALID and row.next_run is not None)


def _gist(reason: str) -> str:
    """A reason without the numbers that grow by themselves: more of the same is no news."""
    return _CLOCK.sub("#", _COUNTED.sub("#", reason))


class Gathering:
    """Makes one notification of everything that happened within a short while.

    A pump that needed attention and recovered before anybody was told is not told of at all.
    """

    def __init__(self) -> None:
        self._news: dict[tuple[str, bool], News] = {}
        self._worried: set[str] = set()

    def know(self, pump: str) -> None:
        """This pump's trouble was told before; that it works again will be news."""
        self._worried.add(pump)

    def add(self, news: News) -> None:
        """Keep a piece of news; of one pump the newest counts."""
        key = (news.pump, news.kind == "missing")
        self._news.pop(key, None)
        self._news[key] = news

    def take(self) -> Notice | None:
        """What is to be told now; None when it adds up to nothing."""
        found = [
            each for each in self._news.values() if each.kind != "recovered" or each.pump in self._worried
        ]
        self._news.clear()
        self._worried -= {each.pump for each in found if each.kind == "recovered"}
        self._worried |= {each.pump for each in found if each.kind == "attention"}
        if not found:
            return None
        return _one(found[0]) if len(found) == 1 else _several(found)


def _one(news: News) -> Notice:
    if news.kind == "recovered":
        return Notice(f"{news.name} works again", "Its last cycle ended well.", "info")
    if news.kind == "missing":
        return Notice(f"{news.name}: no result yet", news.detail, "warning")
    return Notice(
        f"{news.name} needs attention", news.detail or "Open QCPump-Qt to see what is the matter.", "warning"
    )


def _several(found: Sequence[News]) -> Notice:
    kinds = {each.kind for each in found}
    title = f"News of {len({each.pump for each in found})} pumps"
    if kinds == {"attention"}:
        title = f"{len(found)} pumps need attention"
    elif kinds == {"recovered"}:
        title = f"{len(found)} pumps work again"
    elif kinds == {"missing"}:
        title = f"{len(found)} pumps have no result yet"
    elif len({each.pump for each in found}) == 1:
        title = f"News of {found[0].name}"
    ranked = sorted(found, key=lambda each: each.kind == "recovered")
    lines = [_line(each) for each in ranked[:MOST_LINES]]
    if len(ranked) > MOST_LINES:
        lines.append(f"and {len(ranked) - MOST_LINES} more")
    return Notice(title, "\n".join(lines), "info" if kinds == {"recovered"} else "warning")


def _line(news: News) -> str:
    if news.kind == "recovered":
        return f"{news.name}: works again"
    return f"{news.name}: {news.detail or 'needs attention'}"
