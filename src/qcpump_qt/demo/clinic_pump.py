"""The demonstration's pump, set up for the made-up clinic; the command line and the window show the same one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from qcpump_qt.demo.clinic import TOKEN
from qcpump_qt.demo.story import TdsStory
from qcpump_qt.demo.tds import DAYS, write_tds
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.store import PumpStore, StoredPump, Values

NAME = "Demonstration"
TYPE = "QATrackMPCPump"


@dataclass(frozen=True)
class DemonstrationPump:
    """The pump, and what its made-up results say should arrive."""

    pump: StoredPump
    story: TdsStory


def set_up(
    store: PumpStore,
    secret_fields: Callable[[str], Collection[tuple[str, str]]],
    tds: Path,
    api_url: str,
) -> DemonstrationPump:
    """Write results of the last days and add a pump that reads them.

    Args:
        store: where the pump goes.
        secret_fields: gives (section, field) of the secret fields of a pump type.
        tds: the folder that is made for the results.
        api_url: of the stand-in that they go to.
    """
    story = write_tds(tds, local_now().date())
    values: Values = {
        "Pump": [{"interval (s)": 300, "active": True}],
        "MPC": [{"tds directory": str(tds), "history days": DAYS + 1}],
        "QATrack+ API": [{"api url": api_url, "auth token": TOKEN, "throttle": 0.0}],
        "Test List": [{"name": "MPC: {{ check_type }}"}],
    }
    return DemonstrationPump(store.add(NAME, TYPE, values, secret_fields(TYPE)), story)
