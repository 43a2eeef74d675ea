"""Which names and values are secrets, and how a text is shown without them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qcpump_qt.engine.logs.redaction import Redactor

_ANYWHERE = re.compile(r"password|passwd|passphrase|apikey")
_WORDS = re.compile(r"\b(?:tokens?|secrets?|api keys?|pwd)\b")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s/@:]*:(?!\d+/)[^\s@]*@")
_BARE = re.compile(r"^[^\s/@:\\]+:(?![\\/])(?!\d+/)[^\s@]+@[^\s@]+$")


def looks_secret(name: str) -> bool:
    """True when a text field of this name holds a secret: password, token, secret, api key.

    QCPump 0.3 knows no secret fields; its types declare tokens and passwords as plain text
    (compatibility reference, section 2), so the name has to tell.
    """
    words = re.sub(r"[\W_]+", " ", _CAMEL.sub(" ", name)).casefold()
    return bool(_ANYWHERE.search(words) or _WORDS.search(words))


def has_credentials(value: str) -> bool:
    """True for an address that carries ``user:password@``, with or without ``http://`` in front."""
    return bool(_URL.search(value) or _BARE.search(value.strip()))


def hide(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given secrets, and without the password of any address in it."""
    return Redactor(secrets).redact(text)
