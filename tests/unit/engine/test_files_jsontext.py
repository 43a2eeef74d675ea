from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine import jsontext
from qcpump_qt.engine.jsontext import NotJson, decode_tolerantly, decode_utf8, parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"DEBUG": False}', "line 1, column 11: False stands there as in Python; JSON wants false"),
        ('{\n"DEBUG":\nTrue}', "line 3, column 1: True stands there as in Python; JSON wants true"),
        ('{"a": [1, None]}', "None stands there as in Python; JSON wants null"),
        ("", "line 1: the file is empty"),
        (" \n ", "line 1: the file is empty"),
        ('{"a": "C:\\pumps"}', "in JSON a backslash is written twice, as in"),
        ('{"a": 1', "the file ends too early; a closing bracket"),
        ('{"a": "b', "line 1, column 7: this is not JSON (unterminated string"),
        ("{'a': 1}", "texts stand in double quotation marks in JSON"),
        ('{"a": 1, // why\n "b": 2}', "JSON has no comments"),
        ('{"a": 1,\n # why\n "b": 2}', "line 2, column 2: JSON has no comments"),
        ('{"a": 1,}', "there is a comma too many before the closing bracket or brace"),
        ("[1,\n]", "there is a comma too many"),
        ('{"a": NaN}', "NaN stands there where a number is expected"),
        ('{"a": -Infinity}', "-Infinity stands there"),
        ("1" * 5000, "a number with thousands of digits"),
        ("[" * 100_000, "nested too deeply"),
        ('"\\ud83d"', "half of a character"),
    ],
)
def test_what_is_wrong_is_said_in_words(text: str, words: str) -> None:
    with pytest.raises(NotJson) as caught:
        parse(text)
    assert words in str(caught.value)


def test_whole_characters_in_two_halves_are_fine() -> None:
    assert parse('"\\ud83d\\ude00"') == "😀"


def test_what_is_not_utf8_names_the_line() -> None:
    with pytest.raises(
        NotJson, match=r"line 2: this is not UTF-8 text\. Save the file with the encoding UTF-8"
    ):
        decode_utf8(b'{\n"a": "\xb0"}')


def test_the_windows_code_page_is_understood_and_told() -> None:
    text, note = decode_tolerantly(b"gr\xfcn \x81")
    assert text == "grün �"
    assert note == "The file is not UTF-8; it was read with the Windows code page 1252."
    assert decode_tolerantly("grün".encode()) == ("grün", "")


def test_the_line_of_a_key_is_found() -> None:
    text = '{\n"a": 1,\n"b" : 2}'
    assert [jsontext.line_of_key(text, key) for key in ("a", "b", "c")] == [2, 3, 0]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_what_is_written_is_read_again(value: object) -> None:
    try:
        text = jsontext.to_text(value)
        text.encode()
    except UnicodeEncodeError:
        return
    assert parse(text) == json.loads(text)


@given(st.binary() | st.text(alphabet="{}[]\",:\\ \nTrueFalseNone0129.eE-+'#/abuüd8").map(str.encode))
def test_any_bytes_give_a_value_or_words(data: bytes) -> None:
    told = "."
    try:
        parse(decode_utf8(data))
    except NotJson as error:
        told = str(error)
    assert told.endswith(".")
    text, _ = decode_tolerantly(data)
    assert isinstance(text, str)
