"""Validation: every sub-section counts, dependencies are honoured, and users' methods cannot do harm."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.calling import described
from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.config.marks import is_online, online
from qcpump_qt.engine.config.paths import path_problem
from qcpump_qt.engine.config.report import Report, SectionReport
from qcpump_qt.engine.config.sections import COMMON_SECTION, Section
from qcpump_qt.engine.config.validation import dynamic_choices, is_active, validate, validate_values
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import Cancelled, ConfigurationError, ServerUnavailable

TEXT = Field(name="text", type=FieldType.STRING)
SERVER = Section(name="Server", fields=(TEXT,), validation="check_server")
UNIT = Section(name="Unit", fields=(TEXT,), multiple=True, dependencies=("Server",), validation="check_unit")
LAST = Section(name="Last", fields=(TEXT,), dependencies=("Unit", "Server"))


class Pump:
    """Answers as it is told to."""

    def __init__(self, server: Any = (True, "Connected"), bad_units: tuple[str, ...] = ()) -> None:
        self.server = server
        self.bad_units = bad_units
        self.asked: list[str] = []

    @online
    def check_server(self, values: dict[str, Any]) -> Any:
        self.asked.append("Server")
        return self.server() if callable(self.server) else self.server

    def check_unit(self, values: dict[str, Any]) -> Any:
        self.asked.append(f"Unit {values['text']}")
        values["text"] = "changed by the check"
        return values["text"] in self.bad_units or True, "seen"

    def check_unit_strictly(self, values: dict[str, Any]) -> Any:
        return values["text"] not in self.bad_units, f"Looked at {values['text']}."

    def choices(self) -> list[Any]:
        return ["a", 5, "a"]

    def no_choices(self) -> str:
        return "abc"

    def failing_choices(self) -> list[str]:
        raise KeyError("unit")

    def unreachable_choices(self) -> list[str]:
        raise ServerUnavailable("The server does not answer.")


def configured(*sections: Section, **values: Any) -> Configuration:
    return Configuration((COMMON_SECTION, *sections), values)


def look(pump: object, configuration: Configuration, *, with_servers: bool = True) -> Report:
    return validate(pump, configuration, cancel=CancelToken(), online=with_servers)


def answer(server: Any) -> SectionReport:
    """What is reported when the method gives or does this."""
    report = look(Pump(server), configured(SERVER))
    (entry,) = report.of("Server")
    assert report.valid is entry.valid
    return entry


def test_all_is_well() -> None:
    pump = Pump()
    report = look(pump, configured(SERVER, UNIT, LAST, Unit=[{"text": "a"}, {"text": "b"}]))
    assert report.valid
    assert [(entry.section, entry.index, entry.message) for entry in report.sections] == [
        ("Pump", None, ""),
        ("Server", None, "Connected"),
        ("Unit", 0, "seen"),
        ("Unit", 1, "seen"),
        ("Last", None, ""),
    ]
    assert pump.asked == ["Server", "Unit a", "Unit b"]
    assert report.summary == "The configuration is in order."
    assert report.is_valid("Unit")


def test_a_check_cannot_change_the_configuration() -> None:
    configuration = configured(SERVER, UNIT, Unit=[{"text": "a"}])
    look(Pump(), configuration)
    assert configuration.value("Unit", "text") == "a"


@pytest.mark.parametrize("bad", ["first", "middle", "last"])
def test_fault_only_the_last_sub_section_was_validated(bad: str) -> None:
    section = Section(name="Unit", fields=(TEXT,), multiple=True, validation="check_unit_strictly")
    rows = [{"text": "first"}, {"text": "middle"}, {"text": "last"}]
    report = look(Pump(bad_units=(bad,)), configured(section, Unit=rows))
    assert not report.valid
    assert not report.is_valid("Unit")
    assert [entry.message for entry in report.of("Unit") if not entry.valid] == [f"Looked at {bad}."]
    assert report.summary == "Not in order: Unit."


def test_a_section_waits_for_all_that_it_depends_on() -> None:
    pump = Pump(server=(False, "No connection"))
    report = look(pump, configured(LAST, UNIT, SERVER, Unit=[{"text": "a"}, {"text": "b"}]))
    assert pump.asked == ["Server"]
    assert [entry.section for entry in report.sections] == ["Pump", "Last", "Unit", "Server"]
    (unit,), (last,) = report.of("Unit"), report.of("Last")
    assert (unit.valid, unit.blocked_by, unit.index) == (False, ("Server",), None)
    assert unit.message == "Not checked yet: put the section Server in order first."
    assert last.blocked_by == ("Unit", "Server")
    assert last.message == "Not checked yet: put the sections Unit, Server in order first."
    assert not report.valid


def test_a_section_whose_fields_are_wrong_is_not_asked_about() -> None:
    pump = Pump()
    section = Section(
        name="Server",
        fields=(
            Field(name="text", type=FieldType.STRING, required=True),
            Field(name="n", type=FieldType.INT),
        ),
        validation="check_server",
    )
    (entry,) = look(pump, configured(section, Server=[{"n": "many"}])).of("Server")
    assert pump.asked == []
    assert entry.fields == {
        "text": "Enter a value for Text; it must not be blank.",
        "n": "N must be a whole number, not 'many'.",
    }
    assert entry.message == " ".join(entry.fields.values())


def test_an_inactive_pump_is_not_looked_at() -> None:
    pump = Pump()
    configuration = configured(SERVER, Pump=[{"active": False}])
    assert look(pump, configuration) == Report(sections=(), valid=False, inactive=True)
    assert pump.asked == []
    assert not is_active(configuration)
    assert look(pump, configuration).summary == (
        "The pump is not active, so its configuration was not checked."
    )


def test_a_configuration_without_the_common_section_is_active() -> None:
    assert is_active(Configuration([SERVER]))


def test_the_common_section_is_looked_at_too() -> None:
    report = look(Pump(), configured(Pump=[{"interval (s)": 0, "active": "perhaps"}]))
    (entry,) = report.of("Pump")
    assert set(entry.fields) == {"interval (s)", "active"}
    assert "Interval (s) must be from 1 to 86400 s, not 0." in entry.message


def test_checks_that_talk_to_a_server_are_left_out_before_a_cycle() -> None:
    pump = Pump(server=(False, "No connection"))
    report = look(pump, configured(SERVER, UNIT), with_servers=False)
    assert report.valid
    assert pump.asked == ["Unit "]


def test_the_mark_holds_for_a_method_that_overrides_a_marked_one() -> None:
    class Own(Pump):
        def check_server(self, values: dict[str, Any]) -> Any:
            return super().check_server(values)

    assert is_online(Own(), "check_server")
    assert not is_online(Own(), "check_unit")
    assert not is_online(Own(), "nothing")


@pytest.mark.parametrize(
    ("given", "valid", "message"),
    [
        ((True, "fine"), True, "fine"),
        ([False, "no"], False, "no"),
        ((1, "truthy"), True, "truthy"),
        (("", "falsy"), False, "falsy"),
        ((True, None), True, ""),
        ((True, 5), True, "5"),
        ({True: 1, "x": 2}.keys(), True, "x"),
    ],
)
def test_any_two_items_are_an_answer(given: Any, valid: bool, message: str) -> None:
    entry = answer(given)
    assert (entry.valid, entry.message) == (valid, message)


def endless() -> Iterator[bool]:
    while True:
        yield True


class NoTruth:
    def __bool__(self) -> bool:
        raise ValueError("The truth value of an array is ambiguous")


@pytest.mark.parametrize(
    "given",
    [None, True, "ok", b"ok", 5, (), (True,), (True, "a", "b"), endless(), (NoTruth(), "a"), object()],
    ids=["None", "True", "text", "bytes", "number", "none", "one", "three", "endless", "no truth", "object"],
)
def test_anything_else_is_told(given: Any) -> None:
    entry = answer(given)
    assert not entry.valid
    assert entry.message == (
        "The check of section 'Server' failed: the method 'check_server' must give back two items, "
        "True or False and a message."
    )


def test_a_generator_is_an_answer() -> None:
    def check() -> Iterator[Any]:
        yield True
        yield "from a generator"

    assert answer(check).message == "from a generator"


def raising(error: BaseException) -> Any:
    def check() -> Any:
        raise error

    return check


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("message"), "raised KeyError: 'message' (test_config_validation.py, line "),
        (ZeroDivisionError(), "raised ZeroDivisionError (test_config_validation.py, line "),
        (SystemExit(3), "raised SystemExit: 3 (test_config_validation.py, line "),
        (RecursionError("too deep"), "raised RecursionError: too deep"),
    ],
)
def test_a_check_that_raises_is_told_with_its_place(error: BaseException, words: str) -> None:
    entry = answer(raising(error))
    assert not entry.valid
    assert entry.message.startswith(
        "The check of section 'Server' failed: the method 'check_server' of Pump "
    )
    assert words in entry.message


def test_the_line_told_is_the_one_in_the_file_of_the_pump_type() -> None:
    entry = answer(lambda: json.loads("nonsense"))
    assert "raised JSONDecodeError: Expecting value" in entry.message
    assert "(test_config_validation.py, line " in entry.message


def test_an_error_in_words_stays_in_its_own_words() -> None:
    entry = answer(raising(ServerUnavailable("The server qatrack does not answer. Look at the network.")))
    assert entry.message == "The server qatrack does not answer. Look at the network."


def test_what_may_pass_by_itself_is_told_apart(tmp_path: Path) -> None:
    assert answer(raising(ServerUnavailable("The server does not answer."))).transient
    assert not answer(raising(ConfigurationError("The token is wrong."))).transient
    assert not answer((False, "no")).transient
    away = configured(folder_section(), Server=[{"tds directory": str(tmp_path / "away")}])
    assert look(Pump(), away).of("Server")[0].transient
    file = tmp_path / "file"
    file.touch()
    wrong = configured(folder_section(), Server=[{"tds directory": str(file)}])
    assert not look(Pump(), wrong).of("Server")[0].transient


def test_a_missing_method_is_told() -> None:
    (entry,) = look(object(), configured(SERVER)).of("Server")
    assert entry.message == "The check of section 'Server' failed: object has no method 'check_server'."


def test_an_exception_without_text_or_with_a_broken_one() -> None:
    class Broken(Exception):  # noqa: N818 - a user's exception may have any name
        def __str__(self) -> str:
            raise ValueError

    assert described(Broken()) == "Broken"
    assert described(ValueError("  ")) == "ValueError"


def test_no_secret_gets_into_a_message() -> None:
    section = Section(
        name="Server",
        fields=(Field(name="auth token", type=FieldType.STRING), TEXT),
        validation="check_server",
    )
    values = {"Server": [{"auth token": "97df5be0362e"}]}
    for server in ((False, "The token 97df5be0362e is wrong"), raising(ValueError("Token 97df5be0362e"))):
        (entry,) = look(Pump(server), configured(section, **values)).of("Server")
        assert "97df5be0362e" not in entry.message
        assert "oken ***" in entry.message


def test_cancelling_ends_the_validation() -> None:
    token = CancelToken()

    def check() -> Any:
        token.cancel()
        return True, ""

    with pytest.raises(Cancelled):
        validate(Pump(check), configured(SERVER, UNIT), cancel=token)
    pump = Pump()
    with pytest.raises(Cancelled):
        validate(pump, configured(SERVER), cancel=token)
    assert pump.asked == []


def test_a_connection_that_was_closed_by_cancelling_is_no_bad_configuration() -> None:
    token = CancelToken()

    def check() -> Any:
        token.cancel()
        raise ConnectionAbortedError

    with pytest.raises(Cancelled):
        validate(Pump(check), configured(SERVER), cancel=token)


def test_cancelled_of_a_check_goes_through() -> None:
    with pytest.raises(Cancelled):
        look(Pump(raising(Cancelled("Stopped."))), configured(SERVER))


# Folders and files


def folder_section() -> Section:
    return Section(
        name="Server",
        fields=(Field(name="tds directory", type=FieldType.DIRECTORY),),
        validation="check_server",
    )


def test_a_folder_must_be_there_when_the_pump_is_validated(tmp_path: Path) -> None:
    missing = str(tmp_path / "TDS")
    configuration = configured(folder_section(), Server=[{"tds directory": missing}])
    pump = Pump()
    (entry,) = look(pump, configuration).of("Server")
    assert entry.fields == {"tds directory": f"Tds Directory: the folder {missing} does not exist."}
    assert pump.asked == []


def test_a_share_is_not_touched_before_a_cycle(tmp_path: Path) -> None:
    configuration = configured(folder_section(), Server=[{"tds directory": str(tmp_path / "away")}])
    assert look(Pump(), configuration, with_servers=False).valid


def test_a_blank_optional_folder_is_fine_and_one_that_is_there(tmp_path: Path) -> None:
    assert look(Pump(), configured(folder_section())).valid
    assert look(Pump(), configured(folder_section(), Server=[{"tds directory": str(tmp_path)}])).valid


def test_kinds_of_paths(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x", encoding="utf-8")
    folder = Field(name="source", type=FieldType.DIRECTORY)
    document = Field(name="document", type=FieldType.FILE)
    assert path_problem(folder, str(tmp_path)) == ""
    assert path_problem(document, str(file)) == ""
    assert path_problem(folder, str(file)) == f"Source: {file} is a file, not a folder."
    assert path_problem(document, str(tmp_path)) == f"Document: {tmp_path} is a folder, not a file."
    assert path_problem(document, str(file) + "x") == f"Document: the file {file}x does not exist."
    assert path_problem(folder, "a\0b") == "Source: this cannot be the path of a folder."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows answers 'not found' for a path below a file")
def test_a_path_that_cannot_be_reached_is_told_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.touch()
    below = file / "inner"
    text = path_problem(Field(name="source", type=FieldType.DIRECTORY), str(below))
    assert text.startswith(f"Source: the folder {below} cannot be reached: a file is in the way")


# Choices


def choices_of(field: Field) -> list[str]:
    section = Section(name="Server", fields=(field,))
    return dynamic_choices(Pump(), configured(section), "Server", field.name)


def chosen_by(method: str) -> Field:
    return Field(name="unit name", type=FieldType.MULTCHOICE, choices_method=method)


def test_choices_that_are_fixed_and_choices_that_are_fetched() -> None:
    assert choices_of(Field(name="m", type=FieldType.MULTCHOICE, choices=("Move", "Copy"))) == [
        "Move",
        "Copy",
    ]
    assert choices_of(TEXT) == []
    assert choices_of(chosen_by("choices")) == ["a", "5", "a"]


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("no_choices", "the method 'no_choices' gave no list of texts."),
        ("failing_choices", "the method 'failing_choices' of Pump raised KeyError: 'unit'"),
        ("nowhere", "Pump has no method 'nowhere'."),
    ],
)
def test_choices_that_cannot_be_fetched_are_told(method: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        choices_of(chosen_by(method))
    start = "Fetching the choices of 'Unit Name' in section 'Server' failed: "
    assert caught.value.message.startswith(start + words)


def test_an_unreachable_server_stays_one() -> None:
    with pytest.raises(ServerUnavailable, match="does not answer"):
        choices_of(chosen_by("unreachable_choices"))


def test_choices_of_an_unknown_field() -> None:
    with pytest.raises(ConfigurationError, match="Section 'Server' has no field 'x'"):
        dynamic_choices(Pump(), configured(SERVER), "Server", "x")


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(ANSWERS, st.lists(st.dictionaries(st.just("text"), ANSWERS, max_size=1), max_size=3))
def test_whatever_a_check_answers_and_the_values_are_there_is_a_report(given_answer: Any, rows: Any) -> None:
    report = look(Pump(server=given_answer), configured(SERVER, UNIT, Unit=rows, Server=rows[:1]))
    assert {entry.section for entry in report.sections} == {"Pump", "Server", "Unit"}
    assert report.valid is all(entry.valid for entry in report.sections)
    assert all(entry.valid or entry.message or entry.section == "Server" for entry in report.sections)


# --- the values alone ----------------------------------------------------------------------------------


def test_a_look_at_the_values_asks_no_pump_type(tmp_path: Path) -> None:
    folder = Field(name="folder", type=FieldType.DIRECTORY)
    number = Field(name="number", type=FieldType.INT, required=True, minimum=1)
    sections = (
        COMMON_SECTION,
        SERVER,
        Section(name="Place", fields=(folder, number), validation="no_such_method", multiple=True),
        Section(name="After", fields=(TEXT,), dependencies=("Place",)),
    )
    here, gone = {"folder": str(tmp_path), "number": 3}, {"folder": str(tmp_path / "gone"), "number": 3}
    values = {"Place": [here, {**here, "number": 0}, gone]}
    report = validate_values(Configuration(sections, values), CancelToken())
    found = [
        (entry.index, entry.valid, entry.transient, sorted(entry.fields)) for entry in report.of("Place")
    ]
    assert found == [(0, True, False, []), (1, False, False, ["number"]), (2, False, True, ["folder"])]
    assert report.of("Place")[1].message == "Number must be at least 1, not 0."
    assert report.is_valid("Server")
    assert report.is_valid("After"), "what it depends on is no matter for its values"
    assert not report.valid
    assert report.summary == "Not in order: Place."


def test_a_look_at_the_values_of_a_pump_that_is_off_finds_nothing() -> None:
    report = validate_values(configured(SERVER, Pump=[{"active": False}]), CancelToken())
    assert (report.inactive, report.valid, report.sections) == (True, False, ())


def test_a_look_at_the_values_ends_when_asked_to() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        validate_values(configured(SERVER), cancel)
