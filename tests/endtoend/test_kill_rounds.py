"""The program is killed at random moments, two hundred times, and every result arrives exactly once.

Four clinics with fifty kills each, so that they can be shared out to several processes.
"""

from __future__ import annotations

import itertools
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from endtoend.clinic import Clinic
from endtoend.installed import Installed, ended
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.records import DeliveryState
from servers.standin import StandInProcess

CLINICS = 4
KILLS = 50
LATENCY_MS = 15

FAULTS: list[dict[str, Any]] = [
    {"kind": "drop-after", "times": 2},
    {"kind": "500", "times": 2},
    {"kind": "500-after", "times": 1},
    {"kind": "429", "times": 1, "seconds": 1},
    {"kind": "hang", "times": 1, "seconds": 3},
    {"kind": "hang-after", "times": 1, "seconds": 3},
    {"kind": "drop-before", "method": "ANY", "times": 1},
    {"kind": "html", "times": 1},
    {"kind": "slow-body", "times": 1, "seconds": 1},
]
"""What goes wrong beside the killing, in every third round: one of these in turn."""


class Killer:
    """Starts a run, lets it live for a random moment, and kills it.

    Args:
        program: the program.
        chance: decides the moments.
        usual: seconds that a cycle takes on this computer, its start included.
    """

    def __init__(self, program: Installed, chance: random.Random, usual: float) -> None:
        self._program = program
        self._chance = chance
        self._usual = usual
        self.kills = 0

    def once(self) -> None:
        """`run --once`: about half of its life goes by before it talks to the server."""
        self._round(["run", "--once", "--json"], self._chance.uniform(0.4, 1.3) * self._usual)

    def by_interval(self) -> None:
        """`run`, over one cycle or two."""
        self._round(["run"], self._usual + self._chance.uniform(0.0, 1.2))

    def _round(self, arguments: list[str], seconds: float) -> None:
        process = self._program.start(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        killed = process.returncode == (-signal.SIGKILL if sys.platform != "win32" else 1)
        self.kills += killed
        # Follows a computer that has more or less to do meanwhile: about four of five rounds end in a kill.
        self._usual *= 1.02 if killed else 0.93


def usual_seconds(program: Installed) -> float:
    """How long a cycle with nothing new takes here and now."""
    started = time.monotonic()
    assert program.run("run", "--once").code == 0
    return time.monotonic() - started


def ledger_states(home: Path) -> dict[str, DeliveryState]:
    """The ledger as it was left by the process that died."""
    (pump,) = (home / "pumps").iterdir()
    ledger = Ledger.at(home / "state" / "ledger.sqlite3")
    try:
        return ledger.memory(pump.name).records_between("", "~")
    finally:
        ledger.close()


def check(clinic: Clinic) -> set[DeliveryState]:
    """After each round: nothing twice, and the ledger claims no more than what is there; gives its states."""
    there = clinic.check_nothing_twice()
    states = ledger_states(clinic.program.home)
    delivered = {key for key, state in states.items() if state.arrived}
    assert delivered - there == set()
    assert not [
        key for key, state in states.items() if state in (DeliveryState.REJECTED, DeliveryState.SKIPPED)
    ]
    return set(states.values())


@pytest.mark.parametrize("seed", range(CLINICS))
def test_fifty_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, program: Installed, server: StandInProcess, seed: int
) -> None:
    chance = random.Random(seed)
    clinic = Clinic(tmp_path, program, server)
    clinic.import_pump(pump={"log level": "info"})
    clinic.share.add(6)
    assert program.run("run", "--once").code == 0
    killer = Killer(program, chance, usual_seconds(program))
    seen: Counter[DeliveryState] = Counter()
    for number in itertools.count():
        clinic.share.add(chance.choice((0, 0, 2, 3)))
        plan = [FAULTS[(number // 3 + seed) % len(FAULTS)]] if number % 3 == 0 else []
        server.plan(clear=True, latency_ms=LATENCY_MS, add=plan)
        (killer.by_interval if number % 16 == 15 else killer.once)()
        seen.update(check(clinic))
        if killer.kills == KILLS:
            break
    assert seen[DeliveryState.SENDING] > 0, "no kill has hit a request under way: the rounds prove nothing"

    server.plan(clear=True)
    clinic.share.add(1)
    final = program.run("run", "--once", "--json")
    assert final.code == 0, final.out
    clinic.check_all_equal()
    idle = program.run("run", "--once", "--json")
    assert (idle.code, idle.pump["found"]) == (0, 0)
    clinic.check_all_equal()


@pytest.mark.parametrize("kind", ["drop-after", "500-after", "hang-after"])
def test_a_kill_after_the_server_stored_it_is_cleared_up(clinic: Clinic, kind: str) -> None:
    """The worst moment: stored over there, not yet written down here."""
    clinic.server.plan(add=[{"kind": kind, "times": None, "seconds": 60}])
    process = clinic.program.start("run", "--once")
    while not clinic.on_the_server():
        assert process.poll() is None, ended(process).err
    process.kill()
    process.communicate()
    (stored,) = clinic.on_the_server()
    assert ledger_states(clinic.program.home)[stored] is DeliveryState.SENDING

    clinic.server.plan(clear=True)
    done = clinic.program.run("run", "--once", "--json")
    assert done.code == 0
    assert (done.pump["delivered"], done.pump["already_there"]) == (2, 0)
    clinic.check_all_equal()


def test_a_server_that_is_killed_and_comes_back_has_everything_once(clinic: Clinic) -> None:
    clinic.share.add(20)
    clinic.server.plan(latency_ms=30)
    process = clinic.program.start("run", "--once", "--json")
    while len(clinic.on_the_server()) < 4:
        assert process.poll() is None, ended(process).err
    clinic.server.kill()
    cut = ended(process)
    assert cut.code == 3
    assert cut.pump["outcome"] == "unreachable"
    assert cut.pump["waiting"] > 0

    clinic.server.restart()
    assert clinic.program.run("run", "--once").code == 0
    clinic.check_all_equal()
