"""Lists of a server that does not keep to what QATrack+ does."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from qcpump_qt.engine.errors import ServerRefused
from qcpump_qt.qatrack.listing import items
from qcpump_qt.qatrack.server import QATrackServer

MakeClient = Callable[..., QATrackServer]


def listing(*pages: Any) -> Callable[[socket.socket, bytes], None]:
    """Answers one page after the other."""
    left = [json.dumps(page).encode() for page in pages]

    def answer(connection: socket.socket, _: bytes) -> None:
        body = left.pop(0)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)

    return answer


def page(count: int, *results: Any) -> dict[str, Any]:
    return {
        "count": count,
        "next": "http://elsewhere.example.org/steal",
        "previous": None,
        "results": list(results),
    }


def item(number: int, **more: Any) -> dict[str, Any]:
    return {"url": f"http://q/api/qc/things/{number}/", **more}


def all_items(client: QATrackServer) -> list[str]:
    return [
        each["url"][-2]
        for each in items(client.transport, "things/", "things", {"a": 1}, ordering="x", page=2)
    ]


def test_pages_that_overlap_give_each_item_once_and_next_is_not_followed(
    make_client: MakeClient, scripted: Callable[..., Any]
) -> None:
    server = scripted(listing(page(4, item(1), item(2)), page(4, item(2), item(3), "no object")))
    assert all_items(make_client(server.url)) == ["1", "2", "3"]
    asked = [request.split(b" ")[1] for request in server.requests]
    assert asked == [
        b"/api/things/?a=1&ordering=x&limit=2&offset=0",
        b"/api/things/?a=1&ordering=x&limit=2&offset=2",
    ]


def test_a_list_that_becomes_shorter_meanwhile_ends(
    make_client: MakeClient, scripted: Callable[..., Any]
) -> None:
    server = scripted(listing(page(4, item(1), item(2)), page(2)))
    assert all_items(make_client(server.url)) == ["1", "2"]


@pytest.mark.parametrize("said", [[], {}, {"results": []}, {"count": 1, "results": {}}, "text"])
def test_what_is_no_list_is_told(make_client: MakeClient, scripted: Callable[..., Any], said: Any) -> None:
    with pytest.raises(ServerRefused, match="question for things with something that is no list") as caught:
        all_items(make_client(scripted(listing(said)).url))
    assert caught.value.title == "Not an answer of QATrack+"


def test_sessions_with_an_unreadable_time_are_left_out(
    make_client: MakeClient, scripted: Callable[..., Any]
) -> None:
    times = ["2026-03-01T08:00:00Z", None, "yesterday", "2026-03-01T08:00:00+14:00", "2026-03-02T08:00:00"]
    server = scripted(
        listing(page(5, *(item(number, work_started=each) for number, each in enumerate(times))))
    )
    first, last = datetime(2026, 3, 1), datetime(2026, 3, 1, 23)  # noqa: DTZ001 - the server's local time
    found = make_client(server.url).sessions_named("Small", first, last)
    assert [each["url"][-2] for each in found] == ["0", "3"]
