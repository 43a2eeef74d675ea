"""Which unit in QATrack+ each label of section *Unit* means: by number once it is known, and never by guess."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qcpump_qt.engine.errors import MappingError, ServerRefused, ServerUnavailable
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.engine.records import UnitBy, UnitRef
from qcpump_qt.pumps.dqa3.machine_mapping import SECTION

if TYPE_CHECKING:
    from qcpump_qt.qatrack.server import QATrackServer
    from qcpump_qt.qatrack.units import Unit

MARK = "unit numbers"


class UnitMapping:
    """Finds units; asks the server only when a record is about to be sent, and once a cycle.

    Args:
        memory: remembers which number each label means.
        server: asked for its units.
        labels: those that are configured; others are forgotten.
    """

    def __init__(self, memory: SourceMemory, server: QATrackServer, labels: Iterable[str]) -> None:
        self._memory = memory
        self._server = server
        kept: dict[str, int] = memory.mark(MARK) or {}
        configured = set(labels)
        self._numbers = {label: number for label, number in kept.items() if label in configured}
        if self._numbers != kept:
            memory.set_mark(MARK, self._numbers)

    def unit(self, label: str) -> UnitRef:
        """The unit that a label means.

        Raises:
            MappingError: there is none, there are several, or it is not called so any more.
        """
        known = self._numbers.get(label)
        try:
            units = self._server.units()
        except (ServerUnavailable, ServerRefused):
            # The delivery meets the same trouble and keeps the record for when it is over.
            return _reference(label, known)
        if known is None:
            known = self._server.unit_by_label(label).number
            self._numbers[label] = known
            self._memory.set_mark(MARK, self._numbers)
        elif trouble := _trouble(label, known, units):
            raise MappingError(trouble, title="Unit has changed", subject=label)
        return UnitRef(UnitBy.NUMBER, str(known))


def _reference(label: str, number: int | None) -> UnitRef:
    return UnitRef(UnitBy.LABEL, label) if number is None else UnitRef(UnitBy.NUMBER, str(number))


def _trouble(label: str, number: int, units: Iterable[Unit]) -> str:
    """What has changed about a unit, in words; "" when it is called as before."""
    units = list(units)
    meant = next((unit for unit in units if unit.number == number), None)
    if meant is not None and label in (meant.label, meant.name):
        return ""
    same = next((unit for unit in units if unit.label == label), None)
    if same is not None:
        renamed = f", which is now called '{meant.label}'" if meant is not None else ""
        return (
            f"The name '{label}' meant unit number {number} in QATrack+{renamed}, and now stands for unit number "
            f"{same.number}. If its results shall go to the unit that bears the name now, take its row out of "
            f"{SECTION}, run the pump once, and put it back."
        )
    if meant is not None:
        return (
            f"The unit '{label}' (number {number}) is now called '{meant.label}' in QATrack+. Choose it anew in "
            f"{SECTION}; until then its results wait."
        )
    return (
        f"The unit '{label}' (number {number}) is not in QATrack+ any more. Choose the unit anew in {SECTION}; until "
        "then its results wait."
    )
