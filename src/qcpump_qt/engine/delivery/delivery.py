"""The way of records in one cycle: met in the ledger, made ready, sent a few at a time, written down.

See the design, section 4. One thread (the cycle's) runs this and alone writes the ledger; the workers
only talk to the server.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.delivery.attempt import Carrier, Job, Outcome
from qcpump_qt.engine.delivery.desk import Desk
from qcpump_qt.engine.delivery.halt import Halt
from qcpump_qt.engine.delivery.preparing import Preparing
from qcpump_qt.engine.delivery.queue import JobQueue
from qcpump_qt.engine.delivery.verdict import Verdict, judge
from qcpump_qt.engine.delivery.wanted import WantedTests
from qcpump_qt.engine.delivery.workers import Workers
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.ledger.deliveries import Entry, Standing
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.records import DeliveryState, Destination, IsThere, Record, Skips, Waits
from qcpump_qt.engine.report import Tally

GROUP = 200
"""Records met in the ledger at a time."""

PATIENCE_WHEN_STOPPING = 1.0
"""Seconds that answers under way get when the cycle is stopped."""

TRIED_OFTEN = 5
"""Cycles in which the server broke down over one record while it took others: then it is the record."""


class Delivery:
    """Delivers records of one pump to one server.

    Args:
        ledger: where every state is kept.
        pump: the pump's id.
        destination: the server.
        tally: what happened is told here.
        cancel: ends it; what was under way stays *sending* and is asked for in the next cycle.
        throttle: seconds between requests that are really sent.
        autoskip: whether tests that the server misses may be marked as skipped.
        hold: why nothing may be sent in this cycle.
    """

    def __init__(
        self,
        ledger: Ledger,
        pump: str,
        destination: Destination,
        tally: Tally,
        cancel: CancelToken,
        *,
        throttle: float = 0.0,
        autoskip: bool = True,
        hold: PumpError | None = None,
    ) -> None:
        self._destination = destination
        self._tally = tally
        self._cancel = cancel
        self._throttle = throttle
        self._desk = Desk(ledger.deliveries, pump, tally)
        self._halt = Halt(tally)
        if hold is not None:
            self._halt.stop(hold)
        self._preparing = Preparing(destination, self._desk, self._halt, tally, cancel, autoskip=autoskip)
        self._wanted = WantedTests(ledger.memory(pump))
        self._broken_down: list[Verdict] = []
        self._workers: Workers[Job, Outcome] = Workers(self._carry, destination.pace.connections(0.0))
        self._carrier = Carrier(destination, self._wanted, cancel, throttle, lambda: self._workers.under_way)

    def run(self, records: Iterable[Record]) -> None:
        """See to it that each record has its state; returns when all that can be done now is done.

        Raises:
            Cancelled: the cycle was stopped; every record met has its state all the same.
            LedgerError: states cannot be written; nothing more is sent.
        """
        source = iter(records)
        while group := list(islice(source, GROUP)):
            self._run_group(group)
            self._cancel.check()
        self._name_poison()

    def __enter__(self) -> Delivery:
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._workers.close()
        self._wanted.keep()

    def _run_group(self, group: list[Record]) -> None:
        unique = {record.key: record for record in group}
        standings = self._desk.meet(list(unique.values()))
        due = [(record, standings[key]) for key, record in unique.items() if _due(record, standings[key])]
        for key, record in unique.items():
            if record.settle_again and standings[key].state.arrived:
                self._tidy_up(record)
        ready = [pair for pair in due if not self._settled_by_standing(*pair)]
        changed = [record for record, standing in due if standing.fingerprint != record.fingerprint]
        self._desk.commit(refresh=changed)
        self._send(JobQueue(self._preparing.jobs(ready)))
        self._desk.commit()

    def _settled_by_standing(self, record: Record, standing: Standing) -> bool:
        """Write down records that are not to be sent now; False for those that are ready."""
        if standing.new:
            for note in record.notes:
                self._tally.tell(logging.WARNING, f"{record.title}: {note}")
        if isinstance(record.standing, Skips):
            self._desk.skip(record, record.standing.reason)
        elif isinstance(record.standing, IsThere):
            self._desk.is_there(record, record.standing.reason)
        elif isinstance(record.standing, Waits):
            self._wait(record, record.standing, standing.state)
        else:
            return False
        return True

    def _wait(self, record: Record, why: Waits, before: DeliveryState) -> None:
        if why.waiting_for.trouble:
            self._tally.unreachable = True
            self._tally.tell(logging.WARNING, f"{record.title}: {why.reason}")
        self._desk.wait(record, why.reason, why.waiting_for, before)

    def _send(self, queue: JobQueue) -> None:
        """Keep a few jobs under way until all are done, the server is left alone, or the cycle is stopped."""
        under_way = 0
        while True:
            starting = self._next_jobs(queue, under_way)
            for job in starting:
                self._desk.enter(_sending(job))
            self._desk.commit()
            for job in starting:
                self._workers.submit(job)
            under_way += len(starting)
            done = self._answers() if under_way else []
            if not done:
                break
            under_way -= len(done)
            self._take(done, queue)

    def _next_jobs(self, queue: JobQueue, under_way: int) -> list[Job]:
        """As many jobs as may leave now; one alone until the server has shown that it takes records."""
        allowed = self._destination.pace.connections(self._throttle) if self._halt.proven else 1
        if allowed > 1:
            allowed *= 2  # a second one for each worker, so that none waits for the ledger between two
        starting: list[Job] = []
        while self._goes_on() and under_way + len(starting) < allowed and (job := queue.next()):
            starting.append(job)
        if not self._goes_on():
            self._hold_back_all(queue)
        return starting

    def _goes_on(self) -> bool:
        return self._halt.trouble is None and not self._cancel.cancelled

    def _hold_back_all(self, queue: JobQueue) -> None:
        while job := queue.next():
            self._hold_back(job)
        for job in queue.rest():
            self._hold_back(job)

    def _hold_back(self, job: Job) -> None:
        self._preparing.hold_back(
            job.record, DeliveryState.SENDING if job.in_doubt else DeliveryState.WAITING
        )

    def _answers(self) -> list[Outcome]:
        """The next outcomes; none only when the cycle was stopped and nothing more came in time."""
        while not self._cancel.cancelled:
            if found := self._workers.results(0.1):
                return found
        return self._workers.results(PATIENCE_WHEN_STOPPING)

    def _take(self, done: list[Outcome], queue: JobQueue) -> None:
        """Write down what came of jobs, and only then let the pump tidy up after those that arrived."""
        for outcome in done:
            verdict = judge(outcome)
            self._halt.learn(verdict)
            self._desk.enter(verdict.entry)
            if verdict.broke_down and outcome.job.attempts + 1 >= TRIED_OFTEN:
                self._broken_down.append(verdict)
            if verdict.message:
                self._tally.tell(verdict.level, f"{outcome.job.record.title}: {verdict.message}")
            queue.answered(outcome.job)
        self._desk.commit()
        for outcome in done:
            if outcome.trouble is None:
                self._tidy_up(outcome.job.record)

    def _tidy_up(self, record: Record) -> None:
        if record.settled is None:
            return
        try:
            record.settled()
        except Exception as error:  # noqa: BLE001 - code of a pump type; the record has arrived all the same
            self._tally.trouble = True
            self._tally.tell(
                logging.ERROR, f"{record.title}: delivered, but the step after it failed ({error})."
            )

    def _name_poison(self) -> None:
        """A record over which the server broke down in many cycles, while it takes others, is rejected."""
        if not self._halt.proven:
            return
        broken_down, self._broken_down = self._broken_down, []
        for verdict in broken_down:
            self._desk.enter(
                replace(
                    verdict.entry,
                    state=DeliveryState.REJECTED,
                    reason=f"{verdict.entry.reason} This happened in {TRIED_OFTEN} cycles while the server "
                    "took other records: look at the values of this one, then retry it.",
                )
            )
        self._desk.commit()

    def _carry(self, job: Job) -> Outcome:
        return self._carrier.carry(job)


def _due(record: Record, standing: Standing) -> bool:
    """New, still open, or rejected with content that has changed since."""
    if standing.state is DeliveryState.REJECTED:
        return standing.fingerprint != record.fingerprint
    return not standing.state.final


def _sending(job: Job) -> Entry:
    return Entry(
        key=job.record.key,
        state=DeliveryState.SENDING,
        reason="On its way; should the program end now, the server is asked about it in the next cycle.",
        upload=job.upload,
        unit=job.place.unit,
        attempt=True,
    )
