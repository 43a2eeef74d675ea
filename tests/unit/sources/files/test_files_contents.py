"""What a file holds: its digest, how a text is written, and why it cannot be read, in words."""

from __future__ import annotations

import codecs
import os
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ItemError, SourceUnavailable
from qcpump_qt.sources.files.contents import (
    CHUNK,
    Stamp,
    StillWritten,
    content_digest,
    stamp_of,
    still_written,
    text_charset,
    unreadable,
)


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (b"", "utf-8"),
        (b"plain", "utf-8"),
        ("°C".encode(), "utf-8"),
        (codecs.BOM_UTF8 + b"mark", "utf-8-sig"),
        ("°".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "°".encode("utf-16-be"), "utf-16"),
        ("Gantry 5 °".encode("utf-16-le"), "utf-16-le"),
        ("Gantry 5 °".encode("utf-16-be"), "utf-16-be"),
        ("°".encode("cp1252"), "cp1252"),
        ("ends in mid-character °".encode()[:-1], "cp1252"),
        (b"a" * (CHUNK - 1) + "°".encode(), "utf-8"),
        (b"a" * CHUNK + b"\xb0", "cp1252"),
        (("x" * CHUNK).encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_the_charset_of_a_text_file(tmp_path: Path, data: bytes, charset: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    assert text_charset(file) == charset
    data.decode(charset)


@pytest.mark.parametrize(
    "data",
    [
        b"not in 1252: \x81",
        b"a\x00\x00b and some more text",
        b"a long text with a single NUL somewhere \x00 in it",
        codecs.BOM_UTF16_LE + b"odd",
        b"a\x00\x00\xd8",
        b"\x81" + b"a" * CHUNK,
    ],
)
def test_what_is_no_text(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "film.tif"
    file.write_bytes(data)
    with pytest.raises(ItemError) as raised:
        text_charset(file)
    assert str(raised.value) == (
        f"{file}: Not a text file: “film.tif” is not a text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8, or "
        "send files of this kind with the pump type for binary files."
    )


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_what_was_written_in_unicode_is_read_as_such(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.txt"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        file.write_bytes(text.encode(encoding))
        read = file.read_bytes().decode(text_charset(file))
        assert read == (text.removeprefix("\ufeff") if encoding == "utf-8" else text)


@given(st.binary(max_size=40))
def test_whatever_is_called_text_can_be_decoded(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.bin"
    file.write_bytes(data)
    try:
        charset = text_charset(file)
    except ItemError:
        return
    data.decode(charset)


def test_a_file_that_has_vanished_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ItemError, match="The file has vanished before it could be read"):
        text_charset(tmp_path / "gone")
    with pytest.raises(SourceUnavailable, match=r"The file cannot be read now \(.*\); it waits\."):
        text_charset(tmp_path)


def test_why_a_file_cannot_be_read() -> None:
    held = PermissionError(13, "Access is denied")
    held.winerror = 32  # type: ignore[attr-defined, unused-ignore]
    file = Path("a.csv")
    assert [
        unreadable(error, file).message for error in (held, PermissionError(13, "no"), OSError(5, "I/O"))
    ] == [
        "The file cannot be read now (another program holds it open); it waits.",
        "The file cannot be read now (it is locked, or this account has no right to read it); it waits.",
        "The file cannot be read now (I/O); it waits.",
    ]
    assert unreadable(NotADirectoryError(20, "no"), file).message == (
        "The file has vanished before it could be read."
    )


def test_a_digest_tells_one_content_from_another(tmp_path: Path) -> None:
    file = tmp_path / "film.tif"
    data = os.urandom(CHUNK + 7)
    file.write_bytes(data)
    digest = content_digest(file, stamp_of(file), CancelToken())
    assert digest == blake2b(data, digest_size=16).hexdigest()


def test_a_file_that_is_written_meanwhile_has_no_digest(tmp_path: Path) -> None:
    file = tmp_path / "film.tif"
    file.write_bytes(b"first")
    stamp = stamp_of(file)
    file.write_bytes(b"first and second")
    with pytest.raises(StillWritten) as raised:
        content_digest(file, stamp, CancelToken())
    assert (
        raised.value.message
        == still_written(file).message
        == ("“film.tif” is being written to just now; it goes when it is complete.")
    )


def test_a_long_reading_can_be_stopped(tmp_path: Path) -> None:
    file = tmp_path / "film.tif"
    file.write_bytes(b"first")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        content_digest(file, stamp_of(file), cancel)


def test_a_stamp_is_size_and_time(tmp_path: Path) -> None:
    file = tmp_path / "film.tif"
    file.write_bytes(b"first")
    os.utime(file, ns=(7, 5))
    assert stamp_of(file) == Stamp(5, 5)
    with pytest.raises(ItemError, match="vanished"):
        stamp_of(tmp_path / "gone")
