"""A few threads that carry jobs; they never keep the program from ending."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers(Generic[Task, Result]):
    """Daemon threads: when a server hangs, stopping does not wait for them (the standard pool would).

    Args:
        work: what is done with each task; must not raise.
        most: how many threads at most; each is started when it is first needed.
    """

    def __init__(self, work: Callable[[Task], Result], most: int) -> None:
        self._work = work
        self._most = most
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._threads = 0
        self._under_way = 0
        self._lock = threading.Lock()

    @property
    def under_way(self) -> int:
        """Tasks that a thread is busy with at this moment."""
        return self._under_way

    @property
    def waiting(self) -> int:
        """Tasks that no thread has begun."""
        return self._tasks.qsize()

    def submit(self, task: Task) -> None:
        """Have the task done by the next free thread."""
        if self._threads < self._most:
            self._threads += 1
            threading.Thread(target=self._run, name=f"delivery-{self._threads}", daemon=True).start()
        self._tasks.put(task)

    def results(self, timeout: float) -> list[Result]:
        """Wait up to `timeout` seconds for the next result, and take all that are there by then."""
        found: list[Result] = []
        try:
            found.append(self._results.get(timeout=timeout))
            while True:
                found.append(self._results.get_nowait())
        except queue.Empty:
            return found

    def close(self) -> None:
        """Let the threads end after what they are doing; tasks that none has begun are dropped."""
        with suppress(queue.Empty):
            while True:
                self._tasks.get_nowait()
        for _ in range(self._threads):
            self._tasks.put(None)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            self._count(1)
            try:
                result = self._work(task)
            finally:
                self._count(-1)
            self._results.put(result)

    def _count(self, change: int) -> None:
        with self._lock:
            self._under_way += change
