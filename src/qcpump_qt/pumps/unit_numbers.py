"""The dictionary of unit names and numbers that pump types of QCPump 0.3 know, filled when it is first used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qcpump_qt.qatrack.server import QATrackServer


class UnitNumbers(dict[str, int]):
    """Unit label (``site: unit``) to unit number; asks the server once, and only when somebody looks.

    Labels that belong to two units are left out: a result is never sent to one of them by chance. What a pump
    type puts in itself stays as it is.

    Args:
        server: makes the connection.
    """

    def __init__(self, server: Callable[[], QATrackServer]) -> None:
        super().__init__()
        self._server = server
        self._filled = False
        self.given: dict[str, int] = {}
        """What the pump type has put in itself."""

    def __setitem__(self, label: str, number: int) -> None:
        self.given[label] = number
        super().__setitem__(label, number)

    def update(self, *others: Any, **more: Any) -> None:
        """Put in several at once."""
        for label, number in dict(*others, **more).items():
            self[label] = number

    def setdefault(self, label: str, default: Any = None) -> Any:
        """The number of a unit; put in where the server has none."""
        if label not in self:
            self[label] = default
        return self[label]

    def __missing__(self, label: str) -> int:
        if self._filled:
            raise KeyError(label)
        self._fill()
        return self[label]

    def __contains__(self, label: object) -> bool:
        self._fill()
        return super().__contains__(label)

    def __iter__(self) -> Iterator[str]:
        self._fill()
        return super().__iter__()

    def __len__(self) -> int:
        self._fill()
        return super().__len__()

    def get(self, label: str, default: Any = None) -> Any:
        """The number of a unit, or `default`."""
        self._fill()
        return super().get(label, default)

    def items(self) -> Any:
        """Labels with their numbers."""
        self._fill()
        return super().items()

    def keys(self) -> Any:
        """The labels."""
        self._fill()
        return super().keys()

    def values(self) -> Any:
        """The numbers."""
        self._fill()
        return super().values()

    def _fill(self) -> None:
        if self._filled:
            return
        with self._server() as server:
            units = [unit for unit in server.units() if unit.active]
        self._filled = True
        labels = Counter(unit.label for unit in units)
        for unit in units:
            if labels[unit.label] == 1 and unit.label not in self.given:
                super().__setitem__(unit.label, unit.number)
