"""The client against the stand-in: sessions are posted and found, units and lists looked up."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.errors import (
    ItemError,
    MappingError,
    MissingTests,
    RecordRejected,
    ServerRefused,
    ServerUnavailable,
)
from qcpump_qt.engine.records import Destination, FileContent, UnitBy, UnitRef
from qcpump_qt.qatrack.address import ServerAddress
from qcpump_qt.qatrack.checks import Unsendable
from qcpump_qt.qatrack.server import QATrackServer

SMALL = {"a": {"value": 1.5}, "b": {"value": 2}, "note": {"value": "ok"}}


def session(client: QATrackServer, key: str, tests: Mapping[str, Any] = SMALL, **more: Any) -> dict[str, Any]:
    assignment = client.assignment(more.pop("test_list", "Small"), client.unit_by_number(more.pop("unit", 1)))
    return {
        "unit_test_collection": assignment.url,
        "work_started": "2026-11-02 08:00:00",
        "work_completed": "2026-11-02 08:05:00",
        "user_key": key,
        "day": 0,
        "tests": tests,
        **more,
    }


def test_it_is_a_destination(client: QATrackServer, standin: StandIn) -> None:
    destination: Destination = client
    assert destination.name == standin.url
    assert destination.pace.connections(0) == 4


def test_a_session_is_stored_once_and_found(client: QATrackServer, standin: StandIn) -> None:
    assert client.find("pump/1") is None
    stored = client.post(session(client, "pump/1"))
    assert stored is not None
    assert stored.answer["user_key"] == "pump/1"
    assert stored.site_url.endswith("/qc/session/details/1/")
    assert client.post(session(client, "pump/1")) is None
    found = client.find("pump/1")
    assert found is not None
    assert found.url == stored.url
    assert [each["user_key"] for each in standin.sessions()] == ["pump/1"]


def test_missing_tests_are_named_and_can_be_skipped(client: QATrackServer, standin: StandIn) -> None:
    payload = session(client, "pump/2", {"a": {"value": 1}})
    with pytest.raises(MissingTests) as caught:
        client.post(payload)
    assert (set(caught.value.slugs), caught.value.alone) == ({"b", "note"}, True)
    payload["tests"] |= {slug: {"skipped": True} for slug in caught.value.slugs}
    assert client.post(payload) is not None
    assert standin.sessions()[0]["tests"]["b"]["skipped"]


def test_a_rejected_record_keeps_the_servers_answer(client: QATrackServer) -> None:
    with pytest.raises(RecordRejected, match="wrong type") as caught:
        client.post(session(client, "pump/3", {**SMALL, "a": {"value": "x"}}))
    assert caught.value.answer["non_field_errors"][0].startswith("Wrong value type")
    with pytest.raises(RecordRejected, match="upload test 'upload'"):
        client.post(session(client, "pump/4", {}, test_list="Upload"))


def test_what_cannot_be_sent_is_not_sent(client: QATrackServer, standin: StandIn) -> None:
    payload = session(client, "pump/5", {**SMALL, "b": {"value": float("nan")}})
    with pytest.raises(Unsendable, match="Test 'b' has the value nan"):
        client.post(payload)
    assert standin.counts.requests("POST") == 0


@pytest.mark.parametrize("encoding", ["base64", "text"])
def test_files_arrive_whole(client: QATrackServer, standin: StandIn, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.txt"
    text = 'Größe "1"\r\n' * 30_000
    path.write_bytes(text.encode())
    tests = {"upload": {"value": FileContent(path, encoding), "filename": "report.txt", "encoding": encoding}}
    assert client.post(session(client, f"file/{encoding}", tests, test_list="Upload")) is not None
    assert standin.sessions()[0]["tests"]["upload"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_that_changes_meanwhile_stores_nothing(
    client: QATrackServer, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.bin"
    path.write_bytes(b"x" * 200_000)
    payload = session(
        client, "file/grows", {"upload": {"value": FileContent(path), "filename": "g"}}, test_list="Upload"
    )
    encode = base64.b64encode
    pieces: list[bytes] = []

    def and_grow(data: bytes) -> bytes:
        pieces.append(data)
        if len(pieces) == 3:
            path.write_bytes(b"y" * 300_000)
        return encode(data)

    monkeypatch.setattr("qcpump_qt.qatrack.content.base64.b64encode", and_grow)
    with pytest.raises(Exception, match="changed while it was being sent"):
        client.post(payload)
    monkeypatch.undo()
    assert client.find("file/grows") is None
    assert standin.sessions() == []


@pytest.mark.parametrize("key", ["", "  "])
def test_an_empty_key_is_never_asked_for(client: QATrackServer, standin: StandIn, key: str) -> None:
    client.post(session(client, "pump/6"))
    asked = standin.counts.requests("GET")
    with pytest.raises(ItemError, match="without a key"):
        client.find(key)
    assert standin.counts.requests("GET") == asked


@pytest.mark.parametrize("key", ["a,b", "x!", "MPC/äöü/ß 1&2=3?#%", "a+b", "k" * 255])
def test_keys_of_any_kind_are_found_exactly(client: QATrackServer, key: str) -> None:
    client.post(session(client, "other"))
    assert client.find(key) is None
    client.post(session(client, key))
    found = client.find(key)
    assert found is not None
    assert found.answer["user_key"] == key
    assert client.find(f" {key} ") is not None, "the server trims keys"
    assert client.find(key.swapcase()) is None or key.swapcase() == key


def test_a_filter_that_the_server_ignores_finds_nothing(
    client: QATrackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        client.post(session(client, f"pump/{number}"))
    get = client.transport.get

    def without_filter(path: str, params: Mapping[str, Any] | None = None) -> Any:
        return get(path, {name: value for name, value in (params or {}).items() if name != "user_key"})

    monkeypatch.setattr(client.transport, "get", without_filter)
    assert client.find("pump/77") is None


def test_units_have_labels_and_are_asked_for_once(client: QATrackServer, standin: StandIn) -> None:
    assert [(unit.number, unit.label, unit.active) for unit in client.units()] == [
        (1, "Main Campus: Linac 1", True),
        (2, "North Campus: Linac 1", True),
        (4, "TrueBeam 4", True),
        (5, "Main Campus: Twin", True),
        (6, "North Campus: Twin", True),
        (9, "Old Linac", False),
    ]
    assert client.unit_by_serial("6543").number == 4
    assert client.unit_by_label("North Campus: Linac 1").number == 2
    assert standin.counts.requests("GET", "/units/units/") == 1
    client.forget()
    client.units()
    assert standin.counts.requests("GET", "/units/units/") == 2


@pytest.mark.parametrize(
    ("find", "words"),
    [
        (
            lambda client: client.unit_by_serial("7777"),
            "Main Campus: Twin, number 5; North Campus: Twin, number 6",
        ),
        (
            lambda client: client.unit_by_label("Linac 1"),
            "Main Campus: Linac 1, number 1; North Campus: Linac 1",
        ),
        (lambda client: client.unit_by_serial("0001"), "There is an inactive one (Old Linac, number 9)"),
        (lambda client: client.unit_by_number(77), "no active unit with the number 77"),
    ],
)
def test_units_without_one_clear_match(
    client: QATrackServer, find: Callable[[QATrackServer], Any], words: str
) -> None:
    with pytest.raises(MappingError) as caught:
        find(client)
    assert words in caught.value.message


def test_assignments_are_asked_for_once_a_test_list(client: QATrackServer, standin: StandIn) -> None:
    first, second = client.unit_by_number(1), client.unit_by_number(2)
    assert client.assignment("Small", first).name == "Small"
    assert client.assignment("Small", second).url != client.assignment("Small", first).url
    assert standin.counts.requests("GET", "/unittestcollections/") == 1
    assert not client.assignment("Daily QA", first).is_cycle
    assert client.assignment("Cycle", first).is_cycle
    assert standin.counts.requests("GET", "/unittestcollections/") == 3


def test_all_assignments_of_a_unit_are_asked_for_once(client: QATrackServer, standin: StandIn) -> None:
    unit = client.unit_by_number(1)
    assert client.assignments(unit) == client.assignments(unit)
    assert standin.counts.requests("GET", "/unittestcollections/") == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Twice", "assigned 2 times to unit Main Campus: Linac 1, with the frequencies Daily and Monthly"),
        ("Retired", "exists but is inactive"),
        ("small", "another spelling is assigned: 'Small'"),
        ("Nothing", "Create the test list in QATrack+ if there is none, and assign it to the unit."),
    ],
)
def test_test_lists_without_one_clear_assignment(client: QATrackServer, name: str, words: str) -> None:
    with pytest.raises(MappingError) as caught:
        client.assignment(name, client.unit_by_number(1))
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("ref", "label"),
    [
        (UnitRef(UnitBy.SERIAL, "9012"), "North Campus: Linac 1"),
        (UnitRef(UnitBy.NUMBER, "2"), "North Campus: Linac 1"),
        (UnitRef(UnitBy.LABEL, "North Campus: Linac 1"), "North Campus: Linac 1"),
    ],
)
def test_the_place_of_a_record(client: QATrackServer, ref: UnitRef, label: str) -> None:
    place = client.place(ref, "Small")
    assert place.unit == label
    assert place.url.endswith("/api/qc/unittestcollections/8/")
    assert place.list_id == "/api/qc/testlists/1/"


def test_a_number_that_is_none_is_looked_for_as_a_name(client: QATrackServer) -> None:
    with pytest.raises(MappingError, match="called 'two'"):
        client.unit(UnitRef(UnitBy.NUMBER, "two"))


def test_names_of_test_lists(client: QATrackServer) -> None:
    assert client.test_list_names() == ["Daily QA", "Retired", "Small", "Twice", "Upload"]


def test_lists_longer_than_a_page_are_read_whole(
    client: QATrackServer, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100, 107):
        standin.world.add_unit(f"Unit {number}", number)
    monkeypatch.setattr("qcpump_qt.qatrack.listing.items.__kwdefaults__", {"page": 3})
    assert len(client.units()) == 13
    assert standin.counts.requests("GET", "/units/units/") == 5


def keys(found: Any) -> list[str]:
    return [item["user_key"] for item in found]


def test_sessions_of_a_window_are_surveyed(client: QATrackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcpump_qt.qatrack.sessions.PAGE", 2)
    for day in range(1, 8):
        when: dict[str, Any] = {
            "work_started": f"2026-03-0{day} 08:00:00",
            "work_completed": f"2026-03-0{day} 08:01:00",
        }
        client.post(session(client, f"small/{day}", **when))
        client.post(session(client, f"elsewhere/{day}", unit=2, **when))
        client.post(session(client, f"daily/{day}", {"dose": {"value": 1}}, test_list="Daily QA", **when))
    unit = client.unit_by_number(1)
    found = client.sessions(unit, " Small ", datetime(2026, 3, 3, 8), datetime(2026, 3, 5, 8))  # noqa: DTZ001
    assert keys(found) == ["small/3", "small/4", "small/5"]
    short = client.sessions(unit, "Small", datetime(2026, 3, 3, 8, 0, 1), datetime(2026, 3, 5, 7, 59))  # noqa: DTZ001
    assert keys(short) == ["small/4"]
    everywhere = timezone(timedelta(hours=14))
    whole = client.sessions(
        unit, "Small", datetime(2026, 1, 1, tzinfo=everywhere), datetime(2026, 12, 31, tzinfo=everywhere)
    )
    assert len(keys(whole)) == 7
    ever = (datetime(1, 1, 1), datetime(9999, 12, 31))  # noqa: DTZ001 - the server's local time
    assert keys(client.sessions(unit, "Nothing", *ever)) == []
    assert len(keys(client.sessions(unit, "Small", *ever))) == 7
    assert len(keys(client.sessions_named(" Small ", *ever))) == 14
    assert keys(client.sessions_named("Daily QA", datetime(2026, 3, 7), ever[1])) == ["daily/7"]  # noqa: DTZ001


@pytest.mark.parametrize("kind", ["500", "503"])
def test_trouble_of_the_server_is_passed_on(client: QATrackServer, standin: StandIn, kind: str) -> None:
    payload = session(client, "pump/7")
    standin.faults.add(kind)
    with pytest.raises(ServerUnavailable) as caught:
        client.post(payload)
    assert (caught.value.reached, caught.value.status) == (True, int(kind))
    assert client.pace.connections() == 4, "it was alone, so going one at a time would not help"


def test_a_login_page_is_no_success(client: QATrackServer, standin: StandIn) -> None:
    payload = session(client, "pump/8")
    standin.faults.add("html")
    with pytest.raises(ServerRefused, match="Something else than QATrack"):
        client.post(payload)
    assert standin.sessions() == []


@pytest.mark.parametrize("kind", ["drop-before", "drop-after"])
def test_after_a_broken_connection_the_session_is_asked_for(
    client: QATrackServer, standin: StandIn, kind: str
) -> None:
    payload = session(client, "pump/9")
    standin.faults.add(kind)
    with pytest.raises(ServerUnavailable) as caught:
        client.post(payload)
    assert (caught.value.title, caught.value.reached) == ("Connection broke", False)
    assert (client.find("pump/9") is not None) is (kind == "drop-after")
    assert standin.counts.requests("POST") == 1, "nothing is sent twice on its own"


def test_a_pause_that_the_server_asks_for_holds_for_the_next_request(
    client: QATrackServer, standin: StandIn
) -> None:
    standin.faults.add("429", method="GET", seconds=3600)
    with pytest.raises(ServerUnavailable) as caught:
        client.find("pump/10")
    assert (caught.value.retry_after, caught.value.status) == (3600, 429)
    sent = client.transport.requests_sent
    with pytest.raises(ServerUnavailable, match="asked for a pause"):
        client.find("pump/10")
    assert client.transport.requests_sent == sent


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("0" * 40, "does not know the API token"),
        ("deadbeef0123456789deadbeef0123456789dead", "may not do this"),
    ],
)
def test_a_token_without_right_is_refused(
    make_client: Callable[..., QATrackServer], client: QATrackServer, standin: StandIn, token: str, words: str
) -> None:
    payload = session(client, "pump/11")
    with pytest.raises(ServerRefused, match=words):
        make_client(standin.url, token).post(payload)


def test_the_gate_of_the_process_is_used_where_none_is_given(standin: StandIn, client: QATrackServer) -> None:
    network, cancel = client.transport._network, client.transport._cancel
    with (
        QATrackServer(client.address, network, cancel) as one,
        QATrackServer(ServerAddress(standin.url, client.address.token), network, cancel) as two,
    ):
        assert one.pace is two.pace
