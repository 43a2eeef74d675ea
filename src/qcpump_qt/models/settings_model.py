"""The settings as a form: every key with its words, its kind of editor, its limits and what is wrong with it."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

from PySide6.QtCore import QObject, Signal

from qcpump_qt.engine.setting_words import GROUPS, SETTING_WORDS, SettingWords
from qcpump_qt.engine.settings import Settings, declared, default, expectation, fits
from qcpump_qt.models.dates import PATTERNS, DateStyle

Kind = Literal["switch", "whole", "number", "choice", "text", "folders"]
NEEDS_RESTART = frozenset({"LOG_LEVEL", "LOG_TO_CONSOLE", "PUMP_DIRECTORIES"})
"""Logs are opened and pump types are loaded when the program starts."""
_EXAMPLE = date(2026, 11, 20)
"""A day whose parts cannot be mistaken for one another."""


@dataclass(frozen=True, kw_only=True)
class SettingField:
    """One setting as an editor needs it.

    Args:
        key: its name in `settings.json`.
        label, help, unit: for people.
        kind: which editor fits.
        default: its value where nobody set it.
        lowest, highest: of a number; `lowest` itself may be refused.
        choices: value and words of each thing to choose from.
        needs_restart: a change counts from the next start on.
    """

    key: str
    label: str
    help: str
    unit: str
    kind: Kind
    default: Any
    lowest: float = 0
    highest: float = 0
    choices: tuple[tuple[str, str], ...] = ()
    needs_restart: bool = False


class SettingsModel(QObject):
    """The values that are being edited.

    Args:
        settings: those that count now.
        messages: what in the file cannot be used, in words.
        parent: as for every Qt object.
    """

    changed = Signal(str)
    """The key whose value or problem is another one now."""
    reset = Signal()
    """All values and messages may be other ones now."""

    def __init__(
        self, settings: Settings, messages: tuple[str, ...] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._saved = settings
        self._values: dict[str, Any] = {}
        self._problems: dict[str, str] = {}
        self._named: set[str] = set()
        self._take(settings)

    @staticmethod
    def groups() -> list[tuple[str, list[SettingField]]]:
        """The headings with their settings, in the order in which they are shown."""
        return [
            (group, [_field(words) for words in SETTING_WORDS if words.group == group]) for group in GROUPS
        ]

    def value(self, key: str) -> Any:
        """The value as it is being edited."""
        return self._values[key]

    def problem(self, key: str) -> str:
        """What is wrong with it, in words; empty when nothing is."""
        return self._problems.get(key, "")

    @property
    def problems(self) -> Mapping[str, str]:
        """Key and words of everything that is wrong."""
        return dict(self._problems)

    @property
    def edited(self) -> bool:
        """Whether saving would change anything."""
        return bool(self._problems) or self._values != self._saved.as_dict() or self._forgotten()

    def set_value(self, key: str, value: Any) -> None:
        """Take what somebody entered, also where it cannot be used: its problem tells so."""
        if value == self._values[key] and type(value) is type(self._values[key]):
            return
        self._values[key] = value
        self._named.add(key)
        self._problems.pop(key, None)
        if not fits(key, value):
            self._problems[key] = f"Expected here: {expectation(key)}."
        self.changed.emit(key)

    def restore_defaults(self) -> None:
        """Give every setting its default; nothing is saved yet."""
        self._values = Settings().as_dict()
        self._named = set()
        self._problems = {}
        self.reset.emit()

    def settings(self) -> Settings:
        """What is to be saved: keys that were set on purpose; the others keep following the defaults.

        Raises:
            ValueError: there are problems.
        """
        defaults = Settings().as_dict()
        kept = {key for key in self._named if self._values[key] != defaults[key] or key in self._saved.given}
        return Settings(**{key: self._values[key] for key in self._values if key in kept})

    def saved(self, settings: Settings) -> list[str]:
        """These are on disk now; returns the labels of those that count from the next start on."""
        before, after = self._saved.as_dict(), settings.as_dict()
        self.messages = ()
        self._saved = settings
        self._named = set(settings.given)
        self.reset.emit()
        return [
            words.label
            for words in SETTING_WORDS
            if words.key in NEEDS_RESTART and before[words.key] != after[words.key]
        ]

    def _take(self, settings: Settings) -> None:
        self._values = settings.as_dict()
        self._named = set(settings.given)

    def _forgotten(self) -> bool:
        return bool(self._saved.given.keys() - self._named)


def _field(words: SettingWords) -> SettingField:
    values, limits = declared(words.key)
    return SettingField(
        key=words.key,
        label=words.label,
        help=words.help,
        unit=words.unit,
        kind=_kind(values),
        default=default(words.key),
        lowest=limits.ge or limits.gt or 0,
        highest=limits.le or 0,
        choices=_choices(words.key, values),
        needs_restart=words.key in NEEDS_RESTART,
    )


def _kind(annotation: Any) -> Kind:
    if get_origin(annotation) is Literal:
        return "choice"
    if get_origin(annotation) in {Union, types.UnionType}:
        return "folders"
    kinds: dict[Any, Kind] = {bool: "switch", int: "whole", float: "number", str: "text"}
    return kinds[annotation]


def _choices(key: str, annotation: Any) -> tuple[tuple[str, str], ...]:
    if get_origin(annotation) is not Literal:
        return ()
    if key == "DATE_FORMAT":
        return tuple(
            (pattern, f"{pattern} (as in {DateStyle(pattern).day(_EXAMPLE)})") for pattern in PATTERNS
        )
    return tuple((value, value) for value in get_args(annotation))
