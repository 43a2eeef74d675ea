"""How the kit says that something is not as it should be."""

from __future__ import annotations

from collections.abc import Iterable


def require(condition: object, message: str) -> None:
    """Fail the test with a whole sentence unless the condition holds; not left out by ``python -O``."""
    if not condition:
        raise AssertionError(message)


def require_none(complaints: Iterable[str], heading: str) -> None:
    """Fail the test with all complaints at once, one a line."""
    found = list(complaints)
    require(not found, "\n- ".join([heading, *found]))


def skip(reason: str) -> None:
    """Leave a check out because the pump type has nothing that it could be about."""
    import pytest  # noqa: PLC0415 - the kit runs under pytest, the program itself does not need it

    pytest.skip(reason)
