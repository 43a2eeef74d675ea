"""Finds the modules of QCPump 0.3 under their old names, and gives ours in their place."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

THEIRS = "qcpump"
OURS = "qcpump_qt.compat.qcpump"


def our_name(name: str) -> str:
    """The module behind a ``qcpump`` name."""
    return OURS + name.removeprefix(THEIRS)


def is_theirs(name: str) -> bool:
    """Whether it is the name of a module of QCPump 0.3."""
    return name == THEIRS or name.startswith(f"{THEIRS}.")


class Finder(MetaPathFinder):
    """Finds every ``qcpump`` name, so that a real QCPump can never give half of them."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - part of the import protocol
        target: ModuleType | None = None,  # noqa: ARG002 - part of the import protocol
    ) -> ModuleSpec | None:
        """The spec of an alias, or None for a name that is not a ``qcpump`` name."""
        if not is_theirs(fullname):
            return None
        real = importlib.util.find_spec(our_name(fullname))
        if real is None:
            raise ModuleNotFoundError(f"QCPump-Qt has no module '{fullname}'.", name=fullname)
        return ModuleSpec(fullname, _AliasLoader(), is_package=real.submodule_search_locations is not None)


class _AliasLoader(Loader):
    """Gives our module under the other name and leaves the module as it was."""

    def __init__(self) -> None:
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Our module itself."""
        module = importlib.import_module(our_name(spec.name))
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Undo the one thing that the import system changes in the module: whose spec it carries."""
        module.__spec__ = self._spec
