"""The demonstration: works anywhere, leaves nothing behind, and fails when the delivery is not as it should be."""

from __future__ import annotations

import os
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
    assert "Delivered (9):" in done.out
    assert "Skipped (5):" in done.out
    assert "Waiting (1):" in done.out
    assert "First cycle: 9 delivered, 1 waiting, 5 skipped, in " in done.out
    assert "Second cycle: 1 waiting, in " in done.out
    assert "until you press Ctrl+C" not in done.out
    check_nothing_left(environment)


def test_as_json_it_shows_source_ledger_and_server(environment: dict[str, str]) -> None:
    done = run_demo(environment, "--json", "--once")
    assert done.code == 0
    assert (done.pump["delivered"], done.document["second_cycle"]["delivered"]) == (9, 0)
    delivered = [record["key"] for record in done.document["records"] if record["state"] == "delivered"]
    assert sorted(delivered) == done.document["on_the_server"]
    assert len(delivered) == 9
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
        assert "QCPump/MPC/2101/" in answer.read().decode("utf-8")
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
