"""The numbers of stored sessions by macro name, two links away from the list of sessions."""

from __future__ import annotations

from datetime import datetime

import pytest

from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.errors import ServerUnavailable
from qcpump_qt.qatrack.server import QATrackServer


def post(
    client: QATrackServer, test_list: str, tests: dict[str, object], unit: int = 1, **more: object
) -> None:
    assignment = client.assignment(test_list, client.unit_by_number(unit))
    payload = {
        "unit_test_collection": assignment.url,
        "work_started": "2026-11-02 08:00:00",
        "work_completed": "2026-11-02 08:05:00",
        "user_key": f"{test_list}/{unit}/{more}",
        "tests": tests,
        **more,
    }
    assert client.post(payload) is not None


def values(client: QATrackServer, test_list: str) -> list[dict[str, float | None]]:
    since, until = (datetime.fromisoformat(f"2026-11-{day}") for day in ("01", "03"))
    found = client.sessions_named(test_list, since, until)
    return [client.values_of(item) for item in found]


def test_values_come_with_their_macro_names_and_skipped_ones_as_none(client: QATrackServer) -> None:
    post(client, "Small", {"a": {"value": 1.5}, "b": {"skipped": True}, "note": {"value": "text"}})
    post(client, "Small", {"a": {"value": -2}, "b": {"value": 0}, "note": {"skipped": True}}, unit=2)
    assert values(client, "Small") == [
        {"a": 1.5, "b": None, "note": None},
        {"a": -2.0, "b": 0.0, "note": None},
    ]


def test_the_day_of_a_cycle_is_heeded(client: QATrackServer) -> None:
    post(client, "Cycle", {"dose": {"value": 7.0}}, day=1)
    assert values(client, "Cycle") == [{"dose": 7.0}]


def test_names_are_asked_for_once(client: QATrackServer, standin: StandIn) -> None:
    for number in range(5):
        post(
            client, "Small", {"a": {"value": number}, "b": {"value": 2}, "note": {"value": ""}}, number=number
        )
    standin.counts.reset()
    assert len(values(client, "Small")) == 5
    assert standin.counts.requests("GET", "unittestinfos") == 2
    assert standin.counts.requests("GET", "qa/tests") == 1


def test_tests_of_a_unit_that_is_gone_are_asked_for_one_by_one(
    client: QATrackServer, standin: StandIn
) -> None:
    post(client, "Small", {"a": {"value": 1.5}, "b": {"value": 2}, "note": {"value": ""}})
    del standin.world.units[0]
    client.forget()
    standin.counts.reset()
    assert values(client, "Small") == [{"a": 1.5, "b": 2.0, "note": None}]
    assert standin.counts.requests("GET", "unittestinfos/") == 3


@pytest.mark.parametrize("path", ["unittestinfos", "qa/tests"])
def test_a_server_that_gives_no_names_gives_no_values(
    client: QATrackServer, standin: StandIn, path: str
) -> None:
    post(client, "Small", {"a": {"value": 1.5}, "b": {"value": 2}, "note": {"value": ""}})
    standin.faults.add("html", method="GET", path=path, times=None)
    assert values(client, "Small") == [{}]


def test_a_server_that_is_away_is_trouble(client: QATrackServer, standin: StandIn) -> None:
    post(client, "Small", {"a": {"value": 1.5}, "b": {"value": 2}, "note": {"value": ""}})
    standin.faults.add("drop-before", method="GET", path="unittestinfos", times=None)
    with pytest.raises(ServerUnavailable):
        values(client, "Small")


def test_results_without_links_are_left_out(client: QATrackServer) -> None:
    assert (
        client.values_of({"test_instances": [{"value": 1.0}, {"unit_test_info": "no link", "value": 2.0}]})
        == {}
    )
    assert client.values_of({}) == {}
