"""Turns what came of a job into what is written down and told."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from qcpump_qt.engine.delivery.attempt import LONGEST_PAUSE, Outcome
from qcpump_qt.engine.errors import Cancelled, PumpError, RecordRejected, ServerRefused, ServerUnavailable
from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.records import DeliveryState, WaitingFor


@dataclass(frozen=True)
class Verdict:
    """What is to be written and told about one job.

    Args:
        entry: for the ledger.
        message: for people, without the record's title; may be empty.
        level: of the message.
        trouble: what stood in the way.
        server_fine: the server is up and takes records.
        hopeless: no use to go on with this server in this cycle.
        broke_down: the server answered this very record with an error of its own (5xx).
    """

    entry: Entry
    message: str = ""
    level: int = logging.INFO
    trouble: PumpError | None = None
    server_fine: bool = False
    hopeless: bool = False
    broke_down: bool = False


def judge(outcome: Outcome) -> Verdict:
    """The verdict on one job."""
    trouble = outcome.trouble
    if trouble is None:
        return _arrived(outcome)
    if isinstance(trouble, RecordRejected):
        return _rejected(outcome, trouble)
    if isinstance(trouble, Cancelled):
        state = DeliveryState.SENDING if outcome.in_doubt else DeliveryState.WAITING
        return Verdict(
            Entry(key=outcome.job.record.key, state=state, reason=trouble.message), trouble=trouble
        )
    return _postponed(outcome, trouble)


def _arrived(outcome: Outcome) -> Verdict:
    state = DeliveryState.ALREADY_THERE if outcome.there_before else DeliveryState.DELIVERED
    stored = outcome.stored
    entry = Entry(
        key=outcome.job.record.key,
        state=state,
        reason="The server had a session with this key before." if outcome.there_before else "",
        payload=outcome.payload,
        url=(stored.site_url or stored.url) if stored else None,
    )
    return Verdict(entry, message=f"{state.value} ({outcome.job.place.unit})", server_fine=True)


def _rejected(outcome: Outcome, trouble: RecordRejected) -> Verdict:
    entry = Entry(
        key=outcome.job.record.key,
        state=DeliveryState.REJECTED,
        reason=trouble.message,
        payload=outcome.payload,
        answer={"status": trouble.status, "body": trouble.answer},
    )
    return Verdict(entry, message=str(trouble), level=logging.ERROR, trouble=trouble, server_fine=True)


def _postponed(outcome: Outcome, trouble: PumpError) -> Verdict:
    """Not there yet, or not known: it stays *sending* as long as the server may have it."""
    refused = isinstance(trouble, ServerRefused)
    entry = Entry(
        key=outcome.job.record.key,
        state=DeliveryState.SENDING if outcome.in_doubt else DeliveryState.WAITING,
        reason=trouble.message,
        waiting_for=WaitingFor.REFUSAL if refused else WaitingFor.SERVER,
    )
    return Verdict(
        entry,
        message=str(trouble),
        level=logging.WARNING,
        trouble=trouble,
        hopeless=refused or _gone(trouble),
        broke_down=isinstance(trouble, ServerUnavailable) and (trouble.status or 0) >= 500,
    )


def _gone(trouble: PumpError) -> bool:
    """No answer at all, or a long pause asked for: the next record would fare no better."""
    if not isinstance(trouble, ServerUnavailable):
        return False
    asked_to_wait = trouble.status == 429 and (trouble.retry_after or LONGEST_PAUSE) >= LONGEST_PAUSE
    return not trouble.reached or asked_to_wait
