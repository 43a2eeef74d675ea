"""What QATrack+ says against a session becomes words that say what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.errors import MissingTests, PumpError, RecordRejected, ServerRefused
from qcpump_qt.qatrack.answer import Answer
from qcpump_qt.qatrack.answers import read_post

URL = "https://qa.example.org/api/qa/testlistinstances/"


def answer(status: int, said: Any = None, **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(said, bytes):
        return Answer(status, {"content-type": "text/html; charset=utf-8", **names}, said, URL)
    body = b"" if said is None else json.dumps(said).encode()
    return Answer(status, {"content-type": "application/json", **names}, body, URL)


def post_error(given_answer: Answer) -> PumpError:
    with pytest.raises(PumpError) as caught:
        read_post(given_answer, "key/1")
    return caught.value


def general(*messages: str) -> Answer:
    return answer(400, {"non_field_errors": list(messages)})


def test_an_existing_key_is_already_there_whatever_else_is_wrong() -> None:
    there = {"user_key": ["test list instance with this user key already exists."]}
    assert read_post(answer(400, there)) is None
    assert read_post(answer(400, {**there, "work_started": ["This field is required."]})) is None
    assert read_post(answer(400, {"user_key": "… already exists."})) is None


def test_missing_tests_are_read_from_the_first_line_only() -> None:
    alone = post_error(general("Missing data for tests: b, note"))
    assert isinstance(alone, MissingTests)
    assert (alone.slugs, alone.alone, alone.status, alone.subject) == (("b", "note"), True, 400, "key/1")
    assert "no values for these tests of the list: b, note." in alone.message
    text = (
        "Missing data for tests: b\nWrong value type (number/string) for tests: a\nIf these are composite tests "
        "with missing dependencies, they should be marked as skipped in your request (e.g. {'tests': …})"
    )
    both = post_error(general(text))
    assert isinstance(both, MissingTests)
    assert (both.slugs, both.alone) == (("b",), False)
    assert "wrong type" in both.message
    assert "If these are composite" not in both.message
    assert both.answer == {"non_field_errors": [text]}


@pytest.mark.parametrize(
    "said",
    [
        {"non_field_errors": ["Missing data for tests: b", "another"]},
        {"non_field_errors": ["Missing data for tests: b"], "day": ["A valid integer is required."]},
        {"non_field_errors": ["Missing data for tests: b\nwork_completed date must be after work_started"]},
    ],
)
def test_missing_tests_are_not_alone_beside_other_complaints(said: Any) -> None:
    error = post_error(answer(400, said))
    assert isinstance(error, MissingTests)
    assert (error.slugs, error.alone) == (("b",), False)


@pytest.mark.parametrize(
    "text",
    [
        "Wrong value type (number/string) for tests: a\nMissing data for tests: b",
        "Missing data for tests: ",
        "Missing data for tests:",
        "Something Missing data for tests: b",
    ],
)
def test_anything_else_is_not_about_missing_tests(text: str) -> None:
    error = post_error(general(text))
    assert type(error) is RecordRejected


@given(
    st.lists(st.from_regex(r"[a-z_][a-z0-9_]{0,20}", fullmatch=True), min_size=1, max_size=30, unique=True)
)
def test_all_slugs_are_kept_and_the_message_stays_readable(slugs: list[str]) -> None:
    error = post_error(general(f"Missing data for tests: {', '.join(slugs)}"))
    assert isinstance(error, MissingTests)
    assert error.slugs == tuple(slugs)
    assert (f"and {len(slugs) - 10} more" in error.message) == (len(slugs) > 10)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (
            "non_field_errors",
            "upload is missing the filename field",
            "The test list has the upload test 'upload', and no file came for it; QATrack+ 3.1 cannot skip",
        ),
        (
            "non_field_errors",
            "base64 encoding requested but content does not appear to be base64",
            "The file for an upload test arrived empty or damaged",
        ),
        (
            "non_field_errors",
            "Wrong value type (number/string) for tests: a, b\nIf these are composite tests with missing …",
            "where QATrack+ wants a number: a, b.",
        ),
        (
            "non_field_errors",
            "work_completed date must be after work_started",
            "completed before it was started. Correct the times at the source.",
        ),
        (
            "non_field_errors",
            "'1' is not a valid day for this Test Collection.  Day must be between 0 & 0",
            "Day 1 does not exist in this test list cycle. Day must be between 0 & 0.",
        ),
        (
            "non_field_errors",
            "You must include the 'day' key when performing a Test List Cycle",
            "Assign the test list itself to the unit.",
        ),
        (
            "non_field_errors",
            "The following tests are calculated automatically and should not have values provided: z_comp",
            "QATrack+ calculates these tests itself and takes no values for them: z_comp.",
        ),
        (
            "non_field_errors",
            "Incorrect constant value passed for z_const",
            "'z_const' is a constant in QATrack+",
        ),
        (
            "non_field_errors",
            "Error with z_comp test: Invalid Test Procedure: z_comp\", line 1\nNameError: name 'q'\n",
            "The calculation of test 'z_comp' failed on the server: Invalid Test Procedure: z_comp\", line 1 NameError",
        ),
        (
            "work_started",
            'Invalid datetime for the timezone "America/Toronto".',
            "does not exist or exists twice in the server's time zone America/Toronto: it lies in a night in which "
            "the clocks change, and QATrack+ refuses it in every form. Enter this session in "
            "QATrack+ by hand; sending it again does not help.",
        ),
        (
            "work_started",
            "Datetime has wrong format. Use one of these formats instead: DD [Jan-Dec] YYYY hh:mm, …",
            "The field 'work_started' is not a date and time as QATrack+ reads them.",
        ),
        (
            "unit_test_collection",
            "Invalid hyperlink - Object does not exist.",
            "The assignment of the test list to the unit (field 'unit_test_collection') is not known to the server",
        ),
        (
            "unit_test_collection",
            "Incorrect type. Expected URL string, received int.",
            "Look in QATrack+ whether the list is still assigned.",
        ),
        (
            "user_key",
            "Ensure this field has no more than 255 characters.",
            "The field 'user_key' is longer than the 255 characters that QATrack+ takes.",
        ),
        ("user_key", "Null characters are not allowed.", "The field 'user_key' has a NUL character in it"),
        (
            "tests",
            '"a" field(s) have errors. Test data must be a dictionary ',
            'A value was sent in the wrong shape; the server said: "a" field(s) have errors.',
        ),
        ("tests", "This field is required.", "The field 'tests' is missing."),
        ("work_completed", "This field may not be null.", "The field 'work_completed' is blank"),
        (
            "detail",
            "JSON parse error - Out of range float values are not JSON compliant: 'NaN'",
            "The server could not read the request (Out of range float values are not JSON compliant: 'NaN').",
        ),
        (
            "day",
            "A valid integer is required.",
            "The server said about the field 'day': “A valid integer is required.”",
        ),
        ("non_field_errors", "Nobody knows this one", "The server said: “Nobody knows this one”"),
    ],
)
def test_complaints_are_told_in_words(field: str, text: str, words: str) -> None:
    said = {field: text if field == "detail" else [text]}
    error = post_error(answer(400, said))
    assert type(error) is RecordRejected
    assert words in error.message
    assert error.answer == said
    assert error.status == 400
    assert error.subject == "key/1"


def test_the_same_complaint_about_two_fields_is_told_once() -> None:
    text = 'Invalid datetime for the timezone "America/Toronto".'
    error = post_error(answer(400, {"work_completed": [text], "work_started": [text]}))
    assert error.message.count("America/Toronto") == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
        max_leaves=6,
    )
)
def test_any_json_in_a_400_gives_an_error_in_words(said: Any) -> None:
    outcome = result_or_error(answer(400, said))
    if outcome is None:
        assert isinstance(said, dict)
        assert "already exists" in str(said.get("user_key"))
    else:
        assert isinstance(outcome, (RecordRejected, ServerRefused))
        assert outcome.message


def result_or_error(given_answer: Answer) -> object:
    try:
        return read_post(given_answer, "key/1")
    except PumpError as error:
        return error
