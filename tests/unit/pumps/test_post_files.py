"""What is posted for a file, and when a file counts as changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.records import FileContent
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.post_files import QATrackFetchAndPostBinaryFile, QATrackFetchAndPostTextFile
from qcpump_qt.pumps.qatrack_api import QATRACK_API_CONFIG
from recording_host import RecordingHost


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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no names that are not text")
def test_a_name_that_is_no_text_is_sent_as_text(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"film\xff.tif")
    assert made(BinaryFile).test_values_from_record({"file": file})["film"]["filename"] == "film?.tif"


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
