"""One pump being edited: its form, what is saved of it, and what is under way for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.sections import COMMON
from qcpump_qt.models.form_model import FormModel, Status

if TYPE_CHECKING:
    from qcpump_qt.compat.catalogue import PumpType
    from qcpump_qt.engine.store import StoredPump

PAUSE = 400
"""Milliseconds from the last edit to the validation."""


@dataclass(frozen=True, kw_only=True)
class PumpInfo:
    """What stands above the form.

    Args:
        name: the pump's name.
        type_key: the class name of its type.
        type_name: what people call its type.
        help_url: a page that explains the type; empty without one.
        is_new: True for a pump that was never saved.
    """

    name: str
    type_key: str
    type_name: str
    help_url: str
    is_new: bool


class Session(QObject):
    """The editing of one pump, from when it is opened until it is deleted, or not looked at for long, or the end.

    Args:
        pump: as it is saved, or as it begins.
        pump_type: its type.
        is_new: True when it was never saved.
        parent: as for every Qt object.
    """

    edited = Signal(object)
    """This session, after each edit."""
    check_due = Signal(object)
    """This session, 400 ms after the last edit."""
    unsaved_changed = Signal(object)
    """This session, when there is something to save that was not before, or the other way about."""

    def __init__(
        self, pump: StoredPump, pump_type: PumpType, *, is_new: bool, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.pump = pump
        self.type = pump_type
        self.is_new = is_new
        self.closed = False
        # No child of this: a view may show it a moment longer than the session lasts.
        self.model = FormModel(pump_type.sections, form_values(pump, pump_type))
        self.status = Status.UNCHECKED
        self.summary = ""
        self.valid: bool | None = None
        self.check: CancelToken | None = None
        self.fetches: dict[tuple[str, str], CancelToken] = {}
        self.fetched_with: dict[tuple[str, str], object] = {}
        """By section and field: the values that its choices were last fetched with by themselves."""
        self._turns: list[Callable[[], None]] = []
        self._taken = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._due)
        self.model.edited.connect(self._on_edited)
        self.model.changed_state.connect(self._on_changed_state)

    @property
    def id(self) -> str:
        """The pump's id; another one once a new pump has been saved."""
        return self.pump.id

    @property
    def info(self) -> PumpInfo:
        """What stands above the form."""
        return PumpInfo(
            name=self.pump.name,
            type_key=self.pump.type,
            type_name=self.type.display_name,
            help_url=self.type.help_url,
            is_new=self.is_new,
        )

    @property
    def is_unsaved(self) -> bool:
        """True when something would be lost if the program ended now."""
        return self.is_new or self.model.is_changed()

    @property
    def is_settled(self) -> bool:
        """True when the last validation was of the values as they are now."""
        return self.status not in (Status.UNCHECKED, Status.CHECKING)

    @property
    def is_idle(self) -> bool:
        """True when it can be made anew at any time: nothing is unsaved and nothing is under way."""
        return self.is_settled and not (self.is_unsaved or self._taken or self._turns)

    def draft(self) -> StoredPump:
        """The pump with the values as they are now."""
        return self.pump.changed(values=self.model.values())

    def cancel_check(self) -> None:
        """Drop the validation that waits or is under way."""
        self._timer.stop()
        if self.check is not None:
            self.check.cancel()
            self.check = None

    def take_turn(self, work: Callable[[], None]) -> None:
        """Begin `work` when everything that changes the pump on disk before it has ended."""
        if self._taken:
            self._turns.append(work)
            return
        self._taken = True
        work()

    def end_turn(self) -> None:
        """What changed the pump on disk has ended; the next may begin."""
        self._taken = False
        if self._turns and not self.closed:
            self.take_turn(self._turns.pop(0))

    def close(self) -> None:
        """End everything that is under way and let nothing come of it any more."""
        if self.closed:
            return
        self.closed = True
        self.cancel_check()
        for token in self.fetches.values():
            token.cancel()
        self.model.edited.disconnect(self._on_edited)
        self.model.changed_state.disconnect(self._on_changed_state)

    def discard(self) -> None:
        """Close it and free what it holds; for one that is idle and that no view shows."""
        self.close()
        # As a child the form is destroyed here: a pool's thread may hold on to the session and must not do it.
        self.model.setParent(self)
        del self.model
        self.deleteLater()

    def _on_edited(self) -> None:
        self._timer.start()
        self.edited.emit(self)

    def _due(self) -> None:
        self.check_due.emit(self)

    def _on_changed_state(self, _changed: bool) -> None:
        self.unsaved_changed.emit(self)


def form_values(pump: StoredPump, pump_type: PumpType) -> dict[str, list[dict[str, Any]]]:
    """The pump's values as the form shows them: with its name, and its type by the name that people know."""
    common = pump.values.get(COMMON) or [{}]
    shown = {**common[0], "type": pump_type.display_name, "name": pump.name}
    return {**pump.values, COMMON: [shown]}
