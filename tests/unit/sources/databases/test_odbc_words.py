"""What drivers and servers say, in any language, becomes words for a physicist."""

from __future__ import annotations

import pytest

from qcpump_qt.engine.errors import ConfigurationError, PumpError, SourceUnavailable
from qcpump_qt.sources.databases.connection import Account
from qcpump_qt.sources.databases.odbc_words import driver_missing, login_failed, words_for

ACCOUNT = Account(
    kind="sqlserver",
    driver="ODBC Driver 17 for SQL Server",
    host="db.clinic\\DailyQA",
    port=1433,
    database="DailyQA",
    user="phy]sics",
    password="geheim!!",
)
QUERY = "SELECT * FROM dqa3_trend tr JOIN DEVICE dev ON dev.device_key = tr.device_key WHERE tr.data_key > ?"
MICROSOFT = "[Microsoft][ODBC Driver 17 for SQL Server]"
NO_RIGHT = (
    "The user phy]sics may not read the table DEVICE in the database DailyQA. Ask whoever looks after the server to "
    "run there: GRANT SELECT ON [DEVICE] TO [phy]]sics];"
)
NO_TABLE = (
    "The database DailyQA has no table dqa3_trend. Check that this is the database of the device's software, and that "
    "the pump type suits its version."
)
NO_DATABASE = (
    "The server db.clinic\\DailyQA accepts the user phy]sics, but has no database DailyQA for that user. "
    "Check the database's name, and that the user may open it."
)
BAD_LOGIN = (
    "The server db.clinic\\DailyQA does not accept the user phy]sics with this password. Check both. "
    "The user must be a SQL Server login, and the server must allow SQL Server logins."
)
UNTRUSTED = (
    "The connection to db.clinic\\DailyQA was given up, because nobody this computer trusts vouches for the server's "
    "certificate. Have a trusted certificate installed on the server. Where the network in between is safe, choose "
    "ODBC Driver 17 for SQL Server or FreeTDS instead, which do not check it."
)
GONE = (
    "The server db.clinic\\DailyQA ended the connection while it was asked. The next cycle tries again; "
    "if this goes on, ask whoever looks after the server."
)


def told(state: str, text: str, statement: str = QUERY) -> PumpError:
    return words_for(RuntimeError(state, text), ACCOUNT, statement)


@pytest.mark.parametrize(
    "text",
    [
        f"[42000] {MICROSOFT}[SQL Server]The SELECT permission was denied on the object 'DEVICE', database 'DailyQA', "
        "schema 'dbo'. (229) (SQLExecDirectW)",
        f"[42000] {MICROSOFT}[SQL Server]Die SELECT-Berechtigung wurde für das 'DEVICE'-Objekt, 'DailyQA'-Datenbank, "
        "'dbo'-Schema, verweigert. (229) (SQLExecDirectW)",
        f'[42000] {MICROSOFT}[SQL Server]Запрещено разрешение "SELECT" на объект "DEVICE" базы данных "DailyQA", схемы '
        '"dbo". (229) (SQLExecDirectW)',
        f"[42000] {MICROSOFT}[SQL Server]L'autorisation SELECT a été refusée sur l'objet «DEVICE», base de données "
        "«DailyQA», schéma «dbo». (229) (SQLExecDirectW); [42000] another (0)",
    ],
)
def test_a_right_that_is_missing_in_any_language(text: str) -> None:
    error = told("42000", text)
    assert isinstance(error, ConfigurationError)
    assert error.message == NO_RIGHT


@pytest.mark.parametrize(
    "text",
    [
        "[42S02] [FreeTDS][SQL Server]Invalid object name 'dqa3_trend'. (208) (SQLExecDirectW)",
        f'[42S02] {MICROSOFT}[SQL Server]Ungültiger Objektname "dqa3_trend". (208) (SQLExecDirectW)',
        f"[42S02] {MICROSOFT}[SQL Server]Недопустимое имя объекта «dqa3_trend». (208)",
    ],
)
def test_a_table_that_is_missing_in_any_language(text: str) -> None:
    assert told("42S02", text).message == NO_TABLE


def test_a_table_that_the_message_does_not_name() -> None:
    assert told("42S02", "Invalid object name. (208)").message == NO_TABLE.replace("dqa3_trend", "(unnamed)")


@pytest.mark.parametrize(
    ("state", "text", "expected"),
    [
        (
            "28000",
            f"[28000] {MICROSOFT}[SQL Server]Login failed for user 'physics'. (18456) (SQLDriverConnect)",
            BAD_LOGIN,
        ),
        (
            "28000",
            f"[28000] {MICROSOFT}[SQL Server]Login failed for user 'physics'. (18456) (SQLDriverConnect); [28000] "
            f'{MICROSOFT}[SQL Server]Cannot open database "x" requested by the login. The login failed. (4060)',
            NO_DATABASE,
        ),
        (
            "42000",
            '[42000] [SQL Server]The server principal "x" is not able to access the database. (916)',
            NO_DATABASE,
        ),
        (
            "28000",
            "[28000] [SQL Server]Login failed. The login is from an untrusted domain. (18452)",
            "The server db.clinic\\DailyQA accepts Windows logins only. Ask whoever looks after it to allow SQL Server "
            "logins as well, and for a login that may only read.",
        ),
        (
            "28000",
            "[28000] [SQL Server]Login failed for user 'physics'. Reason: The password of the account must be changed. "
            "(18488)",
            "The password of the user phy]sics on the server db.clinic\\DailyQA has expired. "
            "Have a new one set there, and enter it here.",
        ),
        (
            "28000",
            "[28000] [SQL Server]Login failed for user 'physics'. Reason: The account is disabled. (18470)",
            "The user phy]sics is disabled or locked on the server db.clinic\\DailyQA. "
            "Ask whoever looks after the server to unlock it, and check the password.",
        ),
    ],
)
def test_a_login_that_is_refused(state: str, text: str, expected: str) -> None:
    error = told(state, text, "")
    assert isinstance(error, ConfigurationError)
    assert error.message == expected


@pytest.mark.parametrize(
    "text",
    [
        f"[08001] {MICROSOFT}SSL Provider: The certificate chain was issued by an authority that is not trusted. "
        "(-2146893019) (SQLDriverConnect)",
        f"[08001] {MICROSOFT}SSL-Anbieter: Die Zertifikatkette wurde von einer nicht vertrauenswürdigen Zertifizierungs"
        "stelle ausgestellt. (-2146893019) (SQLDriverConnect)",
        f"[08001] {MICROSOFT}SSL Provider: [error:0A000086:SSL routines::certificate verify failed:self-signed "
        "certificate] (-1) (SQLDriverConnect)",
    ],
)
def test_a_certificate_that_is_not_trusted(text: str) -> None:
    error = told("08001", text, "")
    assert isinstance(error, ConfigurationError)
    assert error.message == UNTRUSTED


def test_no_encryption_in_common() -> None:
    error = told(
        "08001", f"[08001] {MICROSOFT}SSL Provider: no protocols available (-1) (SQLDriverConnect)", ""
    )
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        "The driver and the server db.clinic\\DailyQA do not agree on encryption. Old servers need an older driver, "
        "such as ODBC Driver 17 for SQL Server or FreeTDS, or an update. "
        "The driver says: SSL Provider: no protocols available"
    )


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("08S01", f"[08S01] {MICROSOFT}TCP Provider: Error code 0x2746 (10054) (SQLExecDirectW)"),
        ("08S01", f"[08S01] {MICROSOFT}TCP-Anbieter: Eine vorhandene Verbindung wurde geschlossen. (10054)"),
        ("01000", "[01000] [FreeTDS][SQL Server]Unexpected EOF from the server (20017) (SQLFetch)"),
        ("08S01", "[08S01] [FreeTDS][SQL Server]Write to the server failed (20006) (SQLExecDirectW)"),
    ],
)
def test_a_server_that_died(state: str, text: str) -> None:
    error = told(state, text)
    assert isinstance(error, SourceUnavailable)
    assert error.message == GONE


def test_a_server_under_maintenance() -> None:
    error = told(
        "42000", f"[42000] {MICROSOFT}[SQL Server]Database 'DailyQA' is in restore. (927) (SQLExecDirectW)"
    )
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        "The database DailyQA on db.clinic\\DailyQA is busy or under maintenance. The next cycle tries again. "
        "The driver says: Database 'DailyQA' is in restore."
    )


def test_a_time_out_of_the_driver_reads_like_ours() -> None:
    late = told("HYT00", f"[HYT00] {MICROSOFT}Query timeout expired (0) (SQLExecDirectW)")
    assert isinstance(late, SourceUnavailable)
    assert late.message == (
        "The database server db.clinic\\DailyQA, port 1433, did not answer a query within 60 seconds. "
        "The next cycle tries again; if this goes on, ask whoever looks after the server."
    )
    late = told("HYT00", f"[HYT00] {MICROSOFT}Login timeout expired (0) (SQLDriverConnect)", "")
    assert isinstance(late, SourceUnavailable)
    assert late.message == (
        "The database server db.clinic\\DailyQA, port 1433, did not answer within 30 seconds. "
        "Check the host and the port, whether that computer is switched on, and the firewall."
    )


def test_a_server_that_is_not_reached() -> None:
    error = told(
        "08001", "[08001] [FreeTDS][SQL Server]Unable to connect to data source (0) (SQLDriverConnect)", ""
    )
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        "The SQL Server db.clinic\\DailyQA cannot be reached. Check the host, the port or the instance, and that "
        "SQL Server runs there. The driver says: Unable to connect to data source"
    )


def test_what_nobody_foresaw_is_passed_on_without_the_password() -> None:
    error = told("HY000", f"[HY000] {MICROSOFT}Odd: PWD=geheim!! (0) (SQLDriverConnect)", "")
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        "The database DailyQA on db.clinic\\DailyQA cannot be opened. The driver says: Odd: PWD=***"
    )
    error = told("HY000", f"[HY000] {MICROSOFT}Odd (geheim!!) (0) (SQLFetch)")
    assert isinstance(error, ConfigurationError)
    assert error.message == "The database DailyQA refused a query. The driver says: Odd (***)"


def test_an_error_that_is_no_drivers() -> None:
    error = words_for(ValueError("embedded null character"), ACCOUNT, QUERY)
    assert isinstance(error, ConfigurationError)
    assert error.message == "The database DailyQA refused a query. The driver says: embedded null character"
    assert words_for(ValueError(), ACCOUNT, QUERY).message.endswith("The driver says: ValueError")


@pytest.mark.parametrize(
    ("state", "text", "missing"),
    [
        (
            "IM002",
            "[IM002] [Microsoft][ODBC Driver Manager] Data source name not found (0) (SQLDriverConnect)",
            True,
        ),
        ("IM003", "[IM003] [Microsoft][ODBC Driver Manager] Specified driver could not be loaded (0)", True),
        (
            "01000",
            "[01000] [unixODBC][Driver Manager]Can't open lib 'x' : file not found (0) (SQLDriverConnect)",
            True,
        ),
        ("28000", "[28000] Login failed (18456)", False),
    ],
)
def test_a_driver_that_is_missing(state: str, text: str, missing: bool) -> None:
    assert driver_missing(RuntimeError(state, text)) is missing
    assert login_failed(RuntimeError(state, text)) is not missing
