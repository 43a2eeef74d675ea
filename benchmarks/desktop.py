"""The window: how soon it is there, what it weighs, and whether it ever stands still.

Each figure is of processes of their own, started on a screen of their own (Xvfb with a window manager and a
tray) where that is installed, else without a screen and a tray.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from qcpump_qt.app import Program
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from _heartbeat_probe import SCENARIOS, add_pumps  # noqa: E402 - after the path
from servers.virtual_screen import VirtualScreen, can_be_started  # noqa: E402 - as above

STARTS = 9
REPEATS = 3


@contextmanager
def screen(folder: Path) -> Iterator[Mapping[str, str]]:
    """The variables of processes that get a screen."""
    if not can_be_started():
        print("no screen to be had here: figures without window manager and tray")
        yield {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    with VirtualScreen(folder) as found:
        found.start_tray()
        time.sleep(1.0)
        yield {**os.environ, "DISPLAY": found.display, "QT_QPA_PLATFORM": "xcb"}


def home_with(folder: Path, pumps: int) -> Path:
    with Program(Places(folder / "home"), MemorySecrets()) as program:
        add_pumps(program, pumps, "http://127.0.0.1:9/api", folder / "TDS")
    return folder / "home"


def starts(home: Path, environment: Mapping[str, str]) -> None:
    """Seconds from the start of the process; the first start, which fills the caches, is left out."""
    found: dict[str, list[float]] = {}
    for number in range(STARTS + 1):
        before = time.monotonic()
        command = [sys.executable, str(HERE / "_window_probe.py"), str(home), "5", "1"]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        for name, moment in json.loads(done.stdout).items():
            if number:
                found.setdefault(name, []).append(moment - before)
    for name, goal in (("tray", "0.40"), ("window", "0.45"), ("pumps", "0.45")):
        if name in found:
            told = (
                f"median {statistics.median(found[name]):.3f} s, best {min(found[name]):.3f} s (goal {goal})"
            )
            print(f"process start to {name} with 5 pumps: {told}")


def memory(home: Path, environment: Mapping[str, str]) -> None:
    """Resident memory 20 s after the start, when the validations have long ended."""
    command = [sys.executable, str(HERE / "_window_probe.py"), str(home), "5", "25"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        time.sleep(20.0)
        lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
        told = dict(line.split(":", 1) for line in lines if line.startswith(("VmRSS", "RssAnon", "RssFile")))
    sizes = {name: int(value.split()[0]) / 1024 for name, value in told.items()}
    print(
        f"idle memory with 5 pumps: {sizes['VmRSS']:.0f} MiB resident (goal 110), of which "
        f"{sizes['RssAnon']:.0f} MiB its own and {sizes['RssFile']:.0f} MiB of libraries' files"
    )


def stalls(environment: Mapping[str, str]) -> None:
    """The largest gap of a timer of 20 ms on the UI thread, in each scenario."""
    for name in SCENARIOS:
        largest, told = [], ""
        for _ in range(REPEATS):
            command = [sys.executable, str(HERE / "_heartbeat_probe.py"), name]
            done = subprocess.run(command, env=environment, capture_output=True, check=True)
            largest.append(json.loads(done.stdout)["largest"])
            told = done.stderr.decode("utf-8").strip().splitlines()[-1] if done.stderr else ""
        listed = ", ".join(f"{gap * 1000:.0f}" for gap in largest)
        print(f"{name}: largest gap {statistics.median(largest) * 1000:.0f} ms (goal 50; {listed}) {told}")


def main() -> int:
    """All of it."""
    with tempfile.TemporaryDirectory() as folder, screen(Path(folder)) as environment:
        home = home_with(Path(folder), 5)
        starts(home, environment)
        memory(home, environment)
        stalls(environment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
