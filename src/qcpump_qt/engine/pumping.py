"""Who pumps a home: its window, or command lines, and never both at once.

Each side first shows that it is there, by a lock of its own, and only then looks for the other. Of two that
begin at the same moment so at least one sees the other. The operating system frees the locks of the dead.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from pathlib import Path
from types import TracebackType

from filelock import FileLock

from qcpump_qt.engine.errors import BusyError, LedgerError
from qcpump_qt.engine.lock import locked

PATIENCE = 1.0
"""Seconds in which a lock that somebody only looks at is free again; one that is held stays taken longer."""

_WINDOW = "window.pumping.lock"
_RUNS = "run.*.lock"
"""No pump's lock looks like these: there is no dot in an id."""


class _Pumping:
    """Held from `acquire` to `release`, or as long as a block runs.

    Args:
        folder: where lock files are.
        patience: seconds to wait for somebody who only looks.
    """

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._patience = patience
        self._lock: FileLock | None = None

    @property
    def held(self) -> bool:
        """True from a successful `acquire` until `release`."""
        return self._lock is not None

    def acquire(self) -> None:
        """Take it; does nothing when it is held already. May take a second, so never on the UI thread.

        Raises:
            BusyError: somebody else pumps this home; the message says who and what to do.
            LedgerError: the lock file cannot be made.
        """
        raise NotImplementedError

    def release(self) -> None:
        """Give it back; does nothing when it is not held."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _runs(self) -> list[str]:
        """Which processes hold a run's file; files that a run left behind are removed."""
        return [found for file in sorted(self._folder.glob(_RUNS)) if (found := self._run_at(file))]

    def _run_at(self, file: Path) -> str:
        """The process that holds a run's file; "" for one that was left behind."""
        its = FileLock(file, thread_local=False)
        if not locked(its, self._folder):
            return f"process {file.name.split('.')[1]}"
        _remove(its, file)
        return ""


class DesktopPumping(_Pumping):
    """Held by the window while it pumps; there is one of it, and no run of a command line beside it."""

    def acquire(self) -> None:
        """As in every `_Pumping`."""
        if self._lock is not None:
            return
        own = FileLock(self._folder / _WINDOW, thread_local=False)
        if not locked(own, self._folder, seconds=self._patience):
            raise BusyError(
                "Another window of QCPump-Qt, perhaps of another user, is running the pumps of this home. "
                "Stop them there, or go on working in that window."
            )
        try:
            self._refuse_beside_runs()
        except BaseException:
            own.release()
            raise
        self._lock = own

    def _refuse_beside_runs(self) -> None:
        if runs := self._runs():
            raise BusyError(
                f"The command `qcpump-qt run` ({', '.join(runs)}) is running the pumps of this home. "
                "End it, or wait until it has ended; the pumps then run here."
            )


class RunPumping(_Pumping):
    """Held by each ``qcpump-qt run``; several go side by side, but none beside a window that pumps."""

    def acquire(self) -> None:
        """As in every `_Pumping`."""
        if self._lock is not None:
            return
        self._runs()  # for those that were left behind, where no window ever is
        own, file = self._shown()
        try:
            self._refuse_beside_window()
        except BaseException:
            _remove(own, file)
            raise
        self._lock = own

    def release(self) -> None:
        """Give it back; does nothing when it is not held."""
        if self._lock is not None:
            _remove(self._lock, Path(self._lock.lock_file))
            self._lock = None

    def _refuse_beside_window(self) -> None:
        window = FileLock(self._folder / _WINDOW, thread_local=False)
        if not locked(window, self._folder, seconds=self._patience):
            raise BusyError(
                "The window of QCPump-Qt is running the pumps of this home. "
                "Stop them there, or quit it, and then run this command again."
            )
        window.release()

    def _shown(self) -> tuple[FileLock, Path]:
        """A lock file of its own; made anew where a window took it for one that was left behind."""
        for _ in range(5):
            file = self._folder / f"run.{os.getpid()}.{uuid.uuid4().hex}.lock"
            own = FileLock(file, thread_local=False)
            if locked(own, self._folder) and file.exists():
                return own, file
            own.release()
        raise LedgerError(
            "The lock files are removed while they are made; nothing is sent without them. See which other "
            "program clears this folder.",
            subject=str(self._folder),
        )


def _remove(lock: FileLock, file: Path) -> None:
    """Remove a lock file that is held, and give the lock back; Windows removes nothing that is open."""
    with contextlib.suppress(OSError):
        file.unlink()
    lock.release()
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
