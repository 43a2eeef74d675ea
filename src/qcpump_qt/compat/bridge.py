"""Makes the names of QCPump 0.3 importable: ``qcpump.pumps.base`` is our `qcpump_qt.compat.qcpump.pumps.base`.

Both names give the same module object. Ours comes before a real QCPump that may be installed, for a
pump type must be made of our `BasePump`, not of the other one.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from qcpump_qt.compat.qcpump import settings as running_settings

THEIRS = "qcpump"
OURS = "qcpump_qt.compat.qcpump"


def use_settings(settings: Mapping[str, Any] | None) -> None:
    """Let ``qcpump.settings.Settings`` answer from these settings; what they lack, or None, has its default."""
    running_settings.use(settings)


def install_qcpump_names() -> None:
    """Make ``qcpump.*`` importable; may be called more than once.

    A real QCPump that was imported before is taken out of `sys.modules`, so that ours is found.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    for name in [name for name in sys.modules if _is_theirs(name)]:
        if sys.modules[name] is not sys.modules.get(our_name(name)):
            del sys.modules[name]


def our_name(name: str) -> str:
    """The module behind a ``qcpump`` name."""
    return OURS + name.removeprefix(THEIRS)


def _is_theirs(name: str) -> bool:
    return name == THEIRS or name.startswith(f"{THEIRS}.")


class _Finder(MetaPathFinder):
    """Finds every ``qcpump`` name, so that a real QCPump can never give half of them."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - part of the import protocol
        target: ModuleType | None = None,  # noqa: ARG002 - part of the import protocol
    ) -> ModuleSpec | None:
        """The spec of an alias, or None for a name that is not a ``qcpump`` name."""
        if not _is_theirs(fullname):
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
