"""``qcpump.settings``: the running program's settings, as users' pump types read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qcpump_qt.engine.settings import KEYS, default
from qcpump_qt.version import VERSION

_running: Mapping[str, Any] | None = None


def use(settings: Mapping[str, Any] | None) -> None:
    """Answer from these settings from now on; what they lack, or None, has its default."""
    global _running  # noqa: PLW0603 - users' files read the settings without any object of ours at hand
    _running = settings


def _read(name: str) -> Any:
    if name == "VERSION":
        return VERSION
    if _running is not None and name in _running:
        return _running[name]
    if name not in KEYS:
        raise AttributeError(f"There is no setting '{name}' in settings.json.")
    return default(name)


class _OnTheClass(type):
    """Lets ``Settings.DEBUG`` work as well as ``Settings().DEBUG``."""

    def __getattr__(cls, name: str) -> Any:
        return _read(name)


class Settings(metaclass=_OnTheClass):
    """Attributes named as in ``settings.json``, plus VERSION (compatibility reference, section 7).

    Raises:
        AttributeError: there is no setting of that name.
    """

    def __getattr__(self, name: str) -> Any:
        return _read(name)
