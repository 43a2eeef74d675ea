"""The words that the command line understands."""

from __future__ import annotations

import argparse
from typing import NoReturn

from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.version import VERSION

EPILOG = """\
exit codes: 0 all well; 1 a record was rejected, or a pump is invalid or failed; 2 wrong usage or
configuration; 3 a server or source could not be reached, try again later.
Tokens and passwords are kept in the keyring of the operating system and nowhere else."""


class WrongUsage(Exception):  # noqa: N818 - reads as what the command line is
    """The words on the command line make no command; the text is for the person who typed them."""


class Parser(argparse.ArgumentParser):
    """A parser that raises `WrongUsage` instead of printing and ending the process."""

    def error(self, message: str) -> NoReturn:
        """Called by argparse for everything that it does not understand."""
        raise WrongUsage(f"{self.format_usage()}{self.prog}: {message}")


def make_parser() -> Parser:
    """The parser with all commands."""
    parser = Parser(
        prog="qcpump-qt",
        description="Fetches radiotherapy QC results and delivers each one, exactly once, to QATrack+. "
        "Without a command it opens its window; with --tray alone it starts hidden in the tray.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"qcpump-qt {VERSION}")
    parser.add_argument(
        "--home",
        metavar="DIR",
        help="keep everything below this folder (else QCPUMP_QT_HOME, else the usual folder of this system)",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_running(commands)
    _add_looking(commands)
    _add_changing(commands)
    return parser


def _add_running(commands: argparse._SubParsersAction[Parser]) -> None:
    run = commands.add_parser("run", help="run pumps without a window, by interval until stopped")
    _names(run, "pumps to run (all active ones if left out)")
    run.add_argument("--once", action="store_true", help="one cycle of each pump, then exit")
    _json(run)
    preview = commands.add_parser("preview", help="show what would be uploaded, where, and what not and why")
    preview.add_argument("name", metavar="NAME", help="the pump")
    preview.add_argument("--values", action="store_true", help="list the values of every test too")
    _json(preview)
    demo = commands.add_parser("demo", help="show the main job on made-up results, with nothing to configure")
    demo.add_argument(
        "--once", action="store_true", help="exit after the delivery instead of keeping the page open"
    )
    _json(demo)


def _add_looking(commands: argparse._SubParsersAction[Parser]) -> None:
    validate = commands.add_parser(
        "validate", help="check the configuration of pumps, servers and shares included"
    )
    _names(validate, "pumps to check (all if left out)")
    _json(validate)
    types = commands.add_parser("types", help="list the pump types, own ones included")
    _json(types)
    records = commands.add_parser("records", help="list what became of every record")
    records.add_argument("--pump", metavar="NAME", help="only this pump's")
    records.add_argument(
        "--state", choices=[state.value for state in DeliveryState], help="only those in this state"
    )
    _json(records)


def _add_changing(commands: argparse._SubParsersAction[Parser]) -> None:
    retry = commands.add_parser("retry", help="let rejected records be tried again in the next cycle")
    retry.add_argument(
        "ids", metavar="ID", nargs="+", type=int, help="number of a record, as `records` shows it"
    )
    _json(retry)
    secret = commands.add_parser("secret", help="keep a token or password in the keyring")
    secret.add_argument("action", choices=["set", "check", "delete"])
    secret.add_argument("pump", metavar="PUMP")
    secret.add_argument("section", metavar="SECTION")
    secret.add_argument("field", metavar="FIELD")
    secret.add_argument(
        "--subsection",
        metavar="N",
        type=_counted_from_one,
        default=1,
        help="which sub-section, from 1 (default 1)",
    )
    imported = commands.add_parser("import", help="take over the configuration folder of QCPump 0.3")
    imported.add_argument("path", metavar="PATH", help="the folder; it is only read")
    _json(imported)
    new = commands.add_parser("new-pump", help="write the skeleton of a pump type of your own, with a test")
    new.add_argument("name", metavar="NAME", help='what it is to be called, such as "Linac Output"')
    new.add_argument(
        "--folder",
        metavar="DIR",
        help="the folder of your pump types (the first of PUMP_DIRECTORIES if left out); it gets a folder in there",
    )
    _json(new)


def _counted_from_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of a sub-section; they count from 1")
    return number


def _names(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("names", metavar="NAME", nargs="*", help=text)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
