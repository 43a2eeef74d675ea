"""The program is killed at random moments while it uploads and moves, a hundred times: nothing lost, nothing twice."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.uploads import uploading_process
from integration.uploads.department import LINAC_1, LIST, OLD, SLUG, TOKEN, department_world, sha, write
from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.sources.files.walk import PART_PREFIX

KILLS = 50
KILLED = -signal.SIGKILL if sys.platform != "win32" else 1
LATENCY_MS = 8
OTHER_DISK = Path("/dev/shm")


class Rounds:
    """Files, a server, and processes that are killed.

    Args:
        folder: for the source and the home.
        destination: where files are moved.
        standin: the server.
        chance: decides moments and files.
    """

    def __init__(self, folder: Path, destination: Path, standin: StandIn, chance: random.Random) -> None:
        self.home, self.source, self.destination = folder / "home", folder / "in", destination
        self.source.mkdir()
        self.standin = standin
        self._chance = chance
        self.made: dict[str, str] = {}
        self.kills = 0
        self.cut_off = 0
        """Rounds after which a file lay in the source although the server had it."""
        self.usual = 0.3
        self._values = {
            "QATrack+ API": [{"api url": standin.url, "auth token": TOKEN, "throttle": 0.0}],
            "Test List": [{"name": LIST, "slug": SLUG}],
            "File Types": [{"recursive": True, "pattern": "*"}],
            "Directories": [
                {"unit name": LINAC_1, "source": str(self.source), "destination": str(destination)}
            ],
        }

    def add(self, count: int) -> None:
        """Files of many sizes; some share stem and time with others, some a name in another folder."""
        for _ in range(count):
            number = len(self.made)
            content = f"{number}-".encode() + bytes(self._chance.choice((10, 3000, 2_000_000)))
            name = f"film {number // 3}.{'abc'[number % 3]}"
            write(
                self.source / ("" if number % 2 else f"week {number % 5}") / name, content, OLD + number // 3
            )
            self.made[sha(content)] = name

    def run(self, seconds: float | None = None) -> dict[str, Any]:
        """One cycle; killed after so many seconds, where given, if it has not ended by then."""
        command = [sys.executable, uploading_process.__file__, str(self.home), json.dumps(self._values)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            started = time.monotonic()
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            took = time.monotonic() - started
            rest = process.stdout.read()
        killed = process.returncode == KILLED
        self.kills += killed
        if not killed:
            assert process.returncode == 0
            self.usual = 0.5 * (self.usual + took)
        return {} if killed else dict(json.loads(rest))

    def round(self) -> None:
        """Add files, and kill the process that cares for them somewhere on its way."""
        self.add(self._chance.choice((0, 2, 4)))
        self.run(self._chance.uniform(0.02, 1.1) * self.usual)

    def check(self) -> None:
        """What holds at any moment: nothing twice, nothing lost, no half file under a name."""
        there = Counter(each["tests"][SLUG]["sha256"] for each in self.standin.sessions())
        assert [each for each, number in there.items() if number > 1] == []
        assert set(there) <= set(self.made)
        here, moved = digests(self.source), digests(self.destination)
        assert set(here) | set(moved) == set(self.made)
        assert set(moved) <= set(there)
        self.cut_off += not set(here).isdisjoint(there)
        assert max(Counter(here).values(), default=1) == 1
        assert max(Counter(moved).values(), default=1) == 1

    def check_all_done(self) -> None:
        """What holds when all is done: source = ledger = server, and every file is at its destination once."""
        self.check()
        stored = [each["tests"][SLUG]["sha256"] for each in self.standin.sessions()]
        assert sorted(stored) == sorted(self.made)
        assert [path for path in self.source.rglob("*") if path.is_file()] == []
        moved = [path for path in self.destination.rglob("*") if path.is_file()]
        assert sorted(path.name for path in moved) == sorted(self.made.values())
        ledger = Ledger.at(self.home / "ledger.sqlite3")
        states = ledger.memory(uploading_process.PUMP).records_between("", "~")
        ledger.close()
        assert set(states) == {str(each["user_key"]) for each in self.standin.sessions()}
        assert all(state.arrived for state in states.values())


def digests(folder: Path) -> list[str]:
    """Of every file that has a name of its own."""
    return [
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(PART_PREFIX)
    ]


@pytest.fixture
def other_disk() -> Iterator[Path]:
    if not OTHER_DISK.is_dir() or not os.access(OTHER_DISK, os.W_OK):
        pytest.skip("There is no second file system here that may be written to.")
    folder = OTHER_DISK / f"uploads-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def kill_rounds(folder: Path, destination: Path, seed: int) -> None:
    with StandIn(department_world()) as standin:
        rounds = Rounds(folder, destination, standin, random.Random(seed))
        rounds.add(6)
        standin.faults.latency_ms = LATENCY_MS
        while rounds.kills < KILLS:
            rounds.round()
            rounds.check()
        assert rounds.cut_off > 0, "no kill has come between an upload and its move: the rounds prove nothing"
        standin.faults.clear()
        rounds.add(1)
        report = rounds.run()
        assert report["outcome"] == "ok", report["messages"]
        rounds.check_all_done()
        before = standin.counts.requests()
        assert rounds.run()["found"] == 0
        assert standin.counts.requests() == before


@pytest.mark.slow
def test_fifty_kills_with_a_destination_on_the_same_disk(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    kill_rounds(tmp_path, tmp_path / "out", 1)


@pytest.mark.slow
def test_fifty_kills_with_a_destination_on_another_disk(tmp_path: Path, other_disk: Path) -> None:
    assert tmp_path.stat().st_dev != other_disk.stat().st_dev
    kill_rounds(tmp_path, other_disk, 2)
