"""The sections of the file movers, as in QCPump 0.3 (compatibility reference, section 3), with two options more.

What QCPump did not have keeps folders as they are and overwrites nothing, for imported configurations too.
"""

from __future__ import annotations

from typing import Any

from qcpump_qt.pumps.base import BOOLEAN, DIRECTORY, MULTCHOICE, STRING

MOVE, COPY = "Move", "Copy"
NUMBER, SKIP, REPLACE = "Number", "Skip", "Replace"

_FOLDERS: list[dict[str, Any]] = [
    {
        "name": "source",
        "type": DIRECTORY,
        "required": True,
        "help": "The folder that files are taken from.",
    },
    {
        "name": "destination",
        "type": DIRECTORY,
        "required": True,
        "help": "The folder that files are moved or copied to. It may be on another disk or a network share.",
    },
    {
        "name": "mode",
        "type": MULTCHOICE,
        "required": True,
        "default": MOVE,
        "choices": [MOVE, COPY],
        "help": "Move takes the files away from the source. Copy leaves them there, and copies each of them once, and "
        "again when it has changed.",
    },
]

_EXISTING: dict[str, Any] = {
    "name": "existing files",
    "type": MULTCHOICE,
    "required": True,
    "default": NUMBER,
    "choices": [NUMBER, SKIP, REPLACE],
    "help": "What is done when the destination has a file of that name already. Number calls the new one name (2), "
    "Skip leaves it at the source, Replace puts it in the place of the old one, which is lost then.",
}

SIMPLE_SECTION: dict[str, Any] = {
    "name": "SimpleFileMover",
    "multiple": True,
    "validation": "validate_pair",
    "fields": [*_FOLDERS, _EXISTING],
}

ADVANCED_SECTION: dict[str, Any] = {
    "name": "FileMover",
    "multiple": True,
    "validation": "validate_pair",
    "fields": [
        *_FOLDERS,
        {
            "name": "recursive",
            "type": BOOLEAN,
            "required": True,
            "default": False,
            "help": "Look into the folders below the source as well.",
        },
        {
            "name": "pattern",
            "type": STRING,
            "required": True,
            "default": "*",
            "help": "Which files are taken, such as *.dcm; * takes all.",
        },
        {
            "name": "ignore pattern",
            "type": STRING,
            "required": False,
            "default": "",
            "help": "Which of these are left alone all the same, such as foo-*.",
        },
        {
            "name": "keep folders",
            "type": BOOLEAN,
            "required": True,
            "default": True,
            "help": "Files from folders below the source go to folders of the same names below the destination. "
            "Switched off, all go to the destination itself.",
        },
        _EXISTING,
    ],
}
