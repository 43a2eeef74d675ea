"""Server away, share away, clock moved: nothing is lost, nothing is doubled, and it is told what to wait for."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from endtoend.clinic import PUMP, Clinic
from endtoend.installed import Done

FAKETIME = next(
    (
        path
        for folder in (*Path("/usr/lib").glob("*/faketime"), Path("/usr/lib/faketime"))
        for path in (folder / "libfaketimeMT.so.1",)
        if path.exists()
    ),
    Path(os.environ.get("LIBFAKETIME", "/nonexistent")),
)
needs_faketime = pytest.mark.skipif(
    not FAKETIME.exists(), reason="needs a clock that can be moved: apt install faketime (Linux only)"
)


def run_at(clinic: Clinic, later: timedelta) -> Done:
    """One cycle on a computer whose clock is ahead by so much (behind where negative)."""
    seconds = int(later.total_seconds())
    clock = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return clinic.program.run("run", "--once", "--json", env=clock)


def test_a_server_that_is_away_is_waited_for(clinic: Clinic) -> None:
    clinic.server.kill()
    away = clinic.program.run("run", "--once", "--json")
    assert (away.code, away.pump["outcome"], away.pump["waiting"]) == (3, "unreachable", 2)
    assert any("127.0.0.1 does not take connections on this port" in text for text in away.texts)
    (first, second) = clinic.records(state="waiting")
    assert "it is tried again later" in first["reason"]
    assert first["reason"] == second["reason"]

    clinic.server.restart()
    back = clinic.program.run("run", "--once", "--json")
    assert (back.code, back.pump["delivered"]) == (0, 2)
    clinic.check_all_equal()


@needs_faketime
def test_days_without_a_server_lose_nothing_although_the_history_is_one_day(clinic: Clinic) -> None:
    """`history days` limits how far back a new pump looks, and never drops what an outage delayed."""
    clinic.import_pump("Short history", mpc={"history days": 1})
    clinic.share.keys.clear()  # those that were there are older than this history
    clinic.share.add_at(clinic.share.at(1, 5, 0))
    clinic.share.add_at(clinic.share.at(1, 7, 0))
    only = ("run", "--once", "--json", "Short history")
    clinic.server.kill()
    assert clinic.program.run(*only).code == 3
    clock = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    for days in range(1, 9):
        clinic.share.add_at(clinic.share.at(-days, 5, 0), devices=bool(days % 2))
        away = clinic.program.run(*only, env={**clock, "FAKETIME": f"+{days}d"})
        assert (away.code, away.pump["waiting"]) == (3, 2 + days), away.out
    clinic.server.restart()
    back = clinic.program.run(*only, env={**clock, "FAKETIME": "+9d"})
    assert (back.code, back.pump["delivered"]) == (0, 10)
    assert sorted(clinic.on_the_server()) == sorted(clinic.share.keys)


@needs_faketime
@pytest.mark.parametrize("moved", [timedelta(hours=-3), timedelta(days=-400), timedelta(days=400)])
def test_a_clock_that_jumps_doubles_nothing(clinic: Clinic, moved: timedelta) -> None:
    assert clinic.program.run("run", "--once").code == 0
    clinic.check_all_equal()
    jumped = run_at(clinic, moved)
    assert (jumped.code, jumped.pump["delivered"]) == (0, 0)
    clinic.share.add_at(clinic.share.at(3, 4, 0))
    assert clinic.program.run("run", "--once").code == 0
    clinic.check_all_equal()


def test_a_share_that_vanishes_is_waited_for_and_never_taken_as_empty(clinic: Clinic) -> None:
    assert clinic.program.run("run", "--once").code == 0
    away = clinic.share.root.with_name("away")
    clinic.share.root.rename(away)
    for command in (("run", "--once"), ("preview", PUMP), ("validate",)):
        gone = clinic.program.run(*command, "--json")
        assert (gone.code, gone.pump["outcome"]) == (3, "unreachable"), gone.out
        assert any(str(clinic.share.root) in text for text in gone.texts)

    clinic.share.root.mkdir()
    empty = clinic.program.run("run", "--once", "--json")
    assert (empty.code, empty.pump["outcome"]) == (3, "unreachable")
    assert any("Is the share connected?" in text for text in empty.texts)

    clinic.share.root.rmdir()
    away.rename(clinic.share.root)
    clinic.share.add(2)
    back = clinic.program.run("run", "--once", "--json")
    assert (back.code, back.pump["delivered"]) == (0, 2)
    clinic.check_all_equal()


def test_a_machine_that_vanishes_keeps_no_other_from_delivering(clinic: Clinic) -> None:
    assert clinic.program.run("run", "--once").code == 0
    machine = clinic.share.root / "H192102"
    machine.rename(clinic.share.root.with_name("H192102"))
    machine.mkdir()
    (machine / "MPCChecks").mkdir()
    clinic.share.add_at(clinic.share.at(4, 4, 0), "2101")
    done = clinic.program.run("run", "--once", "--json")
    assert (done.code, done.pump["delivered"]) == (3, 1)
    assert any("is empty, although it held results before. Is the share connected?" in t for t in done.texts)
    clinic.check_all_equal()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "500", "times": None}, 3),
        ({"kind": "503", "method": "ANY", "times": None}, 3),
        ({"kind": "429", "times": None, "seconds": 3600}, 3),
        ({"kind": "html", "method": "ANY", "times": None}, 1),
        ({"kind": "drop-after", "times": 1}, 0),
        ({"kind": "429", "times": 1, "seconds": 1}, 0),
        ({"kind": "500-after", "times": 1}, 0),
    ],
    ids=lambda value: f"{value['kind']}-{value['times']}" if isinstance(value, dict) else "",
)
def test_a_server_in_trouble_has_its_code_and_delays_only(
    clinic: Clinic, fault: dict[str, object], code: int
) -> None:
    clinic.server.plan(add=[fault])
    troubled = clinic.program.run("run", "--once", "--json")
    assert troubled.code == code, troubled.out
    clinic.check_nothing_twice()
    clinic.server.plan(clear=True)
    assert clinic.program.run("run", "--once").code == 0
    clinic.check_all_equal()


@pytest.mark.skipif(sys.platform == "win32", reason="shows how a read-only folder of a POSIX system is met")
def test_results_are_only_ever_read(clinic: Clinic) -> None:
    folders = [clinic.share.root, *clinic.share.root.rglob("*")]
    for path in folders:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path: path.stat().st_mtime_ns for path in folders}
    try:
        assert clinic.program.run("run", "--once").code == 0
        assert {path: path.stat().st_mtime_ns for path in folders} == before
    finally:
        for path in folders:
            path.chmod(0o755)
    clinic.check_all_equal()
