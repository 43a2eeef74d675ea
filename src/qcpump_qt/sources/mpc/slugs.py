"""Macro names (slugs) of tests, exactly as QCPump 0.3 made them, so that nobody has to rename a test."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from qcpump_qt.sources.mpc.names import CheckName

_TO_UNDERSCORE = str.maketrans(dict.fromkeys("/ .-", "_") | {"Â": None})
_UNITS = (("[mm]", "mm"), ("[°]", "deg"), ("[%]", "per"))


@lru_cache(maxsize=8192)
def slugify(text: str) -> str:
    """Turn a name into a macro name (reference qcpump-0.3-compatibility, section 6).

    Args:
        text: any text, such as ``BeamGroup/BeamOutputChange [%]_6x``.
    """
    text = text.translate(_TO_UNDERSCORE)
    for unit, word in _UNITS:
        text = text.replace(unit, word)
    slug = re.sub(r"_+", "_", _django_slugify(text))
    return f"_{slug}" if slug[:1].isdigit() else slug


def test_slug(csv_name: str, check_name: CheckName) -> str:
    """The macro name of the test that takes one row of a `Results.csv`.

    Args:
        csv_name: the row's name, such as ``GantryGroup/GantryAbsolute [°]``.
        check_name: the folder it stands in, which gives energy and beam type.
    """
    return slugify(f"{csv_name}_{check_name.suffix}")


def _django_slugify(text: str) -> str:
    """The rule of Django's ASCII `slugify`: what cannot stand in a slug is dropped, gaps become hyphens."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    kept = re.sub(r"[^\w\s-]", "", ascii_text.lower())
    return re.sub(r"[-\s]+", "-", kept).strip("-_")
