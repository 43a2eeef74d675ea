"""Turns what came of a job into what is written down and told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from qcpump_qt.engine.delivery.attempt import LONGEST_PAUSE, Outcome
from qcpump_qt.engine.delivery.kept_answer import kept_answer
from qcpump_qt.engine.delivery.suspects import TRIED_OFTEN
from qcpump_qt.engine.errors import (
    Cancelled,
    ItemError,
    PumpError,
    RecordRejected,
    ServerRefused,
    ServerUnavailable,
)
from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.records import DeliveryState, Stored, WaitingFor


@dataclass(frozen=True)
class Verdict:
    """What is to be written and told about one job.

    Args:
        entry: for the ledger.
        message: for people, without the record's title; may be empty.
        level: of the message.
        trouble: what stood in the way.
        server_fine: the server is up and takes records.
        server_failed: the server did not do what it should; too many of these end the cycle for it.
        hopeless: no use to go on with this server in this cycle.
        broke_down: the server is there and failed over this very record (5xx, or a fault of the program).
    """

    entry: Entry
    message: str = ""
    level: int = logging.INFO
    trouble: PumpError | None = None
    server_fine: bool = False
    server_failed: bool = False
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
    if outcome.in_doubt or isinstance(trouble, (ServerUnavailable, ServerRefused)):
        return _postponed(outcome, trouble)
    return _not_sent(outcome, trouble)


def last_word(outcome: Outcome, verdict: Verdict, ask: Callable[[str], Stored | None]) -> Entry:
    """What is written about a record that the server broke down over too often.

    Args:
        outcome, verdict: the last ones of it.
        ask: asks the server for the session with a key, as the last attempt may have stored it after all.

    Returns:
        delivered where the server has it; rejected where not; unchanged where it cannot be asked.
    """
    try:
        stored = ask(outcome.job.record.key)
    except PumpError:  # told already: the same server, moments ago
        return verdict.entry
    if stored is not None:
        return _arrived(replace(outcome, stored=stored)).entry
    return replace(
        verdict.entry,
        state=DeliveryState.REJECTED,
        payload=outcome.payload,
        reason=f"{verdict.entry.reason} This happened in {TRIED_OFTEN} cycles while the server took other "
        "records: look at the values of this one, then retry it.",
    )


def _arrived(outcome: Outcome) -> Verdict:
    state = DeliveryState.ALREADY_THERE if outcome.there_before else DeliveryState.DELIVERED
    stored = outcome.stored
    entry = Entry(
        key=outcome.job.record.key,
        state=state,
        reason="The server had a session with this key before." if outcome.there_before else "",
        payload=outcome.payload,
        answer={"status": 201, "body": kept_answer(stored.answer)} if stored and stored.answer else None,
        url=(stored.site_url or stored.url) if stored else None,
    )
    return Verdict(entry, message=f"{state.value} ({outcome.job.place.unit})", server_fine=True)


def _rejected(outcome: Outcome, trouble: RecordRejected) -> Verdict:
    entry = Entry(
        key=outcome.job.record.key,
        state=DeliveryState.REJECTED,
        reason=trouble.message,
        payload=outcome.payload,
        answer={"status": trouble.status, "body": trouble.answer} if trouble.status else None,
    )
    asked = trouble.status > 0
    return Verdict(entry, message=str(trouble), level=logging.ERROR, trouble=trouble, server_fine=asked)


def _not_sent(outcome: Outcome, trouble: PumpError) -> Verdict:
    """Something about the record itself kept it from leaving; the server has nothing to do with it."""
    state, level = DeliveryState.REJECTED, logging.ERROR
    if isinstance(trouble, ItemError):
        state, level = DeliveryState.SKIPPED, logging.WARNING
    elif trouble.transient:
        state, level = DeliveryState.WAITING, logging.WARNING
    entry = Entry(
        key=outcome.job.record.key, state=state, reason=trouble.message, waiting_for=WaitingFor.SOURCE
    )
    return Verdict(entry, message=str(trouble), level=level, trouble=trouble)


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
        server_failed=True,
        hopeless=refused or _gone(trouble),
        broke_down=_over_this_record(trouble),
    )


def _over_this_record(trouble: PumpError) -> bool:
    if isinstance(trouble, ServerUnavailable):
        return (trouble.status or 0) >= 500
    return not isinstance(trouble, ServerRefused)


def _gone(trouble: PumpError) -> bool:
    """No answer at all, or a long pause asked for: the next record would fare no better."""
    if not isinstance(trouble, ServerUnavailable):
        return False
    pause = LONGEST_PAUSE if trouble.retry_after is None else trouble.retry_after
    return not trouble.reached or (trouble.status == 429 and pause >= LONGEST_PAUSE)
