"""What a pump type is for, in a sentence or two for those who choose one."""

from __future__ import annotations

import inspect

LONGEST = 400
"""Characters; what users wrote about their own type may be a whole page."""


def about(kind: type) -> str:
    """What a pump type is for.

    Args:
        kind: the class of the pump type.

    Returns:
        its ``DESCRIPTION`` where its author gave it one, else the first paragraph of what its author wrote below
        the name of the class; empty where there is neither.
    """
    given = getattr(kind, "DESCRIPTION", None)
    if not (isinstance(given, str) and given.strip()):
        given = kind.__dict__.get("__doc__")
    if not isinstance(given, str):
        return ""
    text = " ".join(inspect.cleandoc(given).partition("\n\n")[0].split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
