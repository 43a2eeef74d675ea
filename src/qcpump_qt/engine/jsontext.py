"""JSON as people edit it by hand: reads it strictly and says in words, with the line, what is wrong."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, NoReturn

_PYTHON_WORDS = {"True": "true", "False": "false", "None": "null"}
_WORD = re.compile(r"\s*[:,\[]?\s*([A-Za-z]+)")


class NotJson(ValueError):  # noqa: N818 - reads as what is the matter
    """The text is not JSON; the message starts with the line and says what is expected."""


def decode_utf8(data: bytes) -> str:
    """Text from UTF-8 with or without byte order mark, or from UTF-16 with one (Notepad's "Unicode").

    Raises:
        NotJson: the bytes are neither; the message tells the line.
    """
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NotJson(
            f"line {line}: this is not UTF-8 text. Save the file with the encoding UTF-8 in your editor."
        ) from error


def decode_tolerantly(data: bytes) -> tuple[str, str]:
    """Text from UTF-8, UTF-16 with a mark, or else the Windows code page 1252; with a note if it was the last.

    Returns:
        the text, and a sentence to tell (empty when the bytes were proper Unicode).
    """
    try:
        return decode_utf8(data), ""
    except NotJson:
        return data.decode("cp1252", errors="replace"), (
            "The file is not UTF-8; it was read with the Windows code page 1252."
        )


def parse(text: str) -> Any:
    """The value that the JSON text stands for.

    Raises:
        NotJson: in words, with the line.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise NotJson(_explain(text, error)) from error
    except RecursionError as error:
        raise NotJson("line 1: lists or objects are nested too deeply for a configuration file.") from error
    except NotJson:
        raise
    except ValueError as error:
        raise NotJson(
            "line 1: it holds a number with thousands of digits, which nothing here needs."
        ) from error
    if "\\ud" in text.lower():
        _refuse_half_characters(value)
    return value


def to_text(value: Any) -> str:
    """JSON with an indent of two, readable for people, ending with a newline."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def line_of_key(text: str, key: str) -> int:
    """The line (from 1) in which ``"key":`` stands, 0 when it does not."""
    found = re.search(rf'"{re.escape(key)}"\s*:', text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def python_word_at(text: str, position: int) -> str:
    """`True`, `False` or `None` when that word stands at the position, else an empty text."""
    found = _WORD.match(text, position)
    return found[1] if found and found[1] in _PYTHON_WORDS else ""


def json_word(python_word: str) -> str:
    """What JSON has for Python's `True`, `False`, `None`."""
    return _PYTHON_WORDS[python_word]


def _refuse_constant(word: str) -> NoReturn:
    raise NotJson(f"{word} stands there where a number is expected; JSON has no such number.")


def _refuse_half_characters(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotJson(
            "line 1: it holds half of a character (\\ud8xx without its partner). Type that text anew."
        ) from error


def _explain(text: str, error: json.JSONDecodeError) -> str:
    """What a physicist who edited the file by hand needs to know, without quoting the file's content."""
    if not text.strip():
        return "line 1: the file is empty; it should hold a JSON object, at least {}."
    return f"line {error.lineno}, column {error.colno}: {_usual_slip(text, error) or _plain(error.msg)}."


def _usual_slip(text: str, error: json.JSONDecodeError) -> str:
    """The mistake in words when it is one of those that people make, else an empty text."""
    position = error.pos
    slips = (
        (
            "escape" in error.msg,
            'in JSON a backslash is written twice, as in "C:\\\\pumps"; or write C:/pumps',
        ),
        (
            position >= len(text.rstrip()),
            "the file ends too early; a closing bracket, brace or quotation mark is missing",
        ),
        (
            text.startswith("'", position),
            "texts stand in double quotation marks in JSON, not in single ones",
        ),
        (text.startswith(("//", "#", "/*"), position), "JSON has no comments; take the comment out"),
        (
            _comma_before_end(text, position),
            "there is a comma too many before the closing bracket or brace",
        ),
    )
    word = python_word_at(text, position)
    if word:
        return f"{word} stands there as in Python; JSON wants {json_word(word)}, in small letters"
    return next((words for applies, words in slips if applies), "")


def _comma_before_end(text: str, position: int) -> bool:
    """True for ``[1,]``; before Python 3.13 the position is behind the comma, from then on at it."""
    before, after = text[:position].rstrip(), text[position:].lstrip()
    return re.match(r",\s*[}\]]", after) is not None or (before.endswith(",") and after[:1] in ("}", "]"))


def _plain(message: str) -> str:
    """The parser's own complaint as part of a sentence."""
    return f"this is not JSON ({message[:1].lower()}{message[1:]})"
