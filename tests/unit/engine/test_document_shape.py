"""The shape of a pump's document: as strict as it has to be, and never a value in a message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.document_shape import MARK, Misshapen, check_document, is_mark

HALF = "half of a character stands there, which no file can hold."
GOOD: dict[str, Any] = {
    "schema": 1,
    "id": "tb-abc234",
    "type": "T",
    "name": "N",
    "values": {
        "Pump": [{"active": True, "interval (s)": 300}],
        "Unit": [{"token": {"secret": True}, "factor": 1.0, "note": "", "room": None}, {}],
        "None": [],
    },
}
NOT_KEPT = "The value of S → f is of a kind that cannot be kept."


def row(value: object) -> dict[str, Any]:
    return GOOD | {"values": {"S": [{}, {"f": value}]}}


def told(raw: object) -> str:
    with pytest.raises(Misshapen) as caught:
        check_document(raw)
    return str(caught.value)


def test_a_sound_document_is_given_back_as_it_is() -> None:
    assert check_document(GOOD) is GOOD
    with_origin = GOOD | {"origin": "C:/QCPump"}
    assert check_document(with_origin) is with_origin
    assert check_document(GOOD | {"origin": ""})


@pytest.mark.parametrize("raw", [None, [], 3, "x", [GOOD]])
def test_what_is_no_object_is_told(raw: object) -> None:
    assert told(raw) == "A JSON object is expected."


@pytest.mark.parametrize("key", list(GOOD))
def test_a_missing_key_is_named(key: str) -> None:
    assert (
        told({name: value for name, value in GOOD.items() if name != key})
        == f"At {key}: this key is missing."
    )


@pytest.mark.parametrize("schema", [0, 2, "1", 1.0, True, None])
def test_the_schema_is_exactly_one(schema: object) -> None:
    assert told(GOOD | {"schema": schema}) == "At schema: the number 1 is expected."


@pytest.mark.parametrize("key", ["id", "type", "name"])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "a text that is not empty is expected."),
        (None, "a text that is not empty is expected."),
        (3, "a text is expected."),
        (["N"], "a text is expected."),
        ("a\ud83d", HALF),
    ],
)
def test_texts_that_must_be_there(key: str, value: object, words: str) -> None:
    assert told(GOOD | {key: value}) == f"At {key}: {words}"


@pytest.mark.parametrize(("value", "words"), [(None, "a text is expected."), ("\ud83d", HALF)])
def test_the_origin_is_a_text(value: object, words: str) -> None:
    assert told(GOOD | {"origin": value}) == f"At origin: {words}"


def test_an_unknown_key_is_named_and_its_value_is_not() -> None:
    assert told(GOOD | {"later": "canary"}) == "At later: there is no such key."
    assert told(GOOD | {"l\ud83d": 1}) == "At l\\ud83d: there is no such key."


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "At values: an object with the sections is expected."),
        (None, "At values: an object with the sections is expected."),
        ({"S": {}}, "At values → S: a list of objects is expected."),
        ({"S": None}, "At values → S: a list of objects is expected."),
        ({"S": [{}, ["canary"]]}, "At values → S 2: an object with the fields is expected."),
        ({"\ud83d": []}, f"At values → \\ud83d: {HALF}"),
        ({"S": [{"f\ud83d": 1}]}, f"At values → S 1 → f\\ud83d: {HALF}"),
        ({3: []}, "At values → 3: a text is expected as the name."),
        ({"S": [{None: 1}]}, "At values → S 1 → None: a text is expected as the name."),
    ],
)
def test_the_place_in_the_values_is_named(values: object, words: str) -> None:
    assert told(GOOD | {"values": values}) == words


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        2**63,
        -(2**63) - 1,
        pytest.param(10**5000, id="endless"),
        ["canary"],
        {},
        {"secret": False},
        {"secret": 1},
        {"secret": True, "canary": 1},
        {"canary": True},
        "\ud83d",
        b"canary",
    ],
)
def test_what_would_not_be_read_again_is_refused_without_its_value(value: object) -> None:
    assert told(row(value)) == NOT_KEPT


@pytest.mark.parametrize(
    "value", [2**63 - 1, -(2**63), 0, 0.0, 1e300, -1.5, True, False, None, "", "😀", MARK]
)
def test_what_can_be_kept_is_read_again_as_what_it_was(value: object) -> None:
    read = json.loads(json.dumps(check_document(row(value))))["values"]["S"][1]["f"]
    assert (type(read), read) == (type(value), value)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=3)
)
def test_only_a_mark_is_a_mark(value: object) -> None:
    assert not is_mark(value)
    assert is_mark({"secret": value}) == (value is True)
