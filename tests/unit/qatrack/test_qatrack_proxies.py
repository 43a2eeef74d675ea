"""By which way a server is reached: configured, found by a PAC file or in the environment, or directly."""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ConfigurationError
from qcpump_qt.qatrack import proxies
from qcpump_qt.qatrack.address import ServerAddress
from qcpump_qt.qatrack.proxies import DIRECT, Routes, proxy_url, search

TOKEN = "token"
URL = "https://qa.example.org/api"


@pytest.fixture(autouse=True)
def bare_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy in the environment, and no PAC file to be found by name."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr("pypac.api.proxy_urls_from_dns", list)


def pac_says(monkeypatch: pytest.MonkeyPatch, javascript: str) -> None:
    monkeypatch.setattr("pypac.api.download_pac", lambda *_, **__: javascript)


def pac_returns(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    pac_says(monkeypatch, f"function FindProxyForURL(url, host) {{ return '{value}'; }}")


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("proxy:8080", "http://proxy:8080"),
        ("http://me:pw@proxy:8080", "http://me:pw@proxy:8080"),
        ("https://proxy", "https://proxy"),
        ("socks5h://proxy:1080", "socks5h://proxy:1080"),
    ],
)
def test_proxies_are_read(text: str, full: str) -> None:
    assert proxy_url(text) == full


@pytest.mark.parametrize(
    "text", ["ftp://proxy", "http://", "http://proxy:abc", "http://proxy:0", "a proxy:80"]
)
def test_unreadable_proxies_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="Write it like http://proxy") as caught:
        proxy_url(text)
    assert caught.value.title == "Proxy not usable"


def test_socks_without_its_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"Install qcpump-qt\[socks\]"):
        Routes(ServerAddress(URL, TOKEN, https_proxy="socks5://proxy"), CancelToken())


def test_configured_proxies_win_and_no_search_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "search", lambda _: pytest.fail("searched"))
    both = {"http_proxy": "plain:1", "https_proxy": "safe:2"}
    assert Routes(ServerAddress(URL, TOKEN, **both), CancelToken()).current() == "http://safe:2"  # type: ignore[arg-type]
    plain = ServerAddress("http://qa.example.org/api", TOKEN, **both)  # type: ignore[arg-type]
    assert Routes(plain, CancelToken()).current() == "http://plain:1"
    other = ServerAddress(URL, TOKEN, http_proxy="plain:1")
    assert Routes(other, CancelToken()).current() == DIRECT


def test_this_machine_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "search", lambda _: pytest.fail("searched"))
    for host in ("localhost", "127.0.0.1", "[::1]"):
        address = ServerAddress(f"http://{host}:8000/api", TOKEN, http_proxy="proxy:1")
        assert Routes(address, CancelToken()).current() == DIRECT


def test_without_anything_the_way_is_direct() -> None:
    assert search(URL) == [DIRECT]


def test_the_environment_names_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://system:3128")
    assert search(URL) == ["http://system:3128"]
    assert search("http://qa.example.org/api") == [DIRECT]
    monkeypatch.setenv("no_proxy", "example.org")
    assert search(URL) == [DIRECT]


def test_a_pac_file_names_the_ways_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://system:3128")
    pac_returns(monkeypatch, "PROXY one:80; SOCKS two:1080; DIRECT")
    assert search(URL) == ["http://one:80", "socks5://two:1080", DIRECT]


@pytest.mark.parametrize(
    "javascript", ["function Find(", "function FindProxyForURL(u, h) { return nothing.at.all; }"]
)
def test_a_broken_pac_file_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, javascript: str
) -> None:
    pac_says(monkeypatch, javascript)
    caplog.set_level("INFO")
    assert search(URL) == [DIRECT]
    assert "The proxy configuration (PAC) of this system cannot be used: MalformedPacError" in caplog.text


def test_a_pac_file_that_cannot_be_read_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unreadable(*_: object, **__: object) -> str:
        raise PermissionError(13, "denied", str(tmp_path))

    monkeypatch.setattr("pypac.api.download_pac", unreadable)
    assert search(URL) == [DIRECT]


def test_the_search_is_made_once_for_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[str] = []

    def found(url: str) -> list[str]:
        searches.append(url)
        return ["http://one:80", DIRECT]

    monkeypatch.setattr(proxies, "search", found)
    routes = Routes(ServerAddress(URL, TOKEN), CancelToken())
    threads = [threading.Thread(target=routes.current) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert searches == [f"{URL}/"]


def test_a_failed_proxy_is_left_for_the_next_one_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "search", lambda _: ["http://one:80", "http://two:80"])
    routes = Routes(ServerAddress(URL, TOKEN), CancelToken())
    assert routes.current() == "http://one:80"
    assert routes.failed("http://one:80")
    assert routes.failed("http://one:80"), "another thread found out at the same time"
    assert routes.current() == "http://two:80"
    assert not routes.failed("http://two:80")
    assert routes.current() == "http://two:80"


def test_a_search_without_end_gives_way_to_direct(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    go = threading.Event()
    monkeypatch.setattr(proxies, "DISCOVERY_SECONDS", 0.05)
    monkeypatch.setattr(proxies, "search", lambda _: [str(go.wait(10))])
    caplog.set_level("INFO")
    assert Routes(ServerAddress(URL, TOKEN), CancelToken()).current() == DIRECT
    go.set()
    assert "No proxy was found within 0 seconds; connecting directly." in caplog.text


def test_cancelling_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    go, cancel = threading.Event(), CancelToken()
    monkeypatch.setattr(proxies, "search", lambda _: [str(go.wait(10))])
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(Cancelled):
        Routes(ServerAddress(URL, TOKEN), cancel).current()
    go.set()
