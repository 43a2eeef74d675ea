"""How text files are read, and when a file counts as changed."""

from __future__ import annotations

import codecs
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import ItemError, SourceUnavailable
from qcpump_qt.engine.records import FileContent
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.post_files import (
    CHUNK,
    QATrackFetchAndPostBinaryFile,
    QATrackFetchAndPostTextFile,
    text_charset,
)
from qcpump_qt.pumps.qatrack_api import QATRACK_API_CONFIG
from recording_host import RecordingHost


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (b"", "utf-8"),
        (b"plain", "utf-8"),
        ("°C".encode(), "utf-8"),
        (codecs.BOM_UTF8 + b"mark", "utf-8-sig"),
        ("°".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "°".encode("utf-16-be"), "utf-16"),
        ("°".encode("cp1252"), "cp1252"),
        ("ends in mid-character °".encode()[:-1], "cp1252"),
        (b"a" * (CHUNK - 1) + "°".encode(), "utf-8"),
        (b"a" * CHUNK + b"\xb0", "cp1252"),
    ],
)
def test_the_charset_of_a_text_file(tmp_path: Path, data: bytes, charset: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    assert text_charset(file) == charset


@given(st.text())
def test_what_was_written_in_unicode_is_read_as_such(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.txt"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        try:
            file.write_bytes(text.encode(encoding))
        except UnicodeEncodeError:
            continue
        read = file.read_bytes().decode(text_charset(file))
        assert read == (text.removeprefix("\ufeff") if encoding == "utf-8" else text)


def test_a_file_that_has_vanished_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ItemError, match="The file has vanished before it could be read"):
        text_charset(tmp_path / "gone")
    with pytest.raises(SourceUnavailable, match=r"The file cannot be read now \(.*\); it waits\."):
        text_charset(tmp_path)


class TextFile(QATrackFetchAndPostTextFile, BasePump):
    CONFIG = [QATRACK_API_CONFIG]  # noqa: RUF012 - as the manual shows it

    def slug_and_filename_for_record(self, record: Any) -> tuple[str, Any]:
        return "film", record["file"]


class BinaryFile(QATrackFetchAndPostBinaryFile, BasePump):
    CONFIG = [QATRACK_API_CONFIG]  # noqa: RUF012 - as the manual shows it

    def slug_and_filename_for_record(self, record: Any) -> tuple[str, Any]:
        return "film", record["file"]


def made(cls: type[BasePump]) -> Any:
    values = {"QATrack+ API": [{"api url": "http://127.0.0.1:9/api", "auth token": "0" * 40}]}
    return cls(Configuration(cls.sections(), values), RecordingHost())


def test_the_test_of_a_text_file(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes("°".encode("cp1252"))
    assert made(TextFile).test_values_from_record({"file": str(file)}) == {
        "film": {"value": FileContent(file, "text", "cp1252"), "filename": "report.txt", "encoding": "text"}
    }


def test_the_test_of_a_binary_file_does_not_touch_it(tmp_path: Path) -> None:
    file = tmp_path / "film.tif"
    assert made(BinaryFile).test_values_from_record({"file": file}) == {
        "film": {"value": FileContent(file, "base64"), "filename": "film.tif", "encoding": "base64"}
    }


@pytest.mark.parametrize("cls", [TextFile, BinaryFile])
def test_the_fingerprint_changes_with_the_file(tmp_path: Path, cls: type[BasePump]) -> None:
    file = tmp_path / "film.tif"
    pump, record = made(cls), {"file": str(file)}
    seen = [pump._fingerprint(record)]
    for data in (b"one", b"three"):
        file.write_bytes(data)
        seen.append(pump._fingerprint(record))
    os.utime(file, (1, 1))
    seen.append(pump._fingerprint(record))
    assert len(set(seen)) == 4
    assert pump._fingerprint({}) == pump._fingerprint({})


@pytest.mark.parametrize("cls", [QATrackFetchAndPostTextFile, QATrackFetchAndPostBinaryFile])
def test_the_hook_has_to_be_there(cls: Any) -> None:
    class WithoutHook(cls, BasePump):  # type: ignore[misc]
        CONFIG = [QATRACK_API_CONFIG]  # noqa: RUF012 - as the manual shows it

    with pytest.raises(NotImplementedError, match="WithoutHook has no slug_and_filename_for_record method"):
        made(WithoutHook).slug_and_filename_for_record({})
