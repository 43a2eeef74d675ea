"""Values that have no test on the server: QATrack+ drops them without a word, so the word comes from here.

Many clinics record only some of the values on purpose; so each test list's missing ones are told once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from qcpump_qt.engine.delivery.attempt import Outcome
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.engine.report import Tally

MARK = "values without a test"
MOST_NAMES = 10


class UnmatchedTests:
    """Compares what was sent with what the server's answer shows.

    Args:
        memory: remembers what was told.
        tally: told here.
    """

    def __init__(self, memory: SourceMemory, tally: Tally) -> None:
        self._memory = memory
        self._tally = tally
        self._told: dict[str, set[str]] = {
            name: set(slugs) for name, slugs in (memory.mark(MARK) or {}).items()
        }
        self._changed = False

    def look_at(self, outcome: Outcome) -> None:
        """Tell which values of a delivered record have no test, unless that was told before."""
        there = outcome.stored.answer.get("tests") if outcome.stored else None
        if not isinstance(there, Mapping):
            return
        sent = [slug for slug, test in outcome.payload.get("tests", {}).items() if _has_value(test)]
        missing = [slug for slug in sent if slug not in there]
        if not missing:
            return
        title, test_list = outcome.job.record.title, outcome.job.upload.test_list
        if len(missing) == len(sent):
            self._tally.tell(
                logging.WARNING,
                f"{title}: {_none_of(len(sent))} a test in '{test_list}', so the session in QATrack+ "
                f"holds no value. The macro names that its tests need: {_named(missing)}.",
                serious=True,
            )
        known = self._told.setdefault(outcome.job.place.list_id, set())
        new = [slug for slug in missing if slug not in known]
        if new and len(missing) < len(sent):
            self._tally.tell(
                logging.WARNING,
                f"{title}: {len(new)} of its values {'has' if len(new) == 1 else 'have'} no test in '{test_list}', so "
                "QATrack+ does not record "
                f"{'it' if len(new) == 1 else 'them'}: "
                f"{_named(new)}. Add tests with such macro names if you want them recorded; this is told once.",
            )
        known.update(new)
        self._changed |= bool(new)

    def keep(self) -> None:
        """Write down what was told since the last time."""
        if self._changed:
            self._changed = False
            self._memory.set_mark(MARK, {name: sorted(slugs) for name, slugs in self._told.items()})


def _has_value(test: Any) -> bool:
    return isinstance(test, Mapping) and not test.get("skipped") and test.get("value") is not None


def _none_of(number: int) -> str:
    return "its only value does not have" if number == 1 else f"none of its {number} values has"


def _named(slugs: Sequence[str]) -> str:
    names = ", ".join(slugs[:MOST_NAMES])
    return names if len(slugs) <= MOST_NAMES else f"{names} and {len(slugs) - MOST_NAMES} more"
