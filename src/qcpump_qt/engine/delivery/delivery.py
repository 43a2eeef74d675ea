"""The way of records in one cycle: met in the ledger, made ready, sent a few at a time, written down.

See the design, section 4. One thread (the cycle's) runs this and alone writes the ledger; the workers
only talk to the server.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.delivery.attempt import Carrier, Job, Outcome
from qcpump_qt.engine.delivery.desk import Desk
from qcpump_qt.engine.delivery.halt import Halt
from qcpump_qt.engine.delivery.intake import Intake
from qcpump_qt.engine.delivery.preparing import Preparing
from qcpump_qt.engine.delivery.queue import JobQueue
from qcpump_qt.engine.delivery.suspects import Suspects
from qcpump_qt.engine.delivery.unmatched import UnmatchedTests
from qcpump_qt.engine.delivery.verdict import Verdict, judge, last_word
from qcpump_qt.engine.delivery.wanted import WantedTests
from qcpump_qt.engine.delivery.workers import Workers
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.ledger.deliveries import Entry, Standing
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.records import DeliveryState, Destination, IsThere, Record, Skips, WaitingFor, Waits
from qcpump_qt.engine.report import Tally

GATHERING = 0.005
"""Seconds that jobs are gathered to be written down together."""

AHEAD = 2
"""Jobs handed out for each that may be under way, so that no worker waits for the ledger or a look-up between two."""

PATIENCE_WHEN_STOPPING = 1.0
"""Seconds that all answers under way get when the cycle is stopped."""


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
        cleared: keys of records that were found to have arrived when this cycle settled doubts; what follows
            a delivery is still to be done for them.
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
        cleared: Collection[str] = (),
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
        self._cleared = frozenset(cleared)
        self._intake = Intake(tally)
        self._wanted = WantedTests(ledger.memory(pump))
        self._suspects = Suspects(ledger.memory(pump))
        self._unmatched = UnmatchedTests(ledger.memory(pump), tally)
        self._broken_down: dict[str, tuple[Outcome, Verdict]] = {}
        self._give_up: float | None = None
        self._workers: Workers[Job, Outcome] = Workers(self._carry, destination.pace.connections(0.0))
        self._carrier = Carrier(destination, self._wanted, cancel, throttle, lambda: self._workers.under_way)

    def run(self, records: Iterable[Record]) -> None:
        """See to it that each record has its state; returns when all that can be done now is done.

        Raises:
            Cancelled: the cycle was stopped; every record met has its state all the same.
            LedgerError: states cannot be written; nothing more is sent.
            Exception: what `records` itself ended with, after the records before that were cared for.
        """
        last: list[tuple[Record, Standing]] = []
        for group in self._intake.groups(records):
            last += self._run_group(group)
            if self._cancel.cancelled:
                break
        self._send(JobQueue(self._preparing.jobs(last)))
        self._desk.commit()
        self._name_poison()
        self._intake.tell_doubles()
        self._cancel.check()
        if self._intake.trouble is not None:
            raise self._intake.trouble

    def __enter__(self) -> Delivery:
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._workers.close()
        self._wanted.keep()
        self._suspects.keep()
        self._unmatched.keep()

    def _run_group(self, group: list[Record]) -> list[tuple[Record, Standing]]:
        """Care for one group; gives back the records that had better go last."""
        standings = self._desk.meet(group)
        due = [(record, standings[record.key]) for record in group if is_due(record, standings[record.key])]
        for record in group:
            again = record.settle_again or record.key in self._cleared
            if again and standings[record.key].state.arrived:
                self._tidy_up(record)
        changed = [record for record, standing in due if standing.fingerprint != record.fingerprint]
        ready = [pair for pair in due if not self._settled_by_standing(*pair)]
        self._desk.commit(refresh=changed)
        for record, _ in due:
            if isinstance(record.standing, IsThere):
                self._tidy_up(record)
        first = [pair for pair in ready if pair[0].key not in self._suspects]
        self._send(JobQueue(self._preparing.jobs(first)))
        self._desk.commit()
        return [pair for pair in ready if pair[0].key in self._suspects]

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
            away = why.waiting_for is WaitingFor.SOURCE
            self._tally.unreachable |= away
            self._tally.tell(logging.WARNING, f"{record.title}: {why.reason}", serious=not away)
        self._desk.wait(record, why.reason, why.waiting_for, before)

    def _send(self, queue: JobQueue) -> None:
        """Keep a few jobs under way until all are done, the server is left alone, or the cycle is stopped."""
        under_way = 0
        done: list[Outcome] = []
        while True:
            starting = self._next_jobs(queue, under_way)
            for job in starting:
                self._desk.enter(_sending(job))
            self._desk.commit()  # both what has come back and what is about to leave
            for job in starting:
                self._workers.submit(job)
            self._tidy_up_after(done)
            under_way += len(starting)
            done = self._answers(queue, at_once=bool(starting)) if under_way else []
            if not done and not starting:
                break
            under_way -= len(done)
            self._take(done, queue)

    def _next_jobs(self, queue: JobQueue, under_way: int) -> list[Job]:
        """As many jobs as may leave now; one alone until the server has shown that it takes records."""
        allowed = self._destination.pace.connections(self._throttle) if self._halt.proven else 1
        if allowed > 1:
            allowed *= AHEAD
        starting: list[Job] = []
        enough = time.monotonic() + GATHERING  # some may go while the units of the others are looked up
        while self._goes_on() and under_way + len(starting) < allowed and (job := queue.next()):
            starting.append(job)
            if time.monotonic() > enough:
                break
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
            job.record, DeliveryState.SENDING if job.in_doubt else DeliveryState.WAITING, job.upload
        )

    def _answers(self, queue: JobQueue, *, at_once: bool) -> list[Outcome]:
        """The next outcomes, while more jobs are made ready.

        None when nothing has come yet and the answer is wanted at once, or when the cycle was stopped and nothing
        more came in time.
        """
        while not self._cancel.cancelled:
            busy = at_once or (self._goes_on() and queue.prepare_ahead())
            found = self._workers.results(0.0 if busy else 0.1)
            while found and self._workers.waiting > 1 and (more := self._workers.results(GATHERING)):
                found += more
            if found or at_once:
                return found
        if self._give_up is None:
            self._give_up = time.monotonic() + PATIENCE_WHEN_STOPPING
        return self._workers.results(max(0.0, self._give_up - time.monotonic()))

    def _take(self, done: list[Outcome], queue: JobQueue) -> None:
        """Gather what came of jobs for the next commit, and tell it."""
        for outcome in done:
            verdict = judge(outcome)
            self._halt.learn(verdict)
            self._desk.enter(verdict.entry)
            self._remember_trouble(outcome, verdict)
            told = verdict.trouble is not None and verdict.trouble is self._halt.trouble
            if verdict.message and not told:
                self._tally.tell(verdict.level, f"{outcome.job.record.title}: {verdict.message}")
            self._unmatched.look_at(outcome)
            queue.answered(outcome.job)

    def _remember_trouble(self, outcome: Outcome, verdict: Verdict) -> None:
        key = outcome.job.record.key
        if verdict.broke_down:
            self._suspects.broke_down(key)
            self._broken_down[key] = (outcome, verdict)
        elif verdict.entry.state.final:
            self._suspects.cleared(key)

    def _tidy_up_after(self, done: Iterable[Outcome]) -> None:
        """Let the pump do what follows a delivery, now that it is written down."""
        for outcome in done:
            if outcome.trouble is None:
                self._tidy_up(outcome.job.record)

    def _tidy_up(self, record: Record) -> None:
        if record.settled is None:
            return
        try:
            record.settled()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - code of a pump type; the record has arrived all the same
            text = f"{record.title}: delivered, but the step after it failed ({error})."
            self._tally.tell(logging.ERROR, text, serious=True)

    def _name_poison(self) -> None:
        """A record over which the server broke down in many cycles, while it takes others, is rejected."""
        for key in self._suspects.convict(server_fine=self._halt.proven):
            outcome, verdict = self._broken_down[key]
            entry = last_word(outcome, verdict, self._carrier.ask)
            self._desk.enter(entry)
            self._desk.commit()
            if entry.state.final:
                self._suspects.cleared(key)
                level = logging.INFO if entry.state.arrived else logging.ERROR
                self._tally.tell(level, f"{outcome.job.record.title}: {entry.state.value}. {entry.reason}")
            if entry.state.arrived:
                self._tidy_up(outcome.job.record)

    def _carry(self, job: Job) -> Outcome:
        return self._carrier.carry(job)


def is_due(record: Record, standing: Standing) -> bool:
    """New, still open, or rejected or skipped with content that has changed since."""
    if standing.state in (DeliveryState.REJECTED, DeliveryState.SKIPPED):
        return standing.fingerprint != record.fingerprint
    return not standing.state.final


def _sending(job: Job) -> Entry:
    return Entry(
        key=job.record.key,
        state=DeliveryState.SENDING,
        reason="On its way; should the program end now, the server is asked about it in the next cycle.",
        upload=job.upload,
        fingerprint=job.record.fingerprint,
        unit=job.place.unit,
        attempt=True,
    )
