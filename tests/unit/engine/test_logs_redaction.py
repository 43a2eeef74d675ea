from __future__ import annotations

import base64
import io
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.logs import Redactor

SECRET = 'c4n/ary+ "ü" \\x'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET),
        quote_plus(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        repr(SECRET),
        repr({"token": SECRET}),
        f"x{SECRET}y{SECRET}",
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_secret_is_hidden_in_every_form(form: str) -> None:
    shown = Redactor([SECRET]).redact(f"before {form} after")
    assert "***" in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert "ary" not in shown
    assert base64.b64encode(SECRET.encode()).decode()[2:10] not in shown


def test_a_url_with_a_password_makes_its_password_known() -> None:
    redactor = Redactor(["http://proxy%40user:p%C3%A4ss%2Fword@proxy:3128"])
    assert redactor.redact("http://proxy%40user:p%C3%A4ss%2Fword@proxy:3128") == "***"
    assert redactor.redact("the password päss/word was wrong") == "the password *** was wrong"
    assert redactor.redact("p%C3%A4ss%2Fword") == "***"
    basic = base64.b64encode("proxy@user:päss/word".encode()).decode()
    assert redactor.redact(f"sent Basic {basic}") == "sent Basic ***"


@given(
    user=st.text(min_size=1, max_size=20), secret=st.text(min_size=6, max_size=30), after=st.text(max_size=3)
)
def test_base64_of_user_and_password_shows_nothing(user: str, secret: str, after: str) -> None:
    """Wherever in the longer text the password begins, as in Proxy-Authorization."""
    data = f"{user}:{secret}{after}".encode(errors="replace")
    whole = base64.b64encode(data).decode()
    shown = Redactor([secret] if secret.strip() else ["canary"]).redact(f"[{whole}]")
    assert not secret.strip() or "***" in shown


@given(
    st.lists(st.text(min_size=4, max_size=12).filter(lambda text: "*" not in text), max_size=4),
    st.text(max_size=40),
)
def test_no_secret_survives(secrets: list[str], around: str) -> None:
    redactor = Redactor(secrets)
    for secret in secrets:
        if secret.strip():
            # What is left after the stars cannot be counted on when a secret overlaps the stars themselves.
            assert secret not in redactor.redact(f"{around} {secret} {around}").replace("***", "\0")


def test_a_secret_that_only_looks_like_a_url_is_hidden_too() -> None:
    assert Redactor(["http://[bad:pass@x"]).redact("it was http://[bad:pass@x here") == "it was *** here"


def test_the_longest_secret_is_hidden_first() -> None:
    assert Redactor(["abcd", "abcdefgh"]).redact("abcdefgh abcd") == "*** ***"


def test_short_secrets_are_hidden_where_they_stand_alone() -> None:
    redactor = Redactor(["sa"])
    assert (
        redactor.redact("user sa, password=sa; message sandwich")
        == "user ***, password=***; message sandwich"
    )


def test_blank_secrets_hide_nothing() -> None:
    assert Redactor(["", "   "]).redact("a    b") == "a    b"


def test_secrets_may_become_known_later() -> None:
    redactor = Redactor()
    assert redactor.redact("canary") == "canary"
    redactor.add("canary")
    assert redactor.redact("canary") == "***"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Authorization: Token 0123456789", "Authorization: ***"),
        ("{'Authorization': 'Token 0123456789', 'Accept': '*/*'}", "{'Authorization': ***, 'Accept': '*/*'}"),
        ("header: b'authorization': b'Basic QWxhZGRpbg=='", "header: b'authorization': ***"),
        ('{"RadAuthorization": "Token 01234"}', '{"RadAuthorization": ***}'),
        ("Proxy-Authorization: Basic QWxh\r\nHost: x", "Proxy-Authorization: ***\r\nHost: x"),
        ("via http://user:p@ss@proxy:3128/", "via http://user:***@proxy:3128/"),
        ("via socks5h://u:p@h", "via socks5h://u:***@h"),
        ("GET http://server:8080/api/?a=b@c", "GET http://server:8080/api/?a=b@c"),
        ("no authorization was given", "no authorization was given"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_though_unknown(line: str, shown: str) -> None:
    assert Redactor().redact(line) == shown


def logged(redactor: Redactor) -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(redactor)
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger, stream


def test_message_arguments_exception_and_stack_are_cleaned() -> None:
    logger, stream = logged(Redactor(["canary"]))
    logger.warning("canary %s %r", "canary", {"token": "canary"})
    try:
        raise ValueError("canary went wrong")
    except ValueError:
        logger.exception("failed with %(token)s", {"token": "canary"}, stack_info=True)
    text = stream.getvalue()
    assert "*** *** {'token': '***'}" in text
    assert "ValueError: *** went wrong" in text
    assert "Stack (most recent call last)" in text
    assert "canary went" not in text


def test_arguments_that_do_not_fit_lose_no_line() -> None:
    logger, stream = logged(Redactor(["canary"]))
    logger.warning("%d files", "canary")
    logger.warning("%s", "canary", "canary")  # noqa: PLE1205 - the fault that is meant
    assert stream.getvalue() == "%d files ('***',)\n%s ('***', '***')\n"


def test_a_record_stays_clean_for_handlers_that_come_later() -> None:
    logger, _ = logged(Redactor(["canary"]))
    later = io.StringIO()
    logger.addHandler(logging.StreamHandler(later))
    try:
        raise ValueError("canary")
    except ValueError:
        logger.exception("canary")
    assert "ValueError: ***" in later.getvalue()
    assert "canary" not in later.getvalue()
