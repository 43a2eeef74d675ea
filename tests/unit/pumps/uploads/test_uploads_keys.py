"""Keys of files: QCPump's byte for byte, never too long, never the same for two versions."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.pumps.uploads.keys import Version, is_unread, modified_time, unread_key
from qcpump_qt.sources.files.contents import Stamp

WHEN = datetime(2026, 3, 10, 7, 41, 3)  # noqa: DTZ001 - the clock on the wall


def version(name: str = "film 1.tif", content: str = "0123", unit: str = "Main: Linac 1") -> Version:
    return Version(unit, name, WHEN, content)


def test_the_plain_key_is_that_of_qcpump() -> None:
    """Compatibility reference, section 4."""
    assert version().plain_key == "QCPump/GenericTextFileUploader/Main: Linac 1/2026-03-10T07:41:03/film 1"


@pytest.mark.parametrize(
    "other", [version("film 1.pdf"), version(content="4567"), version(unit="Main: Linac 2")]
)
def test_another_file_has_another_key_of_its_own(other: Version) -> None:
    assert other.own_key != version().own_key
    assert len({version().own_key, version().plain_key}) == 2


def test_a_long_key_is_cut_and_told_apart() -> None:
    long = "x" * 240
    keys = [
        key
        for name in (f"{long}a.tif", f"{long}b.tif", f"{long}a.pdf")
        for key in (version(name).plain_key, version(name).own_key)
    ]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {255}


@given(st.integers(-(2**31) * 10**9, 2**33 * 10**9))
def test_the_time_is_that_of_getmtime(tmp_path_factory: pytest.TempPathFactory, nanoseconds: int) -> None:
    file = Path(tmp_path_factory.getbasetemp()) / "timed"
    file.touch()
    os.utime(file, ns=(nanoseconds, nanoseconds))
    seen = file.stat()
    assert modified_time(Stamp(0, seen.st_mtime_ns)) == datetime.fromtimestamp(os.path.getmtime(file))  # noqa: DTZ006, PTH204


def test_a_time_that_is_none_is_told() -> None:
    with pytest.raises(ItemError) as raised:
        modified_time(Stamp(0, 2**70))
    assert raised.value.message == (
        "Its time of change lies outside of what a calendar knows. Save the file anew and it is sent."
    )


def test_names_that_are_no_text_make_keys_that_are() -> None:
    assert version("f\udcfflm.tif").plain_key.endswith("/f\\udcfflm")
    assert len(version("f\udcfflm.tif").mark) == 16


def test_keys_of_files_that_were_not_read() -> None:
    key = unread_key("Main: Linac 1", "/in/a.csv")
    assert is_unread(key)
    assert not is_unread(version().own_key)
    assert not is_unread(version("unread.csv").plain_key)
    assert unread_key("Main: Linac 1", "/in/b.csv") != key
    assert len(unread_key("x" * 500, "/in/b.csv")) <= 255
