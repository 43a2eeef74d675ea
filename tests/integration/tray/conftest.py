"""A screen of its own, and programs that are started and ended one by one."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("tray_program.py")
TRAYER = (
    *("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "32"),
    *("--SetDockType", "true", "--expand", "true"),
)
PATIENCE = 60.0
"""Seconds after which something that should happen will not."""


class Running:
    """A process that a test started, and the lines that it says."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(environment)
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def said(self, beginning: str) -> str:
        """The next line that begins so; the others before it are passed over."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"it never said {beginning!r}; exit code {self.process.poll()}")
            if line.startswith(beginning):
                return line

    def forget(self) -> None:
        """Pass over everything that was said so far."""
        while not self._lines.empty():
            self._lines.get_nowait()

    def end(self) -> None:
        """End it, by its own id."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))


class Screen:
    """A virtual screen with whatever runs on it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._running: list[Running] = []

    def start(self, *command: str) -> Running:
        """Start a program on this screen."""
        program = Running(command, self.environment)
        self._running.append(program)
        return program

    def tray(self) -> Running:
        """Start a host of trays."""
        return self.start(*TRAYER)

    def program(self) -> Running:
        """Start the program with the real tray."""
        return self.start(sys.executable, str(PROGRAM))

    def pointer(self, *words: str) -> None:
        """Move and press the pointer."""
        subprocess.run(["xdotool", *words], check=True, env=self.environment, timeout=PATIENCE)

    def end(self) -> None:
        """End everything on it, the newest first."""
        for program in reversed(self._running):
            program.end()


@pytest.fixture
def needs() -> Callable[[str], None]:
    """Skip where one of the programs is not installed."""

    def check(programs: str) -> None:
        missing = [program for program in programs.split() if shutil.which(program) is None]
        if missing:
            pytest.skip(f"needs programs that are not installed: apt install {' '.join(missing)}")

    return check


@pytest.fixture
def screen(needs: Callable[[str], None], tmp_path: Path) -> Iterator[Screen]:
    """A screen without a tray and without a message bus."""
    needs("Xvfb trayer xdotool openbox")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as stream:
            number = stream.readline().strip()
        screen = Screen(plain_environment(number, tmp_path))
        try:
            screen.start("openbox")
            yield screen
        finally:
            screen.end()
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def plain_environment(display: str, folder: Path) -> dict[str, str]:
    """The variables of a session that has this screen and nothing else of ours."""
    kept = ("PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH", "COVERAGE_PROCESS_START")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "DISPLAY": f":{display}",
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/no-bus",
    }
