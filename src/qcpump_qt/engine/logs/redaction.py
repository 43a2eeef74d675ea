"""Takes secrets out of everything that is logged (faults-of-the-incumbent: tokens in the log at debug level)."""

from __future__ import annotations

import base64
import html
import json
import logging
import re
import threading
import traceback
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote, urlsplit

HIDDEN = "***"

_HEADER = re.compile(
    r"""(?ix) ( (?:proxy-|rad)?authorization ['"]? \s* [:=] \s* ) (?: b?(['"]) .*? \2 | [^\r\n,}]+ )"""
)
_URL_PASSWORD = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*):[^\s/]+@")


class Redactor(logging.Filter):
    """Replaces the secrets it knows, in any form they travel in, by three stars.

    As a filter on a handler it cleans message, arguments, exception and stack of each record; what looks like
    an Authorization header or a password in a url is taken out even when it is not known.

    Args:
        secrets: the first ones known.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._forms: set[str] = set()
        self._short: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Know these secrets from now on; a url with a password makes its password known as well."""
        with self._lock:
            before = len(self._forms) + len(self._short)
            for secret in secrets:
                for part in _parts(secret):
                    self._learn(part)
            if len(self._forms) + len(self._short) != before:
                self._pattern = self._compiled()

    def redact(self, text: str) -> str:
        """The text without secrets."""
        pattern = self._pattern
        if pattern is not None:
            text = pattern.sub(HIDDEN, text)
        text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text)
        return _HEADER.sub(rf"\1{HIDDEN}", text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean a record in place; it always goes on."""
        record.msg = self.redact(_message(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            # Cached here, so that every formatter after this one uses the clean text.
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        if record.exc_text:
            record.exc_text = self.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)
        return True

    def _learn(self, secret: str) -> None:
        if not secret.strip():
            return
        # A secret of one to three characters would blot out half of every line inside of words.
        if len(secret) < 4:
            self._short.add(secret)
        else:
            self._forms.update(_forms(secret))

    def _compiled(self) -> re.Pattern[str]:
        longest_first = sorted(self._forms, key=len, reverse=True)
        branches = [re.escape(form) for form in longest_first]
        branches += [
            rf"(?<!\w){re.escape(form)}(?!\w)" for form in sorted(self._short, key=len, reverse=True)
        ]
        return re.compile("|".join(branches))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError, IndexError):
        # Arguments that do not fit the message are a fault of the caller; the line must not be lost for it.
        return f"{record.msg} {record.args!r}"


def _parts(secret: str) -> Iterator[str]:
    """The secret, and what is secret in it when it is a url with user and password."""
    yield secret
    try:
        url = urlsplit(secret)
        user, password = url.username or "", url.password or ""
    except ValueError:
        return
    if "://" in secret and password:
        yield password
        yield unquote(password)
        for pair in (f"{user}:{password}", f"{unquote(user)}:{unquote(password)}"):
            yield base64.b64encode(pair.encode("utf-8", errors="replace")).decode("ascii")


def _forms(secret: str) -> Iterator[str]:
    """The ways in which a secret can stand in a line: as it is, escaped for urls, JSON, Python, HTML, in base64."""
    data = secret.encode("utf-8", errors="replace")
    yield secret
    yield quote(data, safe="")
    yield quote(data)
    yield quote_plus(data)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield html.escape(secret)
    yield from _base64_forms(data)


def _base64_forms(data: bytes) -> Iterator[str]:
    """What of the secret shows in base64 of a longer text (``user:password``), wherever it begins in it."""
    if len(data) < 6:
        return
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + data).decode("ascii")
        start = (offset * 8 + 5) // 6
        whole = (offset + len(data)) * 8 // 6
        yield encoded[start:whole]
        yield encoded[start:whole].replace("+", "-").replace("/", "_")
