"""What is known of one pump: its last cycles, its records, its configuration. Plain data, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qcpump_qt.controllers import overview_words as words
from qcpump_qt.engine.clock import now
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome, CycleReport

if TYPE_CHECKING:
    from qcpump_qt.engine.ledger.shown import PumpSummary

PATIENCE = timedelta(hours=1)
"""How long a server or share may be out of reach before somebody is told."""

_TELLING = frozenset(
    {
        CycleOutcome.OK,
        CycleOutcome.ATTENTION,
        CycleOutcome.UNREACHABLE,
        CycleOutcome.FAILED,
        CycleOutcome.INVALID,
    }
)
"""The outcomes that say how a pump is; a cycle that was stopped or left out says nothing of it."""
_WORKED = frozenset({CycleOutcome.OK, CycleOutcome.ATTENTION, CycleOutcome.UNREACHABLE})
"""The outcomes of cycles whose configuration was in order."""
_LOOK_AT = {
    CycleOutcome.ATTENTION: words.LOOK,
    CycleOutcome.FAILED: words.FAILED,
    CycleOutcome.INVALID: words.NOT_IN_ORDER,
}


@dataclass
class PumpFactsFound:
    """What is known of one pump.

    Args:
        outcome: of its last cycle that says something; None before there was one.
        message: what that cycle told, in words.
        unreachable: how many cycles after another did not reach server or source.
        away_since: when the first of them ended.
        valid: what the last validation said; None while nobody has looked.
        problems: what it found, in words.
        unsaved: it has edits that were not saved.
        waiting, rejected, trouble: how many of its records are so.
        last_success: when a cycle last ended well or delivered something.
    """

    outcome: CycleOutcome | None = None
    message: str = ""
    unreachable: int = 0
    away_since: datetime | None = None
    valid: bool | None = None
    problems: str = ""
    unsaved: bool = False
    waiting: int = 0
    rejected: int = 0
    trouble: int = 0
    last_success: datetime | None = None
    _cycle_known: bool = False
    _judged_in_cycle: bool = False

    def note_report(self, report: CycleReport) -> None:
        """A cycle has ended; one that worked shows that its configuration is in order after all."""
        self._cycle_known = True
        if self.valid is False and report.outcome in _WORKED and not self._judged_in_cycle:
            self.valid, self.problems = None, ""
        self._judged_in_cycle = False
        self._note(report.outcome, report.reason)

    def note_summary(self, summary: PumpSummary) -> None:
        """How the pump stands in the ledger; its last cycle counts only where none was seen to end."""
        counts = summary.counts
        self.waiting = counts.get(DeliveryState.WAITING, 0) + counts.get(DeliveryState.SENDING, 0)
        self.rejected = counts.get(DeliveryState.REJECTED, 0)
        self.trouble = summary.trouble
        self.last_success = summary.last_success
        last = summary.last_cycle
        if not self._cycle_known and last and last.outcome in {outcome.value for outcome in _TELLING}:
            self._note(CycleOutcome(last.outcome), last.reason)
        self._cycle_known = True

    def note_validity(self, valid: bool | None, problems: str, *, in_cycle: bool = False) -> None:
        """A validation has ended; what made the last cycle invalid is then put right, or told anew.

        Args:
            valid: what it said; None where it said nothing.
            problems: what it found, in words.
            in_cycle: True while a cycle is under way, which may have begun with other values than these.
        """
        self.valid, self.problems = valid, problems
        self._judged_in_cycle = in_cycle
        if valid and self.outcome is CycleOutcome.INVALID:
            self.outcome = None

    @property
    def away(self) -> bool:
        """True when the last cycle did not reach server or source."""
        return self.unreachable > 0

    def attention(self) -> str:
        """Why somebody has to look, as whole sentences; empty when nobody has to."""
        found = []
        if self.outcome in _LOOK_AT:
            found.append(self.message or _LOOK_AT[self.outcome])
        elif self.unreachable > 1:
            found.append(words.unreachable(self.unreachable, self.message))
        elif self.away_since is not None and now() - self.away_since > PATIENCE:
            found.append(words.unreachable_long(self.message))
        elif self.trouble:
            found.append(words.in_trouble(self.trouble))
        if self.rejected:
            found.append(words.rejected(self.rejected))
        return " ".join(found)

    def hint(self) -> str:
        """What else is to be said of a pump that needs no attention."""
        return words.waits_for_server(self.message) if self.away else ""

    def _note(self, outcome: CycleOutcome, message: str) -> None:
        if outcome not in _TELLING:
            return
        self.outcome, self.message = outcome, message
        if outcome is CycleOutcome.UNREACHABLE:
            self.unreachable += 1
            self.away_since = self.away_since or now()
        else:
            self.unreachable, self.away_since = 0, None
