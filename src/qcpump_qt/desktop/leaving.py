"""The last step of the process: its words on the console, where it has one, and its exit code."""

from __future__ import annotations

import os
import sys


def say(text: str) -> None:
    """Write a line to the console; a program without one (``pythonw``, a Start menu) has no such stream."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")


def leave(code: int, *, everything_ended: bool) -> int:
    """The exit code; a thread that hangs in a library would keep the process from ending by itself.

    Args:
        code: the exit code.
        everything_ended: False ends the process here and now.
    """
    if not everything_ended:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code)
    return code
