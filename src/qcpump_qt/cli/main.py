"""The command line: parses, calls the parts below, prints, and gives the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from qcpump_qt.app import Program
from qcpump_qt.cli.commands import configuring, demo, looking, previewing, running, secrets
from qcpump_qt.cli.exit_codes import ExitCode, of_error
from qcpump_qt.cli.output import Output
from qcpump_qt.cli.parser import make_parser
from qcpump_qt.engine.errors import PumpError
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
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: without the program's name; those of the process where left out.

    Returns:
        the exit code.
    """
    options = make_parser().parse_args(arguments)
    output = Output(as_json=getattr(options, "json", False))
    try:
        if options.command == "demo":
            return demo.demo(options, output)
        with Program(places(options.home, os.environ)) as program:
            return COMMANDS[options.command](program, options, output)
    except PumpError as error:
        output.trouble(str(error))
        output.document({"pumps": [], "messages": [{"level": "error", "text": str(error)}]})
        return of_error(error)
    except BrokenPipeError:  # whoever read our output has gone; nothing is left to be told
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
