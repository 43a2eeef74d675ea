"""Runs the TDS stand-in as a process of its own, for tests that read a SQL Server over real ODBC.

::

    with TdsServer(folder, databases={"DQA3": folder / "dqa3.sqlite"}, users={"physics": Reader("secret")}) as server:
        text = f"DRIVER={{FreeTDS}};SERVER=127.0.0.1;PORT={server.port};DATABASE=DQA3;UID=physics;PWD=secret"

Columns take their type from the declaration in the SQLite file: FLOAT, DECIMAL, EXACTTEXT (a decimal, every digit
kept), DATETIME, DATETIME2, UNIQUEIDENTIFIER, BIT, INTEGER, NVARCHAR, NTEXT (nvarchar(max)), NCHAR, VARCHAR (code
page 1252), CYRILLICTEXT (varchar in code page 1251). Times are kept as
``YYYY-MM-DD HH:MM:SS[.ffffff]``, GUIDs in upper case.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, cast

_SERVER = Path(__file__).with_name("tds_server.py")


@dataclass(frozen=True)
class Reader:
    """A login of the stand-in: by default it may read every table and change none."""

    password: str
    tables: Sequence[str] | None = None
    writes: bool = False


class TdsServer:
    """A stand-in in its own process; killed at the end of the `with` block.

    Args:
        folder: where its certificate is kept.
        databases: SQLite files by the name of the database; the first is a login's own.
        users: who may log in.
        tls: False for a server that has no TLS at all.
        forced: True for a server that insists on TLS for everything.
    """

    def __init__(
        self,
        folder: Path,
        *,
        databases: Mapping[str, Path],
        users: Mapping[str, Reader],
        tls: bool = True,
        forced: bool = False,
    ) -> None:
        setup = {
            "databases": {name: str(path) for name, path in databases.items()},
            "users": {name: asdict(user) for name, user in users.items()},
            "certificate": str(self_signed(folder)) if tls else "",
            "forced": forced,
        }
        self._process = subprocess.Popen(
            [sys.executable, str(_SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.port = int(self._ask(setup))

    def be_silent(self, silent: bool = True) -> None:
        """Take connections from now on and never say a word."""
        self._ask({"silent": silent})

    def trouble(self, **troubles: str) -> None:
        """Plan what goes wrong with statements that contain a word (see `tds_session.TROUBLES`)."""
        self._ask({"troubles": troubles})

    def log(self) -> list[str]:
        """What clients did so far: ``login …``, ``statement …``, ``cancel``, ``end``."""
        return cast("list[str]", self._ask({"log": True}))

    def heard(self, words: str, seconds: float = 30) -> bool:
        """Wait until the log has a line with these words; False when it gets none."""
        return bool(self._ask({"words": words, "seconds": seconds}))

    def everybody_left(self, seconds: float = 30) -> bool:
        """Wait until no client is connected any more; False when one stays."""
        return bool(self._ask({"left": seconds}))

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.kill()
        self._process.wait(timeout=30)

    def __enter__(self) -> TdsServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _ask(self, wish: Mapping[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The stand-in ended (exit status {self._process.wait(timeout=30)}).")
        return json.loads(line)


def self_signed(folder: Path) -> Path:
    """A certificate for this computer that nobody else vouches for, with its key, as one PEM file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SSL_Self_Signed_Fallback")])
    now = dt.datetime.now(dt.timezone.utc)
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.IPv4Address("127.0.0.1")),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
