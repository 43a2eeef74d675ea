"""Which machine of the database each row of section *Unit* means: by id once it is known, and never by guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.sources.dqa3.machines import Machine

SECTION = "section Unit"


@dataclass(frozen=True)
class Row:
    """One row of section *Unit*.

    Attributes:
        machine: label of the machine in the database.
        unit: label of the unit in QATrack+.
    """

    machine: str
    unit: str


@dataclass(frozen=True)
class Mapped:
    """A machine whose measurements are read.

    Attributes:
        machine: in the database.
        unit: label of the unit that its results go to.
        trouble: why they wait, in words; "" when the mapping is clear.
    """

    machine: Machine
    unit: str
    trouble: str = ""


@dataclass(frozen=True)
class MachineMapping:
    """The rows of section *Unit* against the machines that the database has now.

    Attributes:
        mapped: by machine id.
        ids: label to machine id, to be remembered; labels that are no longer configured are not in it.
        troubles: what has to be told, in words.
        doubtful: machines that bear a label that meant another one before.
        others: machines that no row is about.
    """

    mapped: Mapping[str, Mapped]
    ids: Mapping[str, str]
    troubles: tuple[str, ...]
    doubtful: tuple[Machine, ...]
    others: tuple[Machine, ...]


def map_machines(
    rows: Sequence[Row], machines: Sequence[Machine], known: Mapping[str, str]
) -> MachineMapping:
    """Find the machine of each row.

    Args:
        rows: of section *Unit*.
        machines: all of the database.
        known: label to machine id, as remembered.

    Raises:
        ConfigurationError: a machine stands in the section twice.
    """
    refuse_doubles(rows)
    mapped: dict[str, Mapped] = {}
    ids: dict[str, str] = {}
    troubles: list[str] = []
    doubtful: list[Machine] = []
    for row in rows:
        found, trouble = _find(row.machine, machines, known.get(row.machine))
        if found is not None and (not trouble or found.id not in mapped):
            mapped[found.id] = Mapped(found, row.unit, trouble)
        if row.machine in known:
            ids[row.machine] = known[row.machine]
        elif found is not None:
            ids[row.machine] = found.id
        if trouble:
            troubles.append(trouble)
            doubtful += [each for each in machines if each.label == row.machine and each is not found]
    others = tuple(each for each in machines if each.id not in mapped and each not in doubtful)
    return MachineMapping(mapped, ids, tuple(troubles), tuple(doubtful), others)


def refuse_doubles(rows: Iterable[Row]) -> None:
    """Each machine may stand in the section once.

    Raises:
        ConfigurationError: one stands there twice.
    """
    counts = Counter(row.machine for row in rows if row.machine)
    for label, count in counts.items():
        if count > 1:
            raise ConfigurationError(
                f"The machine '{label}' stands in {SECTION} {count} times. Its results can go to one unit only; take "
                "the other rows out.",
                subject=label,
            )


def one_machine(label: str, machines: Iterable[Machine]) -> Machine:
    """The one machine with this label.

    Raises:
        ConfigurationError: there is none, or several.
    """
    found = [each for each in machines if each.label == label]
    if len(found) == 1:
        return found[0]
    raise ConfigurationError(_several(label, found) if found else _none(label), subject=label)


def _find(label: str, machines: Sequence[Machine], known: str | None) -> tuple[Machine | None, str]:
    """The machine whose measurements are read for a label, and what is wrong with it."""
    same = [each for each in machines if each.label == label]
    if known is None:
        if len(same) == 1:
            return same[0], ""
        return None, _several(label, same) if same else _none(label)
    meant = next((each for each in machines if each.id == known), None)
    if meant is not None and meant.label == label:
        return meant, ""
    if same:
        return meant, _another(label, same, known, meant)
    if meant is not None:
        return meant, (
            f"The machine '{label}' is now called '{meant.label}' in Daily QA3. Choose it anew in {SECTION}; until "
            "then its results wait."
        )
    return None, (
        f"The machine '{label}' is not in the Daily QA3 database any more. If it was retired, take its row out of "
        f"{SECTION}; if not, ask whoever looks after Daily QA3."
    )


def _none(label: str) -> str:
    return f"There is no machine '{label}' in the Daily QA3 database. Choose it anew in {SECTION}."


def _several(label: str, same: Sequence[Machine]) -> str:
    ids = " and ".join(each.id for each in same)
    return (
        f"There are {len(same)} machines called '{label}' in the Daily QA3 database, with the ids {ids}, so nothing is "
        "read from any of them. Give them different names, or put them into different rooms, in Daily QA3."
    )


def _another(label: str, same: Sequence[Machine], known: str, meant: Machine | None) -> str:
    now = " and ".join(each.id for each in same)
    renamed = f", which is now called '{meant.label}'" if meant is not None else ""
    return (
        f"The name '{label}' meant the machine with the id {known} in Daily QA3{renamed}, and now stands for the one "
        f"with the id {now}. Nothing is sent for either. If '{label}' in {SECTION} shall mean the machine that bears "
        "the name now, take its row out, run the pump once, and put it back; then choose the other machine by its new "
        "name."
    )
