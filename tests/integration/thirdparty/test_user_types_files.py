"""User-written types that post files: text in any encoding, bytes, large ones, and what follows a delivery."""

from __future__ import annotations

import hashlib
import tracemalloc
from pathlib import Path

import pytest

from integration.thirdparty.department import Department
from qcpump_qt.engine.records import DeliveryState, FileContent
from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.qatrack.body import json_body


def films(department: Department, type_: str) -> Path:
    done = department.folder / "done"
    done.mkdir()
    department.add_pump(type_, "Films", source=str(department.source), done=str(done))
    return done


def stored(department: Department, name: str) -> tuple[int, str]:
    film = department.sessions()[f"Films/{name}"]["tests"]["film"]
    return film["size"], film["sha256"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Dosis 5 °C µGy\nzweite Zeile".encode(), "Dosis 5 °C µGy\nzweite Zeile"),
        ("\ufeffwith a mark °".encode(), "with a mark °"),
        ("utf-16 °".encode("utf-16"), "utf-16 °"),
        ("cp1252 ° – €".encode("cp1252"), "cp1252 ° – €"),
        (b"", ""),
        (b'"quotes" \\ and \t tabs\r\n', '"quotes" \\ and \t tabs\r\n'),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "cp1252", "empty", "control characters"],
)
def test_a_text_file_arrives_as_text(department: Department, data: bytes, text: str) -> None:
    """Fault of QCPump: one text file that is not UTF-8 stops everything."""
    films(department, "TextFilmPump")
    (department.source / "report.txt").write_bytes(data)
    assert department.run().outcome is CycleOutcome.OK
    assert stored(department, "report.txt") == (len(text.encode()), hashlib.sha256(text.encode()).hexdigest())


def test_a_text_file_that_is_no_text_is_told_and_the_next_one_arrives(department: Department) -> None:
    films(department, "TextFilmPump")
    (department.source / "a.txt").write_bytes(b"\x81\x8d\xff undefined in every code page")
    (department.source / "b.txt").write_bytes(b"good")
    report = department.run()
    assert set(department.sessions()) == {"Films/b.txt"}
    assert report.counts["delivered"] == 1
    assert any("a.txt" in message.text for message in report.messages)


def test_a_binary_file_arrives_byte_for_byte_and_is_moved_afterwards(department: Department) -> None:
    done = films(department, "BinaryFilmPump")
    data = bytes(range(256)) * 5
    (department.source / "film.tif").write_bytes(data)
    department.run()
    assert stored(department, "film.tif") == (len(data), hashlib.sha256(data).hexdigest())
    assert [path.name for path in done.iterdir()] == ["film.tif"]
    assert list(department.source.iterdir()) == []


def test_a_large_file_is_never_held_in_memory(department: Department) -> None:
    """Fault of QCPump: 200 MB to upload cost 800 MB of memory."""
    films(department, "BinaryFilmPump")
    size = 24 * 1024 * 1024
    (department.source / "film.tif").write_bytes(b"x" * size)
    before = department.preview()
    payload = before.records[0].payload
    assert payload is not None
    content = payload["tests"]["film"]["value"]
    assert isinstance(content, FileContent)
    tracemalloc.start()
    body = json_body(payload)
    length = sum(len(piece) for piece in body if isinstance(piece, bytes))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length > size
    assert peak < size / 8
    department.run()
    assert stored(department, "film.tif")[0] == size


def test_a_file_stays_where_it_is_while_the_server_is_away(department: Department) -> None:
    done = films(department, "BinaryFilmPump")
    (department.source / "film.tif").write_bytes(b"film")
    department.standin.faults.add("drop-before", method="ANY", times=None)
    department.run()
    assert list(done.iterdir()) == []
    department.standin.faults.clear()
    department.run()
    assert [path.name for path in done.iterdir()] == ["film.tif"]
    assert set(department.sessions()) == {"Films/film.tif"}


def test_a_rejected_file_goes_when_its_content_has_changed(department: Department) -> None:
    films(department, "BinaryFilmPump")
    film = department.source / "film.tif"
    film.write_bytes(b"")
    report = department.run()
    assert department.records()["Films/film.tif"].state is DeliveryState.REJECTED
    assert report.outcome is CycleOutcome.ATTENTION
    film.write_bytes(b"now it has content")
    department.run()
    assert set(department.sessions()) == {"Films/film.tif"}
