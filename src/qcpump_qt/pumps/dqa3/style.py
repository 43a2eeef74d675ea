"""What differs between one beam and several beams to a test list: what goes together, under which key, in what form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from qcpump_qt.engine.records import UnitRef, Upload
from qcpump_qt.pumps.dqa3.keys import group_key, one_beam_key
from qcpump_qt.pumps.dqa3.names import TestListNames, variables
from qcpump_qt.pumps.dqa3.payload import group_upload, one_beam_upload
from qcpump_qt.sources.dqa3.groups import Fixed, Group, group
from qcpump_qt.sources.dqa3.machines import Machine
from qcpump_qt.sources.dqa3.measurements import Measurement, Sight


class Style(Protocol):
    """How measurements become records."""

    @property
    def wait(self) -> timedelta:
        """How long a record waits for more after its newest measurement."""

    def groups(self, sights: Iterable[Sight], fixed: Iterable[Fixed]) -> list[Group]:
        """What goes together, by machine and time."""

    def key(self, found: Group) -> str:
        """The key that QCPump 0.3 gave it."""

    def title(self, found: Group, machine: Machine) -> str:
        """How people would call it."""

    def upload(
        self, found: Group, key: str, members: Sequence[Measurement], machine: Machine, unit: UnitRef
    ) -> Upload:
        """What is to be sent."""


@dataclass(frozen=True)
class OneBeam:
    """Each measurement goes to the test list of its beam.

    Attributes:
        names: the test list of each beam.
        comments: whether comments are sent.
    """

    names: TestListNames
    comments: bool
    wait: timedelta = timedelta(0)

    def groups(self, sights: Iterable[Sight], fixed: Iterable[Fixed]) -> list[Group]:  # noqa: ARG002 - none is ever late
        """Each by itself."""
        order = sorted(sights, key=lambda each: (each.machine_id, each.time, each.data_key, each.beam_name))
        return [Group(sight.machine_id, (sight,)) for sight in order]

    def key(self, found: Group) -> str:
        """The key that QCPump 0.3 gave it."""
        return one_beam_key(found.sights[0])

    def title(self, found: Group, machine: Machine) -> str:
        """How people would call it."""
        sight = found.sights[0]
        return f"{machine.label} {sight.time:%Y-%m-%d %H:%M:%S} {sight.beam_name}".rstrip()

    def upload(
        self,
        found: Group,  # noqa: ARG002 - as `Style` says
        key: str,
        members: Sequence[Measurement],
        machine: Machine,
        unit: UnitRef,
    ) -> Upload:
        """What is to be sent; MappingError when the template gives no name for the beam."""
        name = self.names.name(variables(members[0], machine))
        return one_beam_upload(members[0], key, unit, name, comments=self.comments)


@dataclass(frozen=True)
class SeveralBeams:
    """All beams of a morning go to one test list.

    Attributes:
        test_list: its name.
        window: of the grouping.
        wait: how long a group waits for more after its newest measurement.
        comments: whether comments are sent.
    """

    test_list: str
    window: timedelta
    wait: timedelta
    comments: bool

    def groups(self, sights: Iterable[Sight], fixed: Iterable[Fixed]) -> list[Group]:
        """What was measured within the grouping window of a first beam."""
        return group(sights, self.window, fixed)

    def key(self, found: Group) -> str:
        """The key that QCPump 0.3 gave it."""
        return group_key(found.sights)

    def title(self, found: Group, machine: Machine) -> str:
        """How people would call it."""
        late = " (late)" if found.late_of else ""
        return f"{machine.label} {found.start:%Y-%m-%d %H:%M} Daily QA3{late}"

    def upload(
        self,
        found: Group,
        key: str,
        members: Sequence[Measurement],
        machine: Machine,  # noqa: ARG002 - as `Style` says
        unit: UnitRef,
    ) -> Upload:
        """What is to be sent."""
        return group_upload(members, key, unit, self.test_list, comments=self.comments, late_of=found.late_of)


def members_of(found: Group, measurements: Mapping[Sight, Measurement]) -> list[Measurement]:
    """The measurements of a group, by time."""
    return [measurements[sight] for sight in found.sights]
