"""The ledger's tables, their version, and the steps from every older version to this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    inspect,
    select,
    text,
)
from sqlalchemy import Text as AnyText

from qcpump_qt.engine.errors import LedgerError
from qcpump_qt.engine.ledger.shown import VERSION

if TYPE_CHECKING:
    _Decorator = TypeDecorator[str]
else:
    _Decorator = TypeDecorator


class Text(_Decorator):
    """Text of any length; half a character (names of files may hold one) is written as its number."""

    impl = AnyText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """The text as every database takes it."""
        return whole(value) if value is not None else None


def whole(words: str) -> str:
    """The text without halves of characters, as the ledger keeps it."""
    return words if words.isascii() else words.encode("utf-8", "backslashreplace").decode("utf-8")


metadata = MetaData()

about = Table(
    "about", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False)
)

records = Table(
    "records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pump", String(120), nullable=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("waiting_for", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("test_list", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("address", Text),
    Column("payload", Text),
    Column("answer", Text),
    Column("url", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_seen", String(32), nullable=False),
    Column("updated", String(32), nullable=False),
    UniqueConstraint("pump", "key", name="one_state_for_every_record"),
    # The large columns stand in the row before the times: what lists and counts ask for is answered from these.
    Index("records_by_need", "pump", "state", "waiting_for"),
    Index("records_by_state_and_time", "pump", "state", "updated"),
    Index("records_by_time", "pump", "updated"),
)

cycles = Table(
    "cycles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pump", String(120), nullable=False),
    Column("number", Integer, nullable=False),
    Column("trigger", String(20), nullable=False),
    Column("started", String(32), nullable=False),
    Column("ended", String(32)),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in ("found", "delivered", "already_there", "waiting", "skipped", "rejected")
    ),
    UniqueConstraint("pump", "number", name="cycles_are_numbered"),
)

items = Table(
    "items",
    metadata,
    Column("pump", String(120), primary_key=True),
    Column("container", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("record", Text),
    Column("facts", Text, nullable=False),
    Index("items_by_record", "pump", "record"),
)

marks = Table(
    "marks",
    metadata,
    Column("pump", String(120), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)


def _with_indexes_for_lists(connection: Connection) -> None:
    """From 1 to 2: other indexes, so that a window lists 100,000 records at once; no row changes."""
    for statement in (
        "DROP INDEX IF EXISTS records_by_state",
        "CREATE INDEX IF NOT EXISTS records_by_need ON records (pump, state, waiting_for)",
        "CREATE INDEX IF NOT EXISTS records_by_state_and_time ON records (pump, state, updated)",
        "CREATE INDEX IF NOT EXISTS records_by_time ON records (pump, updated)",
    ):
        connection.execute(text(statement))


UPGRADES: dict[int, Callable[[Connection], None]] = {1: _with_indexes_for_lists}
"""From which version, and how: each step leads to the next higher version, up to `VERSION`."""


def prepare(connection: Connection, where: str) -> None:
    """Create the tables of a new ledger, or lead an older one up to `VERSION`.

    Args:
        connection: inside a transaction that the caller commits.
        where: the ledger's place, for messages.

    Raises:
        LedgerError: the ledger was made by a newer program, or an upgrade step is missing.
    """
    if not inspect(connection).has_table("about"):
        metadata.create_all(connection)
        connection.execute(about.insert().values(name="version", value=str(VERSION)))
        return
    found = _version(connection, where)
    if found > VERSION:
        raise LedgerError(
            f"The ledger was written by a newer QCPump-Qt (ledger version {found}, this program knows "
            f"{VERSION}). Install the newer program again, or use another folder.",
            title="Ledger is newer than this program",
            subject=where,
        )
    for version in range(found, VERSION):
        if version not in UPGRADES:
            raise LedgerError(
                f"The ledger has version {version}, and this program knows no way from there to {VERSION}. "
                "Report this fault.",
                subject=where,
            )
        UPGRADES[version](connection)
        connection.execute(about.update().where(about.c.name == "version").values(value=str(version + 1)))


def _version(connection: Connection, where: str) -> int:
    version = connection.execute(select(about.c.value).where(about.c.name == "version")).scalar_one_or_none()
    if version is None or not version.isdecimal():
        raise LedgerError(
            "The file holds something else than a ledger of QCPump-Qt. Move it away; a new one is made then.",
            subject=where,
        )
    return int(version)
