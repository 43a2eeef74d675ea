"""Daily QA3: 10,000 measurements from a real Firebird server to grouped payloads, ready to be sent.

Run it with ``python benchmarks/dqa3.py``; it needs Firebird's server (see packaging/set_up.sh).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.records import UnitBy, UnitRef
from qcpump_qt.pumps.dqa3.keys import group_key
from qcpump_qt.pumps.dqa3.style import SeveralBeams, members_of
from qcpump_qt.sources.databases.connection import Account, open_database
from qcpump_qt.sources.dqa3.dialects import FIREBIRD
from qcpump_qt.sources.dqa3.reader import Reader
from servers import dqa3_database as tables
from servers.firebird import ADMIN, ADMIN_PASSWORD, FirebirdServer

MEASUREMENTS, BEAMS, ROUNDS = 10_000, 10, 3
START = datetime.fromisoformat("2024-01-01 07:00")


def main() -> None:
    """Print the seconds of each driver, over a line that is encrypted and over one that is not (Firebird 2)."""
    for line, wire_crypt in (("encrypted", "Required"), ("not encrypted", "Disabled")):
        with (
            tempfile.TemporaryDirectory() as folder,
            FirebirdServer(Path(folder) / "server", wire_crypt=wire_crypt) as server,
        ):
            measure(server, line)


def measure(server: FirebirdServer, line: str) -> None:
    """Print the seconds of each driver with this server."""
    path = server.create("dqa3.fdb")
    address: dict[str, Any] = {"host": server.host, "port": server.port, "database": path}
    address |= {"user": ADMIN, "password": ADMIN_PASSWORD}
    fill(address)
    for driver in ("firebirdsql", "fdb"):
        rounds = [one_round(Account(kind="firebird", driver=driver, **address)) for _ in range(ROUNDS)]
        print(f"{driver}, {line}: {statistics.median(rounds):.2f} s ({min(rounds):.2f} to {max(rounds):.2f})")


def fill(address: dict[str, Any]) -> None:
    """Two machines, a morning of ten beams each day."""
    with one_transaction(address) as execute:
        made = tables.made_database("01.04", execute, tables.FIREBIRD)
    with one_transaction(address) as execute:
        made.execute = execute
        machines = [made.add_machine(f"TrueBeam {number}", "Room") for number in (1, 2)]
        beams = [[made.add_beam(machine, f"{energy} MV") for energy in range(BEAMS)] for machine in machines]
        for number in range(MEASUREMENTS):
            day, place = divmod(number, 2 * BEAMS)
            beam = beams[place // BEAMS][place % BEAMS]
            made.measure(
                beam,
                START + timedelta(days=day, minutes=place % BEAMS),
                comment=None if number % 10 else f"number {number}",
            )


@contextmanager
def one_transaction(address: dict[str, Any]) -> Iterator[tables.Execute]:
    """Statements that are committed together."""
    import fdb  # noqa: PLC0415 - a driver

    connection = fdb.connect(**address, charset="UTF8")
    cursor = connection.cursor()
    prepared: dict[str, Any] = {}

    def execute(statement: str, values: Any) -> None:
        if not values:
            cursor.execute(statement)
            connection.commit()
            return
        if statement not in prepared:
            prepared[statement] = cursor.prep(statement)
        cursor.execute(prepared[statement], tuple(values))

    yield execute
    connection.commit()
    connection.close()


def one_round(account: Account) -> float:
    """Seconds from opening the database to the last payload."""
    style = SeveralBeams("Daily QA3 Results", timedelta(minutes=20), timedelta(minutes=20), comments=True)
    started = time.perf_counter()
    with open_database(account, CancelToken()) as database:
        reader = Reader(database, FIREBIRD)
        machines = {machine.id: machine for machine in reader.machines()}
        found = reader.measurements(reader.sights(list(machines.values()), START - timedelta(days=1)))
    groups = style.groups(found, ())
    unit = UnitRef(UnitBy.NUMBER, "1")
    uploads = [
        style.upload(each, group_key(each.sights), members_of(each, found), machines[each.machine_id], unit)
        for each in groups
    ]
    seconds = time.perf_counter() - started
    assert len(found) == MEASUREMENTS
    assert len(uploads) == MEASUREMENTS // BEAMS
    return seconds


if __name__ == "__main__":
    main()
