"""What a pump can be called, as far as a dialog can tell at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

BLANK = "Enter a name."


def plain_name(name: str) -> str:
    """The name as it is kept: without spaces at its ends."""
    return unicodedata.normalize("NFC", name).strip()


def trouble_with(name: str, taken: Collection[str]) -> str:
    """Why a pump cannot have this name; "" when it can."""
    plain = plain_name(name)
    if not plain:
        return BLANK
    if plain in {plain_name(other) for other in taken}:
        return f"There is a pump “{plain}” already. Choose another name."
    return ""


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The wanted name, with a number behind it where it is taken."""
    used = {plain_name(other) for other in taken}
    name, number = plain_name(wanted), 2
    while name in used:
        name, number = f"{plain_name(wanted)} {number}", number + 1
    return name
