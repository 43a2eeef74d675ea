"""What a file mover says about a cycle: a line for each file, a sum for each pair, and every trouble."""

from __future__ import annotations

import logging
from collections import Counter

from qcpump_qt.engine.errors import PumpError, SourceUnavailable
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.pumps.movers.pair import Pair
from qcpump_qt.sources.files.troubles import AlreadyThere, StillWritten, TargetRefuses, Vanished, quoted

MOST_LINES = 500
"""Files of a cycle that have a line at level info; more would push troubles out of the report (see `Tally`)."""


class Telling:
    """Says it to the host.

    Args:
        host: where it goes.
    """

    def __init__(self, host: PumpHost) -> None:
        self._host = host
        self._lines = 0

    def file(self, line: str) -> None:
        """Something was done with one file."""
        self._lines += 1
        if self._lines <= MOST_LINES:
            self._host.log(logging.INFO, line)
            return
        if self._lines == MOST_LINES + 1:
            self._host.log(
                logging.INFO,
                f"More than {MOST_LINES} files in this cycle: the others are in the log at level debug.",
            )
        self._host.log(logging.DEBUG, line)

    def passed_over(self, message: str) -> None:
        """Something in the source was left alone."""
        self._host.log(logging.WARNING, message)

    def trouble(self, error: PumpError) -> None:
        """A file, or all that goes to one destination, has to wait or cannot go at all."""
        if isinstance(error, (StillWritten, AlreadyThere)):
            self._host.log(logging.DEBUG, error.message)  # counted, and told in the sum
        elif isinstance(error, Vanished):
            self._host.log(logging.WARNING, error.message)
        elif isinstance(error, SourceUnavailable) and not isinstance(error, TargetRefuses):
            self._host.unreachable(error.message)
        else:
            self._host.log(logging.ERROR, error.message)

    def sums(self, pair: Pair, counts: Counter[str], *, rehearsal: bool) -> None:
        """What became of the files of one pair."""
        source, destination = quoted(pair.source), quoted(pair.destination)
        verb = "copied" if pair.copies else "moved"
        done = f"would be {verb}" if rehearsal else f"{_was(counts['done'])} {verb}"
        files = {name: _files(number) for name, number in counts.items()}
        lines = {
            "done": f"{files.get('done')} {done} from {source} to {destination}.",
            "written": f"{files.get('written')} in {source} may still be written to: left for a later cycle.",
            "there": f"{files.get('there')} left in {source}, because files of the same names are in {destination}.",
            "copy first": f"{files.get('copy first')} left in {source}, until the other pair that takes the same "
            "files has copied them.",
            "put off": f"{files.get('put off')} left in {source}, because {destination} cannot be written to.",
        }
        for name, line in lines.items():
            if counts[name]:
                self._host.log(logging.INFO, line)
        if not counts["done"]:
            self._host.log(logging.DEBUG, f"Nothing to be {verb} from {source} to {destination}.")


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
