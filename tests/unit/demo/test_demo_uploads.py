"""Uploaded files: decoding and cleaned names."""

from __future__ import annotations

import base64
import hashlib
import itertools
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.demo.uploads import (
    ATTACHMENTS_MESSAGE,
    NOT_BASE64,
    UploadCrash,
    attachment_of,
    decoded,
    list_attachments,
)

TODAY = datetime(2026, 11, 20, tzinfo=timezone.utc)


@given(st.binary(min_size=1))
def test_base64_comes_back(content: bytes) -> None:
    text = base64.b64encode(content).decode("ascii")
    assert decoded({"value": text}) == decoded({"value": text, "encoding": "base64"}) == content


@given(st.text())
def test_text_comes_back(text: str) -> None:
    if text.isprintable():
        assert decoded({"value": text, "encoding": "text"}) == text.encode("utf-8")
        assert decoded({"value": text, "encoding": "any other word"}) == text.encode("utf-8")


@pytest.mark.parametrize("value", ["", "line 1\nline 2", "QUJD\nQUJD\n", "QUJ", "QÜJD", "QUJD=QUJD", "A==="])
def test_what_is_not_base64_on_one_line_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=NOT_BASE64):
        decoded({"value": value})


@pytest.mark.parametrize("upload", [{}, {"value": None}, {"value": 3}])
def test_no_content_is_what_the_real_server_falls_over(upload: dict[str, object]) -> None:
    with pytest.raises(UploadCrash):
        decoded(upload)


@pytest.mark.parametrize(
    ("given_name", "stored"),
    [
        ("report.txt", r"report_2026-11-20_[0-9a-f]{6}\.txt"),
        ("report", r"report_2026-11-20_[0-9a-f]{6}"),
        ("../../x/../evil name.txt", r"xevil-name_2026-11-20_[0-9a-f]{6}\.txt"),
        ("n" * 300 + ".txt", r"n{180}_2026-11-20_[0-9a-f]{6}\.txt"),
    ],
)
def test_names_are_cleaned(given_name: str, stored: str) -> None:
    attachment = attachment_of(4, given_name, b"abc", TODAY)
    import re

    assert re.fullmatch(stored, attachment.filename)
    assert (attachment.id, attachment.label, attachment.size) == (4, given_name, 3)
    assert attachment.sha256 == hashlib.sha256(b"abc").hexdigest()


def test_attachments_of_a_session() -> None:
    numbers = itertools.count(7)
    given_files = [
        {"filename": "a.txt", "value": "x", "encoding": "text"},
        {"filename": "b", "value": "QUJD"},
    ]
    found = list_attachments(given_files, TODAY, lambda: next(numbers))
    assert [(each.id, each.label, each.size) for each in found] == [(7, "a.txt", 1), (8, "b", 3)]
    assert list_attachments(None, TODAY, lambda: 0) == []


@pytest.mark.parametrize("wrong", [["a.txt"], "a.txt", [{"value": "x"}], [{"filename": "a"}], {}])
def test_attachments_of_the_wrong_shape(wrong: object) -> None:
    with pytest.raises(ValueError, match="field must be list of form") as caught:
        list_attachments(wrong, TODAY, lambda: 0)
    assert str(caught.value) == ATTACHMENTS_MESSAGE
