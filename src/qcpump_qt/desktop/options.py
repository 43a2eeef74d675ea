"""Which words on the command line ask for the window, and for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class WindowOptions:
    """How the window is to be started.

    Args:
        home: what ``--home`` names.
        tray: start hidden, with the icon in the tray alone.
        demonstration: show a made-up clinic instead of a home.
    """

    home: str | None = None
    tray: bool = False
    demonstration: bool = False


def window_options(arguments: Sequence[str]) -> WindowOptions | None:
    """What is asked of the window; None when the words are for the command line.

    They are read here, without the command line's own parser, because that would cost a tenth of the start.
    """
    options = WindowOptions()
    words = iter(arguments)
    for word in words:
        if word == "--tray":
            options = replace(options, tray=True)
        elif word == "--demonstration":
            options = replace(options, demonstration=True)
        elif word.startswith("--home="):
            options = replace(options, home=word.partition("=")[2])
        elif word == "--home" and (folder := next(words, None)) is not None:
            options = replace(options, home=folder)
        else:
            return None
    return options
