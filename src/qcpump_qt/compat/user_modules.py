"""Imports the files of one user folder under names of their own, so that no two folders meet.

Every folder becomes a package with a unique name. Its files may import each other by their plain
names (``import helpers``) as well as relatively (``from . import helpers``), at load time and later.
For that, each of them gets an `__import__` of its own that looks into its folder first; two folders
which both have a ``helpers.py`` each get theirs, and nothing is put on `sys.path`.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import itertools
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

PREFIX = "qcpump_user_"
_NEVER_SIBLINGS = frozenset(sys.stdlib_module_names) | {"qcpump", "qcpump_qt"}
"""A file called ``queue.py`` must not take the standard library's place in its folder."""

_numbers = itertools.count(1)
_folders: dict[str, UserFolder] = {}


class UserFolder:
    """One sub-folder of a pump directory, importable as a package.

    Args:
        path: the folder.
        entries: what is in it.
    """

    def __init__(self, path: Path, entries: Iterable[Path]) -> None:
        self.path = path
        self._siblings = {entry.stem for entry in entries if _importable(entry)} - _NEVER_SIBLINGS
        self.package = f"{PREFIX}{next(_numbers)}_{_identifier(path.name)}"
        self._files: dict[str, Path] = {}
        _folders[self.package] = self
        if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
            sys.meta_path.insert(0, _Finder())

    def load(self, file: Path) -> ModuleType:
        """Import one file of the folder; whatever the file raises goes on to the caller."""
        if file.name == "__init__.py":
            return importlib.import_module(self.package)
        name = file.stem
        if not name.isidentifier():
            name = f"{_identifier(name)}_{len(self._files)}_"
            self._files[name] = file
        return importlib.import_module(f"{self.package}.{name}")

    def spec(self, fullname: str) -> ModuleSpec | None:
        """How a module of this package is loaded; None when the folder has no such file."""
        inner = fullname.removeprefix(self.package).lstrip(".")
        place = self.path.joinpath(*inner.split(".")) if inner else self.path
        file = self._files.get(inner) or place.with_name(f"{place.name}.py")
        if inner and file.is_file():
            return importlib.util.spec_from_file_location(
                fullname, file, loader=_Loader(fullname, file, self)
            )
        if not place.is_dir():
            return None
        start = place / "__init__.py"
        if not start.is_file():
            spec = ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = [str(place)]
            return spec
        return importlib.util.spec_from_file_location(
            fullname, start, loader=_Loader(fullname, start, self), submodule_search_locations=[str(place)]
        )

    def importer(self) -> Callable[..., Any]:
        """The `__import__` of this folder's files."""

        def from_folder(
            name: str,
            globals: Mapping[str, object] | None = None,  # noqa: A002 - named by the import protocol
            locals: Mapping[str, object] | None = None,  # noqa: A002 - named by the import protocol
            fromlist: Sequence[str] | None = (),
            level: int = 0,
        ) -> Any:
            top = name.partition(".")[0]
            if level or top not in self._siblings:
                return builtins.__import__(name, globals, locals, fromlist or (), level)
            if fromlist:
                return builtins.__import__(f"{self.package}.{name}", globals, locals, fromlist, 0)
            importlib.import_module(f"{self.package}.{name}")
            return sys.modules[f"{self.package}.{top}"]

        return from_folder


def _importable(entry: Path) -> bool:
    """True for what ``import`` can name: a Python file or a folder with an ``__init__.py``."""
    start = entry / "__init__.py"
    # Path.is_file raises for a folder that may not be looked into.
    return entry.suffix == ".py" or os.path.isfile(start)  # noqa: PTH113


def _identifier(text: str) -> str:
    return re.sub(r"\W", "_", text)


class _Finder(MetaPathFinder):
    """Finds the modules of user folders, and nothing else."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - part of the import protocol
        target: ModuleType | None = None,  # noqa: ARG002 - part of the import protocol
    ) -> ModuleSpec | None:
        """The spec of a module in a user folder."""
        folder = _folders.get(fullname.partition(".")[0])
        return folder.spec(fullname) if folder else None


class _Loader(SourceFileLoader):
    """Loads one user file; keeps no byte code, which would litter the share and could be stale."""

    def __init__(self, fullname: str, file: Path, folder: UserFolder) -> None:
        super().__init__(fullname, str(file))
        self._folder = folder

    def get_code(self, fullname: str) -> CodeType:
        """The compiled source, always read afresh."""
        file = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(file), file)
        return code

    def exec_module(self, module: ModuleType) -> None:
        """Run the file with the folder's own `__import__`."""
        own = {**vars(builtins), "__import__": self._folder.importer()}
        vars(module)["__builtins__"] = own
        super().exec_module(module)
