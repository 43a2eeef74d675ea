"""What Firebird servers of any version and platform report, in words; texts as their drivers give them."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError, SourceUnavailable
from qcpump_qt.sources.databases import firebird
from qcpump_qt.sources.databases.connection import Account, open_database
from qcpump_qt.sources.databases.firebird_words import in_words, is_no_login, is_wrong_login, wrong_charset

ACCOUNT = Account(
    kind="firebird",
    driver="firebirdsql",
    host="dqa3-pc",
    port=3050,
    database="C:\\SNC\\Sncdata.fdb",
    user="reader",
    password="very secret",
)
WHERE = "the database C:\\SNC\\Sncdata.fdb on dqa3-pc, port 3050"
QUERY = "SELECT * FROM DQA3_TREND"


class DriverError(Exception):
    """As `fdb` raises it: text, SQL code, the first of the server's codes."""


class PureError(Exception):
    """As `firebirdsql` raises it: text and SQL code; all the server's codes aside."""

    def __init__(self, message: str, codes: set[int], sql_code: int = 0) -> None:
        super().__init__(message, sql_code)
        self.gds_codes = codes


def by_fdb(*lines: str, code: int, sql_code: int = -902) -> Exception:
    text = "Error while connecting to database:\n" + "\n".join(f"- {line}" for line in lines)
    return DriverError(text.replace("\n-", f"\n- SQLCODE: {sql_code}\n-", 1), sql_code, code)


def io_error(detail: str) -> Exception:
    return by_fdb(
        'I/O error during "CreateFile (open)" operation for file "C:\\SNC\\X"', detail, code=335544344
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            io_error("The system cannot find the file specified."),
            "The database server dqa3-pc, port 3050, has no database C:\\SNC\\Sncdata.fdb. Give the path of the file "
            "as that computer itself sees it (such as C:\\SNC\\Sncdata.fdb), or its alias.",
        ),
        (
            io_error("Access is denied."),
            "The database server dqa3-pc, port 3050, itself may not open the file C:\\SNC\\Sncdata.fdb. Let its "
            "administrator give the Firebird service the right to read and write that file.",
        ),
        (
            by_fdb(
                "Your user name and password are not defined. Ask your database administrator to set up a "
                "Firebird login.",
                code=335544472,
            ),
            "The database server dqa3-pc, port 3050, does not accept the user reader with this password. "
            "Check both in the pump's configuration; capital letters count in the password.",
        ),
        (
            PureError("unavailable database", {335544375}),
            "The database server dqa3-pc, port 3050, does not accept the user reader with this password, or does not "
            "understand how the driver firebirdsql logs in. Check user and password; if they are right, choose the "
            "driver fdb.",
        ),
        (
            by_fdb("Incompatible wire encryption levels requested on client and server", code=335545064),
            "The database server dqa3-pc, port 3050 and the driver firebirdsql do not agree on encryption. "
            "Set WireCrypt = Enabled in the firebird.conf of that server, or choose the other driver.",
        ),
        (
            PureError(
                "Use of database at location C:\\SNC\\X is not allowed by server configuration\n", {335544831}
            ),
            f"The server does not allow to open {WHERE} (Use of database at location C:\\SNC\\X is not allowed by "
            "server configuration). Let its administrator allow that folder (DatabaseAccess in firebird.conf), or "
            "use an alias.",
        ),
        (
            PureError("unsupported on-disk structure for file X; found 11.2, support 12.0\n", {335544379}),
            f"The file of {WHERE} is not a Firebird database that this server can read (unsupported on-disk "
            "structure for file X; found 11.2, support 12.0). Check the path, and the version of the server.",
        ),
        (
            ModuleNotFoundError("No module named 'passlib'"),
            "The database server dqa3-pc, port 3050, uses the login of Firebird 2 (Legacy_Auth), for which the driver "
            "firebirdsql needs the Python package passlib. Install passlib, or choose the driver fdb.",
        ),
    ],
)
def test_what_needs_a_person_while_connecting(error: Exception, message: str) -> None:
    told = in_words(error, ACCOUNT, "")
    assert isinstance(told, ConfigurationError)
    assert told.message == message


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            io_error("The process cannot access the file because it is being used by another process."),
            f'Another program keeps {WHERE} for itself at the moment (I/O error during "CreateFile (open)" operation '
            'for file "C:\\SNC\\X"; The process cannot access the file because it is being used by another process). '
            "The next cycle tries again.",
        ),
        (
            by_fdb("database C:\\SNC\\X shutdown", code=335544528),
            f"Somebody has shut {WHERE} for maintenance (database C:\\SNC\\X shutdown). The next cycle tries again.",
        ),
        (
            PureError("too many open handles to database\n", {335544361}),
            f"There is no way into {WHERE} (too many open handles to database). The next cycle tries again.",
        ),
        (
            RuntimeError("very secret is odd"),
            f"There is no way into {WHERE} (*** is odd). The next cycle tries again.",
        ),
        (
            OSError(113, "No route to host"),
            "The database server dqa3-pc, port 3050, cannot be reached (No route to host). "
            "Check the host, the port and the network.",
        ),
        (
            socket.gaierror(-2, "Name or service not known"),
            "The database server dqa3-pc is not known in the network. "
            "Check the host's spelling, and that this computer is in the hospital's network.",
        ),
        (
            ConnectionRefusedError(111, "Connection refused"),
            "The computer dqa3-pc is there, but nothing answers at its port 3050. "
            "Check the port, whether the database service is running there, and the firewall.",
        ),
        (
            TimeoutError("Pakcet recv timeout error"),
            "The database server dqa3-pc, port 3050, did not answer within 30 seconds. "
            "Check the host and the port, whether that computer is switched on, and the firewall.",
        ),
    ],
)
def test_what_may_pass_while_connecting(error: Exception, message: str) -> None:
    told = in_words(error, ACCOUNT, "")
    assert isinstance(told, SourceUnavailable)
    assert told.message == message
    assert told.subject == ACCOUNT.database


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(104, "Connection reset by peer"),
        by_fdb("Error reading data from the connection.", code=335544726),
        PureError("Can not recv() packets", set()),
    ],
)
def test_a_connection_that_breaks(error: Exception) -> None:
    told = in_words(error, ACCOUNT, QUERY)
    assert isinstance(told, SourceUnavailable)
    assert told.message == (
        f"The connection to {WHERE} broke in the middle of a query. Nothing was lost: the next cycle reads it again. "
        "If this goes on, ask whoever looks after the server."
    )


@pytest.mark.parametrize(
    "text",
    [
        "no permission for read/select access to TABLE DQA3_TREND",
        "no permission for SELECT access to TABLE DQA3_TREND",
        'no permission for SELECT access to TABLE "DQA3_TREND"; Effective user is READER',
    ],
)
def test_the_missing_right_in_any_version(text: str) -> None:
    told = in_words(by_fdb(text, code=335544352, sql_code=-551), ACCOUNT, QUERY)
    assert isinstance(told, ConfigurationError)
    assert told.message == (
        f"The user READER has no right to read the table DQA3_TREND in {WHERE}. "
        "Let its administrator run there: GRANT SELECT ON DQA3_TREND TO USER READER;"
    )


def test_a_right_that_is_not_for_reading_is_not_asked_for() -> None:
    told = in_words(
        PureError("no permission for EXECUTE access to PROCEDURE P\n", {335544352}), ACCOUNT, QUERY
    )
    assert told.message == (
        f"The query was refused by {WHERE} (no permission for EXECUTE access to PROCEDURE P). "
        "Check that the database's version is one that this pump type supports."
    )


def test_names_that_the_server_does_not_tell() -> None:
    told = in_words(PureError("no permission for\n", {335544352}), ACCOUNT, QUERY)
    assert "no right to read the table that was asked for in" in told.message
    told = in_words(PureError("", {335544580}), ACCOUNT, QUERY)
    assert told.message.startswith(f"There is no table that was asked for in {WHERE}.")


@pytest.mark.parametrize(
    ("charset", "other"),
    [("UTF-8", "WIN1251"), ("utf-8", "WIN1251"), ("WIN1251", "UTF-8"), ("KOI8", "UTF-8")],
)
def test_the_wrong_charset(charset: str, other: str) -> None:
    told = wrong_charset(replace(ACCOUNT, charset=charset), "COMMENTS")
    assert told.message == (
        f"The texts of the column COMMENTS in the database C:\\SNC\\Sncdata.fdb cannot be read with the charset "
        f"{charset}. Choose the charset {other} for this database."
    )


@pytest.mark.parametrize(
    "error",
    [
        UnicodeDecodeError("utf-8", b"\xcf", 0, 1, "invalid"),
        PureError("Cannot transliterate character between character sets\n", {335544321, 335544565}),
        by_fdb("Malformed string", code=335544849),
    ],
)
def test_the_wrong_charset_without_a_column(error: Exception) -> None:
    assert in_words(error, ACCOUNT, QUERY).message == (
        "Some texts in the database C:\\SNC\\Sncdata.fdb cannot be read with the charset UTF-8. "
        "Choose the charset WIN1251 for this database."
    )


def test_which_login_failed() -> None:
    assert is_wrong_login(PureError("Unauthorized", set()))
    assert is_wrong_login(PureError("Your user name …", {335544472}))
    assert not is_wrong_login(PureError("Connection is rejected", set()))
    assert not is_wrong_login(RuntimeError())
    assert is_wrong_login(by_fdb("Error occurred during login, please check …", code=335545106))
    assert is_no_login(PureError("Unauthorized", set()))
    assert is_no_login(PureError("unavailable database", {335544375}))
    assert not is_no_login(PureError("Connection is rejected", set()))


@pytest.mark.parametrize(
    ("driver", "advice"),
    [
        ("firebirdsql", "Install the Python package firebirdsql, or choose the driver fdb."),
        (
            "fdb",
            "Install the Python package fdb and the Firebird client library (fbclient.dll or libfbclient2), or choose "
            "the driver firebirdsql.",
        ),
    ],
)
def test_a_driver_that_is_not_installed(driver: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    with (
        pytest.raises(ConfigurationError) as caught,
        open_database(replace(ACCOUNT, driver=driver), CancelToken()),
    ):
        pass
    assert caught.value.message == (
        f"The Firebird driver {driver} is not usable on this computer "
        f"(import of {driver} halted; None in sys.modules). {advice}"
    )


def test_a_client_library_that_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    fdb: Any = pytest.importorskip("fdb", reason="needs the extra fdb")

    def load() -> None:
        raise Exception("The location of Firebird Client Library could not be determined.")

    monkeypatch.setattr(fdb, "load_api", load)
    with pytest.raises(ConfigurationError) as caught:
        firebird.connect(replace(ACCOUNT, driver="fdb"))
    assert caught.value.message.startswith(
        "The Firebird driver fdb is not usable on this computer (The location of Firebird Client Library could not "
        "be determined). Install the Python package fdb and the Firebird client library"
    )
