"""Start at login as the settings show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LoginRow:
    """Whether the window starts at login, as it really is.

    Args:
        on: it does.
        words: what else there is to say; empty where there is nothing.
        known: False while nobody has looked, or where the system does not tell.
    """

    on: bool = False
    words: str = "Looking whether QCPump-Qt starts at login…"
    known: bool = False
