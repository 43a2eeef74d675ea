"""Request bodies: right JSON, files in them, and values that are refused before anything is sent."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcpump_qt.engine.errors import ConfigurationError, ItemError, SourceUnavailable
from qcpump_qt.engine.records import FileContent
from qcpump_qt.qatrack import content
from qcpump_qt.qatrack.body import SizedStream, json_body
from qcpump_qt.qatrack.checks import Unsendable

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc_", min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


def decoded(body: bytes | SizedStream) -> Any:
    data = body if isinstance(body, bytes) else b"".join(body)
    assert len(data) == len(body)
    return json.loads(data)


def upload(file: FileContent, **more: Any) -> dict[str, Any]:
    return {"user_key": "k", "tests": {"report": {"value": file, "filename": "r", **more}}}


def sent_content(file: FileContent) -> str:
    value = decoded(json_body(upload(file)))["tests"]["report"]["value"]
    assert isinstance(value, str)
    return value


@given(st.dictionaries(st.text("abc_", min_size=1), values, max_size=4))
def test_a_payload_without_files_arrives_as_it_is(payload: dict[str, Any]) -> None:
    body = json_body(payload)
    assert isinstance(body, bytes)
    assert body.isascii()
    assert json.loads(body) == payload


def test_any_mapping_and_tuples_can_be_sent() -> None:
    payload = MappingProxyType({"tests": MappingProxyType({"a": {"value": (1, 2)}})})
    assert decoded(json_body(payload)) == {"tests": {"a": {"value": [1, 2]}}}


@settings(max_examples=40)
@given(
    st.binary(max_size=2000)
    | st.integers(-2, 2).map(lambda extra: os.urandom(content.CHUNK + extra))
    | st.integers(0, 3).map(lambda extra: os.urandom(3 * content.CHUNK + extra))
)
def test_binary_files_arrive_as_base64_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("binary") / "file.bin"
    path.write_bytes(data)
    value = sent_content(FileContent(path))
    assert "\n" not in value
    assert base64.b64decode(value, validate=True) == data


@settings(max_examples=40)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
    st.sampled_from([1, 2, 3, 7, 4096]),
)
def test_text_files_arrive_as_their_text(
    tmp_path_factory: pytest.TempPathFactory, text: str, charset: str, chunk: int
) -> None:
    path = tmp_path_factory.mktemp("text") / "file.txt"
    path.write_bytes(text.encode(charset))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "CHUNK", chunk)
        assert sent_content(FileContent(path, "text", charset)) == text


def test_a_code_page_text_keeps_its_degree_sign_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(b'gantry 90 \xb0\r\n\tnext "quoted" \\ line\n')
    assert sent_content(FileContent(path, "text", "cp1252")) == 'gantry 90 °\r\n\tnext "quoted" \\ line\n'


def test_several_files_in_one_payload_keep_their_places(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one", "two")]
    for path in paths:
        path.write_text(path.name, encoding="utf-8")
    payload = {
        "tests": {"a": {"value": FileContent(paths[0], "text")}, "n": {"value": 1.5}},
        "attachments": [{"filename": "x", "value": FileContent(paths[1]), "encoding": "base64"}],
        "user_key": "k",
    }
    arrived = decoded(json_body(payload))
    assert arrived["tests"] == {"a": {"value": "one"}, "n": {"value": 1.5}}
    assert arrived["attachments"][0]["value"] == base64.b64encode(b"two").decode()
    assert arrived["user_key"] == "k"


def test_a_stream_can_be_sent_twice(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"again")
    body = json_body(upload(FileContent(path)))
    assert isinstance(body, SizedStream)
    assert b"".join(body) == b"".join(body)


def test_an_empty_file_has_an_empty_content(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    assert sent_content(FileContent(path)) == ""
    assert sent_content(FileContent(path, "text")) == ""


def test_text_that_is_not_in_its_charset_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(b"90 \xb0")
    with pytest.raises(ItemError, match=r"latin\.txt is not text in utf-8\. Save it as utf-8") as caught:
        json_body(upload(FileContent(path, "text")))
    assert caught.value.title == "Not a text file"
    path.write_bytes(b"cut in a character \xc3")
    with pytest.raises(ItemError):
        json_body(upload(FileContent(path, "text")))


def test_an_unknown_charset_is_a_matter_of_configuration(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a")
    with pytest.raises(ConfigurationError, match="There is no charset 'klingon'"):
        json_body(upload(FileContent(path, "text", "klingon")))


@pytest.mark.parametrize("encoding", ["base64", "text"])
def test_a_missing_file_means_wait(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(SourceUnavailable, match="could not be read: it is not there"):
        json_body(upload(FileContent(tmp_path / "gone", encoding)))


@pytest.mark.parametrize("encoding", ["base64", "text"])
@pytest.mark.parametrize("now", [b"longer than before", b"short", b""])
def test_a_file_that_changes_after_it_was_measured_ends_the_request(
    tmp_path: Path, encoding: str, now: bytes
) -> None:
    path = tmp_path / "growing.txt"
    path.write_bytes(b"ten bytes.")
    body = json_body(upload(FileContent(path, encoding)))
    path.write_bytes(now)
    with pytest.raises(
        SourceUnavailable, match="changed while it was being sent; nothing was stored"
    ) as caught:
        exhaust(body)
    assert caught.value.title == "File is still being written"
    assert caught.value.transient


@pytest.mark.parametrize("encoding", ["base64", "text"])
def test_a_file_rewritten_with_the_same_length_is_noticed(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rewritten.txt"
    path.write_bytes(b"before")
    os.utime(path, ns=(10**18, 10**18))
    body = json_body(upload(FileContent(path, encoding)))
    path.write_bytes(b"behind")
    with pytest.raises(SourceUnavailable):
        exhaust(body)


@pytest.mark.parametrize(("before", "after"), [(b'"a"', b"aaa"), (b"aaa", b'"a"')])
def test_a_text_rewritten_within_one_tick_of_the_clock_is_noticed_by_its_length(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    path = tmp_path / "rewritten.txt"
    path.write_bytes(before)
    os.utime(path, ns=(10**18, 10**18))
    body = json_body(upload(FileContent(path, "text")))
    path.write_bytes(after)
    os.utime(path, ns=(10**18, 10**18))
    with pytest.raises(SourceUnavailable):
        exhaust(body)


@pytest.mark.parametrize("encoding", ["base64", "text"])
def test_a_file_that_changes_while_it_is_read_never_goes_out_whole(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"x" * (2 * content.CHUNK))
    body = json_body(upload(FileContent(path, encoding)))
    assert isinstance(body, SizedStream)
    pieces = iter(body)
    sent = len(next(pieces)) + len(next(pieces))
    with path.open("ab") as file:
        file.write(b"y" * 10)
    with pytest.raises(SourceUnavailable):
        sent += sum(len(piece) for piece in pieces)
    assert sent < len(body)


def test_pieces_of_a_large_file_stay_small(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"\x01" * 1_000_000)
    for encoding in ("base64", "text"):
        body = json_body(upload(FileContent(path, encoding)))
        assert isinstance(body, SizedStream)
        assert max(len(piece) for piece in body) <= 6 * content.CHUNK


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"tests": {"dose": {"value": float("nan")}}}, "Test 'dose' has the value nan, which is no number"),
        ({"tests": {"dose": {"value": float("-inf")}}}, "Test 'dose' has the value -inf"),
        ({"tests": {"a": {"value": 1}, "b": {"value": [1, float("nan")]}}}, "Test 'b' has the value nan"),
        ({"tests": {"n": {"value": 10**400}}}, "Test 'n' has a whole number that is too large"),
        ({"tests": {"s": {"value": "a\0b"}}}, "Test 's' has a text with a NUL character"),
        ({"tests": {"s": {"comment": "\ud800"}}}, "Test 's' has a text with half a character"),
        ({"tests": {"a\0": {"value": 1}}}, "has a text with a NUL character"),
        ({"tests": {"t": {"value": object()}}}, "Test 't' has a value of the kind object"),
        ({"comment": "a\0"}, "The field 'comment' has a text with a NUL"),
        ({"day": float("inf")}, "The field 'day' has the value inf"),
        ({"user_key": ""}, "empty user_key"),
    ],
)
def test_values_that_the_server_cannot_take_are_told_by_name(payload: dict[str, Any], words: str) -> None:
    with pytest.raises(Unsendable) as caught:
        json_body(payload)
    assert words in caught.value.message
    assert caught.value.title == "Record cannot be sent"
    assert (caught.value.status, caught.value.answer) == (0, None)


def test_the_record_is_named_when_a_value_is_refused() -> None:
    with pytest.raises(Unsendable) as caught:
        json_body({"user_key": "pump/1", "tests": {"d": {"value": float("nan")}}})
    assert caught.value.subject == "pump/1"


def exhaust(body: Iterable[object]) -> None:
    for _ in body:
        pass
