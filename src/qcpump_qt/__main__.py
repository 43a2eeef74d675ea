"""``qcpump-qt``, also as ``python -m qcpump_qt``: a command where one is given, else the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says.

    Args:
        arguments: without the program's name; those of the process where left out.

    Returns:
        the exit code.
    """
    from qcpump_qt.desktop.options import window_options  # noqa: PLC0415 - of the two ways, only one is loaded

    given = list(sys.argv[1:] if arguments is None else arguments)
    options = window_options(given)
    if options is None:
        from qcpump_qt.cli.main import main as command  # noqa: PLC0415 - as above
        from qcpump_qt.desktop.leaving import leave  # noqa: PLC0415 - as above
        from qcpump_qt.sources.databases.guarded import left_behind  # noqa: PLC0415 - as above

        code = command(given)
        return leave(code, everything_ended=not left_behind())
    from qcpump_qt.desktop.start import start  # noqa: PLC0415 - as above

    return start(options)


def window() -> int:
    """The same for a start without a console, as from the Start menu of Windows."""
    return main()


if __name__ == "__main__":
    sys.exit(main())
