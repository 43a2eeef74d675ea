"""A steady clock that tests turn by hand."""

from __future__ import annotations


class SteadyByHand:
    """Called as the runner's clock; `passes` lets time go by, also hours of it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
