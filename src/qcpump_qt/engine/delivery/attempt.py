"""Carries one record to the server and says what came of it; runs in a worker's thread."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.delivery.blanks import with_skipped
from qcpump_qt.engine.delivery.wanted import WantedTests
from qcpump_qt.engine.errors import (
    Cancelled,
    MissingTests,
    PumpError,
    ServerUnavailable,
)
from qcpump_qt.engine.records import Destination, Place, Record, Stored, Upload

TRIES = 3
"""Attempts for one record in one cycle before it is left for the next."""

LONGEST_PAUSE = 90.0
"""Seconds: a longer Retry-After ends the cycle instead of being waited for."""

PAUSES_IN_ONE_CYCLE = 20


@dataclass(frozen=True)
class Job:
    """A record that is about to be sent.

    Args:
        record: the record.
        upload: what is to be sent.
        place: where on the server it belongs.
        in_doubt: True when an earlier attempt may have stored it; the server is asked first.
        attempts: how often it was tried in earlier cycles.
        autoskip: whether tests that the server misses may be marked as skipped.
    """

    record: Record
    upload: Upload
    place: Place
    in_doubt: bool = False
    attempts: int = 0
    autoskip: bool = True


@dataclass(frozen=True)
class Outcome:
    """What came of one job.

    Args:
        job: the job.
        payload: the body as it was sent last.
        stored: the session on the server, where it is known.
        there_before: True when the server had it before we ever sent it.
        trouble: why it is not there, or None when it is.
        in_doubt: True when it may be there all the same.
    """

    job: Job
    payload: Mapping[str, Any]
    stored: Stored | None = None
    there_before: bool = False
    trouble: PumpError | None = None
    in_doubt: bool = False


class Carrier:
    """Knows how to get one job done on one server.

    Args:
        destination: the server.
        wanted: which tests its lists are known to want.
        cancel: looked at in every wait.
        throttle: seconds between requests that are really sent.
        under_way: tells how many jobs are being carried at this moment.
    """

    def __init__(
        self,
        destination: Destination,
        wanted: WantedTests,
        cancel: CancelToken,
        throttle: float,
        under_way: Callable[[], int],
    ) -> None:
        self._destination = destination
        self._wanted = wanted
        self._cancel = cancel
        self._throttle = throttle
        self._under_way = under_way

    def carry(self, job: Job) -> Outcome:
        """Send the job's record, or find out that it is there; never raises a `PumpError`."""
        errand = _Errand(job, {**job.upload.payload, "unit_test_collection": job.place.url})
        try:
            if job.autoskip:
                errand.payload = with_skipped(errand.payload, self._wanted.of(job.place.list_id))
            return self._until_done(errand)
        except PumpError as trouble:
            return errand.failed(trouble)
        except Exception as bug:  # noqa: BLE001 - a thread that dies would leave the cycle waiting for its answer
            return errand.failed(
                PumpError(f"The program failed while sending ({type(bug).__name__}: {bug}).")
            )

    def _until_done(self, errand: _Errand) -> Outcome:
        tries = pauses = 0
        while True:
            try:
                return self._once(errand)
            except ServerUnavailable as trouble:
                if trouble.status == 429:
                    pauses += 1
                    if not self._may_wait(trouble, pauses):
                        return errand.failed(trouble)
                    continue
                tries += 1
                if trouble.reached and (trouble.status or 0) >= 500:
                    self._destination.pace.note_server_error(self._under_way() > 1)
                if tries >= TRIES:
                    return errand.failed(trouble)
            self._cancel.wait(backoff(tries))
            self._cancel.check()

    def _once(self, errand: _Errand) -> Outcome:
        """Ask where there is doubt, then post; after an answer there is none left."""
        if errand.in_doubt:
            stored = self.ask(errand.job.record.key)
            if stored is not None:
                return errand.arrived(stored)
            errand.in_doubt = False
        try:
            return self._post(errand)
        except MissingTests as missing:
            if not errand.job.autoskip or not missing.slugs:
                raise
            self._wanted.learn(errand.job.place.list_id, missing.slugs)
            errand.payload = with_skipped(errand.payload, missing.slugs)
            return self._post(errand)

    def ask(self, key: str) -> Stored | None:
        """The session with this key, when the server may be asked; raises what `Destination.find` raises."""
        self._destination.pace.wait_turn(self._cancel, self._throttle)
        return self._destination.find(key)

    def _post(self, errand: _Errand) -> Outcome:
        self._destination.pace.wait_turn(self._cancel, self._throttle)
        self._cancel.check()
        before, errand.in_doubt = errand.doubted, True
        errand.doubted = True
        try:
            stored = self._destination.post(errand.payload)
        except PumpError as trouble:
            if not _leaves_doubt(trouble):
                errand.in_doubt, errand.doubted = False, before
            raise
        errand.in_doubt = False
        if stored is not None:
            return errand.arrived(stored)
        return errand.found_there(ours=before)

    def _may_wait(self, trouble: ServerUnavailable, pauses: int) -> bool:
        pause = trouble.retry_after if trouble.retry_after is not None else backoff(pauses)
        self._destination.pace.note_throttled(pause)
        return pause <= LONGEST_PAUSE and pauses <= PAUSES_IN_ONE_CYCLE


class _Errand:
    """The state of one job while it is carried."""

    def __init__(self, job: Job, payload: dict[str, Any]) -> None:
        self.job = job
        self.payload = payload
        self.in_doubt = job.in_doubt
        self.doubted = job.in_doubt or job.attempts > 0
        """True when an earlier attempt of ours may be what the server has under this key."""

    def arrived(self, stored: Stored) -> Outcome:
        return Outcome(self.job, self.payload, stored)

    def found_there(self, *, ours: bool) -> Outcome:
        return Outcome(self.job, self.payload, there_before=not ours)

    def failed(self, trouble: PumpError) -> Outcome:
        return Outcome(self.job, self.payload, trouble=trouble, in_doubt=self.in_doubt)


def _leaves_doubt(trouble: PumpError) -> bool:
    """Whether the session may be stored all the same: not when the server said no, nor when nothing left."""
    if isinstance(trouble, ServerUnavailable):
        return trouble.status != 429
    return isinstance(trouble, Cancelled)


def backoff(tries: int) -> float:
    """Seconds to wait after the given number of failures: doubling, with jitter, at most 8."""
    return min(8.0, 0.25 * 2.0**tries) * (0.5 + random.random())  # noqa: S311 - spreads load, keeps no secret
