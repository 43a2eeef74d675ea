"""A stop ends a query within two seconds, whatever server and driver do, and nothing of it stays behind."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.sqlserver.odbc_scene import PASSWORD, ROWS, ask
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled
from qcpump_qt.sources.databases.connection import Account, open_database
from servers.tds_process import TdsServer

PROGRAM = """
import random, sys, threading
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.sources.databases.connection import Account, open_database

driver, port, rounds, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
password = sys.stdin.read()
for number in range(rounds):
    account = Account(kind="sqlserver", driver=driver, host="127.0.0.1", port=port, database="DailyQA",
                      user="physics", password=password, query_timeout=random.choice([seconds, 60]))
    cancel = CancelToken()
    stop = threading.Timer(random.random() * seconds, cancel.cancel)
    try:
        with open_database(account, cancel) as database:
            stop.start()
            list(database.rows("SELECT NUMBER FROM MANY"))
    except PumpError:
        pass
    stop.cancel()
print("done", flush=True)
"""


PATIENT = 3600
"""Seconds of a query time-out that no test lives to see: what ends before was ended by the stop."""


def stop_when(server: TdsServer, words: str, cancel: CancelToken) -> threading.Thread:
    """Ask for an end as soon as the server has heard these words."""

    def stop() -> None:
        if server.heard(words):
            cancel.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    return stopper


@pytest.fixture
def stop_many(server: TdsServer, driver: str, tmp_path: Path) -> Callable[[int, float], None]:
    """Runs a program that asks and stops many times, and expects it to end well."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")

    def run(rounds: int, seconds: float) -> None:
        command = [
            sys.executable,
            "-X",
            "utf8",
            str(program),
            driver,
            str(server.port),
            str(rounds),
            str(seconds),
        ]
        done = subprocess.run(
            command, input=PASSWORD, capture_output=True, encoding="utf-8", timeout=280, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")

    return run


@pytest.mark.parametrize("trouble", ["silent", "half", "deaf"])
def test_a_stop_ends_a_query(account: Callable[..., Account], server: TdsServer, trouble: str) -> None:
    server.trouble(MANY=trouble)
    cancel = CancelToken()
    stopper = stop_when(server, "SELECT NUMBER FROM MANY", cancel)
    with pytest.raises(Cancelled), open_database(account(query_timeout=PATIENT), cancel) as database:
        list(database.rows("SELECT NUMBER FROM MANY"))
    stopper.join()
    server.trouble()
    assert len(ask(account())) == ROWS


@pytest.mark.parametrize("trouble", ["silent", "half"])
def test_the_driver_ends_what_was_left_behind_and_tells_the_server(
    account: Callable[..., Account], server: TdsServer, trouble: str
) -> None:
    """Nobody may enter the driver beside the thread that waits in it, so it goes by its own query time-out."""
    server.trouble(MANY=trouble)
    cancel = CancelToken()
    stopper = stop_when(server, "SELECT NUMBER FROM MANY", cancel)
    with pytest.raises(Cancelled), open_database(account(query_timeout=3), cancel) as database:
        list(database.rows("SELECT NUMBER FROM MANY"))
    stopper.join()
    assert server.everybody_left()
    heard = server.log()
    # In the middle of rows the thread may notice the stop by itself, and just closes the connection.
    assert trouble == "half" or "cancel" in heard[heard.index("statement SELECT NUMBER FROM MANY") :]


def test_a_stop_ends_the_wait_for_a_connection(account: Callable[..., Account], server: TdsServer) -> None:
    server.be_silent()
    cancel = CancelToken()
    stopper = stop_when(server, "hello", cancel)
    with pytest.raises(Cancelled), open_database(account(connect_timeout=PATIENT), cancel):
        pass
    stopper.join()


def test_a_stop_before_the_beginning_asks_nobody(account: Callable[..., Account], server: TdsServer) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled), open_database(account(), cancel):
        pass
    assert server.log() == []


@pytest.mark.parametrize(
    ("trouble", "rounds", "seconds"),
    [("deaf", 1, 0.2), ("half", 10, 0.02), ("silent", 10, 0.02), ("drop-half", 60, 0.02), ("none", 60, 0.1)],
)
def test_the_program_ends_well_after_stops_in_mid_query(
    server: TdsServer, stop_many: Callable[[int, float], None], trouble: str, rounds: int, seconds: float
) -> None:
    """Drivers crash when two threads are in one statement, and can hang a program at its end.

    The stops come while rows are on their way, with ``drop-half`` about when the server ends the connection.
    """
    if trouble != "none":
        server.trouble(MANY=trouble)
    stop_many(rounds, seconds)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "rounds", "seconds"), [("deaf", 40, 1), ("half", 100, 0.1), ("drop-half", 600, 0.02)]
)
def test_many_stops_do_no_harm(
    server: TdsServer, stop_many: Callable[[int, float], None], trouble: str, rounds: int, seconds: float
) -> None:
    server.trouble(MANY=trouble)
    stop_many(rounds, seconds)
