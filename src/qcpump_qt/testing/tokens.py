"""Wishes to stop that come at the worst moments."""

from __future__ import annotations

import time

from qcpump_qt.engine.cancel import CancelToken


class CancelsWhenAsked(CancelToken):
    """Cancelled once the pump has asked so many times, so that it is stopped in the midst of its work.

    Args:
        looks: how often the answer is still no.
    """

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._left = looks
        self.asked_at: float | None = None
        """When it was cancelled, by the steady clock; None as long as it was not."""

    @property
    def cancelled(self) -> bool:
        """As the pump asks; the last of the allowed looks is followed by the wish to stop."""
        if self._left <= 0 and self.asked_at is None:
            self.cancel()
        self._left -= 1
        return super().cancelled

    def cancel(self) -> None:
        """As of every token; keeps the time."""
        if self.asked_at is None:
            self.asked_at = time.monotonic()
        super().cancel()
