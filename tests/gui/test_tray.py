"""The tray on a screen in memory, which has none: the menu, the words, and trays that come and go."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.pump_possible import can_run
from qcpump_qt.models.rows import OverallState, PumpRow, PumpState
from qcpump_qt.views.icons import state_icon, tray_icon
from qcpump_qt.views.tray import Tray

from .heartbeat import Heartbeat

# The screen in memory has no tray, and says so when an icon is shown all the same.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)


class Host:
    """A tray that can come and go."""

    def __init__(self) -> None:
        self.there = True

    def __call__(self) -> bool:
        return self.there


class Icons:
    """Gives an icon for each state, and remembers for which it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, state: PumpState | OverallState) -> QIcon:
        self.asked.append(state.value)
        return QIcon(QPixmap(16, 16))


def row(number: int, state: PumpState = PumpState.WAITING) -> PumpRow:
    return PumpRow(id=f"linac-{number}", name=f"Linac {number}", type_key="Mpc", type_name="MPC", state=state)


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def icons() -> Icons:
    return Icons()


@pytest.fixture
def tray(qapp: object, host: Host, icons: Icons) -> Tray:
    return Tray(icons, DateStyle(), overall_icon=icons, available=host, platform="linux", look=20)


def entries(menu: QMenu) -> list[str]:
    return ["-" if action.isSeparator() else action.text() for action in menu.actions()]


def action(tray: Tray, name: str) -> QAction:
    found = tray.menu.findChild(QAction, name)
    assert found is not None
    return found


def icon_of(tray: Tray) -> QSystemTrayIcon:
    found = tray.findChild(QSystemTrayIcon)
    assert found is not None
    return found


def test_a_menu_without_pumps(tray: Tray) -> None:
    assert [entry for entry in entries(tray.menu) if entry != "-"] == [
        "Open QCPump-Qt",
        "Run all",
        "Stop all",
        "Settings…",
        "Quit",
    ]
    assert not action(tray, "run_all").isEnabled()
    assert not action(tray, "stop_all").isEnabled()
    assert tray.tooltip == "QCPump-Qt: Not configured\nNo success yet"
    assert tray.menu.defaultAction() is action(tray, "open")


def test_each_pump_has_its_state_and_run_now(tray: Tray) -> None:
    tray.set_rows([row(1), row(2, PumpState.RUNNING)], OverallState.RUNNING, "1 pump runs")
    assert entries(tray.menu)[5:7] == ["Linac 1: Waiting", "Linac 2: Running"]
    assert action(tray, "run_linac-1").isEnabled()
    assert not action(tray, "run_linac-2").isEnabled()
    assert action(tray, "run_all").isEnabled()
    assert tray.tooltip == "QCPump-Qt: 1 pump runs\nNo success yet"


def test_what_is_chosen_is_said(tray: Tray, qtbot: QtBot) -> None:
    tray.set_rows([row(1), row(2)], OverallState.WAITING, "")
    for name, signal in (
        ("open", tray.open_wanted),
        ("run_all", tray.run_all_wanted),
        ("stop_all", tray.stop_all_wanted),
        ("settings", tray.settings_wanted),
        ("quit", tray.quit_wanted),
    ):
        with qtbot.waitSignal(signal):
            action(tray, name).trigger()
    with qtbot.waitSignal(tray.run_wanted) as said:
        action(tray, "run_linac-2").trigger()
    assert said.args == ["linac-2"]


def test_a_changed_state_changes_words_and_icons_in_place(tray: Tray, icons: Icons) -> None:
    tray.set_rows([row(1), row(2)], OverallState.WAITING, "")
    before = action(tray, "run_linac-1")
    icons.asked.clear()
    tray.set_rows([row(1, PumpState.ATTENTION), row(2)], OverallState.ATTENTION, "")
    assert entries(tray.menu)[5:7] == ["Linac 1: Needs attention", "Linac 2: Waiting"]
    assert action(tray, "run_linac-1") is before
    assert icons.asked == ["Needs attention"]
    icons.asked.clear()
    tray.set_rows([row(1, PumpState.ATTENTION), row(2)], OverallState.ATTENTION, "")
    assert icons.asked == []


def test_pumps_that_come_go_and_change_places(tray: Tray) -> None:
    tray.set_rows([row(1), row(2)], OverallState.WAITING, "")
    tray.set_rows([row(3), row(1)], OverallState.WAITING, "")
    assert entries(tray.menu)[5:7] == ["Linac 3: Waiting", "Linac 1: Waiting"]


def test_many_pumps_have_a_menu_of_their_own(tray: Tray) -> None:
    tray.set_rows([row(number) for number in range(12)], OverallState.WAITING, "")
    assert "Pumps" not in entries(tray.menu)
    tray.set_rows([row(number) for number in range(13)], OverallState.WAITING, "")
    tray.menu.popup(tray.menu.pos())
    assert "Pumps" in entries(tray.menu)
    pumps = tray.menu.findChild(QMenu, "tray_pumps")
    assert pumps is not None
    assert entries(pumps) == [f"Linac {number}: Waiting" for number in range(13)]
    tray.menu.hide()
    tray.set_rows([row(1)], OverallState.WAITING, "")
    assert "Pumps" not in entries(tray.menu)


def test_the_menu_of_many_pumps_is_filled_when_it_is_opened(tray: Tray, icons: Icons, qtbot: QtBot) -> None:
    tray.set_rows([row(number) for number in range(200)], OverallState.WAITING, "")
    assert icons.asked.count("Waiting") == 0
    assert tray.menu.findChild(QAction, "run_linac-7") is None
    assert action(tray, "run_all").isEnabled()
    tray.menu.popup(tray.menu.pos())
    pumps = tray.menu.findChild(QMenu, "tray_pumps")
    assert pumps is not None
    assert entries(pumps) == [f"Linac {number}: Waiting" for number in range(200)]
    with qtbot.waitSignal(tray.run_wanted) as said:
        action(tray, "run_linac-7").trigger()
    assert said.args == ["linac-7"]
    changed = [row(number, PumpState.RUNNING) for number in range(200)]
    tray.set_rows(changed, OverallState.RUNNING, "")
    assert entries(pumps)[0] == "Linac 0: Waiting", "what somebody reads stays until it is opened again"
    tray.menu.hide()
    tray.menu.popup(tray.menu.pos())
    assert entries(pumps) == [f"Linac {number}: Running" for number in range(200)]
    assert not action(tray, "run_linac-7").isEnabled()
    tray.menu.hide()


def test_run_now_is_offered_as_in_the_window(tray: Tray) -> None:
    states = list(PumpState)
    tray.set_rows([row(number, state) for number, state in enumerate(states)], OverallState.MIXED, "")
    offered = {
        state for number, state in enumerate(states) if action(tray, f"run_linac-{number}").isEnabled()
    }
    assert offered == {state for state in states if can_run(row(0, state))}
    assert PumpState.INVALID not in offered


def test_an_open_menu_is_not_built_anew_under_the_pointer(tray: Tray, qtbot: QtBot) -> None:
    tray.set_rows([row(1), row(2)], OverallState.WAITING, "")
    tray.menu.popup(tray.menu.pos())
    tray.set_rows([row(2, PumpState.RUNNING)], OverallState.RUNNING, "")
    assert entries(tray.menu)[5:7] == ["Linac 1: Waiting", "Linac 2: Waiting"]
    tray.menu.hide()
    tray.menu.popup(tray.menu.pos())
    assert "Linac 1: Waiting" not in entries(tray.menu)
    assert "Linac 2: Running" in entries(tray.menu)
    tray.set_rows([row(2, PumpState.IDLE)], OverallState.IDLE, "")
    assert "Linac 2: Idle" in entries(tray.menu)
    tray.menu.hide()


@pytest.mark.parametrize(
    ("platform", "reason", "opens"),
    [
        ("linux", QSystemTrayIcon.ActivationReason.Trigger, True),
        ("linux", QSystemTrayIcon.ActivationReason.Context, False),
        ("win32", QSystemTrayIcon.ActivationReason.Trigger, True),
        ("darwin", QSystemTrayIcon.ActivationReason.Trigger, False),
    ],
)
def test_a_click_opens_the_window_where_it_does_not_open_the_menu(
    qapp: object,
    host: Host,
    icons: Icons,
    platform: str,
    reason: QSystemTrayIcon.ActivationReason,
    opens: bool,
) -> None:
    tray = Tray(icons, DateStyle(), available=host, platform=platform)
    tray.start()
    opened: list[None] = []
    tray.open_wanted.connect(lambda: opened.append(None))
    icon_of(tray).activated.emit(reason)
    assert bool(opened) is opens


def test_a_click_on_a_notification_opens_the_window(tray: Tray, qtbot: QtBot) -> None:
    tray.start()
    with qtbot.waitSignal(tray.open_wanted):
        icon_of(tray).messageClicked.emit()


def test_a_tray_that_comes_late_goes_and_comes_again(tray: Tray, host: Host, qtbot: QtBot) -> None:
    host.there = False
    said: list[bool] = []
    tray.available_changed.connect(said.append)
    tray.start()
    assert (tray.available, said) == (False, [])
    assert tray.findChild(QSystemTrayIcon) is None
    tray.tell("Linac 1 needs attention", "The token is wrong.", "warning")
    host.there = True
    qtbot.waitUntil(lambda: said == [True])
    first = icon_of(tray)
    assert first.isVisible()
    assert first.toolTip() == tray.tooltip
    assert first.contextMenu() is tray.menu
    host.there = False
    qtbot.waitUntil(lambda: said == [True, False])
    host.there = True
    qtbot.waitUntil(lambda: said == [True, False, True])
    assert tray.available
    qtbot.waitUntil(lambda: len(tray.findChildren(QSystemTrayIcon)) == 1)
    assert icon_of(tray) is not first
    tray.tell("", "The token is wrong.", "error")
    tray.stop()
    assert not tray.available


def test_the_icon_and_the_tooltip_follow_the_state(tray: Tray, icons: Icons) -> None:
    tray.start()
    assert icons.asked == ["Not configured"]
    tray.set_rows([row(1, PumpState.ATTENTION)], OverallState.ATTENTION, "1 pump needs attention")
    assert icons.asked == ["Not configured", "Needs attention", "Needs attention"]
    assert icon_of(tray).toolTip() == "QCPump-Qt: 1 pump needs attention\nNo success yet\nLook at: Linac 1"


def test_in_the_tray_the_program_is_known_by_its_drop(qapp: object, host: Host, icons: Icons) -> None:
    tray = Tray(icons, DateStyle(), available=host, platform="linux")
    tray.start()
    tray.set_rows([row(1, PumpState.RUNNING)], OverallState.RUNNING, "")
    shown = icon_of(tray).icon().pixmap(22, 22).toImage()
    assert shown == tray_icon(OverallState.RUNNING).pixmap(22, 22).toImage()
    assert shown != state_icon(OverallState.RUNNING).pixmap(22, 22).toImage()
    assert icons.asked == ["Running"], "that of the pump in the menu"
    tray.stop()


def test_dates_are_written_as_the_settings_say(tray: Tray) -> None:
    from qcpump_qt.engine.clock import local_now

    now = local_now()
    rows = [replace(row(1), last_success=now)]
    tray.set_rows(rows, OverallState.WAITING, "")
    assert f"Last success: {now:%Y-%m-%d %H:%M}" in tray.tooltip
    tray.set_dates(DateStyle("dd.MM.yyyy"))
    tray.set_rows(rows, OverallState.WAITING, "")
    assert f"Last success: {now:%d.%m.%Y %H:%M}" in tray.tooltip


def reached(beat: Heartbeat, wanted: int) -> bool:
    return beat.beats >= wanted


def test_200_pumps_do_not_hold_up_the_window(
    tray: Tray, heartbeat: Callable[[], AbstractContextManager[Heartbeat]], qtbot: QtBot
) -> None:
    rows = [row(number) for number in range(200)]
    with heartbeat() as beat:
        for state in (PumpState.WAITING, PumpState.RUNNING, PumpState.IDLE):
            tray.set_rows([replace(each, state=state) for each in rows], OverallState(state.value), "")
            wanted = beat.beats + 2
            qtbot.waitUntil(partial(reached, beat, wanted))
            tray.menu.aboutToShow.emit()
    assert len(tray.menu.findChildren(QAction, "run_linac-199")) == 1
