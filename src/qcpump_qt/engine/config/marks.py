"""Marks on validation methods of pump types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_MARK = "_qcpump_qt_online"
_Method = TypeVar("_Method", bound=Callable[..., Any])


def online(method: _Method) -> _Method:
    """Mark a validation method that talks to a server; it is left out before each cycle.

    The cycle itself meets an unreachable server and lets its records wait; asking twice gains nothing.
    """
    setattr(method, _MARK, True)
    return method


def is_online(pump: object, name: str) -> bool:
    """True when the pump's method `name`, or the one that it overrides, is marked as `online`."""
    return any(getattr(vars(cls).get(name), _MARK, False) is True for cls in type(pump).__mro__)
