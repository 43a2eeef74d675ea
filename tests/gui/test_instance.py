"""One window for each home: real locks, real sockets, two real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from qcpump_qt.controllers.instance import MOST_CALLERS, Instance, socket_name
from qcpump_qt.controllers.instance_talk import complaint_of
from qcpump_qt.engine.lock import InstanceLock

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from qcpump_qt.controllers.instance import Instance
app = QCoreApplication([])
instance = Instance(Path(sys.argv[1]), Path(sys.argv[1]))
print(instance.claim(), flush=True)
print(instance.ask_other(10.0))
"""
FIRST = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from qcpump_qt.controllers.instance import Instance
app = QCoreApplication([])
instance = Instance(Path(sys.argv[1]), Path(sys.argv[1]))
print(instance.claim(), flush=True)
sys.stdin.readline()
os._exit(9)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def first(home: Path, qapp: object) -> Iterator[Instance]:
    instance = Instance(home, home, patience=200)
    assert instance.claim()
    yield instance
    instance.release()


def connected(instance: Instance, qtbot: QtBot) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer(instance.name)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.ConnectedState)
    return socket


def answer_of(instance: Instance, qtbot: QtBot, *parts: bytes) -> dict[str, object]:
    socket = connected(instance, qtbot)
    heard = bytearray()
    socket.readyRead.connect(lambda: heard.extend(socket.readAll().data()))
    for part in parts:
        socket.write(part)
        socket.flush()
        qtbot.wait(1)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    heard.extend(socket.readAll().data())
    answer = json.loads(bytes(heard))
    assert isinstance(answer, dict)
    return answer


def environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def test_a_second_start_shows_the_first_window(first: Instance, home: Path, qtbot: QtBot) -> None:
    shown: list[None] = []
    first.show_wanted.connect(lambda: shown.append(None))
    second = subprocess.Popen(
        [sys.executable, "-c", SECOND, str(home)], stdout=subprocess.PIPE, text=True, env=environment()
    )
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
    output, _ = second.communicate()
    assert (second.returncode, output) == (0, "False\n\n")
    assert shown == [None]


def test_after_a_crash_the_next_start_is_the_first_again(home: Path, qtbot: QtBot) -> None:
    dead = subprocess.Popen(
        [sys.executable, "-c", FIRST, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert dead.stdout is not None
    assert dead.stdout.readline() == "True\n"
    dead.communicate("end\n", timeout=60)
    assert dead.returncode == 9
    instance = Instance(home, home)
    assert instance.claim()
    try:
        assert answer_of(instance, qtbot, b'{"version": 1, "command": "show"}\n') == {
            "version": 1,
            "answer": "ok",
        }
    finally:
        instance.release()


def test_two_homes_have_two_windows(first: Instance, tmp_path: Path) -> None:
    other = tmp_path / "other"
    second = Instance(other, other)
    assert second.claim()
    second.release()
    assert second.name != first.name


def test_a_home_has_one_name_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "home")
    assert socket_name(tmp_path / "home" / ".." / "home") == socket_name(tmp_path / "link")
    assert len(socket_name(tmp_path)) < 40


def test_a_message_in_pieces_is_understood(first: Instance, qtbot: QtBot) -> None:
    with qtbot.waitSignal(first.show_wanted):
        answer = answer_of(first, qtbot, b'{"version": 1, ', b'"command": "show"}', b"\nand more\n")
    assert answer == {"version": 1, "answer": "ok"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"hello\n", "This is no message of QCPump-Qt."),
        (b"[]\n", "This is no message of QCPump-Qt."),
        (b"\xff\xfe\n", "This is no message of QCPump-Qt."),
        (b"[" * 3000 + b"\n", "This is no message of QCPump-Qt."),
        (b"x" * 9000, "This is no message of QCPump-Qt."),
        (b"x" * 9000 + b"\n", "This is no message of QCPump-Qt."),
        (
            b'{"version": 2, "command": "show"}\n',
            "The window that is open speaks version 1 and was asked in version 2. "
            "Quit it, then start QCPump-Qt again.",
        ),
        (
            b'{"command": "show"}\n',
            "The window that is open speaks version 1 and was asked in version null. "
            "Quit it, then start QCPump-Qt again.",
        ),
        (b'{"version": 1, "command": "dance"}\n', 'The window that is open knows no command "dance".'),
        (
            b'{"version": 1, "command": "' + b"x" * 99 + b'"}\n',
            'The window that is open knows no command "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx….',
        ),
    ],
)
def test_what_is_not_understood_is_answered_in_words(
    first: Instance, qtbot: QtBot, line: bytes, words: str
) -> None:
    shown: list[None] = []
    first.show_wanted.connect(lambda: shown.append(None))
    assert answer_of(first, qtbot, line) == {"version": 1, "answer": "refused", "message": words}
    assert shown == []


def test_silent_and_leaving_callers_do_no_harm(first: Instance, qtbot: QtBot) -> None:
    silent = connected(first, qtbot)
    half = connected(first, qtbot)
    half.write(b'{"version": 1')
    half.flush()
    half.abort()
    qtbot.waitUntil(lambda: silent.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert answer_of(first, qtbot, b'{"version": 1, "command": "show"}\n')["answer"] == "ok"


def test_a_crowd_of_callers_is_sent_away(home: Path, qapp: object, qtbot: QtBot) -> None:
    instance = Instance(home, home, patience=600_000)
    assert instance.claim()
    try:
        crowd = [connected(instance, qtbot) for _ in range(MOST_CALLERS)]
        extra = connected(instance, qtbot)
        qtbot.waitUntil(lambda: crowd[0].state() == QLocalSocket.LocalSocketState.UnconnectedState)
        assert {caller.state() for caller in [*crowd[1:], extra]} == {
            QLocalSocket.LocalSocketState.ConnectedState
        }
    finally:
        instance.release()


def test_among_fifty_silent_callers_a_second_start_is_answered(
    home: Path, qapp: object, qtbot: QtBot
) -> None:
    instance = Instance(home, home, patience=600_000)
    assert instance.claim()
    crowd = []
    try:
        for _ in range(50):
            socket = QLocalSocket()
            socket.connectToServer(instance.name)
            crowd.append(socket)
        answer = answer_of(instance, qtbot, b'{"version": 1, "command": "show"}\n')
        assert answer == {"version": 1, "answer": "ok"}
        connected_still = QLocalSocket.LocalSocketState.ConnectedState
        qtbot.waitUntil(lambda: sum(each.state() == connected_still for each in crowd) <= MOST_CALLERS)
    finally:
        instance.release()


def test_where_nobody_answers_it_is_told_what_to_do(first: Instance, home: Path) -> None:
    unreachable = home / "unreachable"
    assert Instance(unreachable, unreachable).ask_other(0.2) == (
        f"QCPump-Qt is open already for {unreachable}, and its window does not answer. Another user of this "
        "computer may have it open: ask them to quit it, or look whether it hangs and end it."
    )


def test_a_window_that_is_just_being_started_is_waited_for(home: Path, qapp: object, qtbot: QtBot) -> None:
    second = subprocess.Popen(
        [sys.executable, "-c", SECOND, str(home)], stdout=subprocess.PIPE, text=True, env=environment()
    )
    lock = InstanceLock(home)
    assert lock.acquire()
    assert second.stdout is not None
    assert second.stdout.readline() == "False\n"
    lock.release()
    late = Instance(home, home)
    assert late.claim()
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
    late.release()
    assert second.communicate()[0] == "\n"


def test_a_window_that_hangs_is_told(first: Instance, home: Path) -> None:
    # This thread, whose window it is, is the one that waits: so nobody answers.
    assert Instance(home, home).ask_other(0.2) == (
        "QCPump-Qt is open already, and its window does not answer. "
        "Wait a moment and try again; if that does not help, end it and start it anew."
    )


def test_answers_are_told_in_words() -> None:
    assert complaint_of(b'{"version": 1, "answer": "ok"}\n') == ""
    assert complaint_of(b'{"version": 1, "answer": "refused", "message": "No."}\n') == "No."
    assert complaint_of(b'{"answer": 3}\n') == "The window that is open refused to show itself."
    assert complaint_of(b"garbage\n") == (
        "QCPump-Qt is open already, and its window gave an answer that cannot be understood."
    )


def test_the_window_works_where_nobody_can_ask_it(
    home: Path, qapp: object, caplog: pytest.LogCaptureFixture
) -> None:
    instance = Instance(home, home)
    # Longer than any system allows, so nothing can listen there.
    instance.name = "x" * 400
    assert instance.claim()
    instance.release()
    assert caplog.messages[0].startswith("A second start cannot show this window: ")
    assert caplog.messages[0].endswith(". The window itself works.")


def test_nothing_of_it_is_left_behind(home: Path, qapp: object) -> None:
    instance = Instance(home, home)
    assert instance.claim()
    assert not Instance(home, home).claim()
    instance.release()
    probe = QLocalServer()
    assert probe.listen(instance.name)
    probe.close()
