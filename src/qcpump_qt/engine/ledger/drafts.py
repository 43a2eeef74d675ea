"""What is to be sent, as text in the ledger and back again, so that it can be sent when its source is gone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcpump_qt.engine.records import FileContent, UnitBy, UnitRef, Upload

_FILE = "content of file"


@dataclass(frozen=True)
class Draft:
    """A waiting record with what is to be sent for it."""

    number: int
    key: str
    title: str
    source: tuple[str, ...]
    fingerprint: str
    upload: Upload


def text_of(payload: Mapping[str, Any]) -> str:
    """A payload as JSON.

    Raises:
        TypeError, ValueError, RecursionError: something in it is no plain data.
    """
    return json.dumps(payload, ensure_ascii=False, default=_describe)


def upload_columns(upload: Upload) -> dict[str, Any]:
    """The columns that keep an upload."""
    return {
        "unit": str(upload.unit),
        "test_list": upload.test_list,
        "address": json.dumps([upload.unit.by.value, upload.unit.value, upload.test_list]),
        "payload": text_of(upload.payload),
    }


def kept_upload(address: str, payload: str) -> Upload:
    """The upload that `upload_columns` kept."""
    by, value, test_list = json.loads(address)
    return Upload(
        payload=json.loads(payload, object_hook=_revive),
        unit=UnitRef(UnitBy(by), value),
        test_list=test_list,
    )


def _describe(value: Any) -> Any:
    """A file's content is not kept in the ledger, only which file it was."""
    if isinstance(value, FileContent):
        return {_FILE: str(value.path), "encoding": value.encoding, "charset": value.charset}
    raise TypeError(f"{type(value).__name__} cannot be kept in the ledger")


def _revive(value: dict[str, Any]) -> Any:
    if _FILE in value:
        return FileContent(Path(value[_FILE]), value["encoding"], value["charset"])
    return value
