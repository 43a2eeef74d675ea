"""The demonstration's three pumps over its made-up clinic: source = ledger = server, to the last value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from qcpump_qt.app import Program
from qcpump_qt.demo.arrivals import arrived
from qcpump_qt.demo.clinic import demo_world
from qcpump_qt.demo.clinic_pumps import DEMONSTRATION_TYPES, Demonstration, set_up
from qcpump_qt.demo.dqa3_pump import DemonstrationDQA3
from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.preview import TO_SEND
from qcpump_qt.engine.records import DeliveryState, Sighting, WaitingFor
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.pumps.builtin import BUILTIN

NOON = "2024-03-12 12:00"


@dataclass
class Scene:
    """Everything that one test needs."""

    folder: Path
    standin: StandIn
    patch: pytest.MonkeyPatch
    now: datetime

    def __post_init__(self) -> None:
        self.patch.setattr("qcpump_qt.engine.clock.now", lambda: self.now.astimezone(timezone.utc))
        self.program = Program(Places(self.folder / "home"), MemorySecrets(), DEMONSTRATION_TYPES)
        self.shown: Demonstration = set_up(
            self.program.store, self.program.secret_fields, self.folder, self.standin.url
        )

    def run(self) -> list[CycleReport]:
        return [self.program.run(pump, "manual", CancelToken()) for pump in self.shown.pumps]

    def records(self, pump: StoredPump | None = None) -> list[Sighting]:
        page = Page() if pump is None else Page(pump=pump.id)
        return self.program.ledger.deliveries.sightings(page)

    def check(self) -> None:
        """Source = ledger = server."""
        sessions = self.standin.sessions()
        assert Counter(arrived(session) for session in sessions) == Counter(self.shown.arrivals)
        delivered = Counter(each.key for each in self.records() if each.state is DeliveryState.DELIVERED)
        assert delivered == Counter(str(session["user_key"]) for session in sessions)


def scene_at(tmp_path: Path, patch: pytest.MonkeyPatch, moment: str) -> Iterator[Scene]:
    with StandIn(demo_world()) as standin:
        made = Scene(tmp_path, standin, patch, datetime.fromisoformat(moment))
        with made.program:
            yield made


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    yield from scene_at(tmp_path, monkeypatch, NOON)


@pytest.fixture(params=["2024-03-12 00:02", "2024-03-12 06:50", "2024-03-01 23:59:58"])
def scene_at_an_odd_hour(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    yield from scene_at(tmp_path, monkeypatch, request.param)


def test_everything_arrives_once_and_nothing_goes_twice(scene: Scene) -> None:
    first = scene.run()
    assert [report.outcome for report in first] == [CycleOutcome.ATTENTION, CycleOutcome.OK, CycleOutcome.OK]
    assert [report.counts["delivered"] for report in first] == [9, 6, 3]
    assert len(scene.shown.arrivals) == 18
    scene.check()
    second = scene.run()
    assert [report.counts["delivered"] for report in second] == [0, 0, 0]
    scene.check()


def test_at_an_odd_hour_it_is_the_same(scene_at_an_odd_hour: Scene) -> None:
    scene = scene_at_an_odd_hour
    assert [report.counts["delivered"] for report in scene.run()] == [9, 6, 3]
    assert [report.counts["delivered"] for report in scene.run()] == [0, 0, 0]
    scene.check()


def test_comments_arrive_letter_by_letter(scene: Scene) -> None:
    scene.run()
    there = {session["user_key"]: session["comment"] or "" for session in scene.standin.sessions()}
    wanted = {morning.user_key: morning.comment for morning in scene.shown.dqa3.delivered}
    assert wanted.items() <= there.items()
    assert "Проверено после ремонта" in wanted.values()


def test_the_round_that_is_under_way_waits_and_goes_when_it_is_over(scene: Scene) -> None:
    scene.run()
    _, dqa3, _ = scene.shown.pumps
    waiting = scene.shown.dqa3.mornings[-1]
    (record,) = [each for each in scene.records(dqa3) if each.state is DeliveryState.WAITING]
    assert (record.key, record.waiting_for) == (waiting.user_key, WaitingFor.TIME)
    assert record.reason == "Waits until 12:18 for more beams of this machine."
    assert len(scene.records(dqa3)) == len(scene.shown.dqa3.mornings)
    scene.now += timedelta(minutes=21)
    assert scene.program.run(dqa3, "manual", CancelToken()).counts["delivered"] == 1
    sessions = [arrived(session) for session in scene.standin.sessions()]
    assert Counter(sessions) == Counter([*scene.shown.arrivals, waiting.arrival])


def test_a_beam_that_was_repeated_is_told(scene: Scene) -> None:
    report = scene.run()[1]
    assert [(message.level, message.text) for message in report.messages] == [
        (
            "warning",
            "Bunker 1/TrueBeam 1 2024-03-10 06:41 Daily QA3: the beam 6 MV was measured at 06:41:07 and again at "
            "06:44:07; the last measurement is sent.",
        )
    ]


def test_files_that_arrived_were_moved_and_the_others_stay(scene: Scene) -> None:
    scene.run()
    story = scene.shown.profiles

    def lying(folder: Path) -> dict[str, bytes]:
        found = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}

    assert lying(story.destination) == {file.path: file.content for file in story.delivered}
    assert lying(story.source) == {file.path: file.content for file in story.left}
    assert [file.path for file in story.left] == ["2024-03-11/Screenshot.png"]
    (skipped,) = [each for each in scene.records(scene.shown.pumps[2]) if not each.state.arrived]
    assert skipped.state is DeliveryState.SKIPPED
    assert skipped.reason == (
        "“Screenshot.png” is not a text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8, or send files of this "
        "kind with the pump type for binary files."
    )


def test_a_preview_promises_what_a_cycle_does(scene: Scene) -> None:
    for pump, wanted in zip(scene.shown.pumps, (9, 6, 3), strict=True):
        preview = scene.program.preview(pump, CancelToken())
        assert sum(record.fate == TO_SEND for record in preview.records) == wanted
    assert scene.standin.sessions() == []


def test_every_configuration_is_in_order(scene: Scene) -> None:
    for pump in scene.shown.pumps:
        report = scene.program.validate(pump, CancelToken())
        assert [(entry.section, entry.message) for entry in report.sections if not entry.valid] == []
        assert report.sections


def test_the_database_is_named_and_looked_at_like_a_real_one(scene: Scene) -> None:
    _, dqa3, _ = scene.shown.pumps
    report = scene.program.validate(dqa3, CancelToken())
    messages = {(entry.section, entry.index): entry.message for entry in report.sections}
    reader = next(message for (section, _), message in messages.items() if section == "DQA3Reader")
    assert reader == "Connected to Daily QA3 (demonstration), version 01.04.00.00, with 2 machines."
    units = [message for (section, _), message in messages.items() if section == "Unit"]
    assert units == [
        "Bunker 1/TrueBeam 1 goes to Main Campus: Linac 1, number 1.",
        "Bunker 2/TrueBeam 2 goes to North Campus: Linac 2, number 2.",
    ]


def test_only_the_demonstration_offers_its_own_pump_type(scene: Scene) -> None:
    assert DemonstrationDQA3 not in BUILTIN
    assert set(BUILTIN) < set(DEMONSTRATION_TYPES)
    assert len(set(DEMONSTRATION_TYPES)) == len(DEMONSTRATION_TYPES)
    assert scene.program.catalogue.problems == []
    assert "DemonstrationDQA3" in scene.program.catalogue.types


def test_its_form_asks_for_nothing_that_only_a_server_has() -> None:
    fields = [field["name"] for field in DemonstrationDQA3.CONFIG[0]["fields"]]
    assert fields == ["database", "history days", "grouping window", "wait time", "beam types"]


def test_tokens_are_kept_as_secrets(scene: Scene) -> None:
    for file in (scene.folder / "home").rglob("*"):
        if file.is_file():
            assert b"0123456789abcdef0123456789abcdef01234567" not in file.read_bytes()
