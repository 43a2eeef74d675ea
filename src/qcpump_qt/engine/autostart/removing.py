"""Taking an entry's file away."""

from __future__ import annotations

from pathlib import Path

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.oserror_words import in_words


def remove_file(path: Path) -> None:
    """Remove a file; one that is not there is fine.

    Raises:
        ConfigurationError: the disk refuses.
    """
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return
    except OSError as error:
        raise ConfigurationError(
            in_words(error, "removed", path), title="Disk refuses", subject=str(path)
        ) from error
