"""The stand-in over real connections: keep-alive, faults, counting, ending."""

from __future__ import annotations

import hashlib
import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from qcpump_qt.demo.connection import shares_port
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World

TOKEN = "a" * 40
PATH = "/api/qa/testlistinstances/"


def _world() -> World:
    world = World()
    world.add_unit("Linac 1", 7)
    world.add_test_list("Small", {"a": "simple", "note": "string"})
    world.add_test_list("File", {"file": "upload"})
    world.assign("Small", 7)
    world.assign("File", 7)
    world.add_user("pump", TOKEN)
    return world


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(_world(), control=True, zone="America/Toronto") as standin:
        yield standin


class Client:
    """One keep-alive connection."""

    def __init__(self, standin: StandIn, timeout: float = 30) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(standin.url).netloc, timeout=timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any, dict[str, str]]:
        text = None if body is None else json.dumps(body)
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        self.connection.request(method, path, text, headers, **more)
        answer = self.connection.getresponse()
        content = answer.read().decode("utf-8")
        got = dict(answer.getheaders())
        return (
            answer.status,
            json.loads(content) if got.get("Content-Type") == "application/json" else content,
            got,
        )

    def post(self, key: str | None = "k") -> int:
        return self.ask("POST", PATH, _body(key))[0]


def _body(key: str | None, **changes: Any) -> dict[str, Any]:
    return {
        "unit_test_collection": "/api/qc/unittestcollections/1/",
        "work_started": "2026-11-02 08:00:00",
        "work_completed": "2026-11-02 08:05:00",
        "tests": {"a": {"value": 1.5, "comment": "fine"}, "note": {"skipped": True}},
        "user_key": key,
        **changes,
    }


def _keys(standin: StandIn) -> list[str]:
    return [session["user_key"] for session in standin.sessions()]


def test_one_connection_serves_many_requests(standin: StandIn) -> None:
    with Client(standin) as client:
        assert [client.post(f"k{n}") for n in range(20)] == [201] * 20
    assert standin.counts.connections == 1
    assert standin.counts.requests("POST", "testlistinstances") == 20
    assert standin.counts.statuses() == {201: 20}


def test_sessions_come_back_as_plain_data(standin: StandIn) -> None:
    with Client(standin) as client:
        client.ask("POST", PATH, _body("k", comment="whole", work_started="2 Nov 2026 08:00"))
    assert standin.sessions() == [
        {
            "id": 1,
            "user_key": "k",
            "unit": 7,
            "test_list": "Small",
            "work_started": "2026-11-02 08:00:00",
            "work_completed": "2026-11-02 08:05:00",
            "day": 0,
            "comment": "whole",
            "in_progress": False,
            "created_by": "pump",
            "tests": {
                "a": {"value": 1.5, "skipped": False, "comment": "fine"},
                "note": {"value": None, "skipped": True, "comment": ""},
            },
        }
    ]


def test_many_connections_at_once_are_counted(standin: StandIn) -> None:
    clients = [Client(standin) for _ in range(4)]
    for number, client in enumerate(clients):
        assert client.post(str(number)) == 201
    assert standin.counts.max_connections == standin.counts.open_connections == 4
    for client in clients:
        client.connection.close()


def test_of_simultaneous_posts_of_one_key_one_is_stored(standin: StandIn) -> None:
    start, statuses = threading.Barrier(8), []

    def post() -> None:
        with Client(standin) as client:
            client.ask("GET", "/api/")
            start.wait()
            statuses.append(client.post("same"))

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 400, 500}
    assert len(statuses) == 8
    assert _keys(standin) == ["same"]


def test_a_streamed_file_arrives_whole(standin: StandIn) -> None:
    content = bytes(range(256)) * 5000
    pieces = [
        b'{"unit_test_collection": "/api/qc/unittestcollections/2/", "work_started": "2026-11-02 08:00", '
    ]
    pieces.append(b'"tests": {"file": {"filename": "a.bin", "encoding": "base64", "value": "')
    import base64

    encoded = base64.b64encode(content)
    pieces += [encoded[start : start + 60000] for start in range(0, len(encoded), 60000)]
    pieces.append(b'"}}}')
    with Client(standin) as client:
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        client.connection.request("POST", PATH, iter(pieces), headers, encode_chunked=True)
        assert client.connection.getresponse().status == 201
    (session,) = standin.sessions()
    assert session["tests"]["file"] == {
        "value": None,
        "skipped": False,
        "comment": "",
        "filename": "a.bin",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/api", 301, "/api/"),
        ("/api/units/units", 301, "/api/units/units/"),
        ("/units/", 302, "/accounts/login/?next=/units/"),
        ("/qa/x/?user_key=a%20b", 302, "/accounts/login/?next=/qa/x/%3Fuser_key%3Da%2Bb"),
        ("/", 200, None),
        ("/accounts/login/", 200, None),
        ("/api/nosuch/", 404, None),
        ("/qc/session/details/1/", 404, None),
    ],
)
def test_ways_outside_the_api(standin: StandIn, path: str, status: int, location: str | None) -> None:
    with Client(standin) as client:
        got, _, headers = client.ask("GET", path)
    assert (got, headers.get("Location")) == (status, location)
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_page_shows_what_was_delivered(standin: StandIn) -> None:
    with Client(standin) as client:
        client.post("key/one")
        assert "key/one" in client.ask("GET", "/")[1]
        assert "fine" in client.ask("GET", "/qc/session/details/1/")[1]
    assert standin.page_url + "/api" == standin.url


# --- faults --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "stored"), [("drop-before", []), ("drop-after", ["k"])])
def test_a_dropped_connection(standin: StandIn, kind: str, stored: list[str]) -> None:
    standin.faults.add(kind)
    with Client(standin) as client, pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        client.post()
    assert _keys(standin) == stored
    assert standin.counts.statuses() == {}
    with Client(standin) as client:
        assert client.post() == (400 if stored else 201)


@pytest.mark.parametrize(
    ("kind", "status", "stored"),
    [
        ("500", 500, []),
        ("500-after", 500, ["k"]),
        ("503", 503, []),
        ("html", 200, []),
        ("429", 429, []),
        ("307", 307, []),
    ],
)
def test_a_fault_answers_in_place_of_the_api(
    standin: StandIn, kind: str, status: int, stored: list[str]
) -> None:
    standin.faults.add(kind, seconds=3)
    with Client(standin) as client:
        got, content, headers = client.ask("POST", PATH + "?x=1", _body("k"))
        assert got == status
        assert _keys(standin) == stored
        if kind == "429":
            assert headers["Retry-After"] == "3"
            assert content == {"detail": "Request was throttled. Expected available in 3 seconds."}
        elif kind == "307":
            assert headers["Location"] == PATH + "?x=1"
        else:
            assert content.startswith("<!DOCTYPE html>")
        assert client.post("next") == 201, "the connection is still good"


def test_a_hang_ends_and_the_request_is_carried_out(standin: StandIn) -> None:
    standin.faults.add("hang", seconds=0.2)
    began = time.monotonic()
    with Client(standin) as client:
        assert client.post() == 201
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize("kind", ["hang", "hang-after"])
def test_a_client_that_does_not_wait_leaves_a_stored_session(standin: StandIn, kind: str) -> None:
    standin.faults.add(kind, seconds=0.3)
    with Client(standin, timeout=0.1) as client, pytest.raises(TimeoutError):
        client.post()
    with Client(standin) as client:
        while not client.ask("GET", PATH + "?user_key=k")[1]["count"]:
            time.sleep(0.02)
    assert _keys(standin) == ["k"]


def test_a_slow_body_comes_whole(standin: StandIn) -> None:
    standin.faults.add("slow-body", seconds=0.2, method="GET")
    began = time.monotonic()
    with Client(standin) as client:
        status, content, _ = client.ask("GET", "/api/units/units/")
    assert (status, content["count"]) == (200, 1)
    assert time.monotonic() - began >= 0.19


def test_latency_delays_every_request(standin: StandIn) -> None:
    standin.faults.latency_ms = 50
    began = time.monotonic()
    with Client(standin) as client:
        client.ask("GET", "/api/")
        client.post()
    assert time.monotonic() - began >= 0.1


def test_faults_can_be_planned_over_http(standin: StandIn) -> None:
    with Client(standin) as client:
        assert client.ask("POST", "/_standin/faults", {"add": [{"kind": "503", "times": 1}]})[0] == 200
        assert [client.post("a"), client.post("a")] == [503, 201]
        status, content, _ = client.ask("POST", "/_standin/faults", {"add": [{"kind": "x"}]})
        assert (status, content) == (400, {"detail": "'x' is not a valid FaultKind"})
        assert client.ask("GET", "/_standin/counts")[1] == standin.counts.plain()
        assert client.ask("GET", "/_standin/sessions")[1] == standin.sessions()
        assert client.ask("GET", "/_standin/nosuch")[0] == 404
    assert standin.counts.requests(path="_standin") == 0


def test_without_control_there_are_no_control_paths() -> None:
    with StandIn(_world()) as standin, Client(standin) as client:
        for method, name in (("POST", "faults"), ("GET", "counts"), ("GET", "sessions")):
            assert client.ask(method, f"/_standin/{name}", {})[0] == 404


# --- odd clients, and the end --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b"POST /api/ HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /api/ HTTP/1.1\r\nContent-Length: 50\r\n\r\nshort",
        b"POST /api/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
def test_a_broken_off_body_ends_the_connection(standin: StandIn, text: bytes) -> None:
    with socket.create_connection(
        (urlsplit(standin.url).hostname or "", urlsplit(standin.url).port or 0)
    ) as raw:
        raw.sendall(text)
        raw.shutdown(socket.SHUT_WR)
        assert raw.recv(100) == b""
    with Client(standin) as client:
        assert client.post() == 201
    assert standin.counts.requests() == 1


def test_a_fault_of_its_own_is_logged_and_answered_by_500(
    standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    standin.world.assignments[0] = None  # type: ignore[call-overload]
    with caplog.at_level(logging.ERROR), Client(standin) as client:
        assert client.post() == 500
    assert [record.message for record in caplog.records] == [f"The stand-in failed at POST {PATH}"]


def test_stopping_is_quick_also_while_requests_hang() -> None:
    standin = StandIn(_world())
    standin.faults.add("hang", method="ANY", seconds=60)
    failed = threading.Event()

    def wait_for_answer() -> None:
        try:
            with Client(standin) as client:
                client.ask("GET", "/api/")
        except (http.client.HTTPException, OSError):
            failed.set()

    thread = threading.Thread(target=wait_for_answer)
    thread.start()
    while not standin.counts.requests():
        time.sleep(0.005)
    began = time.monotonic()
    standin.stop()
    standin.stop()
    thread.join()
    assert time.monotonic() - began < 10
    assert failed.is_set()
    assert standin.counts.statuses() == {}
    with pytest.raises(OSError, match=r".*"):
        socket.create_connection(("127.0.0.1", urlsplit(standin.url).port or 0), timeout=1).close()


def test_a_port_can_be_taken_again_at_once() -> None:
    with StandIn(_world()) as first, Client(first) as client:
        client.post()
        port = urlsplit(first.url).port
    with StandIn(_world(), port=port or 0) as second, Client(second) as client:
        assert client.post() == 201


def test_the_port_is_shared_with_fading_connections_everywhere_but_on_windows() -> None:
    assert [shares_port(platform) for platform in ("linux", "darwin", "win32")] == [True, True, False]


def test_only_this_computer_can_reach_it(standin: StandIn) -> None:
    assert urlsplit(standin.url).hostname == "127.0.0.1"
    assert standin._server.socket.getsockname()[0] == "127.0.0.1"
