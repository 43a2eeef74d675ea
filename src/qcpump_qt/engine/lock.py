"""Keeps a pump from having two cycles at once, and a home from having two windows, in one process or in two."""

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
        if not locked(self._lock, self._folder):
            raise BusyError(
                "This pump is being run already, by this program or by another one with the same home. "
                "This cycle was left out; nothing is lost."
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


class InstanceLock:
    """Held by the one window of a home.

    Args:
        folder: where lock files are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "window.lock", thread_local=False)

    def acquire(self) -> bool:
        """Take it; False when another window has it.

        Raises:
            LedgerError: the lock file cannot be made.
        """
        return self._lock.is_locked or locked(self._lock, self._folder)

    def release(self) -> None:
        """Give it back; does nothing when it is not held."""
        self._lock.release()


def locked(lock: FileLock, folder: Path, *, seconds: float = 0.0) -> bool:
    """Take a lock; False when another one holds it.

    Args:
        lock: what is to be taken.
        folder: of its file; made when it is not there.
        seconds: how long to wait for the other one.

    Raises:
        LedgerError: the lock file cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=seconds)
    except Timeout:
        return False
    except (OSError, NotImplementedError) as error:
        # the latter: a file system that knows no locks
        why = getattr(error, "strerror", None) or str(error)
        raise LedgerError(
            f"The lock file cannot be made ({why}); nothing is sent without it.",
            subject=str(folder),
        ) from error
    return True
