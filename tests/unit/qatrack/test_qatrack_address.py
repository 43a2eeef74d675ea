"""Addresses and tokens: what is taken, what is refused, and that no secret is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.qatrack.address import ServerAddress, normal_url, number_of, path_of

TOKEN = "c0ffee0123456789c0ffee0123456789c0ffee01"


@pytest.mark.parametrize(
    ("given_url", "normal"),
    [
        ("https://qatrack.example.org/api", "https://qatrack.example.org/api"),
        ("  https://qatrack.example.org/api/ ", "https://qatrack.example.org/api"),
        ("HTTPS://QATrack.Example.ORG/api///", "https://qatrack.example.org/api"),
        ("http://qa:8080/Site/api/", "http://qa:8080/Site/api"),
        ("http://[::1]:8080/api", "http://[::1]:8080/api"),
        ("https://qatrack.example.org", "https://qatrack.example.org"),
    ],
)
def test_urls_are_made_uniform_and_nothing_is_added(given_url: str, normal: str) -> None:
    assert normal_url(given_url) == normal


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "is blank"),
        ("   ", "is blank"),
        ("qatrack.example.org/api", "must begin with https:// or http://"),
        ("ftp://qatrack.example.org/api", "must begin with https:// or http://"),
        ("file:///etc/passwd", "must begin with https:// or http://"),
        ("https://user:hunter2@qa/api", "user name or password"),
        ("https://user@qa/api", "user name or password"),
        ("https://qa/api?x=1", "goes on with ? or #"),
        ("https://qa/api?", "goes on with ? or #"),
        ("https://qa/api#top", "goes on with ? or #"),
        ("https://", "names no server"),
        ("https://qa:0/api", "port 0"),
        ("https://qa:99999/api", "misspelt"),
        ("https://qa:abc/api", "misspelt"),
        ("https://[::1/api", "misspelt"),
        ("https://qa /api", "holds a space"),
        ("https://qa\\api", "holds a space or a character"),
    ],
)
def test_unusable_urls_are_refused_in_words(url: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        normal_url(url)
    assert words in caught.value.message
    assert caught.value.title == "QATrack+ address not usable"
    assert "hunter2" not in str(caught.value)


@given(st.text(max_size=40) | st.text(max_size=20).map("https://q{}".format))
def test_any_text_is_taken_or_refused_in_words(text: str) -> None:
    outcome = normal_or_refusal(text)
    if isinstance(outcome, ConfigurationError):
        assert outcome.message.endswith(".")
    else:
        assert outcome.startswith(("http://", "https://"))
        assert normal_url(outcome) == outcome


def normal_or_refusal(text: str) -> str | ConfigurationError:
    try:
        return normal_url(text)
    except ConfigurationError as error:
        return error


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "There is no API token"),
        ("  ", "There is no API token"),
        ("abc def", "holds a space"),
        ("abc\ndef", "holds a space"),
        ("töken", "no token has"),
    ],
)
def test_unusable_tokens_are_refused_without_showing_them(token: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        ServerAddress("https://qa/api", token)
    assert "abc" not in str(caught.value)
    assert "töken" not in str(caught.value)


def test_an_address_shows_neither_token_nor_proxies() -> None:
    address = ServerAddress("https://qa/api", TOKEN, https_proxy="http://me:hunter2@proxy:3128")
    assert TOKEN not in repr(address)
    assert "hunter2" not in repr(address)
    assert address.explicit_proxies


def test_the_header_is_named_as_the_server_wants_it() -> None:
    assert ServerAddress("https://qa/api", f" {TOKEN}\n").authorization() == {
        "Authorization": f"Token {TOKEN}"
    }
    radmachine = ServerAddress("https://clinic.RadFormation.com/api", TOKEN)
    assert radmachine.authorization() == {"RadAuthorization": f"Token {TOKEN}"}


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("LOCALHOST:8000", True),
        ("qa.localhost", True),
        ("127.0.0.1:8000", True),
        ("127.8.9.1", True),
        ("[::1]:80", True),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("[fe80::1]", False),
    ],
)
def test_it_knows_whether_the_server_is_on_this_machine(host: str, here: bool) -> None:
    assert ServerAddress(f"http://{host}/api", TOKEN).on_this_machine is here


def test_urls_below_the_api() -> None:
    address = ServerAddress("https://qa:8443/site/api/", TOKEN)
    assert address.url("units/units/") == "https://qa:8443/site/api/units/units/"
    assert address.url("") == "https://qa:8443/site/api/"
    assert (address.host, address.scheme) == ("qa", "https")
    assert not address.explicit_proxies


def test_links_are_compared_by_path() -> None:
    assert path_of("https://a/api/qc/x/4/") == path_of("http://b:80/api/qc/x/4") == "/api/qc/x/4/"
    assert number_of("http://b/api/units/units/4/") == 4
    assert number_of("http://b/api/units/units/") is None
    assert number_of("") is None
    assert number_of("http://b/api/units/units/²/") is None
