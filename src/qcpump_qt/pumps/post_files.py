"""The two mixins that post a file to an upload test; the file is read while it is sent, never held in memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qcpump_qt.engine.records import FileContent
from qcpump_qt.pumps.fetch_and_post import QATrackFetchAndPost
from qcpump_qt.sources.files.contents import text_charset


def text_file_test(path: Path) -> dict[str, Any]:
    """What is posted for an upload test with a text file.

    Raises:
        ItemError: the file has vanished, or is no text.
        SourceUnavailable: it cannot be read now.
    """
    return {
        "value": FileContent(path, "text", text_charset(path)),
        "filename": _name(path),
        "encoding": "text",
    }


def binary_file_test(path: Path) -> dict[str, Any]:
    """What is posted for an upload test with a file of any kind; the file itself is not touched."""
    return {"value": FileContent(path, "base64"), "filename": _name(path), "encoding": "base64"}


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
        return {slug: text_file_test(Path(filename))}


class QATrackFetchAndPostBinaryFile(PostsOneFile):
    """Posts any file, one for each record."""

    def test_values_from_record(self, record: Any) -> Mapping[str, Any]:
        """The one upload test with the file's bytes."""
        slug, filename = self.slug_and_filename_for_record(record)
        return {slug: binary_file_test(Path(filename))}


def _name(path: Path) -> str:
    """The file's real name; one on Linux need not be valid text, and servers take nothing else."""
    return path.name.encode("utf-8", "replace").decode("utf-8")
