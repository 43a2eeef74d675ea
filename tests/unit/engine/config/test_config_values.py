"""The values of a pump: defaults, right types, and nothing put right in silence."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcpump_qt.engine.config.fields import Field, FieldType, has_type
from qcpump_qt.engine.config.sections import COMMON_SECTION, Section
from qcpump_qt.engine.config.values import Configuration, Problem, same_values
from qcpump_qt.engine.errors import ConfigurationError

MAIN = Section(
    name="Main",
    fields=(
        Field(name="text", type=FieldType.STRING, default="hello"),
        Field(name="needed", type=FieldType.STRING, required=True),
        Field(name="on", type=FieldType.BOOLEAN, default=True),
        Field(name="whole", type=FieldType.INT, default=3),
        Field(name="count", type=FieldType.UINT, minimum=0, maximum=10, unit="min"),
        Field(name="part", type=FieldType.FLOAT, default=0.5, maximum=60),
        Field(name="mode", type=FieldType.MULTCHOICE, choices=("Move", "Copy"), default="Move"),
        Field(name="live", type=FieldType.MULTCHOICE, choices_method="get_them", required=True),
        Field(name="folder", type=FieldType.DIRECTORY),
        Field(name="auth token", type=FieldType.STRING),
        Field(name="proxy", type=FieldType.STRING),
    ),
)
UNIT = Section(name="Unit", multiple=True, fields=(Field(name="name", type=FieldType.STRING, required=True),))
SECTIONS = (COMMON_SECTION, MAIN, UNIT)


def main(**values: object) -> Configuration:
    """A configuration whose section Main has these values."""
    return Configuration(SECTIONS, {"Main": [{name.replace("_", " "): v for name, v in values.items()}]})


def messages(configuration: Configuration, field: str) -> list[str]:
    return [problem.message for problem in configuration.problems() if problem.field == field]


def test_missing_values_take_their_defaults() -> None:
    configuration = Configuration(SECTIONS)
    assert configuration.values("Main") == [
        {
            "text": "hello",
            "needed": "",
            "on": True,
            "whole": 3,
            "count": None,
            "part": 0.5,
            "mode": "Move",
            "live": "",
            "folder": "",
            "auth token": "",
            "proxy": "",
        }
    ]
    assert configuration.values("Unit") == [{"name": ""}]
    assert configuration.value("Pump", "interval (s)") == 300
    assert configuration.notes == ()


def test_unknown_sections_and_fields_are_left_out_and_noted() -> None:
    configuration = Configuration(SECTIONS, {"Main": [{"gone": 1, "text": "x"}], "Old": []})
    assert "gone" not in configuration.values("Main")[0]
    with pytest.raises(ConfigurationError, match="no section 'Old'"):
        configuration.values("Old")
    assert configuration.value("Main", "text") == "x"
    assert [note.message for note in configuration.notes] == [
        "The section 'Old' is not known to this pump type and was left out.",
        "The field 'gone' is not known to this pump type and was left out.",
    ]


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("whole", "300", 300),
        ("whole", " -7 ", -7),
        ("whole", 5.0, 5),
        ("part", "1.5", 1.5),
        ("part", "1e-3", 0.001),
        ("part", ".5", 0.5),
        ("on", "true", True),
        ("on", "False", False),
        ("on", "no", False),
        ("on", 0, False),
        ("on", 1, True),
        ("text", 7, "7"),
        ("text", True, "True"),
    ],
)
def test_types_are_made_right_and_it_is_noted(field: str, raw: object, value: object) -> None:
    configuration = main(**{field: raw})
    found = configuration.value("Main", field)
    assert (found, type(found)) == (value, type(value))
    assert messages(configuration, field) == []
    (note,) = configuration.notes
    assert note == Problem("Main", 0, field, f"{field.title()}: {raw!r} was read as {value!r}.")


def test_a_whole_number_is_a_fine_decimal_number() -> None:
    configuration = main(part=2)
    assert type(configuration.value("Main", "part")) is float
    assert configuration.notes == ()


@pytest.mark.parametrize(
    ("field", "raw", "kept", "message"),
    [
        ("whole", "abc", "abc", "Whole must be a whole number, not 'abc'."),
        ("whole", 1.5, "1.5", "Whole must be a whole number, not '1.5'."),
        ("whole", True, True, "Whole must be a whole number, not True."),
        ("whole", "1_000", "1_000", "Whole must be a whole number, not '1_000'."),
        ("whole", "٣", "٣", "Whole must be a whole number, not '٣'."),
        ("whole", "9" * 20, "9" * 20, f"Whole must be a whole number, not '{'9' * 20}'."),
        ("whole", 1e300, "1e+300", "Whole must be a whole number, not '1e+300'."),
        ("part", "0,5", "0,5", "Part must be a number, not '0,5'."),
        ("part", "nan", "nan", "Part must be a number, not 'nan'."),
        ("part", math.nan, "nan", "Part must be a number, not 'nan'."),
        ("part", math.inf, "inf", "Part must be a number, not 'inf'."),
        ("part", "1e999", "1e999", "Part must be a number, not '1e999'."),
        ("part", False, False, "Part must be a number, not False."),
        ("part", 60.5, 60.5, "Part must be at most 60, not 60.5."),
        ("on", "maybe", "maybe", "On must be true or false, not 'maybe'."),
        ("on", 2, "2", "On must be true or false, not '2'."),
        ("count", 11, 11, "Count must be from 0 to 10 min, not 11."),
        ("count", -1, -1, "Count must be from 0 to 10 min, not -1."),
        ("mode", "Delete", "Delete", "Mode must be one of Move, Copy, not 'Delete'."),
        ("needed", "  ", "  ", "Enter a value for Needed; it must not be blank."),
        ("live", "", "", "Choose a value for Live; it must not be blank."),
    ],
)
def test_what_cannot_be_right_stays_as_entered_and_is_told(
    field: str, raw: object, kept: object, message: str
) -> None:
    configuration = main(**{field: raw})
    found = configuration.value("Main", field)
    assert (found, type(found)) == (kept, type(kept))
    assert messages(configuration, field) == [message]


def test_a_lower_limit_alone() -> None:
    section = Section(name="S", fields=(Field(name="n", type=FieldType.INT, minimum=1),))
    (problem,) = Configuration([section], {"S": [{"n": 0}]}).problems("S")
    assert problem.message == "N must be at least 1, not 0."


@pytest.mark.parametrize("raw", [[1], {"a": 1}, 10**5000], ids=["list", "table", "huge number"])
@pytest.mark.parametrize("field", ["text", "whole", "on", "mode"])
def test_what_no_field_can_hold_gives_way_to_the_default_and_is_told(field: str, raw: object) -> None:
    configuration = main(**{field: raw})
    declared = MAIN.field(field)
    assert declared is not None
    assert configuration.value("Main", field) == declared.default
    (message,) = messages(configuration, field)
    assert message.startswith(f"{field.title()} must be {declared.type.words}, not ")
    assert message.endswith("; the default is shown.")


@pytest.mark.parametrize(("field", "value"), [("whole", None), ("part", ""), ("count", " ")])
def test_a_number_may_be_left_blank(field: str, value: object) -> None:
    configuration = main(**{field: value})
    assert configuration.value("Main", field) is None
    assert messages(configuration, field) == []


@pytest.mark.parametrize(("field", "default"), [("text", "hello"), ("on", True), ("mode", "Move")])
def test_null_in_a_file_means_the_default(field: str, default: object) -> None:
    assert main(**{field: None}).value("Main", field) == default


def test_a_saved_choice_stays_while_its_server_cannot_be_asked() -> None:
    configuration = main(live="Site: TrueBeam 1")
    assert configuration.value("Main", "live") == "Site: TrueBeam 1"
    assert messages(configuration, "live") == []


def test_a_missing_folder_is_not_looked_for_here() -> None:
    assert messages(main(folder="/nowhere/at/all"), "folder") == []


def test_values_of_the_wrong_shape_are_told() -> None:
    configuration = Configuration(SECTIONS, {"Main": 5, "Unit": ["x", {"name": "ok"}]})
    assert configuration.values("Unit") == [{"name": ""}, {"name": "ok"}]
    found = [(problem.section, problem.index, problem.field) for problem in configuration.problems()]
    assert found == [
        ("Main", 0, ""),
        ("Unit", 0, ""),
        ("Main", 0, "needed"),
        ("Main", 0, "live"),
        ("Unit", 0, "name"),
    ]
    texts = [problem.message for problem in configuration.problems()]
    assert texts[0] == "Section Main: no list of sub-sections was found; the defaults are shown."
    assert texts[1] == "Unit #1: no table of fields was found; the defaults are shown."


def test_a_document_that_is_no_table_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="must be a table of sections, not list"):
        Configuration(SECTIONS, [1])  # type: ignore[arg-type]


def test_only_a_multiple_section_has_several_subsections() -> None:
    configuration = Configuration(SECTIONS, {"Main": [{"text": "1"}, {"text": "2"}], "Unit": [{}, {}]})
    assert [row["text"] for row in configuration.values("Main")] == ["1"]
    assert len(configuration.values("Unit")) == 2
    assert [note.message for note in configuration.notes] == [
        "Section Main: only the first of 2 sub-sections was read."
    ]


def test_a_section_keeps_one_subsection_even_when_its_list_is_empty() -> None:
    assert Configuration(SECTIONS, {"Unit": []}).values("Unit") == [{"name": ""}]


def test_value_by_index() -> None:
    configuration = Configuration(SECTIONS, {"Unit": [{"name": "a"}, {"name": "b"}]})
    assert configuration.value("Unit", "name") == "a"
    assert configuration.value("Unit", "name", 1) == "b"


@pytest.mark.parametrize(
    ("section", "field", "index", "message"),
    [
        ("Nope", "name", None, "There is no section 'Nope'; the sections are Pump, Main, Unit."),
        ("Unit", "nope", None, "Section 'Unit' has no field 'nope'; its fields are name."),
        ("Unit", "name", 1, "Section 'Unit' has 1 sub-section(s), so there is no number 2."),
        ("Unit", "name", -1, "Section 'Unit' has 1 sub-section(s), so there is no number 0."),
    ],
)
def test_asking_for_what_is_not_there(section: str, field: str, index: int | None, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Configuration(SECTIONS).value(section, field, index)
    assert caught.value.message == message


def test_problems_and_values_of_an_unknown_section_are_refused() -> None:
    configuration = Configuration(SECTIONS)
    with pytest.raises(ConfigurationError, match="no section 'Nope'"):
        configuration.problems("Nope")
    with pytest.raises(ConfigurationError, match="no section 'Nope'"):
        configuration.values("Nope")


def test_copies_do_not_reach_the_configuration() -> None:
    configuration = Configuration(SECTIONS)
    configuration.values("Main")[0]["text"] = "changed"
    configuration.values("Unit").append({})
    assert configuration.value("Main", "text") == "hello"
    assert len(configuration.values("Unit")) == 1


def test_secrets_are_gathered_and_never_shown_in_messages() -> None:
    configuration = main(auth_token=12345678, proxy="http://me:hunter22@proxy:80")
    assert configuration.secrets() == {"12345678", "http://me:hunter22@proxy:80"}
    said = [note.message for note in configuration.notes]
    assert said == ["Auth Token: the value that was entered was read as the value that was entered."]
    lost = main(auth_token=["s3cret"])
    assert "s3cret" not in " ".join(problem.message for problem in lost.problems())


def test_same_values_tells_types_apart() -> None:
    assert same_values({"A": [{"x": 1, "y": None}]}, {"A": [{"y": None, "x": 1}]})
    for other in (True, 1.0, "1", None):
        assert not same_values({"A": [{"x": 1}]}, {"A": [{"x": other}]})
    assert not same_values({"A": [{}]}, {"A": [{}, {}]})
    assert not same_values({"A": [{}]}, {"A": [{}], "B": []})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ROW = st.dictionaries(st.sampled_from([field.name for field in MAIN.fields]) | st.text(max_size=4), ANYTHING)
DOCUMENT = st.dictionaries(
    st.sampled_from(["Pump", "Main", "Unit", "Old"]), st.lists(ROW | ANYTHING, max_size=3) | ANYTHING
)


def all_values(configuration: Configuration) -> dict[str, list[dict[str, Any]]]:
    return {section.name: configuration.values(section.name) for section in configuration.sections}


@settings(deadline=None)
@given(DOCUMENT | ANYTHING)
def test_any_document_is_read_or_refused_in_words(document: Any) -> None:
    if document is not None and not isinstance(document, dict):
        with pytest.raises(ConfigurationError, match="must be a table of sections"):
            Configuration(SECTIONS, document)
        return
    configuration = Configuration(SECTIONS, document)
    kept = all_values(configuration)
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    again = Configuration(SECTIONS, kept)
    assert same_values(all_values(again), kept)
    assert again.notes == ()
    wrong = {(problem.section, problem.index, problem.field) for problem in configuration.problems()}
    for section in SECTIONS:
        for index, row in enumerate(kept[section.name]):
            for field in section.fields:
                value = row[field.name]
                assert (
                    value is None or has_type(field.type, value) or (section.name, index, field.name) in wrong
                )


@pytest.mark.parametrize("text", ["", "   ", "09:30", "9:30", " 23:59 ", "00:00"])
def test_a_time_of_day_or_nothing_may_stand_for_the_expected_result(text: str) -> None:
    configuration = Configuration((COMMON_SECTION,), {"Pump": [{"expect result by": text}]})
    assert configuration.problems() == []
    assert configuration.value("Pump", "expect result by") == text


@pytest.mark.parametrize(
    "text", ["24:00", "9.30", "half past nine", "09:60", "09:30:00", "9", "-1:30", "٠٩:٣٠"]
)
def test_what_is_no_time_of_day_is_told(text: str) -> None:
    configuration = Configuration((COMMON_SECTION,), {"Pump": [{"expect result by": text}]})
    (problem,) = configuration.problems()
    assert problem.field == "expect result by"
    assert problem.message == (
        f"Expect a result by must be a time of day such as 09:30, not '{text}', or blank."
    )


def test_a_pump_of_before_expects_nothing() -> None:
    """Kept by an earlier version or imported from QCPump 0.3, where the field did not exist."""
    configuration = Configuration((COMMON_SECTION,), {"Pump": [{"interval (s)": 60, "active": True}]})
    assert configuration.value("Pump", "expect result by") == ""
    assert configuration.problems() == []
    assert configuration.notes == ()
