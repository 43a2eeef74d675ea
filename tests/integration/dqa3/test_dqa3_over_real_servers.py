"""The same days over each database: a real Firebird server with both drivers, and SQL Server over real ODBC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from integration.dqa3.clinic import Clinic
from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome
from servers.dqa3_database import (
    FIREBIRD,
    Dqa3Database,
    firebird_execute,
    made_database,
    sqlite_database,
    tables_of,
)
from servers.firebird import ADMIN, ADMIN_PASSWORD, FirebirdServer, firebird_or_skip
from servers.tds_process import Reader, TdsServer

USER, PASSWORD = "QCPUMP", "gehe!m;1"


@dataclass(frozen=True)
class Way:
    """One database read in one way."""

    version: str
    driver: str
    charset: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, (self.version, self.driver.replace(" ", ""), self.charset)))

    def kind(self, *, grouped: bool) -> str:
        family = {"01.03": "Firebird", "01.04": "Firebird", "01.06": "SQLServer", "1.5": "Atlas"}[
            self.version
        ]
        lite = {"Firebird": "Lite", "SQLServer": "LiteServer", "Atlas": "LiteAtlas"}[family]
        if self.driver == "sqlite":
            return f"{lite}{'Grouped' if grouped else 'One'}"
        return f"{family}{'Grouped' if grouped else ''}DQA3"


WAYS = [
    *(Way(version, "sqlite") for version in ("01.03", "01.04", "01.06", "1.5")),
    *(
        Way(version, driver, charset)
        for version in ("01.03", "01.04")
        for driver in ("firebirdsql", "fdb")
        for charset in ("UTF-8", "WIN1251")
    ),
    *(Way(version, driver) for version in ("01.06", "1.5") for driver in ("FreeTDS", "SQLite3")),
]


@pytest.fixture(scope="module")
def firebird(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirebirdServer]:
    firebird_or_skip()
    with FirebirdServer(tmp_path_factory.mktemp("firebird") / "server") as server:
        server.add_user(USER, PASSWORD)
        yield server


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    if found.driver in ("FreeTDS", "SQLite3"):
        pyodbc = pytest.importorskip("pyodbc", exc_type=ImportError)
        if found.driver not in pyodbc.drivers():
            pytest.skip(f"needs the ODBC driver {found.driver}: apt install tdsodbc libsqliteodbc")
    return found


@pytest.fixture(params=[True, False], ids=["several beams", "one beam"])
def clinic(
    request: pytest.FixtureRequest,
    way: Way,
    tmp_path: Path,
    standin: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Clinic]:
    grouped = bool(request.param)
    with ExitStack() as stack:
        if way.charset:
            server: FirebirdServer = request.getfixturevalue("firebird")
            database, login = firebird_database(server, way, stack, f"{tmp_path.name}.fdb")
        else:
            file = tmp_path / "dqa3.sqlite"
            database, login = sqlite_database(file, way.version), {}
            if way.driver == "FreeTDS":
                login = stand_in(stack, tmp_path, file)
            if way.driver == "SQLite3":
                login = {"driver": "SQLite3"}
        other = "Зал Ж" if way.charset == "WIN1251" else "Gerät 2"
        made = Clinic(
            tmp_path, standin, monkeypatch, way.kind(grouped=grouped), database, login, ("Зал Б", other)
        )
        stack.callback(made.close)
        yield made


def firebird_database(
    server: FirebirdServer, way: Way, stack: ExitStack, name: str
) -> tuple[Dqa3Database, Mapping[str, Any]]:
    charset = "UTF8" if way.charset == "UTF-8" else way.charset
    path = server.create(name, charset)
    address = {"host": server.host, "port": server.port, "database": path}
    login = {"user": ADMIN, "password": ADMIN_PASSWORD, "charset": charset}
    execute = stack.enter_context(firebird_execute({**address, **login}))
    made = made_database(way.version, execute, FIREBIRD)
    server.grant(path, USER, *tables_of(way.version))
    return made, {
        **address,
        "user": USER,
        "password": PASSWORD,
        "charset": way.charset,
        "driver": way.driver,
    }


def stand_in(stack: ExitStack, folder: Path, file: Path) -> Mapping[str, Any]:
    users = {"physics": Reader(PASSWORD)}
    server = stack.enter_context(TdsServer(folder, databases={"DQA3": file}, users=users))
    return {
        "host": "127.0.0.1",
        "port": server.port,
        "database": "DQA3",
        "user": "physics",
        "password": PASSWORD,
        "driver": "FreeTDS",
    }


def test_a_week_arrives_exactly(clinic: Clinic) -> None:
    """Two mornings, a late beam, a repeated one, NULLs, texts in Cyrillic; then a quiet cycle."""
    clinic.morning("03-09")
    clinic.morning("03-09", machine=1)
    made = clinic.measure("03-10 07:41:49.5", comment="Погода хорошая", signature="Иванов", dose=None)
    report = clinic.run()
    assert report.outcome is CycleOutcome.OK, report.messages
    clinic.judge()
    session = clinic.sessions()[clinic.holding(made)[0]]
    assert session["comment"] == "Погода хорошая"
    assert session["tests"][clinic.slug("signature", "6 MV")]["value"] == "Иванов"
    assert session["tests"][clinic.slug("data_key", "6 MV")]["value"] == str(made.data_key)
    clinic.measure("03-10 07:45:01", "10 FFF")
    clinic.run()
    clinic.judge()
    clinic.standin.counts.reset()
    assert clinic.run().outcome is CycleOutcome.OK
    assert clinic.standin.counts.requests() == 0
    assert clinic.states() == {DeliveryState.DELIVERED}


def test_the_validation_reads_every_table(clinic: Clinic) -> None:
    report = clinic.validate()
    assert report.valid, [each.message for each in report.sections]


def test_microseconds_and_guids_arrive_exactly(clinic: Clinic, way: Way) -> None:
    if clinic.grouped:
        pytest.skip("the keys of single beams show them")
    made = clinic.measure("03-10 07:41:49.1234")
    clinic.run()
    fraction = ".123400"
    if way.driver in ("FreeTDS", "SQLite3"):
        fraction = next(iter(clinic.sessions())).split("/")[3][19:]
        assert fraction.startswith(".123")
    assert set(clinic.sessions()) == {
        f"QCPump/DQA3/{made.beam.machine.id}/2026-03-10 07:41:49{fraction}/{made.data_key}"
    }
    clinic.now += timedelta(days=1)
    clinic.run()
    clinic.judge()
