"""What the stand-in does with an uploaded file: decode, clean the name, remember size and checksum."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import string
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from qcpump_qt.demo.sessions import Attachment

NOT_BASE64 = "base64 encoding requested but content does not appear to be base64"
ATTACHMENTS_MESSAGE = (
    '`attachments` field must be list of form [{"filename": "file_name.txt", '
    '"value": "<base64 encoded bytes|text>", "encoding": "<base64|text>], ...]'
)
_ONE_LINE = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class UploadCrash(Exception):  # noqa: N818 - the real server answers 500 here
    """Content that the real server falls over."""


def decoded(upload: Mapping[str, Any]) -> bytes:
    """The bytes of an upload `{"value", "encoding"}`; any encoding but base64 means text.

    Raises:
        ValueError: asked for as base64 (the default) and not base64 on one line.
        UploadCrash: no content at all.
    """
    value = upload.get("value")
    if not isinstance(value, str):
        raise UploadCrash("an upload without content")
    if upload.get("encoding", "base64") != "base64":
        return value.encode("utf-8")
    if not _ONE_LINE.fullmatch(value):
        raise ValueError(NOT_BASE64)
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(NOT_BASE64) from error


def attachment_of(number: int, filename: str, content: bytes, today: datetime) -> Attachment:
    """What is remembered of file `number`; its name is cleaned and made unique as the real server does."""
    stem, dot, extension = filename.rpartition(".")
    if not dot:
        stem, extension = filename, ""
    clean = re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", stem).strip())
    tail = secrets.choice(string.hexdigits[:16]) + secrets.token_hex(3)[:5]
    name = f"{clean[:180]}_{today:%Y-%m-%d}_{tail}" + (f".{extension}" if dot else "")
    return Attachment(number, filename, name, len(content), hashlib.sha256(content).hexdigest())


def list_attachments(given: object, today: datetime, number: Callable[[], int]) -> list[Attachment]:
    """The attachments of a whole session; `number` gives an id for each.

    Raises:
        ValueError: the list has not the shape that the server wants.
    """
    if given is None:
        return []
    if not isinstance(given, list) or not all(
        isinstance(each, dict) and isinstance(each.get("filename"), str) for each in given
    ):
        raise ValueError(ATTACHMENTS_MESSAGE)
    try:
        return [attachment_of(number(), each["filename"], decoded(each), today) for each in given]
    except UploadCrash as error:
        raise ValueError(ATTACHMENTS_MESSAGE) from error
