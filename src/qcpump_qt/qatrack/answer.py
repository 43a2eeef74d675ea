"""One answer of a server, as it came: status, headers, body; and what of it is fit to be shown and kept."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

KEPT = 500
"""Characters kept of an answer that is not JSON."""
KEPT_JSON = 64 * 1024
"""Bytes up to which a JSON answer is kept whole."""
_AVAILABLE_IN = re.compile(r"available in (\d+) second")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_NOT_SHOWN = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """What a server answered to one request.

    Args:
        status: the HTTP status.
        headers: names in lower case.
        body: the bytes as they came, decompressed.
        url: what was asked, without the query.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""

    @property
    def is_html(self) -> bool:
        """True for a web page."""
        start = self.body[:512].lstrip().lower()
        return "html" in self.headers.get("content-type", "").lower() or start.startswith(b"<")

    def maybe_cut(self) -> bool:
        """True when the connection may have ended before the whole answer came.

        An answer that tells no length ends with the connection, so one that broke looks complete; it is
        taken for cut when it is empty, or is said to be JSON and is none.
        """
        if "content-length" in self.headers or "transfer-encoding" in self.headers:
            return False
        if self.status in (204, 304):
            return False
        said_json = "json" in self.headers.get("content-type", "").lower()
        return not self.body or (said_json and self.json() is None and self.body.strip() != b"null")

    def json(self) -> Any:
        """The decoded JSON; None when the body is none (a JSON ``null`` means nothing to us either)."""
        try:
            return json.loads(self.body.decode("utf-8"))
        except (ValueError, RecursionError):
            return None

    def kept(self) -> Any:
        """The answer as it may be kept and shown: JSON as it is, of anything else a short text."""
        if len(self.body) <= KEPT_JSON:
            decoded = self.json()
            if decoded is not None:
                return decoded
        return self.excerpt()

    def excerpt(self) -> str:
        """A web page's title, or the first 500 characters of the text."""
        text = self.body[: 256 * 1024].decode("utf-8", errors="replace")
        if not self.is_html:
            return _squeezed(text)
        title = _TITLE.search(text)
        shown = title[1] if title and title[1].strip() else _NOT_SHOWN.sub(" ", text)
        return _squeezed(html.unescape(shown))

    def detail(self) -> str:
        """The text under ``detail``, as Django REST framework answers; empty when there is none."""
        decoded = self.json()
        detail = decoded.get("detail") if isinstance(decoded, dict) else None
        return detail if isinstance(detail, str) else ""

    def said(self) -> str:
        """What the server said, as a short quotation or an empty text."""
        words = self.detail() or self.excerpt()
        return f" It said: “{words}”" if words else ""

    def retry_after(self, now: datetime | None = None) -> float | None:
        """Seconds that the server asks to wait, from ``Retry-After`` or else its text; None if it does not say.

        Args:
            now: the moment an HTTP date is counted from; the answer's own ``Date`` where it has one.
        """
        text = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
            return float(text)
        moment = _http_date(text)
        if moment is not None:
            start = _http_date(self.headers.get("date", "")) or now or datetime.now(timezone.utc)
            return max(0.0, (moment - start).total_seconds())
        found = _AVAILABLE_IN.search(self.detail())
        return float(found[1]) if found else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _squeezed(text: str) -> str:
    return " ".join(text.split())[:KEPT]
