"""Counting requests and connections."""

from __future__ import annotations

from qcpump_qt.demo.counts import Counts


def test_requests_by_method_and_path() -> None:
    counts = Counts()
    for method, path in (("GET", "/api/a/"), ("POST", "/api/a/"), ("POST", "/api/b/")):
        counts.began(method, path)
        counts.ended(200)
    assert counts.requests() == 3
    assert counts.requests("POST") == 2
    assert counts.requests("POST", "/b/") == 1
    assert counts.statuses() == {200: 3}


def test_the_most_at_once_is_remembered() -> None:
    counts = Counts()
    for _ in range(3):
        counts.opened()
        counts.began("GET", "/")
    for _ in range(3):
        counts.ended(None)
        counts.closed()
    counts.opened()
    assert (counts.connections, counts.open_connections, counts.max_connections) == (4, 1, 3)
    assert counts.max_in_flight == 3
    assert counts.statuses() == {}


def test_after_a_reset_only_what_is_open_counts() -> None:
    counts = Counts()
    counts.opened()
    counts.opened()
    counts.closed()
    counts.began("GET", "/")
    counts.reset()
    assert (counts.connections, counts.max_connections, counts.max_in_flight) == (1, 1, 1)
    assert counts.requests() == 0


def test_plain_data_says_the_same() -> None:
    counts = Counts()
    counts.opened()
    counts.began("GET", "/x/")
    counts.ended(404)
    assert counts.plain() == {
        "requests": [{"method": "GET", "path": "/x/", "number": 1}],
        "statuses": {"404": 1},
        "connections": 1,
        "open_connections": 1,
        "max_connections": 1,
        "max_in_flight": 1,
    }
