"""Rough days by chance: results, outages, lost answers, crashes, deletions in any order. In the end every
result is on the server exactly once, and the ledger says so.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from integration.mpc.clinic import BEAMS, Clinic, Run
from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.records import DeliveryState

TEMPLATES = (
    *(f"BeamCheckTemplate{beam}" for beam in BEAMS),
    "GeometryCheckTemplate6xMVkVEnhancedCouch",
    "EnhancedMLCCheckTemplate6x",
    "CollimationDevicesCheckTemplate6xMVkV",
)


DAYS = int(os.environ.get("ROUGH_DAYS", "12"))
"""More of them find rarer things; a dozen keep the suite quick."""


class PowerCut(BaseException):
    """The program dies where it stands."""


class RoughDay:
    """One sequence of events, the same for the same seed."""

    def __init__(self, clinic: Clinic, seed: int) -> None:
        self.clinic = clinic
        self.chance = random.Random(seed)
        self.pool = [(serial, template) for serial in ("2101", "2102") for template in TEMPLATES]
        self.chance.shuffle(self.pool)
        self.unfinished: list[Run] = []
        self.log: list[str] = []

    def events(self) -> list[Callable[[], object]]:
        return [
            self.result,
            self.result,
            self.result,
            self.started,
            self.finished,
            self.cycle,
            self.cycle,
            self.server_away,
            self.server_back,
            self.lost_answer,
            self.server_error,
            self.power_cut,
            self.restart,
            self.time_passes,
            self.deleted,
            self.share_away,
        ]

    def result(self, *, results: bool = True) -> Run | None:
        if not self.pool:
            return None
        serial, template = self.pool.pop()
        moment = self.clinic.now.replace(second=0) - timedelta(minutes=self.chance.randrange(0, 90))
        run = self.clinic.add(moment, template, serial=serial, number=len(self.clinic.runs), results=results)
        self.log.append(f"{run.name} {'done' if results else 'begun'}")
        return run

    def started(self) -> None:
        run = self.result(results=False)
        if run:
            self.unfinished.append(run)

    def finished(self) -> None:
        if self.unfinished:
            self.unfinished.pop(0).finish()

    def cycle(self) -> None:
        self.clinic.run()

    def server_away(self) -> None:
        self.clinic.standin.faults.add("drop-before", method="ANY", times=None)

    def server_back(self) -> None:
        self.clinic.standin.faults.clear()

    def lost_answer(self) -> None:
        self.clinic.standin.faults.add("drop-after", times=1)
        self.clinic.run()

    def server_error(self) -> None:
        self.clinic.standin.faults.add("500-after", times=2)
        self.clinic.run()

    def power_cut(self) -> None:
        """Dies at some write to the ledger; requests that are under way may still arrive."""
        after = self.chance.randrange(1, 12)
        real = Database.writing
        count = 0

        def writing(database: Database) -> Any:
            nonlocal count
            count += 1
            if count > after:
                raise PowerCut
            return real(database)

        with self.clinic.patch.context() as patch:
            patch.setattr(Database, "writing", writing)
            try:
                self.clinic.run()
            except PowerCut:
                self.log.append(f"power cut after {after}")
        self.clinic.reopen()

    def restart(self) -> None:
        self.clinic.reopen()

    def time_passes(self) -> None:
        self.clinic.now += timedelta(minutes=self.chance.choice([5, 25, 120]))

    def deleted(self) -> None:
        """Somebody clears folders whose content the ledger has, or that were delivered.

        Not before the first comparison with what QCPump delivered: what was kept before it is sent under its
        own key, and that key may be QCPump's.
        """
        if self.clinic.program.ledger.memory(self.clinic.pump.id).mark("taken over") is None:
            return
        records = self.clinic.records().values()
        safe = {
            name.rpartition("/")[2]
            for record in records
            if record.payload is not None and record.state is not DeliveryState.SKIPPED
            for name in record.source
        }
        there = [run for run in self.clinic.runs if run.name in safe and run.path.exists()]
        if there and self.chance.random() < 0.5:
            run = self.chance.choice(there)
            self.clinic.remove(run)
            self.log.append(f"{run.name} deleted")

    def share_away(self) -> None:
        away = self.clinic.folder / "away"
        self.clinic.tds.rename(away)
        self.clinic.run()
        away.rename(self.clinic.tds)

    def calm(self) -> None:
        """All that is broken is mended, and time goes by."""
        for run in self.unfinished:
            run.finish()
        self.clinic.standin.faults.clear()
        self.clinic.now += timedelta(hours=3)
        for _ in range(3):
            self.clinic.run()

    def qcpump_was_here(self) -> None:
        """A part of what is there was sent, a few runs in each record."""
        runs = [run for run in (self.result() for _ in range(12)) if run]
        kinds: dict[tuple[str, str], list[Run]] = {}
        for run in sorted(runs, key=lambda run: run.moment):
            kinds.setdefault((run.serial, run.check_type), []).append(run)
        for kind in kinds.values():
            while kind:
                piece, kind[:] = kind[:2], kind[2:]
                in_one_session = [
                    run for run in piece if run.moment - piece[0].moment <= timedelta(minutes=20)
                ]
                kind[:0] = piece[len(in_one_session) :]
                sent = [run for run in in_one_session if self.chance.random() < 0.7]
                if sent and sent[0].key not in self.clinic.sessions():
                    self.log.append(f"QCPump sent {[run.name for run in sent]}")
                    self.clinic.stored_by_qcpump(sent)


@pytest.mark.parametrize("seed", range(DAYS))
def test_every_result_arrives_exactly_once(
    clinic: Clinic, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qcpump_qt.engine.delivery.attempt.backoff", lambda _tries: 0.0)
    day = RoughDay(clinic, seed)
    if seed % 2:
        day.qcpump_was_here()
    for _ in range(40):
        event = day.chance.choice(day.events())
        day.log.append(event.__name__)
        event()
    day.calm()
    try:
        clinic.judge()
        assert not clinic.keys(DeliveryState.WAITING)
        clinic.standin.counts.reset()
        assert clinic.run().counts["found"] == 0
        assert clinic.standin.counts.requests() == 0
    except AssertionError as error:
        raise AssertionError(f"{error}\n" + "\n".join(day.log)) from error
