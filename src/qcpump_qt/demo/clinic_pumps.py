"""The demonstration's pumps, set up for the made-up clinic; the command line and the window show the same ones."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from qcpump_qt.demo.arrivals import Arrival
from qcpump_qt.demo.clinic import TOKEN, unit_label
from qcpump_qt.demo.dqa3 import Dqa3Story, write_dqa3
from qcpump_qt.demo.dqa3_names import DQA3_LIST, MACHINES
from qcpump_qt.demo.dqa3_pump import DemonstrationDQA3
from qcpump_qt.demo.profiles import PROFILES_LIST, PROFILES_TEST, PROFILES_UNIT, ProfilesStory, write_profiles
from qcpump_qt.demo.story import TdsStory
from qcpump_qt.demo.tds import DAYS, write_tds
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.store import PumpStore, StoredPump, Values
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.builtin import BUILTIN
from qcpump_qt.pumps.mpc.pump import QATrackMPCPump
from qcpump_qt.pumps.uploads.pump import QATrackGenericTextFileUploader

DEMONSTRATION_TYPES: tuple[type[BasePump], ...] = (*BUILTIN, DemonstrationDQA3)
"""The pump types of the demonstration: the built-in ones, and one that needs no database server."""


@dataclass(frozen=True)
class Demonstration:
    """The pumps in the order in which they run, and what their made-up results say should arrive."""

    pumps: tuple[StoredPump, ...]
    tds: TdsStory
    dqa3: Dqa3Story
    profiles: ProfilesStory

    @property
    def arrivals(self) -> list[Arrival]:
        """Every session that should arrive, of all pumps."""
        return [
            *(session.arrival for session in self.tds.delivered),
            *(morning.arrival for morning in self.dqa3.delivered),
            *(file.arrival for file in self.profiles.delivered),
        ]


def set_up(
    store: PumpStore, secret_fields: Callable[[str], Collection[tuple[str, str]]], folder: Path, api_url: str
) -> Demonstration:
    """Write results of the last days and add the pumps that read them.

    Args:
        store: where the pumps go.
        secret_fields: gives (section, field) of the secret fields of a pump type.
        folder: where the results are made.
        api_url: of the stand-in that they go to.
    """
    now = local_now().replace(tzinfo=None)
    tds = write_tds(folder / "TDS", now.date())
    dqa3 = write_dqa3(folder / "Daily QA3.sqlite", now)
    profiles = write_profiles(folder, now.date())
    server: Values = {
        "Pump": [{"interval (s)": 300, "active": True}],
        "QATrack+ API": [{"api url": api_url, "auth token": TOKEN, "throttle": 0.0}],
    }
    wanted: list[tuple[str, type[BasePump], Values]] = [
        ("MPC", QATrackMPCPump, _mpc(tds)),
        ("Daily QA3", DemonstrationDQA3, _dqa3(dqa3)),
        ("Beam profiles", QATrackGenericTextFileUploader, _profiles(profiles)),
    ]
    pumps = [
        store.add(name, cls.__name__, {**server, **values}, secret_fields(cls.__name__))
        for name, cls, values in wanted
    ]
    return Demonstration(tuple(pumps), tds, dqa3, profiles)


def _mpc(story: TdsStory) -> Values:
    return {
        "MPC": [{"tds directory": str(story.root), "history days": DAYS + 1}],
        "Test List": [{"name": "MPC: {{ check_type }}"}],
    }


def _dqa3(story: Dqa3Story) -> Values:
    return {
        "DQA3Reader": [{"database": str(story.path), "history days": DAYS + 1}],
        "Test List": [{"name": DQA3_LIST}],
        "Unit": [{"dqa3 name": each.label, "unit name": unit_label(each.unit)} for each in MACHINES],
    }


def _profiles(story: ProfilesStory) -> Values:
    return {
        "Test List": [{"name": PROFILES_LIST, "slug": PROFILES_TEST}],
        "File Types": [{"recursive": True, "pattern": "*", "use file modified time": True}],
        "Directories": [
            {
                "unit name": unit_label(PROFILES_UNIT),
                "source": str(story.source),
                "destination": str(story.destination),
            }
        ],
    }
