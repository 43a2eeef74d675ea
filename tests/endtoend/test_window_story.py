"""The first day with the window, by keys alone: import, validate, preview, run, see it on the server, quit."""

from __future__ import annotations

import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from endtoend.clinic import PUMP, TYPE, Clinic
from endtoend.installed import Installed
from endtoend.old_folder import mpc_sections, write_old_folder, write_old_pump
from qcpump_qt.demo.clinic import TOKEN
from qcpump_qt.demo.tds import write_tds
from servers.private_keyring import PrivateKeyring
from servers.standin import StandInProcess
from servers.virtual_screen import WHY_NOT, VirtualScreen, can_be_started, until

WINDOW = "QCPump-Qt$"


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[VirtualScreen]:
    if not can_be_started():
        pytest.skip(WHY_NOT)
    with VirtualScreen(tmp_path) as found:
        yield found


@pytest.fixture
def windowed(tmp_path: Path, keyring: PrivateKeyring, screen: VirtualScreen) -> Iterator[Installed]:
    """The program with a home, a keyring and a screen."""
    environment = {**keyring.environment, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
    found = Installed(tmp_path / "home", environment)
    yield found
    found.close()


def opened(program: Installed, screen: VirtualScreen, *arguments: str) -> subprocess.Popen[bytes]:
    process = program.start(*arguments)
    screen.wait_for(WINDOW)
    return process


def asked(server: StandInProcess, path: str) -> bool:
    """Whether the server was asked for something with this in its path."""
    return any(path in request["path"] for request in server.counts()["requests"])


def quit_by_keys(process: subprocess.Popen[bytes], screen: VirtualScreen) -> None:
    screen.press("ctrl+q")
    screen.wait_for("Quit QCPump-Qt")
    screen.press("Tab", "space")
    assert process.wait(timeout=10) == 0


def import_by_keys(screen: VirtualScreen, old: Path, home: Path) -> None:
    screen.press("ctrl+i")
    screen.wait_for("Import from QCPump")
    screen.press("ctrl+a")
    screen.write(str(old))
    screen.press("Return")
    until(lambda: list(home.glob("pumps/*/config.json")), "the imported pump")
    screen.press("Escape")


def select_by_keys(screen: VirtualScreen, name: str) -> None:
    screen.wait_for(WINDOW)
    screen.press("ctrl+shift+f")
    screen.write(name)
    screen.press("Down", "Down")
    screen.wait_for(f"{name} – QCPump-Qt")


def test_the_first_day(
    tmp_path: Path, windowed: Installed, screen: VirtualScreen, server: StandInProcess
) -> None:
    story = write_tds(tmp_path / "TDS", date.today())  # noqa: DTZ011 - the results carry local time
    old = write_old_folder(tmp_path / "old")
    write_old_pump(old, PUMP, TYPE, mpc_sections(tmp_path / "TDS", server.url))
    clinic = Clinic(tmp_path, windowed, server)
    clinic.share.keys = [session.user_key for session in story.delivered]

    process = opened(windowed, screen)
    import_by_keys(screen, old, windowed.home)
    assert all(TOKEN.encode() not in path.read_bytes() for path in windowed.files())
    select_by_keys(screen, PUMP)
    until(lambda: asked(server, "units"), "the validation, which asks the server for its units")

    screen.press("ctrl+shift+p")
    screen.wait_for(f"Preview of {PUMP}")
    assert server.sessions() == [], "a preview sends nothing"
    screen.press("Escape")

    screen.wait_for(f"{PUMP} – QCPump-Qt")
    screen.press("F5")
    until(lambda: len(server.sessions()) == len(story.delivered), "the delivery")
    quit_by_keys(process, screen)

    clinic.check_all_equal()
    with urllib.request.urlopen(server.page_url + "/", timeout=10) as answer:
        page = answer.read().decode("utf-8")
    assert all(session.user_key in page for session in story.delivered)
    assert windowed.run("run", "--once", "--json").pump["delivered"] == 0
    clinic.check_all_equal()


def test_a_second_start_shows_the_first_window(windowed: Installed, screen: VirtualScreen) -> None:
    first = opened(windowed, screen)
    screen.press("alt+F9")
    second = windowed.start()
    assert second.wait(timeout=20) == 0
    screen.wait_for(WINDOW)
    assert first.poll() is None
    screen.press("ctrl+q")
    assert first.wait(timeout=10) == 0


def test_a_window_that_was_killed_is_told_of_at_the_next_start(
    windowed: Installed, screen: VirtualScreen
) -> None:
    first = opened(windowed, screen)
    until(lambda: list(windowed.home.glob("state/window-running*")), "the mark of a running window")
    first.kill()
    first.wait()
    second = windowed.start()
    screen.wait_for("did not end properly")
    screen.press("Escape")
    screen.wait_for(WINDOW)
    screen.press("ctrl+q")
    assert second.wait(timeout=10) == 0
    third = opened(windowed, screen)
    assert not screen.windows("did not end properly")
    third.send_signal(signal.SIGTERM)
    assert third.wait(timeout=10) == 0


def test_the_window_ends_on_request_in_the_middle_of_a_cycle_that_hangs(
    tmp_path: Path, windowed: Installed, screen: VirtualScreen, server: StandInProcess
) -> None:
    clinic = Clinic(tmp_path, windowed, server)
    clinic.share.add(4)
    clinic.import_pump()
    server.plan(add=[{"kind": "hang", "seconds": 60, "times": None, "method": "ANY"}])
    process = opened(windowed, screen)
    screen.press("F5")
    until(lambda: asked(server, ""), "a request")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=6) == 0
    assert clinic.check_nothing_twice() == set()


def test_without_a_screen_it_is_said_what_to_do(windowed: Installed) -> None:
    bare = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = windowed.run(env=bare)
    assert done.code == 2
    assert done.err == (
        "There is no screen to show the window on (neither DISPLAY nor WAYLAND_DISPLAY is set).\n"
        "The command line works without one: qcpump-qt --help\n"
    )
