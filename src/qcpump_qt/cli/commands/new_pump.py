"""``new-pump``: writes the skeleton of a pump type that works, with a test."""

from __future__ import annotations

import argparse
import os
import pkgutil
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from qcpump_qt.app import Program
from qcpump_qt.cli.exit_codes import ExitCode
from qcpump_qt.cli.output import Output
from qcpump_qt.engine import files
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.oserror_words import in_words

MOST_LETTERS = 40
_USABLE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ _-][A-Za-z0-9]+)*", re.ASCII)
_DEVICES = re.compile(r"CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9]")
"""Names that Windows gives to no folder."""


@dataclass(frozen=True)
class Names:
    """What a new pump type is called in each place.

    Args:
        display: to people.
        class_name: the class.
        folder: its folder in the pump directory.
        module: its file, without the ending.
    """

    display: str
    class_name: str
    folder: str
    module: str


def new_pump(program: Program, options: argparse.Namespace, output: Output) -> ExitCode:
    """Write the files, and tell what to do next."""
    names = names_from(options.name)
    directory = _directory(program, options.folder)
    _check_free(program, names)
    written = _write(directory / names.folder, names)
    listed = _is_listed(program, directory)
    for path in written:
        output.line(f"Written: {path}")
    output.line(f'Try it:  python -m pytest "{directory / names.folder}"')
    if not listed:
        output.line(
            f"To have it offered, add the folder {directory.as_posix()} to PUMP_DIRECTORIES in "
            f"{program.places.settings_file}, or to the folders of pump types in the window's settings."
        )
    output.document(
        {
            "type": names.class_name,
            "files": [str(path) for path in written],
            "listed": listed,
            "messages": [],
        }
    )
    return ExitCode.OK


def names_from(typed: str) -> Names:
    """The names of a new pump type.

    Raises:
        ConfigurationError: what was typed makes no name; the message says what does.
    """
    text = typed.strip()
    if not _USABLE.fullmatch(text) or len(text) > MOST_LETTERS:
        raise ConfigurationError(
            f"{typed!r} makes no name of a pump type. Use a letter, then letters and digits of English, with single "
            f'spaces, - or _ between words, {MOST_LETTERS} characters at most, such as "Linac Output".',
            title="Name not usable",
        )
    words = [word for part in re.split(r"[ _-]", text) for word in re.split(r"(?<=[a-z0-9])(?=[A-Z])", part)]
    folder = "".join(word[0].upper() + word[1:] for word in words)
    if _DEVICES.fullmatch(folder.upper()):
        raise ConfigurationError(
            f"{typed!r} makes no name of a pump type: Windows keeps it for a device. Use another one.",
            title="Name not usable",
        )
    return Names(
        display=" ".join(word[0].upper() + word[1:] for word in words),
        class_name=folder if folder.endswith("Pump") else f"{folder}Pump",
        folder=folder,
        module="_".join(word.lower() for word in words),
    )


def _directory(program: Program, named: str | None) -> Path:
    if named is not None and named.strip():
        return files.absolute(named.strip())
    listed = program.settings.pump_directories(program.places.config)
    if not listed:
        raise ConfigurationError(
            "No folder for pump types of your own is set. Name one with --folder, such as "
            "--folder C:/Users/you/Pumps; it is made where it is not there."
        )
    return listed[0]


def _is_listed(program: Program, directory: Path) -> bool:
    listed = program.settings.pump_directories(program.places.config)
    return os.path.normcase(directory) in {os.path.normcase(each) for each in listed}


def _check_free(program: Program, names: Names) -> None:
    taken = {key.casefold(): kind for key, kind in program.catalogue.types.items()}.get(
        names.class_name.casefold()
    )
    if taken is not None:
        raise ConfigurationError(
            f"There is a pump type {taken.key} already, from {taken.source or 'QCPump-Qt itself'}. "
            "Choose another name.",
            title="Name taken",
        )


def _write(folder: Path, names: Names) -> list[Path]:
    """The files, the pump type last, so that the program never loads one that is not whole.

    Raises:
        ConfigurationError: there is something already, which is left as it is, or the disk refuses.
    """
    wanted = {
        folder / "README.md": "new-pump-readme.md",
        folder / "tests" / f"test_{names.module}.py": "new-pump-test.py.txt",
        folder / f"{names.module}.py": "new-pump-type.py.txt",
    }
    _check_empty(folder)
    files.make_folder(folder / "tests", private=False)
    known = {
        "display_name": names.display,
        "class_name": names.class_name,
        "folder": str(folder),
        "module": names.module,
    }
    for path, resource in wanted.items():
        _write_new(path, Template(_resource(resource)).substitute(known))
    return list(wanted)


def _write_new(path: Path, text: str) -> None:
    """Write a file over nothing, with the rights that files of this folder usually have."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise ConfigurationError(
            in_words(error, "written", path), title="Disk refuses", subject=str(path)
        ) from error


def _check_empty(folder: Path) -> None:
    try:
        there = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise ConfigurationError(in_words(error, "read", folder), subject=str(folder)) from error
    if there:
        raise ConfigurationError(
            f"{folder} is there already, so nothing was written. Choose another name, or move it away.",
            title="Name taken",
        )


def _resource(name: str) -> str:
    data = pkgutil.get_data("qcpump_qt", f"resources/{name}")
    if data is None:
        raise ConfigurationError(f"The template {name} is missing. Please install QCPump-Qt again.")
    return data.decode("utf-8")
