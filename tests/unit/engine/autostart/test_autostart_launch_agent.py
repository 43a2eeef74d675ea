"""Start at login on macOS: real property lists, and a launchctl that answers what it is told to."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from qcpump_qt.engine.autostart.entry import AutostartKind, AutostartState
from qcpump_qt.engine.autostart.launch_agent import LABEL, LaunchAgent, ask_launchctl

COMMAND = ("/Applications/QCPump-Qt.app/Contents/MacOS/qcpump-qt-window", "--tray")
OFF_THERE = (
    "It is entered, and was switched off in this computer's login items. Switch it on here to undo that."
)


class Launchctl:
    def __init__(self) -> None:
        self.disabled = ""
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, *arguments: str) -> str:
        self.asked.append(arguments)
        if arguments[0] == "enable":
            self.disabled = ""
        return self.disabled


@pytest.fixture
def launchctl() -> Launchctl:
    return Launchctl()


@pytest.fixture
def agent(tmp_path: Path, launchctl: Launchctl) -> LaunchAgent:
    return LaunchAgent(tmp_path / "Library" / "LaunchAgents", COMMAND, launchctl=launchctl, user=501)


def test_it_is_switched_on_and_off(agent: LaunchAgent, launchctl: Launchctl) -> None:
    assert agent.state() == AutostartState(AutostartKind.OFF)
    agent.switch_on(COMMAND)
    assert plistlib.loads(agent.file.read_bytes()) == {
        "Label": "org.qcpump-qt.window",
        "ProgramArguments": list(COMMAND),
        "RunAtLoad": True,
        "ProcessType": "Interactive",
        "LimitLoadToSessionType": "Aqua",
    }
    assert launchctl.asked == [("enable", f"gui/501/{LABEL}")]
    assert agent.state() == AutostartState(AutostartKind.ON, "", COMMAND)
    agent.switch_off()
    agent.switch_off()
    assert agent.state() == AutostartState(AutostartKind.OFF)


@pytest.mark.parametrize("word", ["disabled", "true"])
def test_login_items_that_were_switched_off_are_off(
    agent: LaunchAgent, launchctl: Launchctl, word: str
) -> None:
    agent.switch_on(COMMAND)
    launchctl.disabled = f'disabled services = {{\n\t"com.other" => {word}\n\t"{LABEL}" => {word}\n}}\n'
    assert agent.state() == AutostartState(AutostartKind.OFF, OFF_THERE, COMMAND)
    agent.switch_on(COMMAND)
    assert agent.state().kind is AutostartKind.ON


@pytest.mark.parametrize("word", ["enabled", "false"])
def test_login_items_that_are_on_or_of_others_do_not_matter(
    agent: LaunchAgent, launchctl: Launchctl, word: str
) -> None:
    agent.switch_on(COMMAND)
    launchctl.disabled = f'"com.other" => disabled\n"{LABEL}" => {word}\n'
    assert agent.state().kind is AutostartKind.ON


@pytest.mark.parametrize("change", [{"Disabled": True}, {"RunAtLoad": False}])
def test_a_property_list_that_starts_nothing_is_off(agent: LaunchAgent, change: dict[str, bool]) -> None:
    agent.switch_on(COMMAND)
    agent.file.write_bytes(plistlib.dumps({**plistlib.loads(agent.file.read_bytes()), **change}))
    assert agent.state() == AutostartState(AutostartKind.OFF, OFF_THERE, COMMAND)


def test_another_program_is_told(agent: LaunchAgent) -> None:
    agent.switch_on(["/old/place"])
    assert (agent.state().kind, agent.state().entered) == (AutostartKind.ELSEWHERE, ("/old/place",))


@pytest.mark.parametrize("data", [b"", b"<plist><dict><key>", b"bplist00 broken", b"plain text"])
def test_a_broken_property_list_is_told(agent: LaunchAgent, data: bytes) -> None:
    agent.file.parent.mkdir(parents=True)
    agent.file.write_bytes(data)
    assert agent.state() == AutostartState(
        AutostartKind.UNKNOWN, f"{agent.file} cannot be understood. Switch it on here to write it anew."
    )


@pytest.mark.parametrize("content", [["a list"], {"Label": LABEL}, {"ProgramArguments": "no list"}])
def test_a_property_list_without_a_program_is_no_entry(
    agent: LaunchAgent, content: list[str] | dict[str, str]
) -> None:
    agent.file.parent.mkdir(parents=True)
    agent.file.write_bytes(plistlib.dumps(content))
    assert agent.state() == AutostartState(AutostartKind.OFF)


def test_a_folder_in_the_way_is_told(agent: LaunchAgent) -> None:
    agent.file.mkdir(parents=True)
    assert agent.state().kind is AutostartKind.UNKNOWN


@pytest.mark.skipif(Path("/bin/launchctl").exists(), reason="is for systems without launchctl")
def test_where_there_is_no_launchctl_nothing_is_known_to_be_off() -> None:
    assert ask_launchctl("print-disabled", "gui/501") == ""
