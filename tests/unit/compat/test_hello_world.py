"""The tutorial of the manual, chapters 7.2 to 7.4, word for word, and sample files of third parties."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.compat.bridge import use_settings
from qcpump_qt.compat.loader import Catalogue, load_pump_types
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.report import Report
from qcpump_qt.engine.config.validation import dynamic_choices, validate
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.pumps.base import BasePump
from recording_host import RecordingHost

THIRD_PARTY = Path(__file__).resolve().parents[2] / "thirdparty"

STEP_1 = """\
from qcpump.pumps.base import BasePump
class HelloWorldPump(BasePump):
   DISPLAY_NAME = "Hello World"
   def pump(self):
        self.log_info("Hello World from your new pump!")
"""

STEP_2 = """\
from qcpump.pumps.base import BasePump, STRING
class HelloWorldPump(BasePump):
    DISPLAY_NAME = "Hello World"
    CONFIG = [
        {
            'name': 'Hello World',
            'fields': [
                {
                    'name': 'message',
                    'type': STRING,
                    'required': True,
                    'help': "Enter the message you want to see logged",
                    'default': "A default message",
                },
            ],
        },
    ]
    def pump(self):
        message = self.get_config_value("Hello World", "message")
        self.log_info(f"Hello World says: {message}")
"""

STEP_3 = """\
from qcpump.pumps.base import BasePump, STRING
class HelloWorldPump(BasePump):
    DISPLAY_NAME = "Hello World"
    CONFIG = [
        {
            'name': 'Hello World',
            'validation': 'validate_message',
            'fields': [
                {
                    'name': 'message',
                    'type': STRING,
                    'required': True,
                    'help': "Enter the message you want to see logged",
                    'default': "A default message",
                },
            ],
        },
    ]
    def pump(self):
        message = self.get_config_value("Hello World", "message")
        self.log_info(f"Hello World says: {message}")
    def validate_message(self, values):
        message = values['message']
        if "QCPump" not in message:
            valid = False
            message = "You must include the text 'QCPump' in your message!"
        else:
            valid = True
            message = "Thank you for including 'QCPump' in your message!"
        return valid, message
"""


@pytest.fixture(params=["qcpump", "qcpump_qt"])
def pumps(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Loads a tutorial step, with the imports of the manual and with our own names."""

    def load(source: str) -> Catalogue:
        folder = tmp_path / "Pumps" / "HelloWorld"
        folder.mkdir(parents=True)
        text = source.replace("from qcpump.", f"from {request.param}.")
        (folder / "hello_world.py").write_text(text, encoding="utf-8")
        return load_pump_types([], [tmp_path / "Pumps"])

    return load


def made(
    catalogue: Catalogue, key: str, host: RecordingHost, values: dict[str, Any] | None = None
) -> tuple[BasePump, Configuration]:
    pump_type = catalogue.get(key)
    configuration = Configuration(pump_type.sections, values)
    pump = pump_type.create(configuration, host)
    pump.setup()
    return pump, configuration


def checked(pump: BasePump, configuration: Configuration) -> Report:
    return validate(pump, configuration, cancel=CancelToken())


def test_step_1_the_simplest_possible_pump(pumps: Any) -> None:
    catalogue = pumps(STEP_1)
    assert catalogue.problems == []
    assert catalogue.get("HelloWorldPump").display_name == "Hello World"
    host = RecordingHost()
    pump, configuration = made(catalogue, "HelloWorldPump", host)
    assert checked(pump, configuration).valid
    pump.pump()
    assert host.lines == [(logging.INFO, "Hello World from your new pump!")]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (None, "Hello World says: A default message"),
        ({"Hello World": [{"message": "My custom message!"}]}, "Hello World says: My custom message!"),
    ],
)
def test_step_2_a_message_that_can_be_configured(pumps: Any, values: Any, line: str) -> None:
    catalogue = pumps(STEP_2)
    _, section = catalogue.get("HelloWorldPump").sections
    (field,) = section.fields
    assert (field.label, field.required, field.help) == (
        "Message",
        True,
        "Enter the message you want to see logged",
    )
    host = RecordingHost()
    pump, configuration = made(catalogue, "HelloWorldPump", host, values)
    assert checked(pump, configuration).valid
    pump.pump()
    assert host.messages == [line]


@pytest.mark.parametrize(
    ("message", "valid", "words"),
    [
        ("My custom message!", False, "You must include the text 'QCPump' in your message!"),
        ("QCPump is cool :)", True, "Thank you for including 'QCPump' in your message!"),
        ("", False, "Enter a value for Message; it must not be blank."),
    ],
)
def test_step_3_validation(pumps: Any, message: str, valid: bool, words: str) -> None:
    values = {"Hello World": [{"message": message}]}
    pump, configuration = made(pumps(STEP_3), "HelloWorldPump", RecordingHost(), values)
    report = checked(pump, configuration)
    (entry,) = report.of("Hello World")
    assert (report.valid, entry.valid, entry.message) == (valid, valid, words)


# Sample files of third parties


@pytest.fixture
def samples() -> Catalogue:
    catalogue = load_pump_types([], [THIRD_PARTY])
    assert [problem.message for problem in catalogue.problems] == []
    return catalogue


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "scans.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Scans (Machine TEXT, Dose REAL)")
        connection.executemany("INSERT INTO Scans VALUES (?, ?)", [("TB1", 1.5), ("TB1", 2.0), ("TB2", 3.0)])
        connection.commit()
    return path


def tank_values(database: Path, *machines: str) -> dict[str, Any]:
    return {
        "Scanner": [{"database": str(database), "password": "masterkey"}],
        "Machine": [{"machine": machine} for machine in machines],
    }


def test_sample_types_are_offered_under_their_names(samples: Catalogue) -> None:
    for key, display in (
        ("WaterTankPump", "Water Tank"),
        ("OutputLog", "OutputLog"),
        ("LoudOutputLog", "Output Log (loud)"),
    ):
        assert samples.get(key).display_name == display
    assert samples.get("WaterTankPump").help_url == "https://example.com/water-tank"
    assert samples.get("WaterTankPump").source == THIRD_PARTY / "WaterTank" / "water_tank.py"
    assert "Formatter" not in samples.types


def test_a_sample_runs_unmodified(samples: Catalogue, database: Path, tmp_path: Path) -> None:
    host = RecordingHost(tmp_path / "pump")
    pump, configuration = made(samples, "WaterTankPump", host, tank_values(database, "TB1", "TB2"))
    assert dynamic_choices(pump, configuration, "Machine", "machine") == ["TB1", "TB2"]
    report = checked(pump, configuration)
    assert report.valid
    assert [entry.message for entry in report.sections] == ["", "Found the database", "OK", "OK"]
    use_settings({"DEBUG": "off today"})
    try:
        pump.pump()
    finally:
        use_settings(None)
    assert host.messages == [
        "Set up with water",
        "TB1: 2 scans",
        "TB2: 1 scans",
        "all done, debug is off today",
    ]
    assert host.steps == [(0.0, "TB1"), (50.0, "TB2")]
    kept = json.loads((tmp_path / "pump" / "last.json").read_text(encoding="utf-8"))
    assert kept == [{"machine": "TB2", "dose": 3.0}]


def test_a_sample_stops_when_asked(samples: Catalogue, database: Path, tmp_path: Path) -> None:
    host = RecordingHost(tmp_path / "pump")
    pump, _ = made(samples, "WaterTankPump", host, tank_values(database, "TB1"))
    host.cancel.cancel()
    pump.pump()
    assert host.messages[-1] == "Stopped early"


def test_the_first_of_a_sample_s_subsections_counts_as_well(samples: Catalogue, database: Path) -> None:
    values = tank_values(database, "Old Clinac", "TB1")
    pump, configuration = made(samples, "WaterTankPump", RecordingHost(), values)
    report = checked(pump, configuration)
    assert not report.valid
    assert [entry.message for entry in report.of("Machine")] == ["Old Clinac was scrapped", "OK"]


def test_a_sample_waits_for_its_scanner(samples: Catalogue, tmp_path: Path) -> None:
    values = tank_values(tmp_path / "none.db", "TB1")
    pump, configuration = made(samples, "WaterTankPump", RecordingHost(), values)
    report = checked(pump, configuration)
    assert report.of("Scanner")[0].message == "You must give the path of the database"
    assert report.of("Machine")[0].blocked_by == ("Scanner",)


def test_members_that_a_sample_overrides_are_used(samples: Catalogue) -> None:
    quiet, loud = RecordingHost(), RecordingHost()
    made(samples, "OutputLog", quiet)[0].pump()
    made(samples, "LoudOutputLog", loud)[0].pump()
    assert quiet.messages == ["output"]
    assert loud.messages == ["OUTPUT"]


def test_a_password_of_a_0_3_type_is_secret_by_its_name(samples: Catalogue) -> None:
    scanner = samples.get("WaterTankPump").sections[1]
    assert [field.name for field in scanner.fields if field.secret] == ["password"]


def test_a_sample_that_posts_to_qatrack_runs_on_the_mixins(samples: Catalogue, tmp_path: Path) -> None:
    csv = "machine,when,beam,output,who\nTB1,2021-03-31 07:20,6X FFF,1.25,Ann\nTB2,2021-03-31 07:30,10X,0.5,Bob\n"
    (tmp_path / "day.csv").write_text(csv, encoding="utf-8")
    values = {
        "QATrack+ API": [{"api url": "http://127.0.0.1:9/api", "auth token": "97df5be0362e"}],
        "Output": [{"folder": str(tmp_path)}],
    }
    host = RecordingHost()
    pump, configuration = made(samples, "LinacOutput", host, values)
    assert [section.name for section in configuration.sections] == ["Pump", "QATrack+ API", "Output"]
    assert validate(pump, configuration, cancel=CancelToken(), online=False).valid
    pump.pump()
    assert [record.key for record in host.records] == [
        "Output/TB1/2021-03-31 07:20",
        "Output/TB2/2021-03-31 07:30",
    ]
    upload = host.records[0].prepare()
    assert upload.test_list == "Output"
    assert dict(upload.payload) == {
        "work_started": "2021-03-31 07:20:00",
        "work_completed": "2021-03-31 07:21:00",
        "user_key": "Output/TB1/2021-03-31 07:20",
        "day": 0,
        "tests": {"output_per_6x_fff": {"value": 1.25}},
        "comment": "measured by Ann",
    }
