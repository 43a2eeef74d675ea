"""Where a QATrack+ server is and how it is to be spoken to; values only, no network."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from qcpump_qt.engine.errors import ConfigurationError

_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class NetworkSettings:
    """How patient the client is.

    Args:
        user_agent: how the program names itself to the server.
        connect_timeout: seconds until a connection must stand.
        read_timeout: seconds without a byte from the server (or without one taken by it).
        max_307: how often a request that is answered with 307 is repeated.
        sleep_307: seconds between those repeats.
        connections: most requests under way at once to one server with one token.
    """

    user_agent: str
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    max_307: int = 3
    sleep_307: float = 0.5
    connections: int = 4


@dataclass(frozen=True)
class ServerAddress:
    """One server's REST API, and who we are to it.

    Args:
        api_url: the address of the API, such as ``https://qatrack.clinic.org/api``; nothing is added to it.
        token: the API token of the QATrack+ user; never shown.
        verify_ssl: False to accept any certificate (then anybody in between can read the token).
        http_proxy: proxy for ``http://`` addresses; blank to find one.
        https_proxy: proxy for ``https://`` addresses; blank to find one.

    Raises:
        ConfigurationError: the address or the token cannot be used, in words.
    """

    api_url: str
    token: str = field(repr=False)
    verify_ssl: bool = True
    http_proxy: str = field(default="", repr=False)
    https_proxy: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "api_url", normal_url(self.api_url))
        object.__setattr__(self, "token", _normal_token(self.token))
        object.__setattr__(self, "http_proxy", self.http_proxy.strip())
        object.__setattr__(self, "https_proxy", self.https_proxy.strip())

    @property
    def host(self) -> str:
        """The server's host name, in lower case."""
        return urlsplit(self.api_url).hostname or ""

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return urlsplit(self.api_url).scheme

    @property
    def on_this_machine(self) -> bool:
        """True for localhost and loopback addresses, which no proxy can reach."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def explicit_proxies(self) -> bool:
        """True when the configuration names a proxy, so that none is looked for."""
        return bool(self.http_proxy or self.https_proxy)

    def url(self, path: str) -> str:
        """The full address of `path`, which is relative to the API and ends with a slash (or is empty)."""
        return f"{self.api_url}/{path}"

    def authorization(self) -> dict[str, str]:
        """The header that carries the token; RadMachine uses a name of its own (compatibility, section 5)."""
        name = "RadAuthorization" if "radformation" in self.api_url.lower() else "Authorization"
        return {name: f"Token {self.token}"}


def normal_url(text: str) -> str:
    """The address without surrounding spaces and trailing slashes, host in lower case.

    Raises:
        ConfigurationError: it is no http or https address, or carries a user name, a query or a fragment.
    """
    parts = _split(text.strip())
    if parts.username is not None or parts.password is not None:
        raise _unusable(
            "The API address holds a user name or password before the @. Take them out; "
            "the server knows the pump by its token."
        )
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise _unusable("The API address goes on with ? or #. Give it up to /api only.")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def path_of(url: str) -> str:
    """The path of a link; hosts and schemes in the server's answers may differ from ours (qatrack-api)."""
    return urlsplit(url).path.rstrip("/") + "/"


def number_of(url: str) -> int | None:
    """The database number at the end of a link such as ``…/units/units/4/``; None when there is none."""
    last = path_of(url).rstrip("/").rpartition("/")[2]
    return int(last) if last.isascii() and last.isdigit() else None


def _split(text: str) -> SplitResult:
    if not text:
        raise _unusable("The API address is blank. Write it like https://qatrack.clinic.org/api.")
    if re.search(r"[\s\x00-\x1f\\]", text):
        raise _unusable("The API address holds a space or a character that no address can have.")
    try:
        parts = urlsplit(text)
        port_usable = parts.port is None or parts.port > 0
    except ValueError as error:
        raise _unusable("The API address is misspelt: its host or port cannot be read.") from error
    if parts.scheme not in ("http", "https"):
        raise _unusable("The API address must begin with https:// or http://.")
    if not parts.hostname or not port_usable:
        raise _unusable("The API address names no server, or port 0.")
    return parts


def _normal_token(token: str) -> str:
    token = token.strip()
    if not token:
        raise _unusable("There is no API token. Ask the QATrack+ administrator for one and enter it.")
    if not _TOKEN.fullmatch(token):
        raise _unusable("The API token holds a space or a character that no token has. Copy it again.")
    return token


def _unusable(message: str) -> ConfigurationError:
    return ConfigurationError(message, title="QATrack+ address not usable")
