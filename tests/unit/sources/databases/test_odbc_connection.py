"""An ODBC connection under two threads: only its own one ever enters the driver, whatever another one wishes."""

from __future__ import annotations

import threading
from typing import Any

from qcpump_qt.sources.databases.odbc import OdbcConnection

MANY = 100


class Driver:
    """A driver's connection and its one statement; the row with the number `waits_at` waits until it is let go.

    `entered` names the thread of each call.
    """

    description = (("NAME", str, None, 10, 10, 0, True),)

    def __init__(self, row: tuple[Any, ...], waits_at: int = -1) -> None:
        self._row = row
        self._waits_at = waits_at
        self._given = 0
        self.waiting = threading.Event()
        self.let_go = threading.Event()
        self.entered: list[threading.Thread] = []
        self.events: list[str] = []
        self.asked: tuple[Any, ...] = ()

    def cursor(self) -> Driver:
        self.entered.append(threading.current_thread())
        return self

    def execute(self, *statement_and_values: Any) -> None:
        self.entered.append(threading.current_thread())
        self.asked = statement_and_values

    def fetchone(self) -> tuple[Any, ...] | None:
        self.entered.append(threading.current_thread())
        if self._given == self._waits_at:
            self.waiting.set()
            self.let_go.wait()
        self._given += 1
        return self._row if self._given <= MANY else None

    def close(self) -> None:
        self.entered.append(threading.current_thread())
        self.events.append("closed")

    def cancel(self) -> None:
        self.entered.append(threading.current_thread())
        self.events.append("cancelled")


def test_an_interruption_leaves_the_driver_alone_and_ends_the_rows() -> None:
    driver = Driver(("6X",), waits_at=3)
    raw = OdbcConnection(driver)
    rows: list[Any] = []

    def work() -> None:
        cursor = raw.cursor()
        cursor.execute("SELECT", [])
        rows.extend(cursor.fetchmany(MANY))
        cursor.close()
        raw.close()

    worker = threading.Thread(target=work)
    worker.start()
    driver.waiting.wait()
    raw.interrupt()
    assert driver.events == []
    driver.let_go.set()
    worker.join()
    assert set(driver.entered) == {worker}
    assert driver.events == ["closed", "closed"]
    assert len(rows) == 4


def test_nothing_is_fetched_after_an_interruption() -> None:
    driver = Driver(("6X",))
    raw = OdbcConnection(driver)
    raw.interrupt()
    cursor = raw.cursor()
    before = len(driver.entered)
    assert cursor.fetchmany(MANY) == []
    assert len(driver.entered) == before


def test_as_many_rows_are_fetched_as_were_asked_for_until_there_are_no_more() -> None:
    cursor = OdbcConnection(Driver(("6X",))).cursor()
    assert [len(cursor.fetchmany(60)) for _ in range(3)] == [60, 40, 0]


def test_texts_lose_the_spaces_behind_them_and_nothing_else() -> None:
    driver = Driver(("6X   ", " a ", None, 1.5, b"b "))
    cursor = OdbcConnection(driver).cursor()
    cursor.execute("SELECT * FROM T WHERE A = ? AND B = ?", [1, "b "])
    assert driver.asked == ("SELECT * FROM T WHERE A = ? AND B = ?", 1, "b ")
    assert cursor.fetchmany(1) == [["6X", " a", None, 1.5, b"b "]]
    assert cursor.description is not None
    assert cursor.description[0][0] == "NAME"
