"""Whether a folder or file that a field names is there; may hang as long as the share behind it does."""

from __future__ import annotations

import stat
from pathlib import Path

from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.oserror_words import meaning


def path_problem(field: Field, value: str) -> str:
    """What is wrong with the path, as a sentence; "" when it is there and of the right kind."""
    folder = field.type is FieldType.DIRECTORY
    noun = "folder" if folder else "file"
    try:
        mode = Path(value).stat().st_mode
    except FileNotFoundError:
        return f"{field.label}: the {noun} {value} does not exist."
    except OSError as error:
        return f"{field.label}: the {noun} {value} cannot be reached: {meaning(error)}"
    except ValueError:
        return f"{field.label}: this cannot be the path of a {noun}."
    if folder and not stat.S_ISDIR(mode):
        return f"{field.label}: {value} is a file, not a folder."
    if not folder and stat.S_ISDIR(mode):
        return f"{field.label}: {value} is a folder, not a file."
    return ""
