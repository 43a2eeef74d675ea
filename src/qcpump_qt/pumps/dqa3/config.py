"""The sections of the Daily QA3 pump types, as in QCPump 0.3 (compatibility reference, section 3)."""

from __future__ import annotations

from typing import Any

from qcpump_qt.pumps.base import INT, MULTCHOICE, SECRET, STRING

READER, TEST_LIST, UNIT = "DQA3Reader", "Test List", "Unit"
ALL, PHOTONS, ELECTRONS = "All", "Photons", "Electrons"

_HISTORY = {
    "name": "history days",
    "type": INT,
    "label": "Days of history",
    "required": True,
    "default": 1,
    "validation": {"min": 0, "max": 36500},
    "help": "How many days a new pump looks back. Results that an outage delayed are delivered however old.",
}
_GROUPING: list[dict[str, Any]] = [
    {
        "name": "grouping window",
        "type": INT,
        "label": "Results group time interval (min)",
        "required": True,
        "default": 20,
        "validation": {"min": 0, "max": 1440},
        "help": "Beams measured on one machine within this many minutes after the first one go to QATrack+ together. "
        "Choose a little more than your morning checks usually take.",
    },
    {
        "name": "wait time",
        "type": INT,
        "label": "Wait for results (min)",
        "required": True,
        "default": 20,
        "validation": {"min": 0, "max": 1440},
        "help": "Beams are sent when this many minutes have passed since the newest of them.",
    },
    {
        "name": "beam types",
        "type": MULTCHOICE,
        "required": True,
        "default": ALL,
        "choices": [ALL, PHOTONS, ELECTRONS],
        "help": "Which beams this pump sends. Photons includes FFF and wedged beams. Make a pump for photons and "
        "another one for electrons if they have test lists of their own.",
    },
]


def firebird_reader(*, grouped: bool) -> dict[str, Any]:
    """The section *DQA3Reader* for Firebird."""
    fields = [
        _text("host", "localhost", "The name of the computer that the Firebird server runs on."),
        _text(
            "database",
            "",
            r"The path of the database file on that computer, such as C:\SNC\Databases\Sncdata.fdb",
        ),
        *_login("sysdba"),
        _port(3050, "The port of the Firebird server."),
        {
            "name": "charset",
            "type": MULTCHOICE,
            "required": True,
            "default": "UTF-8",
            "choices": ["UTF-8", "WIN1251"],
            "help": "Leave UTF-8 unless texts look wrong or cannot be read; Cyrillic databases may need WIN1251.",
        },
        {
            "name": "driver",
            "type": MULTCHOICE,
            "required": True,
            "default": "firebirdsql",
            "choices": ["firebirdsql", "fdb"],
            "help": "Leave firebirdsql unless you have a good reason; fdb needs Firebird's client library.",
        },
    ]
    return _reader(fields, grouped=grouped)


def sqlserver_reader(host: str, *, grouped: bool) -> dict[str, Any]:
    """The section *DQA3Reader* for databases on a SQL Server."""
    fields = [
        _text(
            "host",
            host,
            r"The name of the computer that the SQL Server runs on; with a named instance such as localhost\DailyQA",
        ),
        _text("database", "", "The name of the database on that server, such as atlas"),
        *_login("sa"),
        _port(1433, "The port of the SQL Server. It is not used where the host names an instance."),
        {
            "name": "driver",
            "type": MULTCHOICE,
            "required": True,
            "default": "ODBC Driver 17 for SQL Server",
            "choices": "get_driver_choices",
            "help": "The driver for SQL Server. Those that are installed on this computer come first.",
        },
    ]
    return _reader(fields, grouped=grouped)


TEMPLATE_SECTION: dict[str, Any] = {
    "name": TEST_LIST,
    "dependencies": ["QATrack+ API"],
    "validation": "validate_test_list",
    "fields": [
        {
            "name": "name",
            "type": STRING,
            "required": True,
            "default": "Daily QA3 Results: {{ beam_name }}",
            "help": "The name of the test list of each beam in QATrack+. {{ beam_name }} stands for the beam's name in "
            "Daily QA3. There are also {{ energy }}, {{ beam_type }} (X, E or FFF), {{ wedge_type }}, "
            "{{ wedge_angle }}, {{ wedge_orient }}, {{ device }}, {{ machine_name }} and {{ room_name }}.",
        },
    ],
}

NAME_SECTION: dict[str, Any] = {
    "name": TEST_LIST,
    "dependencies": ["QATrack+ API"],
    "validation": "validate_test_list",
    "fields": [
        {
            "name": "name",
            "type": STRING,
            "required": True,
            "default": "Daily QA3 Results",
            "help": "The name of the test list in QATrack+ that takes all beams of a morning.",
        },
    ],
}

UNIT_SECTION: dict[str, Any] = {
    "name": UNIT,
    "multiple": True,
    "dependencies": [READER, "QATrack+ API"],
    "validation": "validate_unit",
    "fields": [
        {
            "name": "dqa3 name",
            "type": MULTCHOICE,
            "label": "DQA3 machine",
            "required": True,
            "choices": "get_dqa3_machine_choices",
            "help": "The machine in Daily QA3, as room/machine.",
        },
        {
            "name": "unit name",
            "type": MULTCHOICE,
            "label": "QATrack+ unit",
            "required": True,
            "choices": "get_qatrack_unit_choices",
            "help": "The unit in QATrack+ that its results go to, as site: unit.",
        },
    ],
}


def _reader(fields: list[dict[str, Any]], *, grouped: bool) -> dict[str, Any]:
    return {
        "name": READER,
        "validation": "validate_dqa3reader",
        "fields": [*fields, _HISTORY, *(_GROUPING if grouped else [])],
    }


def _text(name: str, default: str, words: str) -> dict[str, Any]:
    return {"name": name, "type": STRING, "required": True, "default": default, "help": words}


def _port(default: int, words: str) -> dict[str, Any]:
    limits = {"min": 1, "max": 65535}
    return {
        "name": "port",
        "type": INT,
        "required": True,
        "default": default,
        "validation": limits,
        "help": words,
    }


def _login(user: str) -> list[dict[str, Any]]:
    return [
        _text("user", user, "The user of the database. One who may only read is safest."),
        {
            "name": "password",
            "type": SECRET,
            "required": True,
            "help": "The user's password; it is kept in the keyring of this computer.",
        },
    ]
