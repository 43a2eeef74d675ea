"""Finds the pump types: the built-in ones, and those that users wrote into their pump directories.

A pump directory holds one sub-folder per pump, and every ``*.py`` directly in it is imported
(compatibility reference, section 7). A file that does not load is reported and stops nothing.
"""

from __future__ import annotations

import logging
import os
import traceback
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from qcpump_qt.compat.bridge import install_qcpump_names
from qcpump_qt.compat.catalogue import Catalogue, PumpType
from qcpump_qt.compat.user_modules import UserFolder
from qcpump_qt.engine.errors import PumpTypeError
from qcpump_qt.engine.oserror_words import meaning
from qcpump_qt.pumps.base import BasePump, is_pump_type

__all__ = ["Catalogue", "PumpType", "load_pump_types"]

_log = logging.getLogger(__name__)


def load_pump_types(builtin: Iterable[type[BasePump]], directories: Iterable[Path]) -> Catalogue:
    """Load every pump type that there is.

    Args:
        builtin: the program's own pump types; they always keep their class name as key.
        directories: the folders of the setting PUMP_DIRECTORIES.

    Returns:
        The pump types, and a problem for each file, folder or class that is not as it should be.
    """
    install_qcpump_names()
    catalogue = Catalogue()
    for cls in builtin:
        _offer(catalogue, cls, None)
    seen: set[str] = set()
    for directory in directories:
        place = os.path.normcase(os.path.normpath(directory.absolute()))
        if place not in seen:
            seen.add(place)
            _load_directory(catalogue, directory)
    return catalogue


def _load_directory(catalogue: Catalogue, directory: Path) -> None:
    entries = _entries(catalogue, directory)
    folders = [entry for entry in entries if not entry.name.startswith((".", "__")) and _is_folder(entry)]
    found = [_load_folder(catalogue, folder) for folder in folders]
    if not any(found) and any(entry.suffix == ".py" for entry in entries):
        catalogue.problems.append(
            PumpTypeError(
                f"The folder {directory} of PUMP_DIRECTORIES has Python files in it, but no folder with a pump "
                "type. Each pump type needs a folder of its own inside it: list the folder above, or move the "
                "files into a folder.",
                subject=str(directory),
            )
        )


def _entries(catalogue: Catalogue, folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda entry: (entry.name.casefold(), entry.name))
    except (OSError, ValueError) as error:
        reason = meaning(error) if isinstance(error, OSError) else f"{error}."
        catalogue.problems.append(
            PumpTypeError(f"The pump types in {folder} cannot be read: {reason}", subject=str(folder))
        )
        return []


def _is_folder(entry: Path) -> bool:
    return os.path.isdir(entry)  # noqa: PTH112 - Path.is_dir raises for a folder that may not be looked into


def _load_folder(catalogue: Catalogue, folder: Path) -> bool:
    """Load every file of one folder; False when it has none."""
    entries = _entries(catalogue, folder)
    files = [entry for entry in entries if _is_source(entry)]
    package = UserFolder(folder, entries)
    for file in files:
        module = _import(catalogue, package, file)
        for cls in _pump_classes(module) if module else ():
            _offer(catalogue, cls, file)
    return bool(files)


def _is_source(entry: Path) -> bool:
    """A Python file; macOS and editors leave hidden ones beside it that are none."""
    return entry.suffix == ".py" and not entry.name.startswith(".") and not _is_folder(entry)


def _pump_classes(module: ModuleType) -> list[type[BasePump]]:
    """The pump types that the module itself defines, each once, however many names it has there."""
    found = {
        id(value): value
        for value in vars(module).values()
        if is_pump_type(value) and value.__module__ == module.__name__
    }
    return list(found.values())


def _import(catalogue: Catalogue, package: UserFolder, file: Path) -> ModuleType | None:
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        try:
            return package.load(file)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a user's file may raise anything
            catalogue.problems.append(_import_problem(file, error))
            return None
        finally:
            for warning in raised:
                _log.debug("%s, line %s: %s", warning.filename, warning.lineno, warning.message)


def _import_problem(file: Path, error: BaseException) -> PumpTypeError:
    line = _line(file, error)
    where = f"{file}, line {line}," if line else str(file)
    own_syntax = isinstance(error, SyntaxError) and error.filename == str(file)
    reason = error.msg if isinstance(error, SyntaxError) and own_syntax else str(error)
    text = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
    return PumpTypeError(f"The file {where} was not loaded: {text}.", subject=str(file))


def _line(file: Path, error: BaseException) -> int | None:
    """The line of `file` at which loading it failed; None where no line is to blame."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return error.lineno
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)
    ]
    return lines[-1] if lines else None


def _offer(catalogue: Catalogue, cls: type[BasePump], source: Path | None) -> None:
    try:
        sections = cls.sections()
    except PumpTypeError as error:
        catalogue.problems.append(error)
        return
    key = _key(catalogue, cls, source)
    catalogue.types[key] = PumpType(
        key=key,
        cls=cls,
        display_name=cls.display_name(),
        help_url=cls.HELP_URL if isinstance(cls.HELP_URL, str) else "",
        sections=sections,
        source=source,
    )


def _key(catalogue: Catalogue, cls: type[BasePump], source: Path | None) -> str:
    """The class name, or folder and file in front of it when that name is taken."""
    plain = cls.__name__
    if plain not in catalogue.types or source is None:
        return plain
    key = f"{source.parent.name}.{source.stem}.{plain}"
    if key in catalogue.types:
        key = f"{source.parent.parent.name}.{key}"
    while key in catalogue.types:
        key += "+"
    taken = catalogue.types[plain].source or "QCPump-Qt itself"
    catalogue.problems.append(
        PumpTypeError(
            f"The name {plain} of the pump type in {source} is taken by one from {taken}. "
            f"Both are offered; this one goes by {key}. Rename one of the classes to tell them apart.",
            subject=str(source),
        )
    )
    return key
