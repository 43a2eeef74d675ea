"""``qcpump.pumps.base``: the pump class and the field types (compatibility reference, section 7)."""

from __future__ import annotations

from qcpump_qt.pumps.base import (
    BOOLEAN,
    DIRECTORY,
    FILE,
    FLOAT,
    INT,
    MULTCHOICE,
    SECRET,
    STRING,
    UINT,
    BasePump,
)

__all__ = [
    "BOOLEAN",
    "DIRECTORY",
    "FILE",
    "FLOAT",
    "INT",
    "MULTCHOICE",
    "SECRET",
    "STRING",
    "UINT",
    "BasePump",
]
