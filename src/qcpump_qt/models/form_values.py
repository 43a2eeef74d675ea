"""Single values of the form: what fits a field, what is wrong with one, what differs."""

from __future__ import annotations

import sys
from typing import Any

from qcpump_qt.engine.config.checks import check
from qcpump_qt.engine.config.coerce import coerce
from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.config.secrecy import has_credentials
from qcpump_qt.models.form_roles import Editor

_EDITORS = {
    FieldType.STRING: Editor.TEXT,
    FieldType.BOOLEAN: Editor.CHECK,
    FieldType.INT: Editor.WHOLE,
    FieldType.UINT: Editor.WHOLE,
    FieldType.FLOAT: Editor.NUMBER,
    FieldType.MULTCHOICE: Editor.CHOICE,
    FieldType.DIRECTORY: Editor.FOLDER,
    FieldType.SECRET: Editor.SECRET,
    FieldType.FILE: Editor.FILE,
}


def is_kept(value: object) -> bool:
    """True for a value that stands in the keyring."""
    # Whoever has one has loaded its module, which takes a tenth of a second and is not needed otherwise.
    documents = sys.modules.get("qcpump_qt.engine.pump_document")
    return documents is not None and isinstance(value, documents.KeptSecret)


def fitting(field: Field, raw: object) -> Any:
    """`raw` as a value of the field; what cannot be made one stays as it is, to be seen and mended."""
    return raw if is_kept(raw) else coerce(field, raw).value


def problem_of(field: Field, value: object) -> str:
    """What is wrong with the value as far as nobody has to be asked; "" when nothing is."""
    return "" if is_kept(value) or field.readonly else check(field, value)


def editor_of(field: Field, opened_with: object) -> Editor:
    """What the field is edited with.

    Args:
        field: the field.
        opened_with: the value that the form was opened with; where no other editor could show it, it is
            edited as text.
    """
    if field.readonly:
        return Editor.SHOWN
    if (
        field.secret
        or is_kept(opened_with)
        or (isinstance(opened_with, str) and has_credentials(opened_with))
    ):
        return Editor.SECRET
    if not field.type.is_text and isinstance(opened_with, str):
        return Editor.TEXT
    return _EDITORS[field.type]


def differs(one: object, other: object) -> bool:
    """True unless both are the same value of the same type: 1, True and "1" are three different things."""
    return type(one) is not type(other) or one != other
