"""A real Firebird 3 server for tests: private, on the loopback, with its own users; ended by its process."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType

import pytest

SERVER = Path("/usr/sbin/firebird")
SECURITY = Path("/usr/share/firebird/3.0/security.sql")
LIBRARIES = Path("/usr/lib")
WHY_NOT = "needs a Firebird 3 server: apt install firebird3.0-server firebird3.0-utils libfbclient2"
ADMIN = "SYSDBA"
ADMIN_PASSWORD = "masterkey"
CONFIG = """\
RemoteServicePort = {port}
RemoteBindAddress = 127.0.0.1
SecurityDatabase = {folder}/security3.fdb
AuthServer = {plugins}
AuthClient = Srp256, Srp, Legacy_Auth
UserManager = Srp, Legacy_UserManager
WireCrypt = {wire_crypt}
"""


def can_be_started() -> bool:
    """Whether everything is installed that a private server needs."""
    return SERVER.exists() and SECURITY.exists() and bool(shutil.which("isql-fb")) and _home() is not None


def firebird_or_skip() -> None:
    """Skip the test that asks where Firebird is not installed; fail instead where all must run (CI)."""
    if not can_be_started():
        if os.environ.get("CI") == "true":
            pytest.fail(WHY_NOT)
        pytest.skip(WHY_NOT)


class FirebirdServer:
    """A running server; ended with the `with` block.

    Args:
        folder: where everything of it lies; empty or not there yet.
        plugins: the ways of logging in, the preferred one first; ``Legacy_Auth`` is that of Firebird 2.
        wire_crypt: ``Enabled``, ``Required`` or ``Disabled``; Firebird 2's way of logging in cannot encrypt.
    """

    host = "127.0.0.1"

    def __init__(
        self, folder: Path, *, plugins: str = "Srp256, Srp, Legacy_Auth", wire_crypt: str = "Enabled"
    ) -> None:
        self.folder = folder
        self._plugins = plugins
        self._wire_crypt = wire_crypt
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self._make_home()
        self.start()

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start (again), on the port it had or on a free one, and wait until it listens."""
        for _ in range(10):
            self.port = self.port or _free_port()
            self._configure()
            self._process = subprocess.Popen(
                [str(SERVER)], env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if self._listens():
                return
            self.stop()
            self.port = 0
        pytest.fail(f"The Firebird server of the test did not start; see {self.folder}.")

    def stop(self) -> None:
        """End the server; may be called more than once."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it without a word, as a power cut would."""
        self._end(signal.SIGKILL)

    def create(self, name: str, charset: str = "UTF8", script: str = "") -> str:
        """Make a database and run a script in it; its path on the server."""
        path = self.folder / name
        self.run(
            "",
            f"CREATE DATABASE '{self._address(str(path))}' USER '{ADMIN}' PASSWORD '{ADMIN_PASSWORD}' "
            f"PAGE_SIZE 8192 DEFAULT CHARACTER SET {charset};",
        )
        if script:
            self.run(str(path), script)
        return str(path)

    def add_user(self, name: str, password: str, *, legacy: bool = False) -> None:
        """A user of the server, in the way of Firebird 2 where `legacy` is True."""
        plugin = "Legacy_UserManager" if legacy else "Srp"
        statement = f"CREATE USER {name} PASSWORD '{password}' USING PLUGIN {plugin};\nCOMMIT;\n"
        self._isql([str(self.folder / "security3.fdb")], statement)

    def grant(self, database: str, user: str, *tables: str, right: str = "SELECT") -> None:
        """Give a user a right on tables."""
        self.run(database, "\n".join(f"GRANT {right} ON {table} TO USER {user};" for table in tables))

    def run(self, database: str, script: str) -> str:
        """Run a script (in UTF-8) as the administrator through the server; what isql wrote."""
        where = [self._address(database)] if database else []
        return self._isql(["-charset", "UTF8", *where], script + "\nCOMMIT;\n" if database else script)

    def count(self, database: str, statement: str) -> int:
        """What a statement with one number gives."""
        return int(self.run(database, f"SET HEADING OFF;\n{statement};").split()[0])

    def attachments(self, database: str) -> int:
        """How many connections of others the database has."""
        return self.count(
            database,
            "SELECT COUNT(*) FROM MON$ATTACHMENTS WHERE MON$SYSTEM_FLAG = 0 "
            "AND MON$ATTACHMENT_ID <> CURRENT_CONNECTION",
        )

    def __enter__(self) -> FirebirdServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "FIREBIRD": str(self.folder),
            "FIREBIRD_LOCK": str(self.folder / "lock"),
            "FIREBIRD_TMP": str(self.folder / "temporary"),
            "ISC_USER": ADMIN,
            "ISC_PASSWORD": ADMIN_PASSWORD,
        }

    def _make_home(self) -> None:
        home = _home()
        assert home is not None
        for name in ("lock", "temporary"):
            (self.folder / name).mkdir(parents=True)
        # A copy: charsets are "not installed" where the folder is a link.
        shutil.copytree(home / "intl", self.folder / "intl")
        (self.folder / "plugins").symlink_to(home / "plugins")
        for name in ("plugins.conf", "databases.conf", "firebird.msg"):
            shutil.copy(home / name, self.folder / name)
        self._configure()
        security = str(self.folder / "security3.fdb")
        self._isql([], f"CREATE DATABASE '{security}';\n")
        self._isql([security], SECURITY.read_text(encoding="utf-8"))
        # Firebird 2's way of logging in knows the administrator already, with just this password.
        self._isql(
            [security], f"CREATE USER {ADMIN} PASSWORD '{ADMIN_PASSWORD}' USING PLUGIN Srp;\nCOMMIT;\n"
        )

    def _configure(self) -> None:
        text = CONFIG.format(
            port=self.port or 3050, folder=self.folder, plugins=self._plugins, wire_crypt=self._wire_crypt
        )
        (self.folder / "firebird.conf").write_text(text, encoding="utf-8")

    def _address(self, database: str) -> str:
        return f"{self.host}/{self.port}:{database}"

    def _isql(self, arguments: list[str], script: str) -> str:
        # From a file: isql loses every letter beyond ASCII of what it reads from its input.
        handle, name = tempfile.mkstemp(suffix=".sql", dir=self.folder)
        os.close(handle)
        Path(name).write_text(script, encoding="utf-8")
        done = subprocess.run(
            ["isql-fb", "-quiet", "-bail", *arguments, "-i", name],
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _listens(self) -> bool:
        process = self._process
        pause = threading.Event()
        for _ in range(500):
            if process is None or process.poll() is not None:
                return False
            try:
                socket.create_connection((self.host, self.port), timeout=5).close()
            except OSError:
                pause.wait(0.02)
            else:
                return process.poll() is None
        return False

    def _end(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            try:
                self._process.wait(timeout=1)
            except subprocess.TimeoutExpired:  # it often waits for ever after a login of Firebird 2
                self._process.kill()
                self._process.wait(timeout=30)
            self._process = None


def _home() -> Path | None:
    """Where the distribution keeps what belongs to the server."""
    return next(iter(sorted(LIBRARIES.glob("*/firebird/3.0"))), None)


def _free_port() -> int:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])
