"""Previews made off the UI thread by the real engine, against the stand-in and against servers in trouble."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from gui.records_book import home
from qcpump_qt.app import Program
from qcpump_qt.controllers.previews import Previews
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.demo.clinic import TOKEN, demo_world
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.tds import write_tds
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.models.rows import RecordDetail
from qcpump_qt.views.preview_dialog import PreviewDialog
from servers.closed_port import closed_port

TYPE = "QATrackMPCPump"
Watch = Callable[[], AbstractContextManager[Heartbeat]]


class Heard:
    """The controller over a real home, and everything that it told."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.tasks = Tasks(2)
        self.previews = Previews(program, self.tasks)
        self.ready: list[tuple[str, list[RecordDetail], list[tuple[str, str]]]] = []
        self.failed: list[tuple[str, str, str]] = []
        self.previews.ready.connect(lambda *given: self.ready.append(given))
        self.previews.failed.connect(lambda *given: self.failed.append(given))

    def add(self, folder: Path, url: str, name: str = "TrueBeam", **api: Any) -> StoredPump:
        values: dict[str, list[dict[str, Any]]] = {
            "Pump": [{"interval (s)": 60, "active": True}],
            "MPC": [{"tds directory": str(folder), "history days": 9}],
            "QATrack+ API": [{"api url": url, "auth token": TOKEN, "throttle": 0.0, **api}],
        }
        return self.program.store.add(name, TYPE, values, self.program.secret_fields(TYPE))


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with home(tmp_path) as made:
        yield made


@pytest.fixture
def heard(program: Program, qtbot: QtBot) -> Iterator[Heard]:
    made = Heard(program)
    yield made
    made.tasks.cancel()
    assert made.tasks.wait(30)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"


def test_what_would_be_sent_is_shown_and_nothing_is_sent(
    qtbot: QtBot, heard: Heard, tmp_path: Path, heartbeat: Watch
) -> None:
    story = write_tds(tmp_path / "TDS", local_now().date())
    wanted = sorted(session.user_key for session in story.delivered)
    with StandIn(demo_world()) as server:
        pump = heard.add(tmp_path / "TDS", server.url)
        with heartbeat():
            heard.previews.preview(pump)
            assert heard.tasks.busy
            qtbot.waitUntil(lambda: bool(heard.ready or heard.failed), timeout=30_000)
        assert server.sessions() == []
    assert heard.failed == []
    [(pump_id, details, messages)] = heard.ready
    assert pump_id == pump.id
    qtbot.waitUntil(lambda: not heard.tasks.busy)
    states = [detail.row.state for detail in details]
    assert states[: len(wanted)] == ["would be sent"] * len(wanted)  # those come first
    assert "would be sent" not in states[len(wanted) :]
    assert sorted(detail.row.key for detail in details[: len(wanted)]) == wanted
    assert all(detail.payload and detail.payload["tests"] for detail in details[: len(wanted)])
    assert all(detail.row.number == 0 and detail.row.updated is None for detail in details)
    assert {level for level, _text in messages} <= {"warning", "error"}
    assert messages
    dialog = PreviewDialog(pump.name)
    qtbot.addWidget(dialog)
    dialog.set_result(details, messages)
    assert dialog.counts.text().startswith(f"{len(wanted)} would be sent")
    assert heard.program.ledger.browse.count(pump.id) == 0  # nothing is written down


def test_a_folder_that_is_away_is_told(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    pump = heard.add(tmp_path / "nowhere", "http://127.0.0.1:9/api")
    heard.previews.preview(pump)
    qtbot.waitUntil(lambda: bool(heard.failed or heard.ready), timeout=30_000)
    [(pump_id, title, text)] = heard.failed
    assert (pump_id, title) == (pump.id, "Source cannot be reached")
    assert str(tmp_path / "nowhere") in text


def test_a_server_that_is_down_lets_the_records_wait(qtbot: QtBot, heard: Heard, tmp_path: Path) -> None:
    write_tds(tmp_path / "TDS", local_now().date())
    with closed_port() as port:
        pump = heard.add(tmp_path / "TDS", f"http://127.0.0.1:{port}/api")
        heard.previews.preview(pump)
        qtbot.waitUntil(lambda: bool(heard.failed or heard.ready), timeout=60_000)
    [(_pump, details, messages)] = heard.ready
    assert "waiting" in {detail.row.state for detail in details}
    assert "would be sent" not in {detail.row.state for detail in details}
    assert [text for level, text in messages if level == "error"] == [
        "Connection refused: 127.0.0.1 does not take connections on this port. "
        "Check the API address, and whether the server is running; it is tried again later."
    ]


def test_cancelling_returns_at_once_though_the_server_hangs(
    qtbot: QtBot, heard: Heard, tmp_path: Path, silent: str, heartbeat: Watch
) -> None:
    write_tds(tmp_path / "TDS", local_now().date())
    pump = heard.add(tmp_path / "TDS", silent)
    with heartbeat():
        heard.previews.preview(pump)
        qtbot.wait(300)
        heard.previews.cancel(pump.id)
        qtbot.waitUntil(lambda: not heard.tasks.busy, timeout=10_000)
    assert (heard.ready, heard.failed) == ([], [])
    heard.previews.cancel(pump.id)  # once more does nothing


def test_a_newer_preview_takes_the_place_of_an_older_one(
    qtbot: QtBot, heard: Heard, tmp_path: Path, silent: str
) -> None:
    write_tds(tmp_path / "TDS", local_now().date())
    stuck = heard.add(tmp_path / "TDS", silent)
    other = heard.add(tmp_path / "nowhere", silent, name="Other")
    heard.previews.preview(stuck)
    heard.previews.preview(other)
    qtbot.waitUntil(lambda: len(heard.failed) == 1, timeout=30_000)
    assert heard.failed[0][0] == other.id
    assert heard.tasks.busy  # the other one still hangs
    with StandIn(demo_world()) as server:
        values = {
            **stuck.values,
            "QATrack+ API": [{**stuck.values["QATrack+ API"][0], "api url": server.url}],
        }
        mended = heard.program.store.save(stuck.changed(values=values))
        heard.previews.preview(mended)
        qtbot.waitUntil(lambda: len(heard.ready) == 1, timeout=30_000)
    assert heard.ready[0][0] == stuck.id
    assert any(detail.row.state == "would be sent" for detail in heard.ready[0][1])
    assert len(heard.failed) == 1
