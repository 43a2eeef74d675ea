"""Trays on the message bus, as KDE and GNOME have them: one that is there, late, and started again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.tray.conftest import Running, Screen

pytest.importorskip("jeepney", reason="speaks to the message bus; only Linux has it")
WATCHER = Path(__file__).with_name("sni_watcher.py")
CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@pytest.fixture
def bus(screen: Screen, needs: Callable[[str], None], tmp_path: Path) -> Screen:
    """The screen with a message bus."""
    needs("dbus-daemon")
    config = tmp_path / "bus.conf"
    config.write_text(CONFIG.format(path=tmp_path / "bus"), encoding="utf-8")
    daemon = screen.start(
        "dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"
    )
    screen.environment["DBUS_SESSION_BUS_ADDRESS"] = daemon.said("unix:")
    return screen


def watcher(screen: Screen) -> Running:
    watching = screen.start(sys.executable, str(WATCHER))
    watching.said("watching")
    return watching


def test_a_tray_that_is_there_gets_the_icon(bus: Screen) -> None:
    host = watcher(bus)
    program = bus.program()
    assert program.said("available") == "available True"
    assert host.said("registered").startswith("registered ")


def test_a_tray_that_starts_late_and_one_that_is_started_again_get_the_icon(bus: Screen) -> None:
    program = bus.program()
    assert program.said("started") == "started False"
    host = watcher(bus)
    assert program.said("available") == "available True"
    assert host.said("registered").startswith("registered ")
    host.end()
    assert program.said("available") == "available False"
    again = watcher(bus)
    assert program.said("available") == "available True"
    assert again.said("registered").startswith("registered ")
