"""A named instance is found through the service SQL Server Browser, or it is told why not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from integration.sqlserver.odbc_scene import ROWS, ask, refusal
from qcpump_qt.engine.errors import ConfigurationError, SourceUnavailable
from qcpump_qt.sources.databases import odbc_browser
from qcpump_qt.sources.databases.connection import Account
from servers.tds_process import TdsServer

# The loopback under a name that is not taken for this computer, where drivers find instances without the network.
HOST = "127.1"


class Browser:
    """Answers as SQL Server Browser does: with all instances, in one packet."""

    def __init__(self, instances: dict[str, str], silent_at_first: int = 0) -> None:
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))
        self.port = self._line.getsockname()[1]
        self.asked: list[bytes] = []
        self._silent = silent_at_first
        texts = [
            f"ServerName;CLINIC;InstanceName;{name};IsClustered;No;{how};;" for name, how in instances.items()
        ]
        body = "".join(texts).encode("latin-1")
        self._answer = b"\x05" + len(body).to_bytes(2, "little") + body
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the service."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"end", ("127.0.0.1", self.port))
        self._thread.join()
        self._line.close()

    def _serve(self) -> None:
        while True:
            question, client = self._line.recvfrom(1024)
            if question == b"end":
                return
            self.asked.append(question)
            if len(self.asked) > self._silent:
                self._line.sendto(self._answer, client)


@pytest.fixture
def browse(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Browser]]:
    running: list[Browser] = []

    def start(instances: dict[str, str], silent_at_first: int = 0) -> Browser:
        browser = Browser(instances, silent_at_first)
        monkeypatch.setattr(odbc_browser, "PORT", browser.port)
        running.append(browser)
        return browser

    yield start
    for browser in running:
        browser.stop()


def test_an_instance_is_read_at_the_port_that_the_browser_tells(
    account: Callable[..., Account], server: TdsServer, driver: str, browse: Callable[..., Browser]
) -> None:
    browser = browse({"SQLEXPRESS": "Version;15.0;tcp;1", "DailyQA": f"Version;15.0;tcp;{server.port}"})
    mine = account(host=f"{HOST}\\dailyqa", port=1433)
    if "msodbcsql" in driver:
        # It was reached: the certificate is that of the stand-in.
        assert "vouches for the server's certificate" in refusal(mine).message
    else:
        assert len(ask(mine)) == ROWS
    assert browser.asked == [b"\x03"]


def test_a_lost_packet_is_asked_for_again(
    account: Callable[..., Account], server: TdsServer, driver: str, browse: Callable[..., Browser]
) -> None:
    browser = browse({"DAILYQA": f"tcp;{server.port}"}, silent_at_first=2)
    error = refusal(account(host=f"{HOST}\\DailyQA", port=None, connect_timeout=1, password="wrong"))
    assert isinstance(error, ConfigurationError)
    assert len(browser.asked) == 3


def test_an_instance_that_is_not_there(
    account: Callable[..., Account], browse: Callable[..., Browser]
) -> None:
    browse({"SQLEXPRESS": "tcp;1433", "ARIA": "np;pipe"})
    error = refusal(account(host=f"{HOST}\\DailyQA", port=None))
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        "The server 127.1 has no instance DailyQA. It offers: SQLEXPRESS, ARIA. "
        "Correct the name behind the backslash."
    )


def test_a_server_without_instances(account: Callable[..., Account], browse: Callable[..., Browser]) -> None:
    browse({})
    error = refusal(account(host=f"{HOST}\\DailyQA", port=None))
    assert error.message == (
        "The server 127.1 has no instance DailyQA. It offers: none. Correct the name behind the backslash."
    )


@pytest.mark.parametrize("listens", [True, False])
def test_a_browser_that_does_not_answer(
    account: Callable[..., Account], browse: Callable[..., Browser], listens: bool
) -> None:
    browser = browse({}, silent_at_first=100)
    if not listens:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
            nobody.bind(("127.0.0.1", 0))
            odbc_browser.PORT = nobody.getsockname()[1]
    error = refusal(account(host=f"{HOST}\\DailyQA", port=None, connect_timeout=1))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        "The service SQL Server Browser on 127.1 does not say where the instance DailyQA is. Check that it runs "
        "there and passes the firewall (UDP port 1434), or enter the instance's own port."
    )
    assert len(browser.asked) == (3 if listens else 0)


def test_an_instance_on_an_unknown_host(account: Callable[..., Account]) -> None:
    error = refusal(account(host="no-such-host.invalid\\DailyQA", port=None))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        "The database server no-such-host.invalid is not known in the network. "
        "Check the host's spelling, and that this computer is in the hospital's network."
    )


def test_an_instance_with_a_port_of_its_own_needs_no_browser(
    account: Callable[..., Account], server: TdsServer
) -> None:
    assert len(ask(account(host="127.0.0.1\\DailyQA", port=server.port))) == ROWS
    assert len(ask(account(host=f"tcp:127.0.0.1,{server.port}", port=1433))) == ROWS
