"""The state of a section in words."""

from __future__ import annotations

from collections.abc import Sequence

from qcpump_qt.models.form_roles import Status

WORDS = {
    Status.UNCHECKED: "Not checked yet",
    Status.CHECKING: "Checking…",
    Status.OK: "In order",
    Status.WRONG: "Not in order",
    Status.AWAY: "Cannot be reached now",
    Status.BLOCKED: "Waiting",
    Status.INACTIVE: "Not checked, as the pump is not active",
}


def status_words(status: Status, message: str = "", blocked_by: Sequence[str] = ()) -> str:
    """A state and what there is to tell about it, in a line.

    Args:
        status: the state.
        message: what the validation said; "" for nothing.
        blocked_by: the sections that have to be in order first.
    """
    if status is Status.BLOCKED and blocked_by:
        return f"{WORDS[status]}: checked once {_listed(blocked_by)} in order."
    if not message or message.rstrip(".") == WORDS[status]:
        return WORDS[status]
    return f"{WORDS[status]}: {message}"


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is"
    return f"{', '.join(names[:-1])} and {names[-1]} are"
