"""The settings of the program as a whole, in `settings.json` (manual, chapters 3 and 4.3.1).

The file is edited by hand, so a mistake in it costs no more than the key it is in: the rest counts, the
broken key takes its default, and a message names file, line, key and what is expected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, get_args, get_type_hints

from msgspec import Meta, ValidationError, convert

from qcpump_qt.engine import files, jsontext
from qcpump_qt.engine.errors import ConfigurationError

LogLevel = Literal["debug", "info", "warning", "error", "critical"]
DateFormat = Literal["yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy", "MM/dd/yyyy"]
Switch = Annotated[bool, Meta(description="true or false")]
Patience = Annotated[float, Meta(gt=0, le=3600, description="seconds, more than 0 and at most 3600")]

_USER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582"
)
_OTHER_SPELLINGS = {"DB_CONNECTION_TIMEOUT": "DB_CONNECT_TIMEOUT"}
"""Section 4.3.1 of the manual calls the key otherwise than section 3.1."""


class Settings:
    """Every setting with its default; the names are those of QCPump 0.3, so that its file fits.

    `qcpump_qt.engine.setting_words` has what people read beside each. An object never changes.

    Args:
        values: what is set on purpose; all else has its default.

    Raises:
        ValueError: a key is not known, or its value cannot be used.
    """

    BROWSER_USER_AGENT: Annotated[str, Meta(min_length=1, description="a text")] = _USER_AGENT
    DB_CONNECT_TIMEOUT: Annotated[int, Meta(ge=1, le=3600, description="whole seconds from 1 to 3600")] = 30
    DEBUG: Switch = False
    LOG_LEVEL: Annotated[
        LogLevel, Meta(description='one of "debug", "info", "warning", "error" or "critical"')
    ] = "info"
    LOG_TO_CONSOLE: Switch = False
    PUMP_DIRECTORIES: Annotated[
        list[str] | None, Meta(description='a list of folders, such as ["C:/pumps"], or null')
    ] = None
    PUMP_ON_STARTUP: Switch = False
    MAX_HTTP_307_COUNT: Annotated[int, Meta(ge=0, le=100, description="a whole number from 0 to 100")] = 3
    HTTP_307_SLEEP_TIME: Annotated[float, Meta(ge=0, le=60, description="seconds from 0 to 60")] = 0.5
    HTTP_CONNECT_TIMEOUT: Patience = 5.0
    HTTP_READ_TIMEOUT: Patience = 30.0
    MAX_CONNECTIONS: Annotated[int, Meta(ge=1, le=64, description="a whole number from 1 to 64")] = 4
    CLOSE_TO_TRAY: Switch = True
    DATE_FORMAT: Annotated[
        DateFormat, Meta(description='one of "yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy" or "MM/dd/yyyy"')
    ] = "yyyy-MM-dd"

    def __init__(self, **values: Any) -> None:
        usable = {}
        for key, value in values.items():
            if key not in KEYS:
                raise ValueError(f"There is no setting {key}.")
            try:
                usable[key] = _usable(key, value)
            except ValueError:
                raise ValueError(f"{key}: {expectation(key)} is expected.") from None
        vars(self).update(usable)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("Settings do not change; make others.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and self.as_dict() == other.as_dict()

    __hash__ = None  # type: ignore[assignment] # a list of folders has none either

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{key}={value!r}' for key, value in self.given.items())})"

    @property
    def given(self) -> dict[str, Any]:
        """What was set on purpose, also where it is the default."""
        return {key: value for key, value in self.as_dict().items() if key in vars(self)}

    def as_dict(self) -> dict[str, Any]:
        """Every key with its value, in the usual order."""
        return {key: _copied(getattr(self, key)) for key in KEYS}

    def changed(self, **values: Any) -> Settings:
        """The same with these set on purpose too; raises as the class does."""
        return Settings(**(self.given | values))

    def pump_directories(self, beside: Path) -> list[Path]:
        """The folders with user-written pump types; relative ones count from the folder `beside`."""
        return [
            files.absolute(directory, beside)
            for directory in self.PUMP_DIRECTORIES or []
            if directory.strip()
        ]


_DECLARED: dict[str, Any] = get_type_hints(Settings, include_extras=True)
KEYS = tuple(_DECLARED)
"""The names of all settings, in the order in which they are written."""


def declared(key: str) -> tuple[Any, Meta]:
    """The type of a key's values, and what limits them."""
    kind, limits = get_args(_DECLARED[key])
    return kind, limits


def default(key: str) -> Any:
    """The value of a key that nobody set."""
    return _copied(getattr(Settings, key))


def expectation(key: str) -> str:
    """What may stand for a key, as part of a sentence."""
    return declared(key)[1].description or ""


def fits(key: str, value: object) -> bool:
    """Whether a key may have this value."""
    try:
        _usable(key, value)
    except ValueError:
        return False
    return True


def _usable(key: str, value: object) -> Any:
    """The value as the setting's type has it; raises `ValueError` for one that cannot be used."""
    if key == "LOG_LEVEL" and isinstance(value, str):
        value = value.strip().lower()  # levels are often written as in Python's logging
    try:
        usable = convert(value, _DECLARED[key])
    except ValidationError as error:
        raise ValueError(str(error)) from None
    jsontext.to_text(usable).encode("utf-8")  # half of a character could not be written
    return usable


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def load_settings(path: Path) -> tuple[Settings, list[str]]:
    """Read the settings; whatever cannot be used takes its default and is told.

    Args:
        path: the file; where there is none, everything has its default.

    Returns:
        the settings (`given` has the keys that the file really has) and the messages.
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
        settings: those that were `given` are written, the others keep following the defaults.

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
    document = settings.given | kept
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
    ours = {*KEYS, *_OTHER_SPELLINGS}
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
    for key in [*KEYS, *_OTHER_SPELLINGS]:
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
    sound = {key: value for key, value in known.items() if fits(key, value)}
    broken = [_broken_key(key, known[key], text, path) for key in KEYS if key in known and key not in sound]
    return Settings(**sound), messages + notes + broken


def _known_keys(raw: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], list[str]]:
    known: dict[str, Any] = {}
    notes = []
    for key, value in raw.items():
        name = _OTHER_SPELLINGS.get(key, key)
        if name not in KEYS:
            notes.append(f"{path}: the key {_shown(key)} is not known and is ignored.")
        elif name == key or name not in raw:
            known[name] = value
    return known, notes


def _broken_key(key: str, value: object, text: str, path: Path) -> str:
    """The message for one key whose value cannot be used."""
    line = jsontext.line_of_key(text, key)
    where = f"{path}, line {line}" if line else f"{path}"
    return (
        f"{where}: {key} is {_shown(value)}, but {expectation(key)} is expected. "
        f"Its default {_shorter(json.dumps(default(key)))} is used until that is mended."
    )


def _shown(value: object) -> str:
    """A value as it stands in the file, short enough for a message."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _shorter(text.encode("utf-8", errors="backslashreplace").decode("utf-8"))


def _shorter(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
