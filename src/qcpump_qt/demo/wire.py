"""What goes in and out of the stand-in as plain data, and the few kinds of answers it gives."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

JSON = "application/json"
HTML = "text/html; charset=utf-8"
_TITLES = {400: "Bad Request", 404: "Resource not found", 500: "Server Error", 503: "Service Unavailable"}


@dataclass(frozen=True)
class Request:
    """One HTTP request; header names are lower-case, `path` is decoded, `query` keeps every parameter."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def base(self) -> str:
        """Scheme and host for links: the real server takes the host from the request, too."""
        return "http://" + self.headers.get("host", "127.0.0.1")


@dataclass(frozen=True)
class Response:
    """One HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Refusal(Exception):  # noqa: N818 - carries the answer
    """The request is answered without being looked at any further."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def json_answer(
    status: int, content: Any, *, allow: str = "", vary: str = "Accept, Cookie", **more: str
) -> Response:
    """An answer in JSON.

    Args:
        status: the HTTP status.
        content: what is made JSON of.
        allow: the Allow header, where the endpoint has one.
        vary: the Vary header.
        more: further headers, with underscores for hyphens.
    """
    headers = {"Content-Type": JSON, "Vary": vary}
    if allow:
        headers["Allow"] = allow
    headers.update({name.replace("_", "-"): value for name, value in more.items()})
    return Response(status, headers, json.dumps(content, separators=(",", ":")).encode("ascii"))


def error_page(status: int) -> Response:
    """An error as the real server shows it outside its API's own replies: HTML, not JSON."""
    title = f"Error {status} : {_TITLES.get(status, 'Error')}"
    return html_page(title, f"<p>{html.escape(title)}</p>", status)


def html_page(title: str, content: str, status: int = 200) -> Response:
    """A page; `content` is HTML already, `title` is text."""
    text = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n"
        "<style>body{font-family:sans-serif;margin:2em;max-width:75em}table{border-collapse:collapse}"
        "th,td{border:1px solid #666;padding:.3em .6em;text-align:left;vertical-align:top}"
        "thead th{background:#eee}td.number{text-align:right}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{html.escape(title)}</h1>\n{content}\n</main>\n</body>\n</html>\n"
    )
    return Response(status, {"Content-Type": HTML, "Vary": "Cookie"}, text.encode("utf-8"))


def moved(status: int, location: str) -> Response:
    """A redirection without a body."""
    headers = {"Content-Type": HTML, "Location": location}
    if status == 302:
        headers["Vary"] = "Cookie"
    return Response(status, headers)


def to_login(request: Request) -> Response:
    """Where a browser without a login is sent: everything outside /api."""
    asked = quote(request.path, safe="/")
    if request.query:
        asked += quote("?" + urlencode(request.query), safe="/")
    return moved(302, f"/accounts/login/?next={asked}")
