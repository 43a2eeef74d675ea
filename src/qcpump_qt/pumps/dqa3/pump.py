"""What all Daily QA3 pump types do in a cycle: look into the database, group what is new, have it delivered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.errors import SourceUnavailable
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.dqa3.checks import DQA3Checks
from qcpump_qt.pumps.dqa3.config import READER, UNIT
from qcpump_qt.pumps.dqa3.look import LISTED, Found, Look, open_sights
from qcpump_qt.pumps.dqa3.machine_mapping import MachineMapping, Row, map_machines
from qcpump_qt.pumps.dqa3.plan import CyclePlan
from qcpump_qt.pumps.dqa3.takeover import Takeover, uncompared
from qcpump_qt.pumps.dqa3.unit_mapping import UnitMapping
from qcpump_qt.pumps.qatrack_api import QATrackAPIMixin
from qcpump_qt.sources.dqa3.measurements import BEAM_TYPES
from qcpump_qt.sources.dqa3.reader import Reader

if TYPE_CHECKING:
    from qcpump_qt.pumps.dqa3.style import Style
    from qcpump_qt.qatrack.server import QATrackServer

MACHINES = "machine ids"
TOLD = "told"


class DQA3Pump(DQA3Checks, QATrackAPIMixin, BasePump):
    """Delivers Daily QA3 results; the rules are those of the reference *dqa3-databases*."""

    INTERNAL: ClassVar[bool] = True

    def pump(self) -> None:
        """One cycle: whatever is new or still open, each measurement once."""
        memory = self.pump_host.memory
        now = local_now().replace(tzinfo=None)
        self.update_progress(5, "Looking into the Daily QA3 database")
        try:
            mapping, found = self._look(now)
        except SourceUnavailable:
            self._deliver_kept()
            raise
        if found.measurements or memory.open_records():
            with self.qatrack_server() as server:
                self._deliver(found, mapping, now, server)
        else:
            self.log_debug("Nothing new in the database, nothing open in the ledger.")
        memory.set_mark(LISTED, found.marks)
        self.update_progress(100, "Done")

    def _look(self, now: datetime) -> tuple[MachineMapping, Found]:
        """Everything that this cycle needs of the database, which is closed again afterwards."""
        memory = self.pump_host.memory
        history = timedelta(days=int(self.get_config_value(READER, "history days")))
        look = Look(memory, now, history, self.beam_types())
        with self._reader() as reader:
            reader.check_version()
            known: dict[str, str] = memory.mark(MACHINES) or {}
            mapping = map_machines(self.unit_rows(), reader.machines(), known)
            if mapping.ids != known:
                memory.set_mark(MACHINES, dict(mapping.ids))
            self._tell_about(mapping)
            found = look.take(reader, [mapped.machine for mapped in mapping.mapped.values()])
        for machine in mapping.doubtful:
            look.start_with(machine.id, found.marks)
        self._tell_once(
            {f"beam {name}": _strange(name, kind) for name, kind in found.strange.items()}, logging.WARNING
        )
        return mapping, found

    def _deliver(self, found: Found, mapping: MachineMapping, now: datetime, server: QATrackServer) -> None:
        """Make records of what was found and have them delivered."""
        host, memory = self.pump_host, self.pump_host.memory
        open_before = open_sights(memory, mapping.mapped)
        hold = host.settle_doubts(server)
        # What has just turned out to be delivered is no longer new: taken again, it would go a second time.
        for sight in open_before - open_sights(memory, mapping.mapped):
            found.measurements.pop(sight, None)
        units = UnitMapping(memory, server, [row.unit for row in self.unit_rows()])
        plan = CyclePlan(found, mapping.mapped, units, memory, self.style(), now)
        takeover = self.takeover(server)
        plan.make_records(takeover if hold is None else None)
        moved, deleted = plan.struck_out()
        for key in deleted:
            self.log_warning(
                f"{key}: it was deleted from the Daily QA3 database before it was sent, and is forgotten."
            )
        # First of all: a record that is cut off here must not be left with its old content.
        host.forget([*moved, *deleted])
        memory.remember(plan.items())
        noun = "record" if len(plan.records) == 1 else "records"
        self.update_progress(30, f"Delivering {len(plan.records)} {noun}")
        trouble = takeover.trouble if takeover is not None else None
        host.deliver(plan.records, server, throttle=self.throttle, hold=hold or trouble)
        if takeover is not None:
            takeover.keep()

    def _deliver_kept(self) -> None:
        """The database is away; what the ledger has kept of it goes all the same.

        Not so what could not be compared yet with what an earlier program delivered: that needs the database.
        """
        memory = self.pump_host.memory
        keys = memory.open_records()
        if keys and not (self.compares and uncompared(memory, keys)):
            with self.qatrack_server() as server:
                self.pump_host.deliver((), server, throttle=self.throttle)

    # --- what the pump types bring ---------------------------------------------------------------

    compares: ClassVar[bool] = False
    """Whether groups are compared with what QCPump delivered; where its keys are the same, that is not needed."""

    def style(self) -> Style:
        """One beam or several to a test list."""
        raise NotImplementedError

    def takeover(self, server: QATrackServer) -> Takeover | None:  # noqa: ARG002 - the grouped types ask it
        """The comparison with what QCPump delivered; None where the keys alone tell."""
        return None

    def beam_types(self) -> Sequence[str]:
        """The types of beams that are sent, in small letters."""
        return BEAM_TYPES

    # --- within ------------------------------------------------------------------------------------

    def unit_rows(self) -> list[Row]:
        """The rows of section *Unit*."""
        rows: list[dict[str, Any]] = self.get_config_values(UNIT)
        return [Row(str(row["dqa3 name"]), str(row["unit name"])) for row in rows]

    @contextmanager
    def _reader(self) -> Iterator[Reader]:
        with self.open_reader(self.get_config_values(READER)[0], self.log_warning) as reader:
            yield reader

    def _tell_about(self, mapping: MachineMapping) -> None:
        for trouble in mapping.troubles:
            self.log_error(trouble)
        labels = {machine.id: machine.label for machine in mapping.others}
        self._tell_once(
            {f"machine {key}": _not_configured(label) for key, label in labels.items()}, logging.INFO
        )

    def _tell_once(self, messages: dict[str, str], level: int) -> None:
        """Tell what was not told before."""
        memory = self.pump_host.memory
        told: list[str] = memory.mark(TOLD) or []
        new = {name: message for name, message in messages.items() if name not in told}
        for message in new.values():
            self.pump_host.log(level, message)
        if new:
            memory.set_mark(TOLD, [*told, *new])


def _not_configured(label: str) -> str:
    return (
        f"The machine '{label}' of the Daily QA3 database has no row in section Unit, so nothing of it is sent. "
        "This is told once."
    )


def _strange(name: str, kind: str) -> str:
    return (
        f"The beam '{name}' has the type '{kind}' in Daily QA3, which is none of Photon, Electron and FFF, so "
        "its measurements are not sent. Correct its type in Daily QA3. This is told once."
    )
