"""Which job goes next: one scout for each test list first, then all the others."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from qcpump_qt.engine.delivery.attempt import Job

AHEAD = 16
"""Jobs that are made ready before their turn: looking up units takes as long as sending does."""


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
            if self._may_leave(job):
                return job
        return None

    def prepare_ahead(self) -> bool:
        """Make one more job ready while there is time for it; False when enough are, or none is left."""
        if len(self._released) + sum(map(len, self._held.values())) >= AHEAD:
            return False
        job = next(self._fresh, None)
        if job is None:
            return False
        if self._may_leave(job):
            self._released.append(job)
        return True

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

    def _may_leave(self, job: Job) -> bool:
        """Whether it may go at once; otherwise it is held until the scout of its list is back."""
        list_id = job.place.list_id
        if not list_id or list_id in self._known:
            return True
        if list_id not in self._scouting:
            self._scouting.add(list_id)
            return True
        self._held[list_id].append(job)
        return False
