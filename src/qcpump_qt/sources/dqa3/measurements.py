"""One measurement: first only what tells it from others, then all that was measured.

The result columns and how each is made are those of the reference dqa3-databases, *Measurements*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.sources.dqa3.machines import id_text, text_of
from qcpump_qt.sources.dqa3.numbers import dose_baseline, number, shifted_baseline

QUANTITIES = ("dose", "axsym", "trsym", "qaflat", "xsize", "ysize", "xshift", "yshift")
CONSTANCY = ("bsc1", "bsc2", "bsc3")
_COLUMNS = {name: (f"{name}_baseline", f"{name}_diff") for name in (*QUANTITIES, *CONSTANCY)}
"""Of each quantity the columns of its baseline and its difference."""
PHOTON, ELECTRON, FFF = "photon", "electron", "fff"
BEAM_TYPES = (PHOTON, ELECTRON, FFF)


@dataclass(frozen=True, slots=True)
class Sight:
    """What tells a measurement from all others.

    The key alone does not: the vendor's software has a race that writes another measurement's key.

    Attributes:
        machine_id: of the machine that the template names.
        time: when it was measured, by the clock on the wall.
        data_key: the database's key, as text.
        beam_name: the template's name.
        beam_type: as stored, in small letters.
        key: the key as the database has it, for queries.
    """

    machine_id: str
    time: datetime
    data_key: str
    beam_name: str
    beam_type: str = field(default="", compare=False)
    key: Any = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """One line that sorts by time; under it the measurement is remembered."""
        return f"{self.time.isoformat(sep=' ')} {self.data_key} {self.beam_name}"

    @property
    def title(self) -> str:
        """How people would call it."""
        return f"{self.beam_name or 'beam without a name'} at {self.time:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured beam.

    Attributes:
        sight: which one it is.
        beam_type: in small letters; ``fff`` also where Atlas stores it as a flag.
        beam: energy, wedge and device as stored, for the name of the test list.
        comment: "" without one.
        values: result column to number or text, None for NULL; the column of every test.
        odd: result columns that hold something else than a number, with what they hold.
    """

    sight: Sight
    beam_type: str
    beam: Mapping[str, Any]
    comment: str
    values: Mapping[str, float | str | None]
    odd: tuple[str, ...] = ()


def sight_from(row: Mapping[str, Any]) -> Sight:
    """What a row shows.

    Raises:
        ItemError: it holds no usable time.
    """
    key = row["data_key"]
    return Sight(
        id_text(row["machine_id"]),
        moment_of(row["work_started"]),
        id_text(key),
        text_of(row["beam_name"]),
        _beam_type(row),
        key,
    )


def measurement_from(row: Mapping[str, Any]) -> Measurement:
    """The whole measurement of a row.

    Raises:
        ItemError: it holds no usable time.
    """
    sight = sight_from(row)
    odd: list[str] = []
    values: dict[str, float | str | None] = {
        "data_key": sight.data_key,
        "signature": _text_or_none(row["signature"]),
        "device": _text_or_none(row["device"]),
        "temperature": number(row["temperature"], "temperature", odd),
        "pressure": number(row["pressure"], "pressure", odd),
    }
    for name in (*QUANTITIES, *(each for each in CONSTANCY if each in row)):
        _add_quantity(values, row, name, odd)
    column = "electron_energy" if sight.beam_type == ELECTRON else "photon_energy"
    energy = number(row[column], "energy", odd)
    values |= {"energy": energy, "energy_baseline": 0.0, "energy_diff": energy}
    beam = {
        name: row[name] for name in ("beam_energy", "wedge_type", "wedge_angle", "wedge_orient", "device")
    }
    return Measurement(sight, sight.beam_type, beam, text_of(row["comment"]), values, tuple(odd))


def moment_of(value: Any) -> datetime:
    """A time by the clock on the wall; SQLite has times as text.

    Raises:
        ItemError: it is none.
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    try:
        return datetime.fromisoformat(str(value).strip())
    except ValueError as error:
        raise ItemError(f"The time '{value}' in the database is no time.", subject=str(value)) from error


def _add_quantity(
    values: dict[str, float | str | None], row: Mapping[str, Any], name: str, odd: list[str]
) -> None:
    baseline, difference = _COLUMNS[name]
    measured, diff = row[name], row[difference]
    values[name] = number(measured, name, odd)
    if baseline in row:
        values[baseline] = number(row[baseline], baseline, odd)
    else:
        values[baseline] = (dose_baseline if name == "dose" else shifted_baseline)(measured, diff)
    values[difference] = number(diff, difference, odd)


def _beam_type(row: Mapping[str, Any]) -> str:
    """Atlas marks flattening filter free beams by a flag, and stores them as photons."""
    flag = row.get("beam_type_flag")
    return (
        FFF if flag is not None and str(flag).strip() in ("1", "True") else text_of(row["beam_type"]).lower()
    )


def _text_or_none(value: Any) -> str | None:
    """Texts are sent without the spaces that databases pad them with, and blank ones not at all."""
    text = text_of(value)
    return text or None
