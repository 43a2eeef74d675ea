"""What Firebird and its drivers report, in words that say what to do.

`fdb` gives one error code and the server's lines, `firebirdsql` all codes and the same lines without dashes;
so each rule knows a failure by its codes and by a phrase of the server's English text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from qcpump_qt.engine.errors import ConfigurationError, PumpError, SourceUnavailable
from qcpump_qt.sources.databases.adapter import Account
from qcpump_qt.sources.databases.knocking import is_bad_host, unreachable

PORT = 3050
"""The port of a Firebird server, unless it was told otherwise."""
CHARSETS = {"UTF-8": "WIN1251", "WIN1251": "UTF-8"}
"""What to choose where the one on the left does not fit."""
_NO_RIGHT = re.compile(r'no permission for (?:read/)?(\w+) access to \w+ "?([\w$]+)', re.IGNORECASE)
_UNKNOWN = re.compile(r'(?:Table|Column) unknown\W+"?([\w$.]+)')


_NOISE = re.compile(r"SQLCODE: |Error while .*:$|Cursor\.\w+:$")
_MARKS = re.compile(r"""^b(['"])(.*)\1$""")
_LOGIN_FAILED = frozenset({335544472, 335545106})
_UNAVAILABLE = 335544375
_UNAUTHORIZED = "Unauthorized"


@dataclass(frozen=True)
class _Trouble:
    """One failure: who met it, in which statement, and the server's own words in one line."""

    account: Account
    statement: str
    words: str

    @property
    def where(self) -> str:
        return f"the database {self.account.database} on {self.account.server}"

    def person(self, message: str) -> ConfigurationError:
        """An error that somebody has to do something about."""
        return ConfigurationError(message, subject=self.account.database)

    def later(self, message: str) -> SourceUnavailable:
        """An error that may pass by itself."""
        return SourceUnavailable(message, subject=self.account.database)


@dataclass(frozen=True)
class _Rule:
    """How a failure is known, and what is said about it."""

    codes: frozenset[int]
    phrase: str
    say: Callable[[_Trouble], PumpError]


def in_words(error: Exception, account: Account, statement: str) -> PumpError:
    """What a Firebird driver raised, as an error for people; `statement` is "" while connecting."""
    if isinstance(error, UnicodeError) and not is_bad_host(error):
        return wrong_charset(account)
    if isinstance(error, ImportError):
        return _no_passlib(account)
    trouble = _Trouble(account, statement, account.hide(_one_line(said(error))))
    if isinstance(error, (OSError, UnicodeError)):
        return _died(trouble) if statement else unreachable(error, account, account.port or PORT)
    codes = _codes(error)
    for rule in _RULES:
        if codes & rule.codes or rule.phrase in trouble.words:
            return rule.say(trouble)
    return _refused(trouble) if statement else _not_opened(trouble)


def wrong_charset(account: Account, column: str = "") -> ConfigurationError:
    """A text that cannot be read, or not be sent, in the chosen charset."""
    what = f"The texts of the column {column}" if column else "Some texts"
    other = CHARSETS.get(account.charset.upper(), "UTF-8")
    return ConfigurationError(
        f"{what} in the database {account.database} cannot be read with the charset {account.charset}. "
        f"Choose the charset {other} for this database.",
        subject=account.database,
    )


def driver_missing(account: Account, error: BaseException) -> ConfigurationError:
    """A driver that is not installed, or does not find the vendor's client library."""
    other = "firebirdsql" if account.driver == "fdb" else "fdb"
    library = (
        " and the Firebird client library (fbclient.dll or libfbclient2)" if account.driver == "fdb" else ""
    )
    return ConfigurationError(
        f"The Firebird driver {account.driver} is not usable on this computer ({_one_line(said(error))}). "
        f"Install the Python package {account.driver}{library}, or choose the driver {other}.",
        subject=account.driver,
    )


def _no_passlib(account: Account) -> ConfigurationError:
    return ConfigurationError(
        f"The database server {account.server_as_subject} uses the login of Firebird 2 (Legacy_Auth), for "
        "which the driver firebirdsql needs the Python package passlib. Install passlib, or choose the driver fdb.",
        subject=account.driver,
    )


def is_wrong_login(error: Exception) -> bool:
    """Whether the server did not accept user and password."""
    return bool(_codes(error) & _LOGIN_FAILED) or said(error) == _UNAUTHORIZED


def is_no_login(error: Exception) -> bool:
    """Whether the login failed, or was not even understood, as without encryption."""
    return is_wrong_login(error) or _UNAVAILABLE in _codes(error)


def _codes(error: Exception) -> frozenset[int]:
    """The codes in what `firebirdsql` (``gds_codes``) or `fdb` (the third argument) raised."""
    found = set(getattr(error, "gds_codes", ()))
    return frozenset(found.union(code for code in error.args[2:3] if isinstance(code, int)))


def said(error: BaseException) -> str:
    """The driver's own words: the text alone, where `fdb` shows codes around it."""
    return str(error.args[0]) if error.args and isinstance(error.args[0], str) else str(error)


def _one_line(text: str) -> str:
    """The lines of a driver in one, without headings, SQL codes and marks of Python."""
    lines = (_MARKS.sub(r"\2", line.strip().removeprefix("- ")) for line in text.splitlines())
    return "; ".join(line for line in lines if line and not _NOISE.match(line)).rstrip(".")


def _wrong_login(trouble: _Trouble) -> PumpError:
    account = trouble.account
    return trouble.person(
        f"The database server {account.server_as_subject} does not accept the user {account.user} with this password. "
        "Check both in the pump's configuration; capital letters count in the password."
    )


def _odd_login(trouble: _Trouble) -> PumpError:
    account = trouble.account
    other = "firebirdsql" if account.driver == "fdb" else "fdb"
    return trouble.person(
        f"The database server {account.server_as_subject} does not accept the user {account.user} with this "
        f"password, or does not understand how the driver {account.driver} logs in. "
        f"Check user and password; if they are right, choose the driver {other}."
    )


def _no_database(trouble: _Trouble) -> PumpError:
    account = trouble.account
    return trouble.person(
        f"The database server {account.server_as_subject} has no database {account.database}. "
        "Give the path of the file as that computer itself sees it (such as C:\\SNC\\Sncdata.fdb), or its alias."
    )


def _no_file_right(trouble: _Trouble) -> PumpError:
    account = trouble.account
    return trouble.person(
        f"The database server {account.server_as_subject} itself may not open the file {account.database}. "
        "Let its administrator give the Firebird service the right to read and write that file."
    )


def _in_use(trouble: _Trouble) -> PumpError:
    return trouble.later(
        f"Another program keeps {trouble.where} for itself at the moment ({trouble.words}). "
        "The next cycle tries again."
    )


def _no_firebird_file(trouble: _Trouble) -> PumpError:
    return trouble.person(
        f"The file of {trouble.where} is not a Firebird database that this server can read ({trouble.words}). "
        "Check the path, and the version of the server."
    )


def _no_table(trouble: _Trouble) -> PumpError:
    found = _UNKNOWN.search(trouble.words)
    table = found.group(1) if found else "that was asked for"
    return trouble.person(
        f"There is no table {table} in {trouble.where}. Check that it is the right database, "
        "and that its version is one that this pump type supports."
    )


def _no_column(trouble: _Trouble) -> PumpError:
    found = _UNKNOWN.search(trouble.words)
    column = found.group(1) if found else "that was asked for"
    return trouble.person(
        f"There is no column {column} in {trouble.where}. Check that the database's version is one that this "
        "pump type supports."
    )


def _no_right(trouble: _Trouble) -> PumpError:
    found = _NO_RIGHT.search(trouble.words)
    right, table = found.groups() if found else ("SELECT", "that was asked for")
    user, right = trouble.account.user.upper(), right.upper()
    if right != "SELECT":
        return _refused(trouble)
    return trouble.person(
        f"The user {user} has no right to read the table {table} in {trouble.where}. "
        f"Let its administrator run there: GRANT SELECT ON {table} TO USER {user};"
    )


def _no_charset(trouble: _Trouble) -> PumpError:
    return wrong_charset(trouble.account)


def _no_encryption(trouble: _Trouble) -> PumpError:
    return trouble.person(
        f"The database server {trouble.account.server} and the driver {trouble.account.driver} do not agree on "
        "encryption. Set WireCrypt = Enabled in the firebird.conf of that server, or choose the other driver."
    )


def _not_allowed(trouble: _Trouble) -> PumpError:
    return trouble.person(
        f"The server does not allow to open {trouble.where} ({trouble.words}). "
        "Let its administrator allow that folder (DatabaseAccess in firebird.conf), or use an alias."
    )


def _shut(trouble: _Trouble) -> PumpError:
    return trouble.later(
        f"Somebody has shut {trouble.where} for maintenance ({trouble.words}). The next cycle tries again."
    )


def _died(trouble: _Trouble) -> PumpError:
    if not trouble.statement:
        return trouble.later(
            f"The computer {trouble.account.server_as_subject} hung up during the login. Check that a Firebird server "
            "listens there and not another program; if the server was just restarted, the next cycle tries again."
        )
    return trouble.later(
        f"The connection to {trouble.where} broke in the middle of a query. Nothing was lost: the next cycle reads "
        "it again. If this goes on, ask whoever looks after the server."
    )


def _refused(trouble: _Trouble) -> PumpError:
    return trouble.person(
        f"The query was refused by {trouble.where} ({trouble.words}). Check that the database's version is one "
        "that this pump type supports."
    )


def _not_opened(trouble: _Trouble) -> PumpError:
    return trouble.later(
        f"There is no way into {trouble.where} ({trouble.words}). The next cycle tries again."
    )


def _rule(codes: tuple[int, ...], phrase: str, say: Callable[[_Trouble], PumpError]) -> _Rule:
    return _Rule(frozenset(codes), phrase, say)


# The first that fits counts. Codes: isc_* in Firebird's iberror.h.
_RULES = (
    _Rule(_LOGIN_FAILED, _UNAUTHORIZED, _wrong_login),
    _rule((_UNAVAILABLE,), "unavailable database", _odd_login),
    _rule((335545064,), "wire encryption", _no_encryption),
    _rule((335544352,), "no permission for", _no_right),
    _rule((335544580,), "Table unknown", _no_table),
    _rule((335544578,), "Column unknown", _no_column),
    _rule((335544565, 335544849), "Cannot transliterate", _no_charset),
    _rule((), "Malformed string", _no_charset),
    _rule((335544831,), "not allowed by server configuration", _not_allowed),
    _rule((335544528, 335544856), " shutdown", _shut),
    _rule((335544721, 335544726, 335544727, 335544741, 335544648, 335544421), "Can not recv()", _died),
    _rule((), "already opened", _in_use),
    _rule((), "used by another process", _in_use),
    _rule((), "Permission denied", _no_file_right),
    _rule((), "Access is denied", _no_file_right),
    _rule((335544734,), "No such file", _no_database),
    _rule((), "cannot find the", _no_database),
    _rule((335544323, 335544379), "less than expected", _no_firebird_file),
)
