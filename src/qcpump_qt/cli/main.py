"""The command line: parses, calls the parts below, prints, and gives the exit code."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Sequence

from qcpump_qt.app import Program
from qcpump_qt.cli.commands import configuring, demo, looking, new_pump, previewing, running, secrets
from qcpump_qt.cli.exit_codes import ExitCode, of_error
from qcpump_qt.cli.output import Output, pumps_document
from qcpump_qt.cli.parser import WrongUsage, make_parser
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.paths import places

Command = Callable[[Program, argparse.Namespace, Output], ExitCode]

COMMANDS: dict[str, Command] = {
    "run": running.run,
    "validate": looking.validate,
    "types": looking.types,
    "records": looking.records,
    "preview": previewing.preview,
    "retry": configuring.retry,
    "secret": secrets.secret,
    "import": configuring.import_old,
    "new-pump": new_pump.new_pump,
}

INTERRUPTED = 130
"""The usual code of a program that Ctrl+C has ended before it knew its result."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: without the program's name; those of the process where left out.

    Returns:
        the exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    output = Output(as_json="--json" in given)
    try:
        options = make_parser().parse_args(given)
    except WrongUsage as wrong:
        return _failed(output, str(wrong), ExitCode.USAGE)
    output.as_json = getattr(options, "json", False)
    # A pump type of somebody's own may print; with --json nothing but the object may stand on stdout.
    with contextlib.redirect_stdout(sys.stderr) if output.as_json else contextlib.nullcontext():
        code = _command(options, output)
    return ExitCode.TROUBLE if output.lost and code == ExitCode.OK else code


def _command(options: argparse.Namespace, output: Output) -> int:
    with contextlib.ExitStack() as stack:
        try:
            if options.command == "demo":
                return demo.demo(options, output)
            program = stack.enter_context(Program(places(options.home, os.environ)))
            return COMMANDS[options.command](program, options, output)
        except PumpError as error:
            return _failed(output, str(error), of_error(error))
        except KeyboardInterrupt:
            return _failed(output, "Stopped before the end.", INTERRUPTED)
        except Exception as bug:
            logging.getLogger("qcpump_qt.cli").exception("The command %s failed", options.command)
            return _failed(output, _fault(bug), ExitCode.TROUBLE)


def _fault(bug: Exception) -> str:
    reason = Redactor().redact(f"{type(bug).__name__}: {bug}")
    return (
        f"The program failed ({reason}). This is a fault in QCPump-Qt; its log shows where. Please report it."
    )


def _failed(output: Output, text: str, code: int) -> int:
    output.trouble(text)
    output.document(pumps_document([], [text]))
    return code
