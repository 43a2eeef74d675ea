"""The last step of the process, with and without a console, and with a thread that does not end."""

from __future__ import annotations

import subprocess
import sys

import pytest

from qcpump_qt.desktop.leaving import leave, say

HANGS = """
import sys, threading
from qcpump_qt.desktop.leaving import leave
threading.Thread(target=threading.Event().wait).start()
if "{console}" == "none":
    sys.stdout = sys.stderr = None
else:
    sys.stdout.write("the last words")
leave(3, everything_ended=False)
"""


def test_words_go_to_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    say("There is no screen.")
    assert capsys.readouterr().err == "There is no screen.\n"


def test_without_a_console_nothing_is_said_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    say("There is no screen.")


def test_where_everything_ended_the_code_is_just_handed_on() -> None:
    assert leave(2, everything_ended=True) == 2


@pytest.mark.parametrize(("console", "words"), [("there", b"the last words"), ("none", b"")])
def test_a_thread_that_hangs_keeps_nobody(console: str, words: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS.replace("{console}", console)],
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, words)
