"""Limit, offset, ordering and the links to other pages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.demo.paging import ordered, page
from qcpump_qt.demo.wire import Request

PATH = "/api/units/units/"
BASE = "http://host:1" + PATH


def _page(count: int, *query: tuple[str, str], limit: int = 10) -> tuple[list[int], dict[str, object]]:
    items, frame = page(Request("GET", PATH, query, {"host": "host:1"}), range(count), limit)
    return list(items), frame


def test_the_first_page_points_to_the_next() -> None:
    items, frame = _page(25)
    assert items == list(range(10))
    assert frame == {"count": 25, "next": f"{BASE}?limit=10&offset=10", "previous": None}


def test_a_middle_page_repeats_the_query_in_alphabetical_order() -> None:
    items, frame = _page(25, ("x", "a b"), ("limit", "5"), ("offset", "10"))
    assert items == [10, 11, 12, 13, 14]
    assert frame["next"] == f"{BASE}?limit=5&offset=15&x=a+b"
    assert frame["previous"] == f"{BASE}?limit=5&offset=5&x=a+b"


def test_the_way_back_to_the_start_has_no_offset() -> None:
    assert _page(25, ("offset", "10"))[1]["previous"] == f"{BASE}?limit=10"


def test_past_the_end_is_an_empty_page() -> None:
    items, frame = _page(3, ("offset", "50"))
    assert (items, frame["next"], frame["previous"]) == ([], None, f"{BASE}?limit=10&offset=40")


@pytest.mark.parametrize("limit", ["0", "-1", "many", ""])
def test_a_limit_that_is_none_means_the_default(limit: str) -> None:
    assert len(_page(25, ("limit", limit))[0]) == 10


def test_there_is_no_largest_limit() -> None:
    assert len(_page(2500, ("limit", "100000"))[0]) == 2500


@given(st.integers(0, 60), st.integers(1, 20))
def test_following_the_pages_gives_everything_once(count: int, limit: int) -> None:
    seen: list[int] = []
    offset = 0
    while True:
        items, frame = _page(count, ("limit", str(limit)), ("offset", str(offset)))
        seen += items
        if frame["next"] is None:
            break
        offset += limit
    assert seen == list(range(count))


def test_ordering_by_several_fields_with_nothing_first() -> None:
    items = [SimpleNamespace(a=a, b=b) for a, b in [(1, "x"), (1, None), (0, "y")]]
    fields = {"a": lambda item: item.a, "b": lambda item: item.b}

    def pairs(asked: str) -> list[tuple[int, str | None]]:
        return [(item.a, item.b) for item in ordered(items, asked, fields)]

    assert pairs("a,b") == [(0, "y"), (1, None), (1, "x")]
    assert pairs("-a,-b") == [(1, "x"), (1, None), (0, "y")]
    assert pairs("nosuch") == pairs("") == [(1, "x"), (1, None), (0, "y")]
