"""The order in which people want to see their pumps; lost without harm, as it is only for the eye."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from qcpump_qt.engine import files, jsontext
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.store import StoredPump


def load_order(places: Places) -> list[str]:
    """The ids of pumps in the order that was kept; empty where there is none, or it cannot be read."""
    try:
        kept = files.read_json(_file(places))
    except ConfigurationError:
        return []
    ids = kept if isinstance(kept, list) else []
    return list(dict.fromkeys(each for each in ids if isinstance(each, str)))


def save_order(places: Places, ids: Iterable[str]) -> None:
    """Keep an order.

    Args:
        places: whose pumps they are.
        ids: all pumps, the first one first.

    Raises:
        ConfigurationError: the disk refuses; the former order is as it was.
    """
    files.write_atomically(_file(places), jsontext.to_text(list(dict.fromkeys(ids))))


def ordered(pumps: Iterable[StoredPump], order: Sequence[str]) -> list[StoredPump]:
    """The pumps in this order; those that it does not know come last, by name."""
    place = {pump_id: number for number, pump_id in enumerate(order)}
    return sorted(pumps, key=lambda pump: (place.get(pump.id, len(place)), pump.name.casefold(), pump.id))


def _file(places: Places) -> Path:
    return places.state / "pump_order.json"
