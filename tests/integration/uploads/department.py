"""A department with watched directories, a QATrack+ stand-in and a program; source = ledger = server is the judge."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from qcpump_qt.app import Program
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.report import Report
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.preview import Preview
from qcpump_qt.engine.records import DeliveryState, Sighting
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.pumps.uploads.pump import QATrackGenericBinaryFileUploader, QATrackGenericTextFileUploader

TOKEN = "0123456789abcdef0123456789abcdef01234567"
LINAC_1, LINAC_2 = "Main Campus: Linac 1", "North Campus: Linac 2"
NUMBERS = {LINAC_1: 1, LINAC_2: 2}
LIST, SLUG = "Profiles", "profile"
TEXT, BINARY = "QATrackGenericTextFileUploader", "QATrackGenericBinaryFileUploader"
TYPES = (QATrackGenericTextFileUploader, QATrackGenericBinaryFileUploader)
OLD = 1_773_129_601.25
"""A morning in March 2026; files are written as if then, so that they count as complete."""


def department_world() -> World:
    world = World()
    world.add_site("Main Campus")
    world.add_site("North Campus")
    world.add_unit("Linac 1", 1, "Main Campus")
    world.add_unit("Linac 2", 2, "North Campus")
    world.add_test_list(LIST, {SLUG: "upload"})
    world.assign(LIST, 1)
    world.assign(LIST, 2)
    world.add_user("pump", TOKEN)
    return world


def write(path: Path, content: bytes | str, modified: float = OLD) -> Path:
    """A file, complete for a long time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (modified, modified))
    return path


def sha(content: bytes | str) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


Sent = tuple[str, str, str]
"""Unit, file name, checksum."""


def sent(unit: str, name: str, content: bytes | str) -> Sent:
    return unit, name, sha(content)


class BriskToken(CancelToken):
    """Waits a moment only, so that the pauses between tries take no time."""

    def wait(self, seconds: float) -> bool:
        return super().wait(min(seconds, 0.01))


@dataclass
class Department:
    """Everything that one test needs."""

    folder: Path
    standin: StandIn
    kind: str = BINARY
    cancel: CancelToken = field(default_factory=BriskToken)

    def __post_init__(self) -> None:
        self.source = self.folder / "in"
        self.destination = self.folder / "out"
        self.source.mkdir()
        self.destination.mkdir()
        self.secrets = MemorySecrets()
        self.program = self._program()
        self.pump = self.program.store.add(
            "Uploads", self.kind, self.values(), self.program.secret_fields(self.kind)
        )

    def values(self) -> dict[str, list[dict[str, Any]]]:
        return {
            "QATrack+ API": [{"api url": self.standin.url, "auth token": TOKEN, "throttle": 0.0}],
            "Test List": [{"name": LIST, "slug": SLUG}],
            "File Types": [{"recursive": True, "pattern": "*"}],
            "Directories": [self.row()],
        }

    def row(
        self, unit: str = LINAC_1, source: Path | None = None, destination: Path | str | None = None
    ) -> Any:
        end = self.destination if destination is None else destination
        return {"unit name": unit, "source": str(source or self.source), "destination": str(end)}

    def _program(self) -> Program:
        return Program(Places(self.folder / "home"), secrets=self.secrets, builtin=TYPES)

    def configure(self, section: str, *rows: dict[str, Any]) -> None:
        values = {**{name: [dict(row) for row in found] for name, found in self.pump.values.items()}}
        values[section] = list(rows)
        secret = self.program.secret_fields(self.kind)
        self.pump = self.program.store.save(self.pump.changed(values=values), secret)

    def leave_in_place(self, **types: Any) -> None:
        self.configure("Directories", self.row(destination=""))

    def types(self, **values: Any) -> None:
        named = {name.replace("_", " "): value for name, value in values.items()}
        self.configure("File Types", {"recursive": True, "pattern": "*", **named})

    def run(self) -> CycleReport:
        return self.program.run(self.pump, "manual", self.cancel)

    def hold_back(self) -> None:
        """Let one cycle find no test list, so that what it finds waits."""
        self.configure("Test List", {"name": "No such list", "slug": SLUG})
        self.run()
        self.configure("Test List", {"name": LIST, "slug": SLUG})

    def preview(self) -> Preview:
        return self.program.preview(self.pump, CancelToken())

    def validate(self) -> Report:
        return self.program.validate(self.pump, CancelToken())

    def reopen(self) -> None:
        self.program.close()
        self.program = self._program()

    def close(self) -> None:
        self.program.close()

    # --- what there is ----------------------------------------------------------------------------

    def records(self) -> dict[str, Sighting]:
        page = Page(pump=self.pump.id)
        return {each.key: each for each in self.program.ledger.deliveries.sightings(page)}

    def states(self) -> Counter[str]:
        return Counter(each.state.value for each in self.records().values())

    def reasons(self) -> set[str]:
        return {each.reason for each in self.records().values() if each.reason}

    def on_server(self) -> Counter[Sent]:
        units = {number: unit for unit, number in NUMBERS.items()}
        return Counter(
            (units[each["unit"]], each["tests"][SLUG]["filename"], each["tests"][SLUG]["sha256"])
            for each in self.standin.sessions()
        )

    def keys_on_server(self) -> set[str]:
        return {str(each["user_key"]) for each in self.standin.sessions()}

    def check(self, *wanted: Sent) -> None:
        """Exactly these files are on the server, each once, and the ledger knows each of them."""
        assert self.on_server() == Counter(wanted)
        arrived = {key for key, each in self.records().items() if each.state.arrived}
        assert arrived == self.keys_on_server()
        assert DeliveryState.SENDING not in {each.state for each in self.records().values()}

    def lying_in(self, folder: Path) -> dict[str, bytes]:
        """Path below the folder to content, hidden files too."""
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def requests(self) -> int:
        return self.standin.counts.requests()

    def uploaded_by_qcpump(self, unit: str, path: Path) -> str:
        """Post a file as QCPump 0.3.17 did (compatibility reference, sections 4 and 5); gives its key."""
        from datetime import datetime

        modified = datetime.fromtimestamp(os.path.getmtime(path)).isoformat()  # noqa: DTZ006, PTH204 - as it did
        key = f"QCPump/GenericTextFileUploader/{unit}/{modified}/{path.stem}"
        world = self.standin.world
        place = next(each for each in world.assignments if each.unit.number == NUMBERS[unit])
        test = {"value": path.read_text("utf-8"), "filename": path.stem, "encoding": "text"}
        started = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(OLD))
        answer = requests.post(
            f"{self.standin.url}/qa/testlistinstances/",
            json={
                "unit_test_collection": f"{self.standin.url}/qa/unittestcollections/{place.id}/",
                "work_started": started,
                "work_completed": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(OLD + 1)),
                "user_key": key,
                "day": 0,
                "tests": {SLUG: test},
            },
            headers={"Authorization": f"Token {TOKEN}"},
            timeout=10,
        )
        assert answer.status_code == 201, answer.text
        return key
