"""Makes the names of QCPump 0.3 importable: ``qcpump.pumps.base`` is our `qcpump_qt.compat.qcpump.pumps.base`.

Both names give the same module object. Ours comes before a real QCPump that may be installed, for a
pump type must be made of our `BasePump`, not of the other one.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from qcpump_qt.compat.qcpump import settings as running_settings


def use_settings(settings: Mapping[str, Any] | None) -> None:
    """Let ``qcpump.settings.Settings`` answer from these settings; what they lack, or None, has its default."""
    running_settings.use(settings)


def install_qcpump_names() -> None:
    """Make ``qcpump.*`` importable; may be called more than once.

    A real QCPump that was imported before is taken out of `sys.modules`, so that ours is found.
    """
    from qcpump_qt.compat.finder import Finder, is_theirs, our_name  # noqa: PLC0415 - settings alone do not need it

    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
    # A copy is made at one blow; other threads may be importing.
    for name in filter(is_theirs, list(sys.modules)):
        if sys.modules[name] is not sys.modules.get(our_name(name)):
            del sys.modules[name]
