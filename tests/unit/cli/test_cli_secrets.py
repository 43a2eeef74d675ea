"""How a secret is asked for; where it goes is shown end to end."""

from __future__ import annotations

import getpass
import io
import sys

import pytest

from qcpump_qt.cli.commands.secrets import _read_value
from qcpump_qt.engine.errors import ConfigurationError

NOTHING = "No value was given, so nothing was changed."


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_at_a_terminal_it_is_asked_for_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return " typed\n"

    monkeypatch.setattr(sys, "stdin", Terminal("shown"))
    monkeypatch.setattr(getpass, "getpass", ask)
    assert _read_value() == "typed"
    assert asked == ["Value (not shown): "]


@pytest.mark.parametrize("text", ["piped", "piped\n", "\tpiped \r\n", "piped\nsecond line"])
def test_from_a_pipe_the_first_line_counts(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert _read_value() == "piped"


@pytest.mark.parametrize("text", ["", "\n", "   \n"])
def test_nothing_is_no_value(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    with pytest.raises(ConfigurationError, match=NOTHING):
        _read_value()


def test_ctrl_d_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", ask)
    with pytest.raises(ConfigurationError, match=NOTHING):
        _read_value()


def test_what_the_terminal_cannot_say_is_refused_without_quoting_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("geheimß".encode()), encoding="ascii"))
    with pytest.raises(ConfigurationError, match="characters that are not ascii") as refused:
        _read_value()
    assert "geheim" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
