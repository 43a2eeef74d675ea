"""What QATrack+ says against a session, and the same in words that say what to do.

The texts are those of QATrack+ 3.1 (qatrack-api, table of POST errors); one that is not known here is
passed on as the server wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MISSING = "Missing data for tests: "
_EXISTS = "already exists"
_NAMED = 10
"""So many tests are named in a message; the answer that is kept has them all."""
_SHOWN = 600
"""So many characters of a text are shown, such as a calculation's traceback."""
_GENERAL = ("non_field_errors", "detail")

_RULES: tuple[tuple[str, str], ...] = (
    (
        r"Missing data for tests: (?P<tests>.*)",
        "The record has no values for these tests of the list: {tests}. Let the pump skip missing tests "
        "(autoskip), or correct the test list in QATrack+.",
    ),
    (
        r"Wrong value type \(number/string\) for tests: (?P<tests>.*)",
        "The values of these tests have the wrong type, such as a text or a blank where QATrack+ wants a "
        "number: {tests}. Correct the type of the tests in QATrack+, or the values at the source.",
    ),
    (r"If these are composite tests with missing dependencies.*", ""),
    (
        r"(?P<test>\S+) is missing the filename field",
        "The test list has the upload test '{test}', and no file came for it; QATrack+ 3.1 cannot skip "
        "upload tests. Send a file for it, or take the test off the list.",
    ),
    (
        r"base64 encoding requested but content does not appear to be base64.*",
        "The file for an upload test arrived empty or damaged, so QATrack+ could not decode it. "
        "Look whether the file is empty.",
    ),
    (
        r"work_completed date must be after work_started.*",
        "The work is said to be completed before it was started. Correct the times at the source.",
    ),
    (
        r"'?(?P<day>[^']*)'? is not a valid day for this Test Collection\.?\s*(?P<rest>.*)",
        "Day {day} does not exist in this test list cycle. {rest}. Choose another day or another list.",
    ),
    (
        r"You must include the 'day' key when performing a Test List Cycle.*",
        "The list is a test list cycle, and the record does not say which day of it. "
        "Assign the test list itself to the unit.",
    ),
    (
        r"The following tests are calculated automatically and should not have values provided: (?P<tests>.*)",
        "QATrack+ calculates these tests itself and takes no values for them: {tests}. "
        "Make them simple tests in QATrack+, or leave them out.",
    ),
    (
        r"Incorrect constant value passed for (?P<test>.*)",
        "'{test}' is a constant in QATrack+, and the value sent is another one. Make it a simple test.",
    ),
    (
        r"Error with (?P<test>.*?) test: (?P<rest>.*)",
        "The calculation of test '{test}' failed on the server: {rest}. Correct the calculation in QATrack+.",
    ),
    (
        r'Invalid datetime for the timezone "?(?P<zone>[^".]*)"?\.?',
        "The time of this work does not exist or exists twice in the server's time zone {zone}: it lies in a "
        "night in which the clocks change, and QATrack+ refuses it in every form. Enter this session in "
        "QATrack+ by hand; sending it again does not help.",
    ),
    (r"Datetime has wrong format.*", "The field '{field}' is not a date and time as QATrack+ reads them."),
    (
        r"Invalid hyperlink.*|Incorrect type\. Expected URL string.*",
        "The assignment of the test list to the unit (field '{field}') is not known to the server (any more). "
        "Look in QATrack+ whether the list is still assigned.",
    ),
    (
        r"Ensure this field has no more than (?P<limit>\d+) characters\.?",
        "The field '{field}' is longer than the {limit} characters that QATrack+ takes.",
    ),
    (
        r"Null characters are not allowed\.?",
        "The field '{field}' has a NUL character in it, which databases refuse.",
    ),
    (r".*Test data must be a dictionary.*", "A value was sent in the wrong shape; the server said: {all}"),
    (r"This field is required\.?", "The field '{field}' is missing."),
    (r"This field may not be null\.?", "The field '{field}' is blank, which QATrack+ does not take."),
    (
        r"JSON parse error - (?P<rest>.*)",
        "The server could not read the request ({rest}). A proxy on the way may have changed it; "
        "try again, and report it when it happens again.",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _RULES)


def key_exists(said: Any) -> bool:
    """True when the server says that it has a session with this `user_key` already."""
    return isinstance(said, dict) and any(_EXISTS in message for message in _texts(said.get("user_key")))


def missing_tests(said: Any) -> tuple[tuple[str, ...], bool]:
    """The tests without values, and whether that is the only complaint.

    Only the first line counts: others can follow it in the same text (qatrack-api, table of POST errors).
    """
    if not isinstance(said, dict):
        return (), False
    messages = list(_texts(said.get("non_field_errors")))
    lines = messages[0].splitlines() if messages else []
    if not lines or not lines[0].startswith(_MISSING):
        return (), False
    slugs = tuple(slug.strip() for slug in lines[0][len(_MISSING) :].split(", ") if slug.strip())
    return slugs, len(said) == 1 and len(messages) == 1 and len(lines) == 1


def in_words(said: Any) -> str:
    """All complaints as sentences, each told once."""
    sentences: dict[str, None] = {}
    for field, text in _complaints(said):
        sentence = _worded(field, text)
        if sentence:
            sentences[sentence] = None
    return " ".join(sentences)


def _complaints(said: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(said, Mapping):
        yield from (("", text) for text in _texts(said))
        return
    for field, messages in said.items():
        for message in _texts(messages):
            yield from ((str(field), part) for part in _parts(message))


def _parts(message: str) -> list[str]:
    """One complaint a line, except for a calculation's error, which goes over many."""
    parts: list[str] = []
    for line in message.splitlines():
        if parts and parts[-1].startswith("Error with "):
            parts[-1] += f" {line.strip()}"
        elif line.strip():
            parts.append(line.strip())
    return parts


def _texts(messages: Any) -> Iterator[str]:
    if isinstance(messages, str):
        yield messages
    elif isinstance(messages, Mapping):
        for each in messages.values():
            yield from _texts(each)
    elif isinstance(messages, list):
        for each in messages:
            yield from _texts(each)


def _worded(field: str, text: str) -> str:
    for pattern, words in _COMPILED:
        found = pattern.fullmatch(text)
        if found:
            parts = {name: _shown(name, value or "") for name, value in found.groupdict().items()}
            return words.format(field=field, all=text, **parts)
    where = "" if field in _GENERAL or not field else f" about the field '{field}'"
    return f"The server said{where}: “{text[:_SHOWN]}”"


def _shown(name: str, value: str) -> str:
    """A part of the server's text; of many tests only the first are named."""
    value = value.strip().rstrip(".")[:_SHOWN]
    tests = value.split(", ")
    if name == "tests" and len(tests) > _NAMED:
        return f"{', '.join(tests[:_NAMED])} and {len(tests) - _NAMED} more"
    return value
