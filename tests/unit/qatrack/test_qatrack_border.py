"""Library exceptions become errors in words; nothing of a request is shown."""

from __future__ import annotations

import http.client
import ssl

import pytest
import requests
import urllib3.exceptions
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ConfigurationError, PumpError, ServerRefused, ServerUnavailable
from qcpump_qt.qatrack.address import ServerAddress
from qcpump_qt.qatrack.border import ProxyUnreachable, at_border, in_words

TOKEN = "c0ffee0123456789c0ffee0123456789c0ffee01"
ADDRESS = ServerAddress("https://qa.example.org/api", TOKEN)
PROXY = "http://me:hunter2@proxy.example.org:3128"


def untrusted(code: int) -> requests.exceptions.SSLError:
    inner = ssl.SSLCertVerificationError(1, "certificate verify failed")
    inner.verify_code = code
    return requests.exceptions.SSLError(
        urllib3.exceptions.MaxRetryError(POOL, "/", urllib3.exceptions.SSLError(inner))
    )


POOL = HTTPConnectionPool("qa.example.org")
LINE = HTTPConnection("qa.example.org")


def tls(reason: str) -> requests.exceptions.SSLError:
    inner = ssl.SSLError(1, f"[SSL: {reason}]")
    inner.reason = reason
    return requests.exceptions.SSLError(urllib3.exceptions.SSLError(inner))


def failed(reason: Exception) -> requests.exceptions.ConnectionError:
    return requests.exceptions.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/", reason))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (9, "is not valid yet, so the connection is not safe and nothing was sent. Check the clock"),
        (10, "The certificate of qa.example.org has expired"),
        (18, "is self-signed"),
        (19, "that this computer does not trust (self-signed)"),
        (20, "that this computer does not know"),
        (21, "that this computer does not know"),
        (23, "has been revoked"),
        (62, "is for another host name"),
        (64, "is for another host name"),
        (1, "is not trusted by this computer"),
    ],
)
def test_each_kind_of_untrusted_certificate_has_its_remedy(code: int, words: str) -> None:
    error = in_words(untrusted(code), ADDRESS, "")
    assert type(error) is ServerRefused
    assert error.title == "Certificate not trusted"
    assert words in error.message


@pytest.mark.parametrize(
    ("raised", "proxy", "kind", "title", "words"),
    [
        (
            tls("WRONG_VERSION_NUMBER"),
            "",
            ServerRefused,
            "Server speaks no TLS",
            "does not speak TLS on this port",
        ),
        (tls("DECRYPTION_FAILED"), "", ServerUnavailable, "TLS trouble", "(DECRYPTION_FAILED)"),
        (
            requests.exceptions.SSLError("eof"),
            "",
            ServerUnavailable,
            "TLS trouble",
            "could be agreed on. It is",
        ),
        (
            requests.exceptions.ConnectTimeout("late"),
            "",
            ServerUnavailable,
            "No connection in time",
            "did not take a connection in time",
        ),
        (
            requests.exceptions.ConnectTimeout("late"),
            PROXY,
            ProxyUnreachable,
            "Proxy trouble",
            "proxy.example.org:3128",
        ),
        (
            requests.exceptions.ReadTimeout("late"),
            "",
            ServerUnavailable,
            "No answer in time",
            "did not answer in time",
        ),
        (
            requests.exceptions.ConnectionError(urllib3.exceptions.ReadTimeoutError(POOL, "/", "late")),
            "",
            ServerUnavailable,
            "No answer in time",
            "did not answer in time",
        ),
        (
            failed(urllib3.exceptions.ProtocolError("Connection aborted.", TimeoutError("late"))),
            "",
            ServerUnavailable,
            "No answer in time",
            "did not answer in time",
        ),
        (
            failed(urllib3.exceptions.NameResolutionError("qa.example.org", LINE, OSError("no"))),  # type: ignore[arg-type]
            "",
            ServerUnavailable,
            "Server name not found",
            "No computer named qa.example.org",
        ),
        (
            failed(urllib3.exceptions.NewConnectionError(LINE, "refused")),
            "",
            ServerUnavailable,
            "Connection refused",
            "does not take connections on this port",
        ),
        (
            failed(urllib3.exceptions.NewConnectionError(LINE, "refused")),
            "socks5://proxy.example.org",
            ProxyUnreachable,
            "Proxy trouble",
            "The proxy proxy.example.org does not connect",
        ),
        (
            requests.exceptions.ProxyError(urllib3.exceptions.ProxyError("no", OSError("refused"))),
            PROXY,
            ProxyUnreachable,
            "Proxy trouble",
            "The proxy proxy.example.org:3128 does not connect to qa.example.org",
        ),
        (
            requests.exceptions.ProxyError(
                urllib3.exceptions.ProxyError("no", OSError("Tunnel connection failed: 407 Auth"))
            ),
            PROXY,
            ServerRefused,
            "Proxy wants a login",
            "(407)",
        ),
        (
            requests.exceptions.ChunkedEncodingError("cut"),
            "",
            ServerUnavailable,
            "Connection broke",
            "broke before a whole answer came",
        ),
        (http.client.BadStatusLine("garbage"), "", ServerUnavailable, "Connection broke", "broke"),
        (ConnectionResetError("reset"), "", ServerUnavailable, "Connection broke", "broke"),
        (
            requests.exceptions.InvalidURL("label"),
            "",
            ConfigurationError,
            "QATrack+ address not usable",
            "spelling",
        ),
        (
            requests.exceptions.InvalidProxyURL("x"),
            "",
            ConfigurationError,
            "QATrack+ address not usable",
            "spelling",
        ),
        (UnicodeError("label too long"), "", ConfigurationError, "QATrack+ address not usable", "spelling"),
    ],
)
def test_exceptions_become_errors_in_words(
    raised: Exception, proxy: str, kind: type[PumpError], title: str, words: str
) -> None:
    with pytest.raises(PumpError) as caught, at_border(ADDRESS, CancelToken(), proxy):
        raise raised
    error = caught.value
    assert type(error) is kind
    assert error.title == title
    assert words in error.message
    assert error.__cause__ is raised
    assert "hunter2" not in str(error)
    assert TOKEN not in str(error)
    if isinstance(error, ServerUnavailable):
        assert (error.reached, error.status, error.transient) == (False, None, True)


def test_any_trouble_after_cancelling_is_the_end_that_was_asked_for() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled), at_border(ADDRESS, cancel, ""):
        raise requests.exceptions.ConnectionError("aborted")


def test_errors_in_words_and_faults_of_our_own_pass() -> None:
    with pytest.raises(ServerRefused, match="ours"), at_border(ADDRESS, CancelToken(), ""):
        raise ServerRefused("ours")
    with pytest.raises(ZeroDivisionError), at_border(ADDRESS, CancelToken(), ""):
        raise ZeroDivisionError
