"""The ledger's file: how it is opened, what makes it unusable, and how older ones come up to date."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from qcpump_qt.engine.errors import LedgerError
from qcpump_qt.engine.ledger import schema
from qcpump_qt.engine.ledger.database import BUSY_SECONDS, Database
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.shown import VERSION
from unit.engine.delivery.memory_server import records


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite3"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    made = Ledger.at(file)
    yield made
    made.close()


def plain(file: Path, *statements: str) -> list[tuple[object, ...]]:
    """Carry statements out in the file with no library of ours in between; the rows of the last one."""
    connection = sqlite3.connect(file)
    try:
        found: list[tuple[object, ...]] = []
        for statement in statements:
            found = connection.execute(statement).fetchall()
        connection.commit()
        return found
    finally:
        connection.close()


def test_what_is_committed_survives_a_crash_of_the_machine(ledger: Ledger, file: Path) -> None:
    with ledger._database.writing() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("pragma busy_timeout").scalar() == BUSY_SECONDS * 1000
    with ledger._database.reading() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2
    assert plain(file, "pragma journal_mode") == [("wal",)]


def test_what_is_written_is_seen_by_another_connection_at_once(ledger: Ledger, file: Path) -> None:
    ledger.deliveries.meet("p", records(3))
    assert plain(file, "select count(*) from records") == [(3,)]


def test_a_transaction_that_fails_leaves_nothing(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError):
        _write_half(ledger)
    assert ledger.memory("p").mark("n") is None


def _write_half(ledger: Ledger) -> None:
    with ledger._database.writing() as connection:
        connection.execute(text("insert into marks values ('p', 'n', '1')"))
        raise ZeroDivisionError


@pytest.mark.parametrize("name", ["a?b=c.sqlite3", "100%.sqlite3", "Prüfung #1 & co.sqlite3", "a b.sqlite3"])
def test_any_name_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    made = Ledger.at(tmp_path / name)
    made.close()
    assert (tmp_path / name).is_file()


def test_it_is_opened_by_url(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    database.close()
    assert (tmp_path / "x.sqlite3").is_file()


@pytest.mark.parametrize("url", ["no url", "nonsense://host/db", ""])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(LedgerError) as caught:
        Database(url)
    assert caught.value.message == (
        "The ledger's address is no database URL, or there is no driver for it. "
        "It looks like sqlite:///C:/folder/ledger.sqlite3."
    )


def test_the_password_of_a_shared_ledger_is_in_no_message(tmp_path: Path) -> None:
    url = f"sqlite://user:geheim@/{tmp_path}/x.sqlite3"
    with pytest.raises(LedgerError) as caught:
        Database(url)
    assert "geheim" not in str(caught.value)


def test_a_newer_one_is_refused_and_left_alone(ledger: Ledger, file: Path) -> None:
    ledger.close()
    plain(file, "update about set value = '7'")
    with pytest.raises(LedgerError) as caught:
        Ledger.at(file)
    assert caught.value.title == "Ledger is newer than this program"
    assert caught.value.message == (
        "The ledger was written by a newer QCPump-Qt (ledger version 7, this program knows 2). Install the "
        "newer program again, or use another folder."
    )
    assert caught.value.subject == str(file)
    assert plain(file, "select value from about") == [("7",)]


def test_an_older_one_is_led_up_step_by_step(
    ledger: Ledger, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.cycles.begin("p", "start")
    ledger.close()
    taken: list[str] = []

    def first(connection: Connection) -> None:
        taken.append("2 to 3")
        connection.execute(text("alter table cycles add column host text not null default ''"))

    monkeypatch.setattr(schema, "VERSION", 4)
    monkeypatch.setattr(schema, "UPGRADES", {2: first, 3: lambda _connection: taken.append("3 to 4")})
    upgraded = Ledger.at(file)
    upgraded.close()
    assert taken == ["2 to 3", "3 to 4"]
    assert plain(file, "select value from about") == [("4",)]
    assert plain(file, "select trigger, host from cycles") == [("start", "")]
    Ledger.at(file).close()
    assert taken == ["2 to 3", "3 to 4"]


def test_an_upgrade_that_fails_leaves_the_ledger_as_it_was(
    ledger: Ledger, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.close()

    def half(connection: Connection) -> None:
        connection.execute(text("alter table cycles add column host text"))
        connection.execute(text("alter table absent add column host text"))

    monkeypatch.setattr(schema, "VERSION", 3)
    monkeypatch.setattr(schema, "UPGRADES", {2: half})
    with pytest.raises(LedgerError, match="no such table: absent"):
        Ledger.at(file)
    assert plain(file, "select value from about") == [("2",)]
    assert "host" not in str(plain(file, "select sql from sqlite_master where name = 'cycles'"))


def test_a_missing_step_is_told(ledger: Ledger, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.close()
    monkeypatch.setattr(schema, "VERSION", 3)
    with pytest.raises(LedgerError) as caught:
        Ledger.at(file)
    assert caught.value.message == (
        "The ledger has version 2, and this program knows no way from there to 3. Report this fault."
    )


def test_every_older_version_has_its_step() -> None:
    assert sorted(schema.UPGRADES) == list(range(1, VERSION))


@pytest.mark.parametrize("change", ["update about set value = 'x'", "delete from about"])
def test_a_file_of_something_else_is_told(ledger: Ledger, file: Path, change: str) -> None:
    ledger.close()
    plain(file, change)
    with pytest.raises(LedgerError) as caught:
        Ledger.at(file)
    assert caught.value.message == (
        "The file holds something else than a ledger of QCPump-Qt. Move it away; a new one is made then."
    )


def test_a_file_that_is_no_database_is_told(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"This is no database. " * 500)
    with pytest.raises(LedgerError) as caught:
        Ledger.at(file)
    assert caught.value.message == (
        "The record of deliveries could not be read or written (file is not a database). The file is damaged. "
        "Put back a copy of it, or move it away: a new one is made then, and what is on the server already is "
        "recognised there and not stored twice."
    )
    assert caught.value.subject == str(file)


def test_a_damaged_file_is_told(ledger: Ledger, file: Path) -> None:
    ledger.deliveries.meet("p", records(2000))
    ledger.close()
    with file.open("r+b") as damaged:
        damaged.seek(4096 * 2)
        damaged.write(b"\xff" * 4096 * 60)
    with pytest.raises(LedgerError, match="The file is damaged"):
        _use_everything(file)


def _use_everything(file: Path) -> None:
    opened = Ledger.at(file)
    try:
        opened.deliveries.sightings()
        opened.deliveries.meet("p", records(5000))
    finally:
        opened.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(LedgerError, match="The folder for the ledger cannot be made: "):
        Ledger.at(tmp_path / "state" / "ledger.sqlite3")


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").mkdir()
    with pytest.raises(LedgerError) as caught:
        Ledger.at(tmp_path / "ledger.sqlite3")
    assert caught.value.message == (
        "The record of deliveries could not be read or written (unable to open database file). Nothing is sent "
        "while it is out of order. Check that the disk is not full and that the folder may be written to."
    )


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from qcpump_qt.engine.errors import LedgerError
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.shown import VERSION
from unit.engine.delivery.memory_server import records
ledger = Ledger.at(Path(sys.argv[1]))
ledger.deliveries.meet("before", records(5))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    ledger.deliveries.meet("after", records(5000))
except LedgerError as error:
    print(error.message)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
ledger.deliveries.meet("later", records(5))
print({pump: sum(ledger.deliveries.counts(pump).values()) for pump in ("before", "after", "later")})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of files of a process")
def test_a_full_disk_is_told_and_leaves_the_ledger_whole(file: Path) -> None:
    tests = Path(__file__).resolve().parents[3]
    process = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(file)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
        cwd=tests,
    )
    told, counts = process.stdout.splitlines()
    assert told.startswith("The record of deliveries could not be read or written (")
    assert told.endswith("Check that the disk is not full and that the folder may be written to.")
    assert counts == "{'before': 5, 'after': 0, 'later': 5}"


def test_many_may_open_a_new_ledger_at_the_same_time(file: Path) -> None:
    start = threading.Barrier(8)
    troubles: list[Exception] = []

    def open_and_write(number: int) -> None:
        start.wait(10)
        try:
            mine = Ledger.at(file)
            mine.deliveries.meet(f"pump-{number}", records(5))
            mine.close()
        except LedgerError as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=open_and_write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert troubles == []
    assert plain(file, "select count(*) from records") == [(40,)]
