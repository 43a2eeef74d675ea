"""One client's session with the TDS stand-in: login, statements, and the troubles that were planned for it."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servers import tds_tokens as say
from servers.tds_requests import (
    Call,
    Login,
    parameter_names,
    read_batch,
    read_calls,
    read_login,
    wanted_encryption,
)
from servers.tds_sql import Database, Result, Rights, SqlError, type_info
from servers.tds_wire import ATTENTION, BATCH, LOGIN, PRELOGIN, RPC, Channel, Gone

_TYPE_PROCEDURE = "sp_datatype_info_100"
_TYPES = re.compile(rf"{_TYPE_PROCEDURE} (-?\d+)")
LOGIN_ONLY, ALL, IMPOSSIBLE, REQUIRED = 0, 1, 2, 3
TROUBLES = ("silent", "deaf", "half", "drop", "drop-half")
"""What can be planned for a statement.

silent: no answer until the client cancels. deaf: no answer, not even then. half: some rows, then no more until the
client cancels. drop and drop-half: the connection ends before any answer, or in the middle of the rows.
"""


@dataclass
class User:
    """One login of the server."""

    password: str
    rights: Rights = field(default_factory=Rights)


@dataclass
class World:
    """What the server has, and what it is planned to do wrong."""

    databases: dict[str, Path]
    users: dict[str, User]
    context: ssl.SSLContext | None
    forced: bool = False
    """True when the server insists on TLS for everything."""
    silent: bool = False
    """True when the server takes connections and never says a word."""
    troubles: dict[str, str] = field(default_factory=dict)
    """Trouble by a word that the statement contains."""
    log: list[str] = field(default_factory=list)
    """What clients did: logins, statements, cancels, ends."""
    connected: int = 0
    """How many clients are there now."""
    change: threading.Condition = field(default_factory=threading.Condition)

    def note(self, what: str) -> None:
        """Add a line to the log."""
        with self.change:
            self.log.append(what)
            self.change.notify_all()

    def wait_for(self, words: str, seconds: float) -> bool:
        """Wait until the log has a line with these words; False when it gets none."""
        with self.change:
            return self.change.wait_for(lambda: any(words in line for line in self.log), seconds)

    def count(self, step: int) -> None:
        """Note that a client came (1) or went (-1)."""
        with self.change:
            self.connected += step
            self.change.notify_all()

    def wait_until_left(self, seconds: float) -> bool:
        """Wait until the last client is gone; False when one stays."""
        with self.change:
            return self.change.wait_for(lambda: self.connected == 0, seconds)


class Session:
    """Talks to one client until it goes."""

    def __init__(self, channel: Channel, world: World) -> None:
        self._channel = channel
        self._world = world
        self._prepared: dict[int, tuple[str, list[str]]] = {}
        self._database: Database | None = None

    def run(self) -> None:
        """Log in, answer every message, and return when the client is gone (or was dropped)."""
        try:
            if self._log_in():
                while True:
                    self._answer(*self._channel.read())
        except (Gone, ssl.SSLError):
            pass
        finally:
            self._world.note("end")
            self._channel.close()
            self._world.count(-1)

    def _log_in(self) -> bool:
        kind, data = self._channel.read()
        self._world.note("hello")
        while self._world.silent:
            self._channel.read()
        if kind != PRELOGIN:
            return False
        encryption = self._agreed(wanted_encryption(data))
        self._channel.write(say.prelogin(encryption))
        if encryption != IMPOSSIBLE and self._world.context is not None:
            self._channel.start_tls(self._world.context)
        kind, data = self._channel.read()
        if encryption == LOGIN_ONLY:
            self._channel.stop_tls()
        if kind != LOGIN:
            return False
        return self._admit(read_login(data))

    def _agreed(self, wanted: int) -> int:
        if self._world.context is None:
            return IMPOSSIBLE
        if self._world.forced:
            return ALL if wanted == ALL else REQUIRED
        return wanted

    def _admit(self, login: Login) -> bool:
        user = self._world.users.get(login.user)
        database = login.database or next(iter(self._world.databases))
        if user is None or user.password != login.password:
            self._refuse(say.error(18456, f"Login failed for user '{login.user}'.", 1, 14))
            return False
        if database not in self._world.databases:
            self._refuse(
                say.error(
                    4060,
                    f'Cannot open database "{database}" requested by the login. The login failed.',
                    1,
                    11,
                )
                + say.error(18456, f"Login failed for user '{login.user}'.", 1, 14)
            )
            return False
        self._world.note(f"login {login.user} {database}{' read-only' if login.read_only else ''}")
        self._database = Database(self._world.databases[database], database, user.rights)
        self._channel.write(say.welcome(database) + say.done())
        return True

    def _refuse(self, complaint: bytes) -> None:
        self._channel.write(complaint + say.done(say.ERROR))

    def _answer(self, kind: int, data: bytes) -> None:
        if kind == ATTENTION:
            self._world.note("cancel")
            self._channel.write(say.done(say.ATTENTION))
        elif kind == BATCH:
            self._batch(read_batch(data))
        elif kind == RPC:
            for call in read_calls(data):
                self._call(call)
        else:
            self._refuse(say.error(2800, f"A message of type {kind} is beyond this stand-in."))

    def _batch(self, text: str) -> None:
        first = text.split(None, 1)[0].upper() if text.strip() else ""
        if first in ("", "SET", "USE", "IF"):
            self._channel.write(say.done())
            return
        result = self._result(text, [], [])
        if isinstance(result, bytes):
            self._refuse(result)
        elif result is not None:
            self._channel.write(_rows(result) + say.done(say.COUNT, len(result.rows)))

    def _call(self, call: Call) -> None:
        if call.procedure == "sp_executesql":
            names = parameter_names(call.values[1] if len(call.values) > 1 else None)
            self._run(call.values[0], names, call.values[2:])
        elif call.procedure in ("sp_prepare", "sp_prepexec"):
            statement, names = call.values[2], parameter_names(call.values[1])
            number = len(self._prepared) + 1
            self._prepared[number] = (statement, names)
            if call.procedure == "sp_prepare":
                self._channel.write(say.handle(number) + say.done_procedure())
            else:
                self._run(statement, names, call.values[3:], say.handle(number))
        elif call.procedure == "sp_execute":
            self._run(*self._prepared[call.values[0]], call.values[1:])
        elif call.procedure == "sp_unprepare":
            self._channel.write(say.done_procedure())
        elif call.procedure.endswith(_TYPE_PROCEDURE):
            self._run(f"{_TYPE_PROCEDURE} {call.values[0]}", [], [])
        else:
            self._refuse(say.error(2812, f"Could not find stored procedure '{call.procedure}'."))

    def _run(self, statement: str, names: Sequence[str], values: Sequence[Any], handle: bytes = b"") -> None:
        result = self._result(statement, names, values)
        if isinstance(result, bytes):
            self._channel.write(result + handle + say.done_procedure(say.ERROR))
        elif result is not None:
            body = _rows(result) + say.done_in_procedure(len(result.rows))
            self._channel.write(body + handle + say.done_procedure())

    def _result(self, statement: str, names: Sequence[str], values: Sequence[Any]) -> Result | bytes | None:
        """The statement's rows, or a complaint; None when a trouble took its place."""
        if types := _TYPES.match(statement):
            return type_info(int(types[1]))
        self._world.note(f"statement {statement}")
        assert self._database is not None
        try:
            result = self._database.ask(statement, names, values)
        except SqlError as error:
            return say.error(error.number, error.text, 5, 14 if error.number == 229 else 16)
        for word, trouble in self._world.troubles.items():
            if word in statement:
                self._make_trouble(trouble, result)
                return None
        return result

    def _make_trouble(self, trouble: str, result: Result) -> None:
        if trouble in ("half", "drop-half"):
            # The last packet of these rows never comes, so the client knows that more must follow.
            some = Result(result.names, result.rows[: len(result.rows) // 2])
            self._channel.write(_rows(some), whole=False)
        if trouble.startswith("drop"):
            raise Gone
        while trouble == "deaf":
            self._channel.read()


def _rows(result: Result) -> bytes:
    return say.result(result.names, result.rows) if result.names else b""
