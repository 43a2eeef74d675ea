"""What a pump remembers of its source from one cycle to the next, as pumps see it.

The main book of the ledger tells what became of records; this tells which folder or row went into which
record, so that nothing old needs to be looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from qcpump_qt.engine.records import DeliveryState


@dataclass(frozen=True)
class Item:
    """One folder, file or row of a source.

    Args:
        container: what it lies in (a machine's folder), as the pump names it.
        name: its name in there.
        record: key of the record it belongs to.
        facts: what the pump wants to know of it later; JSON.
        state: the state of that record; filled in when read.
        drafted: True when what is to be sent for that record is kept in the ledger; filled in when read.
    """

    container: str
    name: str
    record: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: DeliveryState | None = None
    drafted: bool = False

    @property
    def final(self) -> bool:
        """True when nothing is left to be done for it."""
        return self.state is not None and self.state.final


class SourceMemory(Protocol):
    """What a pump may ask and tell about its source; preview answers without remembering."""

    def mark(self, name: str) -> Any:
        """The value of a mark, or None."""

    def set_mark(self, name: str, value: Any) -> None:
        """Remember a small JSON value under a name."""

    def final_names(self, container: str) -> set[str]:
        """Names of the items in a container that need no further look."""

    def open_items(self) -> list[Item]:
        """All remembered items whose record is waiting, on its way, or rejected."""

    def items_named(self, container: str, first: str, last: str) -> list[Item]:
        """Remembered items of a container whose names lie from `first` to `last` in the order of text."""

    def items_called(self, names: Iterable[str]) -> list[Item]:
        """Remembered items of any container that have one of these names, with the states of their records."""

    def remember(self, found: Iterable[Item]) -> None:
        """Remember items, replacing what was known under the same container and name."""

    def open_records(self) -> dict[str, DeliveryState]:
        """The pump's records that are not final, by key."""

    def records_between(self, first: str, last: str) -> dict[str, DeliveryState]:
        """The pump's records whose keys lie from `first` to `last` in the order of text."""


class ForgetfulMemory:
    """Reads another memory and remembers nothing: for a preview."""

    def __init__(self, behind: SourceMemory) -> None:
        self._behind = behind

    def mark(self, name: str) -> Any:
        """As it stands in the memory behind."""
        return self._behind.mark(name)

    def set_mark(self, name: str, value: Any) -> None:
        """Nothing is remembered."""

    def final_names(self, container: str) -> set[str]:
        """As it stands in the memory behind."""
        return self._behind.final_names(container)

    def open_items(self) -> list[Item]:
        """As it stands in the memory behind."""
        return self._behind.open_items()

    def items_named(self, container: str, first: str, last: str) -> list[Item]:
        """As it stands in the memory behind."""
        return self._behind.items_named(container, first, last)

    def items_called(self, names: Iterable[str]) -> list[Item]:
        """As it stands in the memory behind."""
        return self._behind.items_called(names)

    def remember(self, found: Iterable[Item]) -> None:
        """Nothing is remembered."""

    def open_records(self) -> dict[str, DeliveryState]:
        """As it stands in the memory behind."""
        return self._behind.open_records()

    def records_between(self, first: str, last: str) -> dict[str, DeliveryState]:
        """As it stands in the memory behind."""
        return self._behind.records_between(first, last)
