"""The words between the form's model and its views: roles, kinds of editors, states."""

from __future__ import annotations

from enum import Enum, IntEnum

from PySide6.QtCore import Qt


class Editor(str, Enum):
    """What a field is edited with."""

    TEXT = "text"
    CHECK = "check"
    WHOLE = "whole"
    NUMBER = "number"
    CHOICE = "choice"
    FOLDER = "folder"
    FILE = "file"
    SECRET = "secret"  # noqa: S105 - the name of an editor, not a password
    SHOWN = "shown"
    """Text that people only look at."""


class Kind(str, Enum):
    """What an index of the form stands for."""

    SECTION = "section"
    ROW = "row"
    FIELD = "field"


class Status(str, Enum):
    """What is known about a section, a sub-section, or the whole pump."""

    UNCHECKED = "unchecked"
    CHECKING = "checking"
    OK = "ok"
    WRONG = "wrong"
    AWAY = "away"
    """A server, share or keyring could not be reached now; trying again later may help."""
    BLOCKED = "blocked"
    """Other sections have to be put in order first."""
    INACTIVE = "inactive"
    """The pump is switched off, so nothing was looked at."""


class ChoicesState(str, Enum):
    """Where the choices of a field come from and whether they are there."""

    STATIC = "static"
    NOT_ASKED = "not asked"
    ASKING = "asking"
    READY = "ready"
    FAILED = "failed"


class FormRole(IntEnum):
    """What views ask of an index beside `Qt.ItemDataRole.EditRole`.

    Qt hands the words above on as plain text: ``Editor(index.data(FormRole.EDITOR))`` makes one of it again.
    """

    KIND = Qt.ItemDataRole.UserRole + 1
    EDITOR = Qt.ItemDataRole.UserRole + 2
    LABEL = Qt.ItemDataRole.UserRole + 3
    HELP = Qt.ItemDataRole.UserRole + 4
    MINIMUM = Qt.ItemDataRole.UserRole + 5
    MAXIMUM = Qt.ItemDataRole.UserRole + 6
    UNIT = Qt.ItemDataRole.UserRole + 7
    CHOICES = Qt.ItemDataRole.UserRole + 8
    """All choices, a list of texts; the value itself may be none of them."""
    CHOICES_STATE = Qt.ItemDataRole.UserRole + 9
    CHOICES_MESSAGE = Qt.ItemDataRole.UserRole + 10
    PROBLEM = Qt.ItemDataRole.UserRole + 11
    """Why the field is invalid, as a sentence; empty when it is not."""
    REQUIRED = Qt.ItemDataRole.UserRole + 12
    CHANGED = Qt.ItemDataRole.UserRole + 13
    """The field differs from what is saved."""
    KEPT = Qt.ItemDataRole.UserRole + 14
    """The secret stands in the keyring and is not shown."""
    MULTIPLE = Qt.ItemDataRole.UserRole + 15
    STATUS = Qt.ItemDataRole.UserRole + 16
    MESSAGE = Qt.ItemDataRole.UserRole + 17
    """What the validation said about a section or sub-section."""
    BLOCKED_BY = Qt.ItemDataRole.UserRole + 18
    """Names of the sections that have to be put in order first."""
    MAPPABLE = Qt.ItemDataRole.UserRole + 19
    """The section pairs machines with units, so there is a helper for it."""
    SECTION = Qt.ItemDataRole.UserRole + 20
    ROW_NUMBER = Qt.ItemDataRole.UserRole + 21
    NAME = Qt.ItemDataRole.UserRole + 22
