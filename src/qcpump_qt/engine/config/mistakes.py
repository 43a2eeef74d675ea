"""Gathers, in words, whatever is wrong with a CONFIG, so that all of it can be told at once."""

from __future__ import annotations


class Mistakes:
    """Gathers the mistakes of one CONFIG, each with the place where it is.

    Args:
        owner: the pump type's class, asked whether methods exist.
        place: what is being read, in words; put in front of each mistake.
        found: the list to add to, shared by all places of one CONFIG.
    """

    def __init__(self, owner: type, place: str = "", found: list[str] | None = None) -> None:
        self._owner = owner
        self._place = place
        self.found: list[str] = [] if found is None else found

    def at(self, place: str) -> Mistakes:
        """The same collection, one step further in."""
        return Mistakes(self._owner, f"{self._place}, {place}" if self._place else place, self.found)

    def add(self, message: str, *, found: object = ...) -> None:
        """Add one mistake; `found` is shown as what stood there instead."""
        if found is not ...:
            message = f"{message}, not {shown(found)}"
        self.found.append(f"{self._place}: {message}" if self._place else message)

    def method(self, name: object, role: str) -> None:
        """Check that `name` is a method of the pump type; `role` says what it is for."""
        if not isinstance(name, str) or not name:
            self.add(f"'{role}' must be the name of a method", found=name)
        elif not callable(getattr(self._owner, name, None)):
            self.add(f"'{role}' names the method '{name}', which {self._owner.__name__} does not have")


def shown(value: object) -> str:
    """A value as it can stand in a message: short, and never failing."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a foreign object's repr may raise anything
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}…"
