"""Which job goes next: one scout for each test list first, then all the others."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from qcpump_qt.engine.delivery.attempt import Job


class JobQueue:
    """Hands out jobs so that what a test list wants is learned by one record and not by four at once.

    Args:
        jobs: makes the jobs ready one by one, as they are asked for.
    """

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._fresh: Iterator[Job] = iter(jobs)
        self._released: deque[Job] = deque()
        self._held: defaultdict[str, list[Job]] = defaultdict(list)
        self._scouting: set[str] = set()
        self._known: set[str] = set()

    def next(self) -> Job | None:
        """A job that may leave now; None when there is none, or all that are left wait for a scout."""
        if self._released:
            return self._released.popleft()
        for job in self._fresh:
            list_id = job.place.list_id
            if not list_id or list_id in self._known:
                return job
            if list_id not in self._scouting:
                self._scouting.add(list_id)
                return job
            self._held[list_id].append(job)
        return None

    def answered(self, job: Job) -> None:
        """The job has come back; those that waited for it may go."""
        list_id = job.place.list_id
        if list_id in self._scouting:
            self._scouting.discard(list_id)
            self._known.add(list_id)
            self._released.extend(self._held.pop(list_id, ()))

    def rest(self) -> list[Job]:
        """All jobs that were made ready and have not left."""
        left = [*self._released, *(job for held in self._held.values() for job in held)]
        self._released.clear()
        self._held.clear()
        return left
