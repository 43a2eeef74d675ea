"""The two mixins that post a file to an upload test; the file is read while it is sent, never held in memory."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qcpump_qt.engine.errors import ItemError, SourceUnavailable
from qcpump_qt.engine.records import FileContent
from qcpump_qt.pumps.fetch_and_post import QATrackFetchAndPost

CHUNK = 1024 * 1024


class PostsOneFile(QATrackFetchAndPost):
    """What posting text and posting bytes have in common."""

    def slug_and_filename_for_record(self, record: Any) -> tuple[str, str | Path]:
        """The macro name of the upload test, and the path of the file."""
        raise NotImplementedError(f"{type(self).__name__} has no slug_and_filename_for_record method.")

    def _fingerprint(self, found: Any) -> str:
        """Changes with the file as well, so that one that was refused is tried again when it was mended."""
        known = super()._fingerprint(found)
        try:
            _slug, filename = self.slug_and_filename_for_record(found)
            seen = Path(filename).stat()
        except (Exception, SystemExit):  # noqa: BLE001 - a user's hook; what is wrong is told when the record is made ready
            return known
        return f"{known}-{seen.st_size}-{seen.st_mtime_ns}"


class QATrackFetchAndPostTextFile(PostsOneFile):
    """Posts a text file, one for each record."""

    def test_values_from_record(self, record: Any) -> Mapping[str, Any]:
        """The one upload test with the file's text."""
        slug, filename = self.slug_and_filename_for_record(record)
        path = Path(filename)
        content = FileContent(path, "text", text_charset(path))
        return {slug: {"value": content, "filename": path.name, "encoding": "text"}}


class QATrackFetchAndPostBinaryFile(PostsOneFile):
    """Posts any file, one for each record."""

    def test_values_from_record(self, record: Any) -> Mapping[str, Any]:
        """The one upload test with the file's bytes."""
        slug, filename = self.slug_and_filename_for_record(record)
        path = Path(filename)
        return {slug: {"value": FileContent(path, "base64"), "filename": path.name, "encoding": "base64"}}


def text_charset(path: Path) -> str:
    """How a text file is written: UTF-8, UTF-16 with its mark, or else the Windows code page 1252.

    Raises:
        ItemError: the file has vanished.
        SourceUnavailable: it cannot be read now.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            start = file.read(CHUNK)
            if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            charset = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
            chunk = start
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(CHUNK)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    except FileNotFoundError as error:
        raise ItemError("The file has vanished before it could be read.", subject=str(path)) from error
    except OSError as error:
        raise SourceUnavailable(
            f"The file cannot be read now ({error.strerror}); it waits.", subject=str(path)
        ) from error
    return charset
