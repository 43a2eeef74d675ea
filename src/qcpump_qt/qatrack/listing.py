"""Reads the server's lists page by page, with paging of our own.

``next`` links are not followed, because they may lead to another host or scheme; the ordering is always
given, because some lists have none (qatrack-api, Lists, paging, filters).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qcpump_qt.engine.errors import ServerRefused
from qcpump_qt.qatrack.address import path_of
from qcpump_qt.qatrack.answers import read_json
from qcpump_qt.qatrack.transport import Transport

PAGE = 1000


def items(
    transport: Transport, path: str, what: str, params: Mapping[str, Any], *, ordering: str, page: int = PAGE
) -> Iterator[dict[str, Any]]:
    """All items of a list, each once.

    Args:
        transport: the way to the server.
        path: the list, relative to the API, such as ``units/units/``.
        what: how it is called in errors, such as "the list of units".
        params: filters; empty values must not be among them, because the server ignores those.
        ordering: field to order by.
        page: items of one request.

    Raises:
        ServerRefused: the answer is no such list; other errors as in `Transport.request`.
    """
    seen: set[str] = set()
    offset = 0
    while True:
        asked = {**params, "ordering": ordering, "limit": page, "offset": offset}
        results, count = _page(read_json(transport.get(path, asked), what), what)
        for item in results:
            place = path_of(str(item.get("url", "")))
            if place not in seen:
                seen.add(place)
                yield item
        offset += len(results)
        if not results or offset >= count:
            return


def _page(decoded: Any, what: str) -> tuple[list[dict[str, Any]], int]:
    if isinstance(decoded, dict):
        results, count = decoded.get("results"), decoded.get("count")
        if isinstance(results, list) and isinstance(count, int):
            return [item for item in results if isinstance(item, dict)], count
    raise ServerRefused(
        f"The server answered the question for {what} with something that is no list of QATrack+. "
        "Check the API address; it ends with /api.",
        title="Not an answer of QATrack+",
    )
