"""``python -m qcpump_qt`` is the same as the ``qcpump-qt`` command."""

import sys

from qcpump_qt.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
