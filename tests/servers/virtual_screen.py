"""A screen, a window manager and, where wanted, a tray of their own for a test; driven by keys and clicks."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from servers.private_keyring import plain_environment

PROGRAMS = ("Xvfb", "openbox", "xdotool")
WHY_NOT = "needs a screen that can be started for the test alone: apt install xvfb openbox xdotool"
PATIENCE = 20.0


def can_be_started() -> bool:
    """Whether everything is installed that a private screen needs."""
    return all(shutil.which(program) for program in PROGRAMS)


def until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait for something that another process does; fails with `what` when it does not come."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"waited {patience:g} s for: {what}"
        time.sleep(0.05)


class VirtualScreen:
    """A screen of 1280×800; ended with the `with` block.

    Args:
        folder: for the screen's own files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        self.display = self._start_screen()
        self.start("openbox", "--sm-disable")
        until(lambda: self._ask("getmouselocation"), "the screen")

    @property
    def environment(self) -> dict[str, str]:
        """The variables through which a process finds this screen, on top of those that any process needs."""
        return {**plain_environment(os.environ), "DISPLAY": self.display, "HOME": str(self._folder)}

    def start(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a program on the screen; it is ended with it."""
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**self.environment, **(env or {})},
        )
        self._started.append(process)
        return process

    def start_tray(self) -> subprocess.Popen[bytes]:
        """A panel that shows tray icons, at the lower right."""
        place = ("--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "32")
        return self.start("trayer", *place, "--SetDockType", "true", "--expand", "true")

    def windows(self, title: str) -> list[str]:
        """The visible windows whose title matches."""
        return self._ask("search", "--onlyvisible", "--name", title).split()

    def wait_for(self, title: str) -> str:
        """The window with this title, once it is there and has the keys."""
        found: list[str] = []

        def look() -> bool:
            found[:] = self.windows(title)
            return bool(found)

        until(look, f"the window {title!r}")
        window = found[-1]
        self._ask("windowactivate", "--sync", window)
        return window

    def press(self, *keys: str) -> None:
        """Press keys or chords, such as ``Return`` or ``ctrl+n``, one after the other."""
        for key in keys:
            self._ask("key", "--clearmodifiers", key)

    def write(self, text: str) -> None:
        """Type a text where the cursor is."""
        self._ask("type", "--clearmodifiers", "--delay", "5", text)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click at a place on the screen."""
        self._ask("mousemove", "--sync", str(x), str(y), "click", str(button))

    def geometry(self, window: str) -> tuple[int, int, int, int]:
        """Where a window is: left, top, width, height."""
        lines = self._ask("getwindowgeometry", "--shell", window).splitlines()
        found = dict(line.split("=", 1) for line in lines if "=" in line)
        return int(found["X"]), int(found["Y"]), int(found["WIDTH"]), int(found["HEIGHT"])

    def stop(self) -> None:
        """End everything that was started here."""
        for process in reversed(self._started):
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def __enter__(self) -> VirtualScreen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_screen(self) -> str:
        reading, writing = os.pipe()
        command = [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]
        process = subprocess.Popen(
            command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._started.append(process)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        return f":{number}"

    def _ask(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], capture_output=True, env=self.environment, timeout=PATIENCE, check=False
        )
        return done.stdout.decode("utf-8")
