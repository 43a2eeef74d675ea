"""Validates off the caller's thread; of several requests, the newest one wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.calling import described
from qcpump_qt.engine.config.report import Report
from qcpump_qt.engine.config.secrecy import hide
from qcpump_qt.engine.config.validation import validate
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import ConfigurationError, PumpError

Start = Callable[[Callable[[], None]], None]
"""Sees to it that the given work is done soon, on another thread."""

PumpMaker = Callable[[CancelToken], object]
"""Makes the pump to validate; the token is the one that its host should show it."""


def start_thread(work: Callable[[], None]) -> None:
    """Do the work on a daemon thread of its own."""
    threading.Thread(target=work, name="validation", daemon=True).start()


class BackgroundValidator:
    """Validates one pump again and again while people edit it.

    A new request cancels the work of the older ones and drops their results: the last callback is
    always the newest request's. Nothing here waits for a validation that hangs.

    Args:
        on_report: called on the working thread with the request's number and what was found.
        on_error: the same, when the pump could not even be made.
        start: who does the work; Qt's thread pool or, by default, a daemon thread each.
    """

    def __init__(
        self,
        on_report: Callable[[int, Report], None],
        on_error: Callable[[int, PumpError], None],
        *,
        start: Start = start_thread,
    ) -> None:
        self._on_report = on_report
        self._on_error = on_error
        self._start = start
        self._state = threading.Lock()
        self._delivering = threading.Lock()
        self._number = 0
        self._token = CancelToken()
        self._closed = False

    def request(self, make_pump: PumpMaker, configuration: Configuration, *, online: bool = True) -> int:
        """Validate these values; returns at once with the number of the request.

        Raises:
            RuntimeError: the validator was closed.
        """
        token = CancelToken()
        with self._state:
            if self._closed:
                raise RuntimeError("The validator was closed.")
            self._number += 1
            number, older, self._token = self._number, self._token, token
        older.cancel()
        self._start(lambda: self._work(number, token, make_pump, configuration, online=online))
        return number

    def close(self) -> None:
        """Cancel what is under way and report nothing any more; returns at once."""
        with self._state:
            self._closed = True
            token = self._token
        token.cancel()

    def is_newest(self, number: int) -> bool:
        """True while no newer request was made and the validator is open."""
        with self._state:
            return not self._closed and number == self._number

    def _work(
        self,
        number: int,
        token: CancelToken,
        make_pump: PumpMaker,
        configuration: Configuration,
        *,
        online: bool,
    ) -> None:
        if token.cancelled:
            return
        try:
            report = validate(make_pump(token), configuration, cancel=token, online=online)
            tell = partial(self._on_report, number, report)
        except PumpError as error:
            tell = partial(self._on_error, number, error)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - users' code may raise anything
            text = f"The pump could not be checked: {described(error)}."
            trouble = ConfigurationError(hide(text, configuration.secrets()))
            tell = partial(self._on_error, number, trouble)
        self._deliver(number, tell)

    def _deliver(self, number: int, tell: Callable[[], None]) -> None:
        """Tell one after the other, so that an older result can never come after a newer one."""
        with self._delivering:
            if self.is_newest(number):
                tell()
