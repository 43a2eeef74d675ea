"""What nobody caught is logged and told once; a crash is told at the next start."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, QtMsgType, Signal, qCritical, qInstallMessageHandler, qWarning
from pytestqt.qtbot import QtBot

from qcpump_qt.controllers.crash_mark import FORMER_TRACE, MARK
from qcpump_qt.controllers.crashes import Crashes
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.logs.logs import Logs
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.paths import Places
from qcpump_qt.version import VERSION

REST = (
    "The program goes on. The log (/logs/qcpump-qt.log) shows where it happened; "
    "please report it with a diagnostics bundle from the Help menu."
)
DYING = """
import faulthandler, os, sys
from pathlib import Path
from qcpump_qt.controllers.crash_mark import CrashMark
from qcpump_qt.engine.paths import Places
mark = CrashMark(Places(Path(sys.argv[1])))
print(repr(mark.begin()))
sys.stdout.flush()
if sys.argv[2] == "segfault":
    faulthandler._sigsegv()
os._exit(9)
"""
Told = list[tuple[str, str]]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Slots(QObject):
    """Slots with faults in them."""

    poked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.poked.connect(self.fail)
        self.done = 0

    def fail(self, words: str) -> None:
        self.done += 1
        raise RuntimeError(words)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path)
    places.ensure()
    return places


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def crashes(places: Places, clock: Clock, qapp: object) -> Iterator[Crashes]:
    tasks = Tasks()
    crashes = Crashes(places, "/logs/qcpump-qt.log", tasks, clock=clock)
    crashes.install()
    yield crashes
    crashes.uninstall()
    assert tasks.wait(10)


@pytest.fixture
def told(crashes: Crashes) -> Told:
    found: Told = []
    crashes.trouble.connect(lambda title, text: found.append((title, text)))
    return found


def test_a_fault_in_a_slot_is_logged_told_once_and_the_program_goes_on(
    told: Told, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    slots = Slots()
    for _ in range(3):
        slots.poked.emit("no such unit")
    assert slots.done == 3
    assert told == [("Fault in QCPump-Qt", f"RuntimeError: no such unit. {REST}")]
    assert [record.message for record in caplog.records] == ["Nobody caught a fault"] * 3
    assert "in fail" in caplog.text
    later: list[None] = []
    QTimer.singleShot(0, lambda: later.append(None))
    qtbot.waitUntil(lambda: bool(later))


def test_words_of_our_own_errors_are_told_as_they_are(told: Told) -> None:
    sys.excepthook(ConfigurationError, ConfigurationError("Choose a folder."), None)
    sys.excepthook(KeyError, KeyError(), None)
    assert told == [
        ("Fault in QCPump-Qt", f"Configuration not usable: Choose a folder. {REST}"),
        ("Fault in QCPump-Qt", f"KeyError. {REST}"),
    ]


def test_a_fault_in_a_thread_is_told(told: Told, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("bad value")

    thread = threading.Thread(target=fail, name="reader")
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("Fault in QCPump-Qt", f"ValueError: bad value. {REST}")]
    assert caplog.messages == ["Nobody caught a fault in reader"]


def test_a_fault_where_none_can_be_raised_is_told(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    class Fragile:
        def __del__(self) -> None:
            raise OSError("cannot close")

    thing: Fragile | None = Fragile()
    del thing
    assert told == [("Fault in QCPump-Qt", f"OSError: cannot close. {REST}")]
    assert caplog.records[0].levelno == logging.CRITICAL


def test_a_flood_of_faults_is_only_logged(told: Told, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(10):
        kind = type(f"Fault{number}", (Exception,), {})
        sys.excepthook(kind, kind("x"), None)
    assert len(told) == 3
    assert len(caplog.records) == 10
    clock.now += 61
    late = type("LateFault", (Exception,), {})
    sys.excepthook(late, late("y"), None)
    assert told[3:] == [("Fault in QCPump-Qt", f"LateFault: y. {REST}")]


def test_ctrl_c_is_no_fault(
    told: Told, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == []
    assert caplog.records == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_a_fault_while_a_fault_is_told_goes_in_no_circle(
    crashes: Crashes, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    def fail_too(_title: str, _text: str) -> None:
        calls.append("told")
        raise RuntimeError("the message bar fails too")

    crashes.trouble.connect(fail_too)
    sys.excepthook(ValueError, ValueError("x"), None)
    assert calls == ["told"]
    assert len(caplog.records) == 1


def test_what_qt_says_is_logged(crashes: Crashes, told: Told, caplog: pytest.LogCaptureFixture) -> None:
    assert crashes is not None
    with caplog.at_level(logging.DEBUG):
        qWarning("a warning of Qt")
        qCritical("a critical one")
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", "Qt says: a warning of Qt"),
        ("ERROR", "Qt says: a critical one"),
    ]
    assert told == []


def test_everything_is_as_before_once_it_is_uninstalled(places: Places, qapp: object) -> None:
    heard: list[str] = []

    def handler(_kind: QtMsgType, _context: object, message: str) -> None:
        heard.append(message)

    former_qt = qInstallMessageHandler(handler)
    try:
        former = sys.excepthook, threading.excepthook, sys.unraisablehook
        crashes = Crashes(places, "log", Tasks())
        crashes.install()
        assert sys.excepthook is not former[0]
        crashes.uninstall()
        crashes.uninstall()
        assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == former
        qWarning("heard again")
        assert heard == ["heard again"]
    finally:
        qInstallMessageHandler(former_qt)


def test_no_secret_gets_into_the_log(told: Told, places: Places) -> None:
    with Logs(places.logs, Redactor(["s3cret-t0ken"])) as logs:
        sys.excepthook(RuntimeError, RuntimeError("refused s3cret-t0ken"), None)
        text = logs.program_file.read_text("utf-8")
    assert "RuntimeError: refused ***" in text
    assert "s3cret-t0ken" not in text


# --- how the former window ended -----------------------------------------------------------------


def begun(crashes: Crashes, places: Places, qtbot: QtBot) -> list[str]:
    """Begin, and what was said of the former end."""
    said: list[str] = []
    crashes.crashed_before.connect(said.append)
    crashes.begin()
    qtbot.waitUntil(lambda: mark_of(places) == os.getpid())
    qtbot.waitUntil(lambda: not crashes.busy)
    return said


def mark_of(places: Places) -> int:
    try:
        return int(json.loads((places.state / MARK).read_text("utf-8"))["pid"])
    except FileNotFoundError:
        return 0


def die(places: Places, how: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(places.root), how],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    return done.stdout


def test_a_good_end_is_not_told(crashes: Crashes, places: Places, qtbot: QtBot) -> None:
    assert begun(crashes, places, qtbot) == []
    mark = json.loads((places.state / MARK).read_text("utf-8"))
    assert mark["version"] == VERSION
    crashes.end_well()
    assert not (places.state / MARK).exists()
    assert begun(crashes, places, qtbot) == []
    crashes.end_well()


def test_a_window_that_was_killed_is_told(
    crashes: Crashes, places: Places, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    assert die(places, "kill") == "''\n"
    (said,) = begun(crashes, places, qtbot)
    crashes.end_well()
    assert said.startswith(f"QCPump-Qt {VERSION} did not end properly last time (it was started on 20")
    assert said.endswith("). It crashed, was ended by force, or the computer was switched off.")
    assert caplog.messages == [said]


def test_a_window_that_crashed_is_told_and_where_stands_in_a_file(
    crashes: Crashes, places: Places, qtbot: QtBot
) -> None:
    die(places, "segfault")
    (said,) = begun(crashes, places, qtbot)
    crashes.end_well()
    trace = places.logs / FORMER_TRACE
    assert said.endswith(f"). It crashed; where, stands in {trace}.")
    assert 'File "<string>"' in trace.read_text("utf-8")


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("", "QCPump-Qt did not end properly last time."),
        ("[]", "QCPump-Qt did not end properly last time."),
        ('{"started": 7, "version": 8}', "QCPump-Qt did not end properly last time."),
        ('{"version": "0.9"}', "QCPump-Qt 0.9 did not end properly last time."),
    ],
)
def test_a_mark_that_is_broken_is_a_crash_all_the_same(
    crashes: Crashes, places: Places, qtbot: QtBot, mark: str, words: str
) -> None:
    (places.state / MARK).write_text(mark, encoding="utf-8")
    said: list[str] = []
    crashes.crashed_before.connect(said.append)
    crashes.begin()
    qtbot.waitUntil(lambda: bool(said))
    crashes.end_well()
    assert said == [f"{words} It crashed, was ended by force, or the computer was switched off."]


def test_a_disk_that_refuses_the_mark_is_only_logged(
    crashes: Crashes, places: Places, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    (places.logs / "qcpump-qt-crash.log").mkdir()
    crashes.begin()
    qtbot.waitUntil(lambda: bool(caplog.messages))
    assert caplog.messages[0].startswith("A crash of this window will not be noticed at the next start: ")
    (places.state / MARK).unlink()
    (places.state / MARK).mkdir()
    caplog.clear()
    crashes.end_well()
    assert caplog.messages[0].startswith("The next start will say that this one crashed, which is not so: ")
