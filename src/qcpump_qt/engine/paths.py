"""Where the program keeps things: one folder, with settings, pumps, state and logs below it.

On Windows that is the machine-wide folder, so that all users of the computer see one set of pumps, as with
QCPump 0.3 (compatibility reference, section 1); elsewhere it is the user's own.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qcpump_qt.engine import files

HOME_VARIABLE = "QCPUMP_QT_HOME"
APP = "qcpump-qt"


@dataclass(frozen=True)
class Places:
    """Every place on disk that the program uses.

    Args:
        root: the folder that everything lies below; None takes the one that is usual on this system.
    """

    root: Path

    def __init__(self, root: Path | None = None) -> None:
        object.__setattr__(self, "root", usual_root() if root is None else root)

    @property
    def config(self) -> Path:
        """The folder of settings and pumps."""
        return self.root

    @property
    def settings_file(self) -> Path:
        """The settings of the program as a whole."""
        return self.config / "settings.json"

    @property
    def pumps(self) -> Path:
        """One folder for each pump."""
        return self.config / "pumps"

    @property
    def state(self) -> Path:
        """What the program remembers by itself."""
        return self.root / "state"

    @property
    def ledger_file(self) -> Path:
        """What became of each record."""
        return self.state / "ledger.sqlite3"

    @property
    def locks(self) -> Path:
        """Files that keep two processes from doing the same thing at once."""
        return self.state / "locks"

    @property
    def logs(self) -> Path:
        """One log for each pump and one for the program."""
        return self.root / "logs"

    def ensure(self, *, platform: str = sys.platform) -> None:
        """Make the folders that are missing and see that they can be written to.

        Raises:
            ConfigurationError: a folder cannot be made or written to; the message says why.
        """
        for folder in (self.root, self.pumps, self.state, self.locks, self.logs):
            files.make_folder(folder, platform=platform)
            files.check_writable(folder)


def usual_root(platform: str = sys.platform) -> Path:
    """The folder the program uses when none is named.

    Args:
        platform: as `sys.platform`; decides between the machine's and the user's folder.
    """
    import platformdirs  # noqa: PLC0415 - not needed when --home names the folder

    folder = platformdirs.site_data_dir if platform == "win32" else platformdirs.user_data_dir
    return Path(folder(APP, appauthor=False))


def places(home: str | Path | None, environ: Mapping[str, str], *, platform: str = sys.platform) -> Places:
    """The places to use: ``--home`` wins over ``QCPUMP_QT_HOME``, that over the usual folder.

    Args:
        home: what the command line names, if anything.
        environ: the environment's variables.
        platform: as `sys.platform`.

    Raises:
        ConfigurationError: the folder is named by a ``~user`` that this computer does not know.
    """
    named = str(home or "") or environ.get(HOME_VARIABLE, "")
    if not named.strip():
        return Places(usual_root(platform))
    # Made absolute once, so that a later change of the working folder moves nothing.
    return Places(files.absolute(named.strip()))
