"""The program itself, started hidden in a real tray: a click shows its window, and so does a second start."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from integration.tray.conftest import PATIENCE, Screen


def visible(screen: Screen, *words: str) -> list[str]:
    """The numbers of the windows in sight that fit."""
    done = subprocess.run(
        ["xdotool", "search", "--onlyvisible", *words],
        check=False,
        env=screen.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.stdout.split()


def wait_for(screen: Screen, count: int, *words: str) -> list[str]:
    until = time.monotonic() + PATIENCE
    while len(found := visible(screen, *words)) != count:
        assert time.monotonic() < until, f"{words}: {found}"
        time.sleep(0.05)
    return found


def icon_place(screen: Screen) -> tuple[str, str]:
    """The middle of the tray, once there is an icon in it: without one it is a single column of pixels."""
    until = time.monotonic() + PATIENCE
    while True:
        assert time.monotonic() < until
        for window in visible(screen, "--class", "trayer"):
            told = subprocess.run(
                ["xdotool", "getwindowgeometry", "--shell", window],
                check=True,
                env=screen.environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
            ).stdout
            place = {name: int(value) for name, _, value in (line.partition("=") for line in told.split())}
            if place["WIDTH"] >= 16:
                return str(place["X"] + place["WIDTH"] // 2), str(place["Y"] + place["HEIGHT"] // 2)
        time.sleep(0.05)


def test_started_hidden_it_is_in_the_tray_and_a_click_or_a_second_start_shows_its_window(
    screen: Screen, tmp_path: Path
) -> None:
    screen.tray()
    start = (sys.executable, "-m", "qcpump_qt", "--home", str(tmp_path / "home"))
    program = screen.start(*start, "--tray")
    x, y = icon_place(screen)
    title = ("--name", "^QCPump-Qt")
    assert visible(screen, *title) == []
    screen.pointer("mousemove", x, y, "click", "1")
    (window,) = wait_for(screen, 1, *title)
    screen.pointer("windowminimize", window)
    wait_for(screen, 0, *title)
    second = subprocess.run(start, check=False, env=screen.environment, timeout=PATIENCE)
    assert second.returncode == 0
    assert wait_for(screen, 1, *title) == [window]
    program.process.terminate()
    assert program.process.wait(timeout=PATIENCE) == 0
