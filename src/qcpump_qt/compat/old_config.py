"""Reads a configuration folder of QCPump 0.3, and never writes to it.

Its shape is that of sections 1 and 2 of the compatibility reference. Files of that folder were edited by
hand for years, so whatever is understood is taken and whatever is not is named.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcpump_qt.engine import files, jsontext
from qcpump_qt.engine.errors import ConfigurationError

SETTINGS = "settings.json"
PUMPS = "pumps"
CONFIG = "config.json"

OldValues = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class OldPump:
    """One pump of QCPump 0.3.

    Args:
        path: its `config.json`.
        type: the class name of its pump type.
        name: what its users call it.
        values: section → one ``{field: value}`` for each sub-section, typed as they stand.
        notes: what in the file was not understood, as whole sentences.
    """

    path: Path
    type: str
    name: str
    values: OldValues
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnusableItem:
    """Something in the old folder that could not be taken.

    Args:
        path: where it is.
        reason: why, as whole sentences.
    """

    path: Path
    reason: str


@dataclass(frozen=True)
class OldFolder:
    """What a configuration folder of QCPump 0.3 holds.

    Args:
        path: the folder itself.
        settings: the bytes of its `settings.json`, None when it has none.
        pumps: the pumps in the order of their folders' names.
        unusable: what could not be read.
    """

    path: Path
    settings: bytes | None
    pumps: tuple[OldPump, ...]
    unusable: tuple[UnusableItem, ...]


def usual_folders(*, platform: str = sys.platform) -> list[Path]:
    """Where QCPump 0.3 keeps its configuration, the most likely place first.

    Args:
        platform: as `sys.platform`; on Windows versions before 0.3.5 used the user's folder.
    """
    import platformdirs  # noqa: PLC0415 - only an import needs it

    if platform == "win32":
        vendor = "QATrack Project"
        both = (platformdirs.site_config_dir, platformdirs.user_config_dir)
        return [Path(folder("qcpump", appauthor=vendor)) for folder in both]
    return [Path(platformdirs.user_config_dir("qcpump", appauthor=False))]


def read_old_folder(path: Path) -> OldFolder:
    """Read everything in a configuration folder of QCPump 0.3.

    Args:
        path: the folder, its `pumps` folder, or the folder that it lies in.

    Raises:
        ConfigurationError: there is no such folder, or it holds neither settings nor pumps.
    """
    folder = locate(path)
    pumps: list[OldPump] = []
    unusable: list[UnusableItem] = []
    settings = _read_settings(folder, unusable)
    for config in _configs(folder, unusable):
        try:
            pumps.append(read_old_pump(config))
        except ConfigurationError as error:
            unusable.append(UnusableItem(config, error.message))
    return OldFolder(folder, settings, tuple(pumps), tuple(unusable))


def locate(path: Path) -> Path:
    """The configuration folder that a path means: itself, the one above `pumps`, or the one below.

    Raises:
        ConfigurationError: there is none.
    """
    path = files.absolute(path)
    if not files.is_folder(path):
        raise ConfigurationError(
            f"There is no folder {path}. Name the configuration folder of QCPump 0.3; "
            "its menu File, About shows where it is.",
            subject=str(path),
        )
    if _is_configuration(path):
        return path
    if path.name.casefold() == PUMPS:
        return path.parent
    below = [path / name for name in files.names_in(path) if _may_be_configuration(path / name)]
    usual = [folder for folder in below if folder.name.casefold() == "qcpump"]
    for found in (usual, below):
        if len(found) == 1:
            return found[0]
    raise ConfigurationError(_not_one(path, below), subject=str(path))


def _not_one(path: Path, below: list[Path]) -> str:
    if below:
        names = ", ".join(folder.name for folder in below)
        return f"Several folders in {path} look like one of QCPump 0.3: {names}. Name one of them."
    return (
        f"{path} is no configuration folder of QCPump 0.3: it has neither {SETTINGS} nor {PUMPS}. "
        "Its menu File, About shows where that folder is."
    )


def read_old_pump(path: Path) -> OldPump:
    """Read one pump's `config.json`.

    Raises:
        ConfigurationError: it cannot be read, is no JSON, or does not say its type.
    """
    text, note = jsontext.decode_tolerantly(files.read_bytes(path))
    try:
        raw = jsontext.parse(text)
    except jsontext.NotJson as error:
        raise ConfigurationError(f"Its {CONFIG} cannot be read: {error}", subject=str(path)) from error
    if not isinstance(raw, dict):
        raise ConfigurationError(f"Its {CONFIG} holds no JSON object.", subject=str(path))
    if "schema" in raw and "state" not in raw:
        raise ConfigurationError("It is a pump of QCPump-Qt, not of QCPump 0.3.", subject=str(path))
    notes = [note] if note else []
    values = _sections(raw.get("state"), notes)
    common = (values.get("Pump") or [{}])[0]
    pump_type = _text(raw.get("type")) or _text(common.get("type"))
    if not pump_type:
        raise ConfigurationError(
            f'Its {CONFIG} does not say which "type" of pump it is. Add the pump anew.', subject=str(path)
        )
    name = _text(raw.get("name")) or _text(common.get("name"))
    if not name:
        name = path.parent.name
        notes.append("It has no name; the name of its folder is used.")
    notes += _other_files(path)
    return OldPump(path, pump_type, name, values, tuple(notes))


def _read_settings(folder: Path, unusable: list[UnusableItem]) -> bytes | None:
    path = folder / SETTINGS
    try:
        return files.read_bytes(path)
    except files.FileMissing:
        return None
    except ConfigurationError as error:
        unusable.append(UnusableItem(path, error.message))
        return None


def _configs(folder: Path, unusable: list[UnusableItem]) -> list[Path]:
    """The `config.json` of each pump's folder."""
    pumps = folder / PUMPS
    if not files.is_folder(pumps):
        return []
    found = []
    for name in files.names_in(pumps):
        config = pumps / name / CONFIG
        try:
            if files.exists(config):
                found.append(config)
            elif files.is_folder(pumps / name):
                unusable.append(UnusableItem(config, f"The folder {name} has no {CONFIG}, so it is no pump."))
        except ConfigurationError as error:
            unusable.append(UnusableItem(config, error.message))
    return found


def _is_configuration(folder: Path) -> bool:
    return files.is_folder(folder / PUMPS) or files.exists(folder / SETTINGS)


def _may_be_configuration(folder: Path) -> bool:
    """As `_is_configuration`, for folders beside the one that is looked for: any that may not be read is not it."""
    try:
        return files.is_folder(folder) and _is_configuration(folder)
    except ConfigurationError:
        return False


def _sections(state: object, notes: list[str]) -> OldValues:
    """The values of all sections; what does not have the shape of section 2 is named and left out."""
    if not isinstance(state, dict):
        notes.append('It has no "state", so all its fields take their defaults.')
        return {}
    values: OldValues = {}
    for section, content in state.items():
        subsections = content.get("subsections") if isinstance(content, dict) else None
        if not isinstance(subsections, list):
            notes.append(f"Section {section}: no list of subsections was found; it takes its defaults.")
            continue
        values[section] = [
            _fields(f"Section {section}, sub-section {number}", fields, notes)
            for number, fields in enumerate(subsections, start=1)
        ]
    return values


def _fields(where: str, fields: object, notes: list[str]) -> dict[str, Any]:
    """The fields of one sub-section."""
    if not isinstance(fields, list):
        notes.append(f"{where}: no list of fields was found; it takes its defaults.")
        return {}
    values: dict[str, Any] = {}
    for number, field in enumerate(fields, start=1):
        name = _text(field.get("config_name")) if isinstance(field, dict) else ""
        if not name or "value" not in field:
            notes.append(f"{where}: entry {number} is no field with a name and a value; it was left out.")
        elif isinstance(field["value"], list | dict):
            notes.append(f"{where}: the value of {name} is no text or number; the field takes its default.")
        else:
            if name in values:
                notes.append(f"{where}: {name} stands there twice; the last one counts.")
            values[name] = field["value"]
    return values


def _other_files(config: Path) -> list[str]:
    """A note on the files that a pump type keeps beside its configuration."""
    others = [name for name in files.names_in(config.parent) if name != CONFIG]
    if not others:
        return []
    return [f"Other files in its folder were not copied: {', '.join(others)}."]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
