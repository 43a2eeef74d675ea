"""Ordering and limit/offset paging of lists (qatrack-api, "Lists, paging, filters")."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from qcpump_qt.demo.wire import Request


def ordered(items: Sequence[Any], asked: str, fields: Mapping[str, Callable[[Any], Any]]) -> list[Any]:
    """Items by a comma list of fields, `-` for descending; unknown fields are ignored, no value comes first."""
    result = list(items)
    for name in reversed([part.strip() for part in asked.split(",")]):
        key = fields.get(name.removeprefix("-"))
        if key is not None:
            result.sort(key=_none_first(key), reverse=name.startswith("-"))
    return result


def _none_first(key: Callable[[Any], Any]) -> Callable[[Any], tuple[bool, Any]]:
    def sortable(item: Any) -> tuple[bool, Any]:
        value = key(item)
        return (value is not None, value if value is not None else 0)

    return sortable


def page(request: Request, items: Sequence[Any], default_limit: int) -> tuple[Sequence[Any], dict[str, Any]]:
    """The wanted part of `items`, and the frame `count`, `next`, `previous` around it."""
    query = dict(request.query)
    limit = _whole(query.get("limit"), default_limit) or default_limit
    offset = _whole(query.get("offset"), 0)
    count = len(items)
    following = _link(request, limit, offset + limit) if offset + limit < count else None
    before = _link(request, limit, offset - limit) if offset > 0 else None
    return items[offset : offset + limit], {"count": count, "next": following, "previous": before}


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else default


def _link(request: Request, limit: int, offset: int) -> str:
    query = dict(request.query)
    query["limit"] = str(limit)
    query.pop("offset", None)
    if offset > 0:
        query["offset"] = str(offset)
    return f"{request.base}{request.path}?{urlencode(sorted(query.items()))}"
