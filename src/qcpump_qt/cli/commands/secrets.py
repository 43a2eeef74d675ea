"""``secret``: tokens and passwords go from a prompt or a pipe into the keyring, never through the arguments."""

from __future__ import annotations

import argparse
import getpass
import sys

from qcpump_qt.app import Program
from qcpump_qt.cli.exit_codes import ExitCode
from qcpump_qt.cli.output import Output
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.pump_secrets import Place, secret_command
from qcpump_qt.engine.secrets import secret_name
from qcpump_qt.engine.store import StoredPump


def secret(program: Program, options: argparse.Namespace, output: Output) -> ExitCode:
    """Set, check or delete one secret of a pump."""
    pump = program.store.find(options.pump)
    _check_field(program, pump, options)
    name = secret_name(pump.id, options.section, options.subsection - 1, options.field)
    if options.action == "set":
        program.store.check_secrets()
        program.store.set_secret(
            pump, options.section, options.field, _read_value(), index=options.subsection - 1
        )
        output.line("Kept in the keyring.")
        return ExitCode.OK
    if options.action == "delete":
        was_there = program.secrets.get(name) is not None
        program.secrets.delete(name)
        output.line("Deleted from the keyring." if was_there else "It was not in the keyring.")
        return ExitCode.OK
    if program.secrets.get(name) is None:
        place = Place(options.section, options.subsection - 1, options.field)
        output.line(f"Not in the keyring. Keep it there with:\n{secret_command(pump.name, place)}")
        return ExitCode.TROUBLE
    output.line("It is in the keyring.")
    return ExitCode.OK


def _check_field(program: Program, pump: StoredPump, options: argparse.Namespace) -> None:
    """Name the fields that can be meant, where the type is known."""
    kind = program.catalogue.types.get(pump.type)
    if kind is None:
        return
    known = {(section.name, each.name): each for section in kind.sections for each in section.fields}
    chosen = known.get((options.section, options.field))
    if chosen is None or not (chosen.secret or chosen.type.value == "string"):
        names = (
            "; ".join(f"{section} / {each}" for section, each in program.secret_fields(pump.type)) or "none"
        )
        raise ConfigurationError(
            f"The pump type {pump.type} has no secret field '{options.field}' in a section '{options.section}'. "
            f"Its secrets (section / field): {names}.",
            subject=pump.name,
        )


def _read_value() -> str:
    """From a prompt that does not show it, or from standard input when that is no terminal."""
    try:
        value = getpass.getpass("Value (not shown): ") if sys.stdin.isatty() else sys.stdin.readline()
    except UnicodeDecodeError:
        # Its own text would quote what was typed.
        raise ConfigurationError(
            f"The value has characters that are not {sys.stdin.encoding}, so nothing was changed. "
            "Set the variable PYTHONIOENCODING to utf-8 and try again."
        ) from None
    except EOFError:
        value = ""
    value = value.strip()
    if not value:
        raise ConfigurationError("No value was given, so nothing was changed.")
    return value
