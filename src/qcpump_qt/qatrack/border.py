"""The one place where the exceptions of requests, urllib3, ssl and sockets become errors in words.

After a POST whose connection broke nobody knows whether it was stored; the error says that nothing came
back (`reached` is False), and the caller asks for the session before it tries again.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import requests
import urllib3.exceptions

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError, PumpError, ServerRefused, ServerUnavailable
from qcpump_qt.qatrack.address import ServerAddress

_TLS_WORDS = {
    9: ("is not valid yet", "Check the clock of this computer and of the server."),
    10: ("has expired", "Ask IT to renew the server's certificate; check this computer's clock too."),
    18: (
        "is self-signed",
        "Install it among the trusted certificates of this computer, or ask IT for a certificate "
        "that the clinic's computers trust.",
    ),
    19: (
        "comes from a certificate authority that this computer does not trust (self-signed)",
        "Install the clinic's certificate authority on this computer; ask IT for it.",
    ),
    20: (
        "comes from a certificate authority that this computer does not know",
        "Install the clinic's certificate authority on this computer, or ask IT to let the server send "
        "its whole chain.",
    ),
    23: ("has been revoked", "Ask IT to renew the server's certificate."),
    62: (
        "is for another host name",
        "Use the name that the certificate is for in the API address, or ask IT for a certificate "
        "for the name that you use.",
    ),
}
_TLS_WORDS[21] = _TLS_WORDS[20]
_TLS_WORDS[64] = _TLS_WORDS[62]
_TLS_ELSE = (
    "is not trusted by this computer",
    "Install the certificate authority that signed it on this computer; ask IT for it.",
)


class ProxyUnreachable(ServerUnavailable):
    """The proxy itself could not be reached or would not connect; the server knows nothing of the request."""

    title = "Proxy trouble"


@contextmanager
def at_border(address: ServerAddress, cancel: CancelToken, proxy: str) -> Iterator[None]:
    """Turn whatever the libraries raise inside into a `PumpError`.

    Args:
        address: the server that is spoken to.
        cancel: when it is set, any trouble is just the end that was asked for.
        proxy: the proxy on the way, or an empty text.

    Raises:
        Cancelled, ServerUnavailable, ServerRefused, ConfigurationError: instead of the library's exception.
    """
    try:
        yield
    except (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        OSError,
        UnicodeError,
    ) as error:
        cancel.check()
        raise in_words(error, address, proxy) from error


def in_words(error: Exception, address: ServerAddress, proxy: str) -> PumpError:
    """The error that stands for a library's exception."""
    for kinds, explain in _BY_KIND:
        if isinstance(error, kinds):
            return explain(error, address, proxy)
    if isinstance(error, UnicodeError) or _within(error, UnicodeError):
        return _address_unusable(error, address, proxy)
    return _broken(error, address, proxy)


def _tls(error: Exception, address: ServerAddress, _: str) -> PumpError:
    refused = _within(error, ssl.SSLCertVerificationError)
    if refused is not None:
        what, remedy = _TLS_WORDS.get(getattr(refused, "verify_code", 0), _TLS_ELSE)
        return ServerRefused(
            f"The certificate of {address.host} {what}, so the connection is not safe and nothing was sent. "
            f"{remedy}",
            title="Certificate not trusted",
        )
    cause = _within(error, ssl.SSLError)
    reason = str(getattr(cause, "reason", "") or "")
    if reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"):
        return ServerRefused(
            f"{address.host} does not speak TLS on this port. Check the port, or let the API address begin "
            "with http:// if the clinic's network allows that.",
            title="Server speaks no TLS",
        )
    return ServerUnavailable(
        f"No safe connection (TLS) to {address.host} could be agreed on"
        f"{f' ({reason})' if reason else ''}. It is tried again later; if it goes on, ask IT which versions "
        "of TLS the server speaks.",
        title="TLS trouble",
    )


def _proxy(error: Exception, address: ServerAddress, proxy: str) -> PumpError:
    text = " ".join(str(each) for each in _chain(error))
    if "407" in text:
        return ServerRefused(
            f"The proxy {_shown(proxy)} wants a user name and password (407). Give them in the proxy's address, "
            "like http://user:password@proxy:8080, or ask IT for a way around the proxy.",
            title="Proxy wants a login",
        )
    return ProxyUnreachable(
        f"The proxy {_shown(proxy)} does not connect to {address.host}. Check the proxy of the pump or of "
        "this computer with IT; it is tried again later."
    )


def _slow_connect(error: Exception, address: ServerAddress, proxy: str) -> PumpError:
    if proxy:
        return _proxy(error, address, proxy)
    return ServerUnavailable(
        f"{address.host} did not take a connection in time. Check the API address and the network between "
        "here and there (firewall); it is tried again later.",
        title="No connection in time",
    )


def _slow_answer(_: Exception, address: ServerAddress, __: str) -> PumpError:
    return ServerUnavailable(
        f"{address.host} did not answer in time. It is tried again later; if it goes on, the server is "
        "overloaded or the network loses packets.",
        title="No answer in time",
    )


def _no_connection(error: Exception, address: ServerAddress, proxy: str) -> PumpError:
    if _within(error, urllib3.exceptions.NameResolutionError) is not None:
        return ServerUnavailable(
            f"No computer named {address.host} is known in this network. Check the spelling of the API address "
            "and the network connection.",
            title="Server name not found",
        )
    if _within(error, urllib3.exceptions.NewConnectionError) is not None:
        if proxy:
            return _proxy(error, address, proxy)
        return ServerUnavailable(
            f"{address.host} does not take connections on this port. Check the API address, and whether the "
            "server is running; it is tried again later.",
            title="Connection refused",
        )
    return _slow_answer(error, address, proxy) if _timed_out(error) else _broken(error, address, proxy)


def _broken(_: Exception, address: ServerAddress, __: str) -> PumpError:
    return ServerUnavailable(
        f"The connection to {address.host} broke before a whole answer came. It is tried again later.",
        title="Connection broke",
    )


def _address_unusable(_: Exception, address: ServerAddress, __: str) -> PumpError:
    return ConfigurationError(
        f"The API address {address.api_url} or its proxy cannot be used. Check its spelling.",
        title="QATrack+ address not usable",
    )


_BY_KIND = (
    ((requests.exceptions.InvalidProxyURL,), _address_unusable),
    ((requests.exceptions.ProxyError,), _proxy),
    ((requests.exceptions.SSLError, urllib3.exceptions.SSLError, ssl.SSLError), _tls),
    ((requests.exceptions.ConnectTimeout,), _slow_connect),
    ((requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError), _slow_answer),
    ((requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema), _address_unusable),
    ((requests.exceptions.ConnectionError,), _no_connection),
)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that are wrapped in it, by cause, by context or as an argument."""
    todo, seen = [error], set()
    while todo:
        each = todo.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
        todo += [one for one in inner if isinstance(one, BaseException)]


def _within(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    return next((each for each in _chain(error) if isinstance(each, kind)), None)


def _timed_out(error: BaseException) -> bool:
    late = (TimeoutError, urllib3.exceptions.ReadTimeoutError)
    return any(isinstance(each, late) for each in _chain(error))


def _shown(proxy: str) -> str:
    """The proxy without its user name and password."""
    return proxy.rpartition("@")[2].rpartition("//")[2] or "on the way"
