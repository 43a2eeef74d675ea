"""How dates are shown: local time, in the form that the settings name, the same in every language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

PATTERNS = {
    "yyyy-MM-dd": "%Y-%m-%d",
    "dd.MM.yyyy": "%d.%m.%Y",
    "dd/MM/yyyy": "%d/%m/%Y",
    "MM/dd/yyyy": "%m/%d/%Y",
}
"""What the setting DATE_FORMAT may be, and how Python writes it."""


@dataclass(frozen=True)
class DateStyle:
    """One way to write dates.

    Args:
        pattern: a key of `PATTERNS`.
    """

    pattern: str = "yyyy-MM-dd"

    def day(self, when: date) -> str:
        """A day: ``2026-11-20``."""
        return when.strftime(PATTERNS[self.pattern])

    def moment(self, when: datetime | None) -> str:
        """A moment in local time to the second: ``2026-11-20 07:05:09``; empty for None."""
        if when is None:
            return ""
        local = when.astimezone()
        return f"{self.day(local)} {local:%H:%M:%S}"
