"""The settings of the program as a whole, in `settings.json` (manual, chapters 3 and 4.3.1).

The file is edited by hand, so a mistake in it costs no more than the key it is in: the rest counts, the
broken key takes its default, and a message names file, line, key and what is expected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from qcpump_qt.engine import files, jsontext
from qcpump_qt.engine.errors import ConfigurationError

LogLevel = Literal["debug", "info", "warning", "error", "critical"]
DateFormat = Literal["yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy", "MM/dd/yyyy"]

_USER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582"
)
_OTHER_SPELLINGS = {"DB_CONNECTION_TIMEOUT": "DB_CONNECT_TIMEOUT"}
"""Section 4.3.1 of the manual calls the key otherwise than section 3.1."""


class Settings(BaseModel):
    """Every setting with its default; the names are those of QCPump 0.3, so that its file fits.

    `qcpump_qt.engine.setting_words` has what people read beside each.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    BROWSER_USER_AGENT: str = Field(default=_USER_AGENT, min_length=1, description="a text")
    DB_CONNECT_TIMEOUT: int = Field(default=30, ge=1, le=3600, description="whole seconds from 1 to 3600")
    DEBUG: bool = Field(default=False, description="true or false")
    LOG_LEVEL: LogLevel = Field(
        default="info", description='one of "debug", "info", "warning", "error" or "critical"'
    )
    LOG_TO_CONSOLE: bool = Field(default=False, description="true or false")
    PUMP_DIRECTORIES: list[str] | None = Field(
        default=None, description='a list of folders, such as ["C:/pumps"], or null'
    )
    PUMP_ON_STARTUP: bool = Field(default=False, description="true or false")
    MAX_HTTP_307_COUNT: int = Field(default=3, ge=0, le=100, description="a whole number from 0 to 100")
    HTTP_307_SLEEP_TIME: float = Field(
        default=0.5, ge=0, le=60, allow_inf_nan=False, description="seconds from 0 to 60"
    )
    HTTP_CONNECT_TIMEOUT: float = Field(
        default=5.0, gt=0, le=3600, allow_inf_nan=False, description="seconds, more than 0 and at most 3600"
    )
    HTTP_READ_TIMEOUT: float = Field(
        default=30.0, gt=0, le=3600, allow_inf_nan=False, description="seconds, more than 0 and at most 3600"
    )
    MAX_CONNECTIONS: int = Field(default=4, ge=1, le=64, description="a whole number from 1 to 64")
    CLOSE_TO_TRAY: bool = Field(default=True, description="true or false")
    DATE_FORMAT: DateFormat = Field(
        default="yyyy-MM-dd", description='one of "yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy" or "MM/dd/yyyy"'
    )

    @field_validator("LOG_LEVEL", mode="before")
    @classmethod
    def _small_letters(cls, value: object) -> object:
        """Levels are often written as in Python's logging."""
        return value.strip().lower() if isinstance(value, str) else value

    def pump_directories(self, beside: Path) -> list[Path]:
        """The folders with user-written pump types; relative ones count from the folder `beside`."""
        return [
            files.absolute(directory, beside)
            for directory in self.PUMP_DIRECTORIES or []
            if directory.strip()
        ]


def expectation(key: str) -> str:
    """What may stand for a key, as part of a sentence."""
    return Settings.model_fields[key].description or ""


def load_settings(path: Path) -> tuple[Settings, list[str]]:
    """Read the settings; whatever cannot be used takes its default and is told.

    Args:
        path: the file; where there is none, everything has its default.

    Returns:
        the settings (their `model_fields_set` has the keys that the file really gave) and the messages.
    """
    try:
        data = files.read_bytes(path)
    except files.FileMissing:
        return Settings(), []
    except ConfigurationError as error:
        return Settings(), [f"{error.message} All settings have their defaults meanwhile."]
    return settings_from(data, path)


def settings_from(data: bytes, path: Path) -> tuple[Settings, list[str]]:
    """As `load_settings`, from bytes that were read already; `path` is for the messages only."""
    text, note = jsontext.decode_tolerantly(data)
    messages = [f"{path}: {note}"] if note else []
    raw, troubles = _keys(text, path)
    return _settled(raw, text, path, messages + troubles)


def save_settings(path: Path, settings: Settings) -> Path | None:
    """Write the settings that were set on purpose; unknown keys of the file stay.

    Args:
        path: the file.
        settings: those in its `model_fields_set` are written, the others keep following the defaults.

    Returns:
        where the former file was set aside because something in it was broken, else None.

    Raises:
        ConfigurationError: the file cannot be written; the old one is as it was.
    """
    kept: dict[str, Any] = {}
    aside = None
    if files.exists(path):
        kept, intact = _other_keys(files.read_bytes(path), path)
        if not intact:
            aside = files.set_aside(path)
    document = settings.model_dump(mode="json", include=set(settings.model_fields_set)) | kept
    files.write_atomically(path, jsontext.to_text(document))
    return aside


def _other_keys(data: bytes, path: Path) -> tuple[dict[str, Any], bool]:
    """The keys that are not ours, and whether saving loses nothing that somebody typed."""
    try:
        raw = jsontext.parse(jsontext.decode_utf8(data))
    except jsontext.NotJson:
        return {}, False
    if not isinstance(raw, dict):
        return {}, False
    ours = set(Settings.model_fields) | set(_OTHER_SPELLINGS)
    kept = {key: value for key, value in raw.items() if key not in ours}
    known = {key: value for key, value in raw.items() if key in ours}
    _, broken = _settled(known, "", path, [])
    return kept, not broken


def _keys(text: str, path: Path) -> tuple[dict[str, Any], list[str]]:
    """The keys with their raw values; from broken JSON those that can still be read."""
    try:
        raw = jsontext.parse(text)
    except jsontext.NotJson as error:
        rescued, missed = _rescue(text)
        return rescued, [f"{path}, {error} {_what_counts(rescued, missed)}"]
    if not isinstance(raw, dict):
        return {}, [
            f'{path}: a JSON object, as in {{"LOG_LEVEL": "info"}}, is expected. All settings have their defaults.'
        ]
    return raw, []


def _rescue(text: str) -> tuple[dict[str, Any], list[str]]:
    """Known keys whose value is readable although the whole is not, and those whose value is not.

    Python's `True` and `False`, as in the manual's own sample, can only mean one thing and are taken.
    """
    decoder = json.JSONDecoder()
    rescued: dict[str, Any] = {}
    missed = []
    for key in [*Settings.model_fields, *_OTHER_SPELLINGS]:
        found = re.search(rf'"{key}"\s*:\s*', text)
        if not found:
            continue
        word = jsontext.python_word_at(text, found.end())
        try:
            rescued[key] = (
                json.loads(jsontext.json_word(word)) if word else decoder.raw_decode(text, found.end())[0]
            )
        except (ValueError, RecursionError):
            missed.append(key)
    return rescued, missed


def _what_counts(rescued: Mapping[str, Any], missed: list[str]) -> str:
    """What became of the keys of a file that is not JSON."""
    parts = []
    if rescued:
        parts.append(f"What can be read counts meanwhile ({', '.join(rescued)}).")
    if missed:
        parts.append(f"Their defaults are used for {', '.join(missed)}.")
    return " ".join(parts) or "All settings have their defaults meanwhile."


def _settled(
    raw: Mapping[str, Any], text: str, path: Path, messages: list[str]
) -> tuple[Settings, list[str]]:
    """Settings from raw keys: unknown ones are noted, broken ones take their default."""
    known, notes = _known_keys(raw, path)
    messages = messages + notes
    try:
        return Settings.model_validate(known), messages
    except ValidationError as error:
        broken = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors())
    messages += [_broken_key(key, known[key], text, path) for key in broken]
    sound = {key: value for key, value in known.items() if key not in broken}
    return Settings.model_validate(sound), messages


def _known_keys(raw: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], list[str]]:
    known: dict[str, Any] = {}
    notes = []
    for key, value in raw.items():
        name = _OTHER_SPELLINGS.get(key, key)
        if name not in Settings.model_fields:
            notes.append(f"{path}: the key {_shown(key)} is not known and is ignored.")
        elif name == key or name not in raw:
            known[name] = value
    return known, notes


def _broken_key(key: str, value: object, text: str, path: Path) -> str:
    """The message for one key whose value cannot be used."""
    line = jsontext.line_of_key(text, key)
    where = f"{path}, line {line}" if line else f"{path}"
    default = json.dumps(Settings.model_fields[key].get_default())
    return (
        f"{where}: {key} is {_shown(value)}, but {expectation(key)} is expected. "
        f"Its default {_shorter(default)} is used until that is mended."
    )


def _shown(value: object) -> str:
    """A value as it stands in the file, short enough for a message."""
    return _shorter(json.dumps(value, ensure_ascii=False, default=str))


def _shorter(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
