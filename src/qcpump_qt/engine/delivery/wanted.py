"""Remembers which tests each test list wants: autoskip costs one extra request a list, not one a record."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from qcpump_qt.engine.memory import SourceMemory

MARK = "tests wanted by test list"


class WantedTests:
    """What servers have said they miss, by test list; safe to use from several threads.

    Args:
        memory: where it is kept from one cycle to the next.
    """

    def __init__(self, memory: SourceMemory) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._slugs: dict[str, set[str]] = {
            name: set(slugs) for name, slugs in (memory.mark(MARK) or {}).items()
        }
        self._changed = False

    def of(self, list_id: str) -> set[str]:
        """The tests that this list was found to want."""
        with self._lock:
            return set(self._slugs.get(list_id, ()))

    def learn(self, list_id: str, slugs: Iterable[str]) -> None:
        """The server asked for these tests; lists without an identity are not remembered."""
        if not list_id:
            return
        with self._lock:
            known = self._slugs.setdefault(list_id, set())
            before = len(known)
            known.update(slugs)
            self._changed |= len(known) > before

    def keep(self) -> None:
        """Write down what was learned since the last time."""
        with self._lock:
            if not self._changed:
                return
            self._changed = False
            value = {name: sorted(slugs) for name, slugs in self._slugs.items()}
        self._memory.set_mark(MARK, value)
