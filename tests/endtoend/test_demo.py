"""The demonstration: works anywhere, leaves nothing behind, and fails when the delivery is not as it should be."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from endtoend.installed import PATIENCE, Done, ended, executable
from servers.private_keyring import plain_environment


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An empty home that cannot be written to, no keyring, and a folder of our own for what is temporary."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "home").mkdir(mode=0o555)
    own = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp"), "TEMP": str(tmp_path / "tmp")}
    return {**plain_environment(os.environ), **own}


def run_demo(environment: dict[str, str], *options: str) -> Done:
    done = subprocess.run(
        [executable(), "demo", *options], env=environment, capture_output=True, timeout=PATIENCE, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)


def check_nothing_left(environment: dict[str, str]) -> None:
    for name in ("HOME", "TMPDIR"):
        assert list(Path(environment[name]).iterdir()) == []


def test_once_tells_the_whole_story(environment: dict[str, str]) -> None:
    done = run_demo(environment, "--once")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == (
        "Two linacs with a few days of results, and a QATrack+ stand-in, all made up just now. These pumps ran:"
    )
    for line, start in zip(
        lines[1:4],
        (
            "  MPC: 9 delivered, 1 waiting, 5 skipped, in ",
            "  Daily QA3: 6 delivered, 1 waiting, in ",
            "  Beam profiles: 3 delivered, 1 skipped, in ",
        ),
        strict=True,
    ):
        assert line.startswith(start)
    for heading in ("Waiting (2):", "Skipped (6):", "Delivered (18):", "What else the pumps had to tell:"):
        assert heading in lines
    assert lines[-2] == (
        "In all: 18 delivered, 2 waiting, 6 skipped. A second cycle of every pump sent nothing again."
    )
    assert lines[-1].startswith("See what arrived: http://127.0.0.1:")
    check_nothing_left(environment)


def test_each_pump_shows_something_to_look_at(environment: dict[str, str]) -> None:
    out = run_demo(environment, "--once").out
    assert "There is no active unit with the serial number '3301' in QATrack+." in out
    assert re.search(
        r"Bunker 1/TrueBeam 1 .* Daily QA3: Waits until \d\d:\d\d for more beams of this machine\.", out
    )
    assert (
        "/Screenshot.png: “Screenshot.png” is not a text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8"
        in out
    )
    assert (
        "the beam 6 MV was measured at 06:41:07 and again at 06:44:07; the last measurement is sent." in out
    )


def test_as_json_it_shows_source_ledger_and_server(environment: dict[str, str]) -> None:
    done = run_demo(environment, "--json", "--once")
    assert done.code == 0
    assert [pump["name"] for pump in done.document["pumps"]] == ["MPC", "Daily QA3", "Beam profiles"]
    assert [pump["delivered"] for pump in done.document["pumps"]] == [9, 6, 3]
    assert [pump["delivered"] for pump in done.document["second_cycles"]] == [0, 0, 0]
    delivered = [record["key"] for record in done.document["records"] if record["state"] == "delivered"]
    assert sorted(delivered) == done.document["on_the_server"]
    assert len(delivered) == 18
    check_nothing_left(environment)


@pytest.mark.skipif(sys.platform == "win32", reason="sends the signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_page_stays_until_a_signal_and_then_everything_is_gone(
    environment: dict[str, str], number: signal.Signals
) -> None:
    process = start_demo(environment)
    assert process.stdout is not None
    lines = [process.stdout.readline().decode("utf-8")]
    while "until you press Ctrl+C" not in lines[-1]:
        lines.append(process.stdout.readline().decode("utf-8"))
        assert lines[-1], "".join(lines)
    address = next(line.split(": ")[1].strip() for line in lines if line.startswith("See what arrived"))
    with urllib.request.urlopen(address, timeout=10) as answer:
        page = answer.read().decode("utf-8")
    assert "18 sessions delivered, newest first" in page
    for key in ("QCPump/MPC/2101/", "QCPump/DQA3/3/", "QCPump/GenericTextFileUploader/Main Campus: Linac 1/"):
        assert key in page
    started = time.monotonic()
    process.send_signal(number)
    done = ended(process)
    assert time.monotonic() - started < 2
    assert (done.code, done.err) == (0, "")
    check_nothing_left(environment)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=10)


@pytest.mark.skipif(sys.platform == "win32", reason="sends the signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_leaves_nothing_behind_either(
    environment: dict[str, str], number: signal.Signals
) -> None:
    process = start_demo(environment)
    while not list(Path(environment["TMPDIR"]).iterdir()):
        assert process.poll() is None
    process.send_signal(number)
    done = ended(process)
    assert done.code == 1
    assert done.err == "Stopped: The demonstration was ended early; everything was removed again.\n"
    check_nothing_left(environment)


def start_demo(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [executable(), "demo"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
