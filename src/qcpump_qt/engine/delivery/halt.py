"""Decides when a server is left alone for the rest of a cycle."""

from __future__ import annotations

import logging

from qcpump_qt.engine.delivery.verdict import Verdict
from qcpump_qt.engine.errors import PumpError, ServerRefused, ServerUnavailable, SourceUnavailable
from qcpump_qt.engine.records import WaitingFor
from qcpump_qt.engine.report import Tally

FAILURES_IN_A_ROW = 3
"""After so many records that the server could not take, the cycle leaves it alone."""


class Halt:
    """Watches the answers of one server in one cycle.

    Args:
        tally: told once when the server is left alone.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._failures = 0
        self.trouble: PumpError | None = None
        """Why no more records are sent in this cycle, or None while all is well."""
        self.proven = False
        """True once the server has taken (or properly judged) a record in this cycle."""

    def learn(self, verdict: Verdict) -> None:
        """Take one verdict into account."""
        if verdict.server_fine:
            self._failures = 0
            self.proven = True
            return
        trouble = verdict.trouble
        self._tally.unreachable |= isinstance(trouble, SourceUnavailable)
        if trouble is None or not verdict.server_failed:
            return
        self._failures += 1
        self._tally.unreachable |= isinstance(trouble, ServerUnavailable)
        self._tally.trouble |= not isinstance(trouble, ServerUnavailable)
        if verdict.hopeless or self._failures >= FAILURES_IN_A_ROW:
            self.stop(trouble)

    def stop(self, trouble: PumpError) -> None:
        """Leave the server alone from now on, and say so once."""
        self._tally.unreachable |= isinstance(trouble, ServerUnavailable)
        self._tally.trouble |= isinstance(trouble, ServerRefused)
        if self.trouble is None:
            self.trouble = trouble
            self._tally.tell(logging.ERROR, str(trouble))

    def reason(self) -> tuple[str, WaitingFor]:
        """Why a record that has not had its turn waits."""
        if self.trouble is None:
            return "The cycle was stopped before this record's turn.", WaitingFor.TIME
        refused = isinstance(self.trouble, ServerRefused)
        return self.trouble.message, WaitingFor.REFUSAL if refused else WaitingFor.SERVER
