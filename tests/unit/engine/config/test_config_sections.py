"""Reading CONFIG: what a right one gives, and every mistake of a wrong one, by section and field."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcpump_qt.engine.config.fields import FieldType
from qcpump_qt.engine.config.sections import COMMON_SECTION, Section, read_config
from qcpump_qt.engine.errors import PumpError, PumpTypeError


class Owner:
    """Stands for a pump type."""

    number = 5

    def validate_it(self, values: dict[str, Any]) -> tuple[bool, str]:
        return True, ""

    def get_choices(self) -> list[str]:
        return ["a"]


def read(declared: object) -> tuple[Section, ...]:
    return read_config(declared, owner=Owner, file="pumps/owner.py")


def mistakes(declared: object) -> list[str]:
    with pytest.raises(PumpTypeError) as caught:
        read(declared)
    assert caught.value.subject == "Owner"
    head, *lines = caught.value.message.split("\n")
    count = "a mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
    assert head == f"The CONFIG of Owner in pumps/owner.py has {count}; the pump type is not offered."
    return [line.removeprefix("- ") for line in lines]


def field(**parts: object) -> list[dict[str, Any]]:
    """A CONFIG of one section with one field."""
    return [{"name": "Main", "fields": [{"name": "it", "type": "string", **parts}]}]


def test_the_common_section_comes_first_with_its_defaults() -> None:
    (common,) = read([])
    assert common is COMMON_SECTION
    assert common.name == "Pump"
    assert [(entry.name, entry.type, entry.default) for entry in common.fields] == [
        ("type", FieldType.STRING, ""),
        ("name", FieldType.STRING, ""),
        ("interval (s)", FieldType.INT, 300),
        ("log level", FieldType.MULTCHOICE, "info"),
        ("active", FieldType.BOOLEAN, True),
        ("expect result by", FieldType.STRING, ""),
    ]
    assert [entry.readonly for entry in common.fields] == [True, True, False, False, False, False]
    expected = common.field("expect result by")
    assert expected is not None
    assert (expected.label, expected.required, expected.time_of_day) == ("Expect a result by", False, True)
    interval = common.field("interval (s)")
    assert interval is not None
    assert (interval.minimum, interval.maximum, interval.unit) == (1, 86400, "s")
    level = common.field("log level")
    assert level is not None
    assert level.choices == ("debug", "info", "warning", "error", "critical")


def test_a_full_declaration() -> None:
    declared = [
        {"name": "Server", "validation": "validate_it", "fields": [{"name": "api url", "type": "string"}]},
        {
            "name": "Unit",
            "multiple": True,
            "dependencies": ["Server"],
            "fields": [
                {
                    "name": "unit name",
                    "type": FieldType.MULTCHOICE,
                    "required": True,
                    "label": "Unit",
                    "help": "Which unit.",
                    "choices": "get_choices",
                },
                {"name": "mode", "type": "multchoice", "choices": ["Move", "Copy"], "default": "Copy"},
                {"name": "wait", "type": "uint", "default": 20, "validation": {"max": 60}, "unit": "min"},
                {"name": "part", "type": "float", "default": 1, "validation": {"min": -1.5, "max": 2}},
                {"name": "place", "type": "directory", "default": PurePosixPath("a/b"), "readonly": True},
            ],
        },
    ]
    _, server, unit = read(declared)
    assert (server.validation, server.multiple, server.dependencies) == ("validate_it", False, ())
    assert (unit.validation, unit.multiple, unit.dependencies) == (None, True, ("Server",))
    name, mode, wait, part, place = unit.fields
    assert (name.label, name.help, name.required) == ("Unit", "Which unit.", True)
    assert (name.choices, name.choices_method) == (None, "get_choices")
    assert (mode.choices, mode.default) == (("Move", "Copy"), "Copy")
    assert (wait.minimum, wait.maximum, wait.unit) == (0, 60, "min")
    assert (part.minimum, part.maximum, part.default) == (-1.5, 2, 1)
    assert (place.default, place.readonly) == ("a/b", True)


def test_unknown_keys_of_third_party_files_are_no_mistake() -> None:
    _, main = read([{"name": "Main", "colour": "red", "fields": [{"name": "a", "type": "int", "size": 3}]}])
    assert main.fields[0].name == "a"


def test_titles_of_subsections_count_from_one() -> None:
    _, main = read(field())
    many = Section(name="Unit", fields=(), multiple=True)
    assert main.titled(0) == "Main"
    assert many.titled(1) == "Unit #2"
    assert many.titled(None) == "Unit"
    assert main.field("nothing") is None


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (None, "CONFIG must be a list of sections, not None"),
        ({"name": "Main"}, "CONFIG must be a list of sections, not {'name': 'Main'}"),
        (["Main"], "section number 1 must be a dict, not 'Main'"),
        ([{}], "section number 1 has no 'name'"),
        ([{"name": 5}], "section number 1: 'name' must be text, not 5"),
        ([{"name": "Main", "fields": "a"}], "section 'Main': 'fields' must be a list, not 'a'"),
        ([{"name": "Main", "fields": ["a"]}], "section 'Main': field number 1 must be a dict, not 'a'"),
        (
            [{"name": "Main", "multiple": "yes"}],
            "section 'Main': 'multiple' must be True or False, not 'yes'",
        ),
        (
            [{"name": "Main", "validation": "nowhere"}],
            "section 'Main': 'validation' names the method 'nowhere', which Owner does not have",
        ),
        (
            [{"name": "Main", "validation": "number"}],
            "section 'Main': 'validation' names the method 'number', which Owner does not have",
        ),
        (
            [{"name": "Main", "validation": {"min": 1}}],
            "section 'Main': 'validation' must be the name of a method, not {'min': 1}",
        ),
        (
            [{"name": "Main", "dependencies": "Pump"}],
            "section 'Main': 'dependencies' must be a list of section names, not 'Pump'",
        ),
        (
            [{"name": "Main", "dependencies": ["Other"]}],
            "section 'Main' depends on the section 'Other', which does not exist",
        ),
        (
            [{"name": "Main", "dependencies": ["Main"]}],
            "the sections depend on each other in a circle: 'Main' → 'Main'",
        ),
        (
            [{"name": "A", "dependencies": ["B"]}, {"name": "B", "dependencies": ["A"]}],
            "the sections depend on each other in a circle: 'A' → 'B' → 'A'",
        ),
        (
            [{"name": "Main"}, {"name": "Main"}],
            "section 'Main' is declared more than once; each needs its own name",
        ),
        (
            [{"name": "Pump"}],
            "section 'Pump' is declared more than once; every pump type has that section already",
        ),
        (
            [{"name": "Main", "fields": [{"name": "a", "type": "int"}, {"name": "a", "type": "int"}]}],
            "section 'Main', field 'a': the field is declared more than once",
        ),
        ([{"name": "Main", "fields": [{"type": "int"}]}], "section 'Main': field number 1 has no 'name'"),
        ([{"name": "Main", "fields": [{"name": "a"}]}], "section 'Main', field 'a': it has no 'type'"),
        (
            field(type="text"),
            "section 'Main', field 'it': 'type' must be one of string, boolean, int, uint, float, multchoice, "
            "directory, secret, file, not 'text'",
        ),
        (field(default=5), "section 'Main', field 'it': 'default' must be text, not 5"),
        (
            field(type="int", default="5"),
            "section 'Main', field 'it': 'default' must be a whole number, not '5'",
        ),
        (
            field(type="int", default=True),
            "section 'Main', field 'it': 'default' must be a whole number, not True",
        ),
        (
            field(type="float", default=float("nan")),
            "section 'Main', field 'it': 'default' must be a number, not nan",
        ),
        (
            field(type="boolean", default=1),
            "section 'Main', field 'it': 'default' must be true or false, not 1",
        ),
        (
            field(type="uint", default=-1),
            "section 'Main', field 'it': 'default' -1 is smaller than 'min' (0)",
        ),
        (
            field(type="int", default=9, validation={"max": 8}),
            "section 'Main', field 'it': 'default' 9 is greater than 'max' (8)",
        ),
        (
            field(type="int", validation={"min": 9, "max": 8}),
            "section 'Main', field 'it': 'min' (9) is greater than 'max' (8)",
        ),
        (
            field(type="int", validation={"min": "9"}),
            "section 'Main', field 'it': 'min' must be a number, not '9'",
        ),
        (
            field(type="int", validation=[1, 9]),
            "section 'Main', field 'it': 'validation' of a field must be a dict with 'min' and 'max', not [1, 9]",
        ),
        (
            field(type="multchoice"),
            "section 'Main', field 'it': a field with choices needs 'choices': a list of texts, or the name of a "
            "method",
        ),
        (
            field(type="multchoice", choices=[]),
            "section 'Main', field 'it': 'choices' must be a list of texts, or the name of a method, not []",
        ),
        (
            field(type="multchoice", choices=[1]),
            "section 'Main', field 'it': 'choices' must be a list of texts, or the name of a method, not [1]",
        ),
        (
            field(type="multchoice", choices="nowhere"),
            "section 'Main', field 'it': 'choices' names the method 'nowhere', which Owner does not have",
        ),
        (
            field(type="multchoice", choices=["a", "b"], default="c"),
            "section 'Main', field 'it': 'default' 'c' is not among the choices a, b",
        ),
        (field(label=5), "section 'Main', field 'it': 'label' must be text, not 5"),
        (field(required="yes"), "section 'Main', field 'it': 'required' must be True or False, not 'yes'"),
    ],
)
def test_each_mistake_is_told_with_its_place(declared: object, expected: str) -> None:
    assert mistakes(declared) == [expected]


def test_all_mistakes_are_told_at_once() -> None:
    declared = [
        {"name": "One", "validation": "nowhere", "fields": [{"name": "a"}, {"type": "int"}]},
        {"name": "Two", "dependencies": ["Three"]},
    ]
    assert mistakes(declared) == [
        "section 'One', field 'a': it has no 'type'",
        "section 'One': field number 2 has no 'name'",
        "section 'One': 'validation' names the method 'nowhere', which Owner does not have",
        "section 'Two' depends on the section 'Three', which does not exist",
    ]


def test_a_long_value_is_cut_in_the_message() -> None:
    (line,) = mistakes(field(default=["x" * 500]))
    assert line.endswith("…")
    assert len(line) < 130


def test_a_value_whose_repr_fails_is_named_by_its_kind() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise ValueError

    assert mistakes(field(default=Broken())) == [
        "section 'Main', field 'it': 'default' must be text, not a Broken"
    ]


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELD = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["a", "b", "password"]) | JSON_LIKE,
        "type": st.sampled_from(list(FieldType))
        | st.sampled_from([kind.value for kind in FieldType])
        | JSON_LIKE,
        "default": JSON_LIKE,
        "required": st.booleans() | JSON_LIKE,
        "choices": st.lists(st.text(max_size=3), min_size=1) | st.sampled_from(["get_choices"]) | JSON_LIKE,
        "validation": st.fixed_dictionaries({}, optional={"min": JSON_LIKE, "max": st.integers()})
        | JSON_LIKE,
        "label": JSON_LIKE,
        "help": st.text(max_size=5),
    },
)
SECTION = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["A", "B", "C", "Pump"]) | JSON_LIKE,
        "fields": st.lists(FIELD | JSON_LIKE, max_size=4),
    },
    optional={
        "multiple": st.booleans() | JSON_LIKE,
        "dependencies": st.lists(st.sampled_from(["A", "B", "C", "Pump"]), max_size=2) | JSON_LIKE,
        "validation": st.sampled_from(["validate_it", "nowhere"]) | JSON_LIKE,
    },
)


@settings(deadline=None)
@given(st.lists(SECTION | JSON_LIKE, max_size=4) | JSON_LIKE)
def test_any_declaration_is_read_or_refused_in_words(declared: object) -> None:
    refusal = ""
    sections: tuple[Section, ...] = ()
    try:
        sections = read(declared)
    except PumpError as error:
        refusal = error.message
    if refusal:
        head, *lines = refusal.split("\n- ")
        assert "CONFIG of Owner in pumps/owner.py" in head
        assert lines
        assert all("section" in line or "CONFIG" in line for line in lines)
    else:
        assert isinstance(declared, list)
        assert [section.name for section in sections[1:]] == [entry["name"] for entry in declared]
