"""The sections of the file uploaders, as in QCPump 0.3 (compatibility reference, section 3)."""

from __future__ import annotations

from typing import Any

from qcpump_qt.pumps.base import BOOLEAN, DIRECTORY, MULTCHOICE, STRING

TEST_LIST = "Test List"
FILE_TYPES = "File Types"
DIRECTORIES = "Directories"

TEST_LIST_SECTION: dict[str, Any] = {
    "name": TEST_LIST,
    "dependencies": ["QATrack+ API"],
    "validation": "validate_test_list",
    "fields": [
        {
            "name": "name",
            "type": MULTCHOICE,
            "required": True,
            "choices": "get_test_list_choices",
            "help": "The name of the test list in QATrack+ that the files go to. It has to be assigned to every unit "
            "below.",
        },
        {
            "name": "slug",
            "type": STRING,
            "label": "Test macro name",
            "required": True,
            "help": "The macro name of the upload test in that test list, such as profile_file.",
        },
    ],
}

FILE_TYPES_SECTION: dict[str, Any] = {
    "name": FILE_TYPES,
    "validation": "validate_file_types",
    "fields": [
        {
            "name": "recursive",
            "type": BOOLEAN,
            "required": True,
            "default": False,
            "help": "Look into the folders below the source directories too.",
        },
        {
            "name": "pattern",
            "type": STRING,
            "required": True,
            "default": "*",
            "help": "Which files are sent, by their names: *.csv means all that end in .csv.",
        },
        {
            "name": "ignore pattern",
            "type": STRING,
            "required": False,
            "help": "Which of those are left out after all, by their names, such as draft-*.",
        },
        {
            "name": "use file modified time",
            "type": BOOLEAN,
            "required": True,
            "default": False,
            "help": "The session in QATrack+ gets the time at which the file was last changed. Otherwise it gets the "
            "time of the upload.",
        },
    ],
}

DIRECTORIES_SECTION: dict[str, Any] = {
    "name": DIRECTORIES,
    "multiple": True,
    "dependencies": ["QATrack+ API", FILE_TYPES],
    "validation": "validate_directories",
    "fields": [
        {
            "name": "unit name",
            "type": MULTCHOICE,
            "required": True,
            "choices": "get_qatrack_unit_choices",
            "help": "The unit in QATrack+ that the files of this directory belong to.",
        },
        {
            "name": "source",
            "type": DIRECTORY,
            "required": True,
            "help": "The directory that is watched for files.",
        },
        {
            "name": "destination",
            "type": DIRECTORY,
            "required": False,
            "help": "Where a file is moved once QATrack+ has it, in the same folders as below the source. Nothing is "
            "ever overwritten there. Leave it blank to leave the files where they are.",
        },
    ],
}
