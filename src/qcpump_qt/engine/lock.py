"""Keeps a pump from having two cycles at once, in one process or in two."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from qcpump_qt.engine.errors import BusyError, LedgerError


class PumpLock:
    """A lock file beside the ledger; the operating system frees it when its holder dies.

    Args:
        folder: where lock files are.
        pump: the pump's id.

    Raises:
        BusyError: on entering, when another cycle of the pump is running.
        LedgerError: on entering, when the lock file cannot be made.
    """

    def __init__(self, folder: Path, pump: str) -> None:
        self._folder = folder
        self._lock = FileLock(folder / f"{pump}.lock", thread_local=False)

    def __enter__(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(blocking=False)
        except Timeout as busy:
            raise BusyError(
                "This pump is being run already, by this program or by another one with the same home. "
                "This cycle was left out; nothing is lost."
            ) from busy
        except (OSError, NotImplementedError) as error:
            # the latter: a file system that knows no locks
            why = getattr(error, "strerror", None) or str(error)
            raise LedgerError(
                f"The lock file cannot be made ({why}); nothing is sent without it.",
                subject=str(self._folder),
            ) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
