"""By which way a server is reached: directly, or through a proxy that is configured or found."""

from __future__ import annotations

import importlib.util
import logging
import threading
from urllib.parse import urlsplit

import requests.utils

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.qatrack.address import ServerAddress
from qcpump_qt.qatrack.waiting import run_bounded

DIRECT = ""
"""The way without a proxy."""
DISCOVERY_SECONDS = 6.0
"""Longest search for a proxy; without an answer the server is reached directly."""
_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_log = logging.getLogger(__name__)


class Routes:
    """The ways to one server, found once and then kept; may be used from any thread.

    Args:
        address: the server, with the proxies of the configuration.
        cancel: ends a search that is under way.

    Raises:
        ConfigurationError: a configured proxy cannot be used.
    """

    def __init__(self, address: ServerAddress, cancel: CancelToken) -> None:
        self._address = address
        self._cancel = cancel
        self._lock = threading.Lock()
        self._ways: list[str] = []
        if address.on_this_machine:
            self._ways = [DIRECT]
        elif address.explicit_proxies:
            proxy = address.https_proxy if address.scheme == "https" else address.http_proxy
            self._ways = [proxy_url(proxy) if proxy else DIRECT]

    def current(self) -> str:
        """The proxy to use now, or `DIRECT`; searches on first use, for a bounded time."""
        with self._lock:
            if not self._ways:
                self._ways = self._found()
            return self._ways[0]

    def failed(self, way: str) -> bool:
        """The proxy could not be reached: go on to the next that was found; False when there is none."""
        with self._lock:
            if self._ways and self._ways[0] != way:
                return True
            if len(self._ways) < 2:
                return False
            del self._ways[0]
            return True

    def _found(self) -> list[str]:
        url = self._address.url("")
        try:
            return run_bounded(lambda: search(url), DISCOVERY_SECONDS, self._cancel)
        except TimeoutError:
            _log.info("No proxy was found within %.0f seconds; connecting directly.", DISCOVERY_SECONDS)
            return [DIRECT]


def search(url: str) -> list[str]:
    """The ways to `url` by the system's settings: its PAC file, then its fixed proxies, else direct."""
    return _by_pac(url) or _by_system(url) or [DIRECT]


def proxy_url(text: str) -> str:
    """The proxy with its scheme, ``http://`` where none is given.

    Raises:
        ConfigurationError: it cannot be read, or is a SOCKS proxy and the support for those is missing.
    """
    full = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(full)
        usable = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(char.isspace() for char in full):
        raise _unusable("The proxy cannot be read. Write it like http://proxy.clinic.org:8080.")
    if parts.scheme.startswith("socks") and importlib.util.find_spec("socks") is None:
        raise _unusable(
            "SOCKS proxies need the package PySocks, which is not installed here. "
            "Install qcpump-qt[socks], or use an http:// proxy."
        )
    return full


def _by_pac(url: str) -> list[str]:
    from dukpy import JSRuntimeError  # noqa: PLC0415 - as below
    from pypac import get_pac  # noqa: PLC0415
    from pypac.parser import MalformedPacError  # noqa: PLC0415
    from pypac.resolver import ProxyResolver  # noqa: PLC0415

    try:
        pac = get_pac(timeout=2)
        found = ProxyResolver(pac).get_proxies(url) if pac else []
    except (MalformedPacError, JSRuntimeError, ImportError, OSError, ValueError, RuntimeError) as error:
        _log.info("The proxy configuration (PAC) of this system cannot be used: %s", type(error).__name__)
        return []
    return [DIRECT if each == "DIRECT" else each for each in found]


def _by_system(url: str) -> list[str]:
    proxies = requests.utils.get_environ_proxies(url)
    proxy = requests.utils.select_proxy(url, proxies)
    return [proxy_url(proxy)] if proxy else []


def _unusable(message: str) -> ConfigurationError:
    return ConfigurationError(message, title="Proxy not usable")
