"""Calls a pump type's own method and turns whatever goes wrong in it into words."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

from qcpump_qt.engine.config.secrecy import hide
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import ConfigurationError, PumpError


def call_method(pump: object, name: str, *args: object, configuration: Configuration, what: str) -> Any:
    """What the pump's method `name` returns.

    Args:
        pump: the pump; may be of a type that users wrote.
        name: the method's name.
        args: what it is called with.
        configuration: its secrets are left out of the words.
        what: what is being done, as the start of a sentence ("The check of section 'Unit'").

    Raises:
        PumpError: the method's own, unchanged; anything else that it raises, as a ConfigurationError.
    """
    kind = type(pump).__name__
    method = getattr(pump, name, None)
    if not callable(method):
        raise ConfigurationError(f"{what} failed: {kind} has no method '{name}'.", subject=kind)
    try:
        return method(*args)
    except PumpError:
        raise
    except (Exception, SystemExit) as error:
        text = f"{what} failed: the method '{name}' of {kind} raised {described(error, home(pump))}."
        raise ConfigurationError(hide(text, configuration.secrets()), subject=kind) from error


def home(pump: object) -> str:
    """The file that the pump's type stands in; "" where there is none."""
    return getattr(sys.modules.get(type(pump).__module__), "__file__", None) or ""


def described(error: BaseException, file: str = "") -> str:
    """An exception as part of a sentence: its kind, its text, and the file and line it came from.

    Args:
        error: the exception.
        file: the file to look for the line in; the innermost line of all where it has no part in it.
    """
    try:
        text = str(error).strip()
    except Exception:  # noqa: BLE001 - a foreign exception's text may raise anything
        text = ""
    every = list(traceback.extract_tb(error.__traceback__))
    frames = [frame for frame in every if frame.filename == file] or every
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{f': {text}' if text else ''}{place}"
