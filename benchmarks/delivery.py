"""How long it takes to deliver 300 MPC sessions, and how much the server is asked for it.

    python benchmarks/delivery.py [--sessions 300] [--latency 20] [--rounds 5] [--profile]

The whole way of a record: a generated share, the MPC pump type, ledger, client; the QATrack+ stand-in runs as a
process of its own. Each round has a fresh home. Every session holds 20 of the 60 tests that its list has, so the
others must be marked as skipped. Printed beside it is what QCPump 0.3.17 needs.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from qcpump_qt.app import Program
from qcpump_qt.demo.clinic import TOKEN
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.sources.mpc.names import parse_name
from qcpump_qt.sources.mpc.slugs import test_slug
from servers.standin import StandInProcess

PUMP_TYPE = "QATrackMPCPump"
MACHINES = 10
BEAMS = ("6x", "10x", "15x")
TESTS = 20
"""Values in each session; with the others of its list, which it lacks, three times as many are wanted."""

INCUMBENT = {0: "3.5 s", 20: "16.7 s, 607 requests on 607 connections; next cycle 6.9 s and 301 requests"}
"""QCPump 0.3.17 by the server's latency in ms (reference faults-of-the-incumbent)."""


@dataclass(frozen=True)
class Figures:
    """What one round took."""

    seconds: float
    posts: int
    look_ups: int
    connections: int
    most_at_once: int
    next_seconds: float
    next_requests: int


def row_name(beam: str, number: int) -> str:
    return f"BeamGroup/Beam{beam}Group/Value{number:02} [mm]"


def folder_name(serial: int, moment: datetime, beam: str) -> str:
    return f"NDS-WKS-SN{serial}-{moment:%Y-%m-%d-%H-%M-%S}-0001-BeamCheckTemplate{beam}"


def slugs() -> list[str]:
    """The macro names of all tests, as the pump makes them."""
    names = {beam: parse_name(folder_name(1000, local_now(), beam)) for beam in BEAMS}
    return [test_slug(row_name(beam, n), name) for beam, name in names.items() for n in range(TESTS)]


def make_tree(tds: Path, sessions: int, today: date) -> None:
    """Each session is one beam check of a morning; the machines take turns."""
    for at in range(sessions):
        day, machine = divmod(at, MACHINES)
        beam = BEAMS[at % len(BEAMS)]
        moment = datetime.combine(today - timedelta(days=2 + day), datetime.min.time()) + timedelta(hours=7)
        folder = tds / f"H{machine:03}" / "MPCChecks" / folder_name(1000 + machine, moment, beam)
        folder.mkdir(parents=True)
        rows = "".join(f"{row_name(beam, n)}, {n / 10 + at / 1000:g}, 2, Pass\n" for n in range(TESTS))
        text = f"Name [Unit], Value, Threshold, Evaluation Result\n{rows}"
        (folder / "Results.csv").write_text(text, encoding="utf-8")


def make_world() -> World:
    """Ten machines with one test list that has the tests of all beams."""
    world = World()
    world.add_site("Main Campus")
    name = "MPC: Beam and Geometry Checks"
    world.add_test_list(name, dict.fromkeys(slugs(), "simple"))
    for machine in range(MACHINES):
        world.add_unit(f"Linac {machine}", machine + 1, "Main Campus", str(1000 + machine))
        world.assign(name, machine + 1)
    world.add_user("pump", TOKEN)
    return world


def round_of(
    tds: Path, world: World, sessions: int, latency: float, profile: cProfile.Profile | None
) -> Figures:
    """One round in a fresh home."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "server").mkdir()
        with (
            StandInProcess(world, home / "server", lasting=False) as standin,
            Program(Places(home / "home"), MemorySecrets()) as program,
        ):
            standin.plan(latency_ms=latency)
            pump = add_pump(program, standin.url, tds)
            seconds, report = timed(lambda: cycle(program, pump, profile))
            if report.counts["delivered"] != sessions:
                raise SystemExit(
                    f"Only {report.counts} of {sessions}: {[each.text for each in report.messages][:5]}"
                )
            first = standin.counts()
            next_seconds, _ = timed(lambda: cycle(program, pump))
            after = standin.counts()
        posts, look_ups = asked(first, "POST"), asked(first, "GET")
        return Figures(
            seconds,
            posts,
            look_ups,
            first["max_connections"],
            first["max_in_flight"],
            next_seconds,
            asked(after) - asked(first),
        )


def timed(work: Callable[[], CycleReport]) -> tuple[float, CycleReport]:
    started = time.perf_counter()
    report = work()
    return time.perf_counter() - started, report


def cycle(program: Program, pump: StoredPump, profile: cProfile.Profile | None = None) -> CycleReport:
    if profile is None:
        return program.run(pump, "command line", CancelToken())
    return profile.runcall(program.run, pump, "command line", CancelToken())


def add_pump(program: Program, url: str, tds: Path) -> StoredPump:
    """An MPC pump as a clinic would configure it, without a throttle."""
    values: dict[str, list[dict[str, Any]]] = {
        "Pump": [{"active": True, "log level": "info"}],
        "MPC": [{"tds directory": str(tds), "history days": 400}],
        "QATrack+ API": [{"api url": url, "auth token": TOKEN, "throttle": 0.0, "verify ssl": True}],
        "Test List": [{"name": "MPC: {{ check_type }}"}],
    }
    return program.store.add("Benchmark", PUMP_TYPE, values, program.secret_fields(PUMP_TYPE))


def asked(counts: dict[str, Any], method: str | None = None) -> int:
    return sum(each["number"] for each in counts["requests"] if method in (None, each["method"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--latency", type=float, default=20.0, help="milliseconds that the server adds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="print what took longest in the first cycles")
    chosen = parser.parse_args()
    profile = cProfile.Profile() if chosen.profile else None
    with tempfile.TemporaryDirectory() as folder:
        tds, world = Path(folder), make_world()
        make_tree(tds, chosen.sessions, local_now().date())
        rounds = [
            round_of(tds, world, chosen.sessions, chosen.latency, profile) for _ in range(chosen.rounds)
        ]
    show(rounds, chosen.sessions, chosen.latency)
    if profile is not None:
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


def show(rounds: list[Figures], sessions: int, latency: float) -> None:
    """Print medians, and beside them what QCPump 0.3.17 needs."""

    def median(name: str) -> float:
        return float(statistics.median(getattr(each, name) for each in rounds))

    print(f"{sessions} sessions of {TESTS} tests, {latency:g} ms latency, medians of {len(rounds)} rounds")
    print(
        f"  cycle                 {median('seconds'):6.2f} s  (rounds: {', '.join(f'{r.seconds:.2f}' for r in rounds)})"
    )
    print(f"  posts                 {median('posts'):6.0f}    ({median('posts') / sessions:.3f} a record)")
    print(f"  look-ups              {median('look_ups'):6.0f}")
    print(
        f"  connections at once   {median('connections'):6.0f}    ({median('most_at_once'):.0f} requests at once)"
    )
    print(
        f"  next cycle            {median('next_seconds'):6.3f} s  ({median('next_requests'):.0f} requests)"
    )
    if sessions == 300 and latency in INCUMBENT:
        print(f"  QCPump 0.3.17         {INCUMBENT[int(latency)]}")


if __name__ == "__main__":
    main()
