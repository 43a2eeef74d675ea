"""From words to a command, and from whatever ends it to a code and to words."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qcpump_qt.app import Program
from qcpump_qt.cli import main as cli
from qcpump_qt.cli.exit_codes import ExitCode
from qcpump_qt.cli.output import Output
from qcpump_qt.cli.parser import WrongUsage, make_parser
from qcpump_qt.engine.errors import BusyError, LedgerError
from qcpump_qt.pumps.builtin import BUILTIN
from qcpump_qt.version import VERSION

Raiser = Callable[[Exception | type[BaseException]], None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def types_raises(monkeypatch: pytest.MonkeyPatch) -> Raiser:
    """Makes the command `types` end in this way."""

    def prepare(error: Exception | type[BaseException]) -> None:
        def command(_program: Program, _options: argparse.Namespace, _output: Output) -> ExitCode:
            raise error

        monkeypatch.setitem(cli.COMMANDS, "types", command)

    return prepare


def test_every_word_of_the_command_line_has_a_command() -> None:
    parser = make_parser()
    (commands,) = (each.choices for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    assert set(commands) == {*cli.COMMANDS, "demo"}


def test_home_comes_before_the_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--home", str(home), "types"]) == 0
    assert (home / "pumps").is_dir()
    told = capsys.readouterr().out.splitlines()
    assert told == [f"{kind.__name__}: {kind.display_name()}" for kind in BUILTIN]
    assert told[0] == "QATrackMPCPump: MPC: QATrack MPC Pump"


def test_the_environment_names_the_home_where_the_line_does_not(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QCPUMP_QT_HOME", str(home))
    assert cli.main(["records"]) == 0
    assert (home / "pumps").is_dir()
    assert capsys.readouterr().out == "No records.\n"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"qcpump-qt {VERSION}\n"


def test_the_help_tells_the_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "3 a server or source could not be reached, try again later." in capsys.readouterr().out


def test_wrong_usage_is_an_error_and_no_end_of_the_process() -> None:
    with pytest.raises(WrongUsage, match="required: COMMAND"):
        make_parser().parse_args([])
    with pytest.raises(WrongUsage, match="0 is no number of a sub-section; they count from 1"):
        make_parser().parse_args(["secret", "check", "a", "b", "c", "--subsection", "0"])
    chosen = make_parser().parse_args(["secret", "check", "a", "b", "c", "--subsection", "2"])
    assert chosen.subsection == 2


def test_wrong_usage_with_json_is_told_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["records", "--json", "--bogus"]) == 2
    captured = capsys.readouterr()
    (message,) = json.loads(captured.out)["messages"]
    assert message["text"].endswith("qcpump-qt: unrecognized arguments: --bogus")
    assert captured.err == message["text"] + "\n"


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (LedgerError("It is from a newer version."), 1, "Ledger not usable: It is from a newer version."),
        (BusyError("Later."), 3, "Already running: Later."),
        (KeyboardInterrupt, 130, "Stopped before the end."),
        (
            RuntimeError("http://u:hidden@proxy"),
            1,
            "The program failed (RuntimeError: http://u:***@proxy). This is a fault in QCPump-Qt; its log shows "
            "where. Please report it.",
        ),
    ],
    ids=["error", "busy", "interrupt", "bug"],
)
def test_whatever_ends_a_command_has_code_and_words(
    home: Path,
    types_raises: Raiser,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
    text: str,
) -> None:
    types_raises(error)
    assert cli.main(["--home", str(home), "types", "--json"]) == code
    captured = capsys.readouterr()
    assert captured.err == text + "\n"
    assert json.loads(captured.out) == {"pumps": [], "messages": [{"level": "error", "text": text}]}


def test_a_fault_of_our_own_is_in_the_log_with_its_place(
    home: Path, types_raises: Raiser, capsys: pytest.CaptureFixture[str]
) -> None:
    types_raises(RuntimeError("unheard of"))
    assert cli.main(["--home", str(home), "types"]) == 1
    log = (home / "logs" / "qcpump-qt.log").read_text(encoding="utf-8")
    assert "The command types failed" in log
    assert "RuntimeError: unheard of" in log
    assert "in command" in log
    assert "Traceback" not in capsys.readouterr().err


def test_what_others_print_goes_to_stderr_with_json(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(_program: Program, _options: argparse.Namespace, output: Output) -> ExitCode:
        sys.stdout.write("chatter\n")
        output.document({"pumps": []})
        return ExitCode.OK

    monkeypatch.setitem(cli.COMMANDS, "types", command)
    assert cli.main(["--home", str(home), "types", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"pumps": []}
    assert captured.err == "chatter\n"


def test_lost_output_is_no_success(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def command(_program: Program, _options: argparse.Namespace, output: Output) -> ExitCode:
        output.lost = True
        return ExitCode.OK

    monkeypatch.setitem(cli.COMMANDS, "types", command)
    assert cli.main(["--home", str(home), "types"]) == 1
