"""``run`` beside a window: it leaves the home alone, says so, and comes back later."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcpump_qt.app import Program
from qcpump_qt.cli.commands import running
from qcpump_qt.cli.exit_codes import ExitCode
from qcpump_qt.cli.output import Output
from qcpump_qt.engine.ledger.shown import NOT_RUN
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.pumping import DesktopPumping
from qcpump_qt.engine.secrets import MemorySecrets

TOLD = (
    "The window of QCPump-Qt is running the pumps of this home. "
    "Stop them there, or quit it, and then run this command again."
)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with Program(Places(tmp_path / "home"), secrets=MemorySecrets()) as made:
        yield made


@pytest.fixture
def window(program: Program) -> Iterator[DesktopPumping]:
    found = DesktopPumping(program.places.locks)
    found.acquire()
    yield found
    found.release()


def add(program: Program, name: str, **common: object) -> str:
    return program.store.add(name, "QATrackMPCPump", {"Pump": [common]}).id


def run(program: Program, *names: str, once: bool = True, as_json: bool = False) -> ExitCode:
    options = argparse.Namespace(names=list(names), once=once)
    return running.run(program, options, Output(as_json=as_json))


@pytest.mark.parametrize("once", [True, False])
def test_beside_a_window_that_pumps_nothing_runs(
    program: Program, window: DesktopPumping, capsys: pytest.CaptureFixture[str], once: bool
) -> None:
    pump = add(program, "TB")
    assert run(program, once=once) == ExitCode.TRY_AGAIN
    out, err = capsys.readouterr()
    assert (out, err) == ("", TOLD + "\n")
    (cycle,) = program.ledger.cycles.latest(pump)
    assert (cycle.trigger, cycle.outcome, cycle.reason) == ("command line", NOT_RUN, TOLD)
    assert window.held


def test_with_json_it_is_said_for_each_pump(
    program: Program, window: DesktopPumping, capsys: pytest.CaptureFixture[str]
) -> None:
    add(program, "One")
    add(program, "Two")
    add(program, "Off", active=False)
    assert run(program, as_json=True) == ExitCode.TRY_AGAIN
    document = json.loads(capsys.readouterr().out)
    assert [(pump["name"], pump["outcome"]) for pump in document["pumps"]] == [
        ("One", "busy"),
        ("Two", "busy"),
    ]
    for pump in document["pumps"]:
        assert pump["messages"] == [{"level": "warning", "text": TOLD}]
        assert pump["found"] == 0
    assert document["messages"] == [{"level": "error", "text": TOLD}]


def test_a_wrong_name_still_counts_more(
    program: Program, window: DesktopPumping, capsys: pytest.CaptureFixture[str]
) -> None:
    add(program, "TB")
    assert run(program, "TB", "Unheard") == ExitCode.USAGE
    assert TOLD in capsys.readouterr().err


def test_where_nothing_is_to_run_the_window_is_no_matter(
    program: Program, window: DesktopPumping, capsys: pytest.CaptureFixture[str]
) -> None:
    add(program, "Off", active=False)
    assert run(program) == ExitCode.OK
    assert capsys.readouterr().err == "No pump is active, so nothing runs.\n"


def test_afterwards_the_window_may_pump(program: Program, capsys: pytest.CaptureFixture[str]) -> None:
    add(program, "TB")
    assert run(program) == ExitCode.TROUBLE  # its type finds its configuration blank
    assert "TB (QATrackMPCPump): invalid" in capsys.readouterr().out
    with DesktopPumping(program.places.locks):
        pass
    assert not list(program.places.locks.glob("run.*"))
