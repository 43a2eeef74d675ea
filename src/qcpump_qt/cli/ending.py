"""How a command is asked to end: SIGINT, SIGTERM and on Windows Ctrl+Break, without anything torn apart."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from qcpump_qt.engine.cancel import CancelToken

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""SIGHUP: the terminal was closed. SIGBREAK is what Windows sends to end a process group. Not all are everywhere."""


@contextmanager
def ended_by_signals(cancel: CancelToken) -> Iterator[None]:
    """While the block runs, a signal to end sets the token; afterwards signals do what they did before."""

    def end(_number: int, _frame: FrameType | None) -> None:
        # Not cancelled right here: a signal may come while this very thread holds the token's lock.
        threading.Thread(target=cancel.cancel, name="end", daemon=True).start()

    numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    former = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
