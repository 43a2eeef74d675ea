"""Pumps that somebody changed or deleted outside this window, and what becomes of their edits here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.engine.store import StoredPump

CHANGED = "Changed elsewhere"
DELETED = "Deleted elsewhere"
KEPT = (
    "“{name}” was changed outside this window, and has changes here that are not saved. They are kept: "
    "Save puts them in place of what was changed outside, Reset drops them and shows what is on disk."
)
LOST = (
    "“{name}” was deleted outside this window. Its changes that were not saved here are gone with it; add it "
    "anew if it is still needed."
)


class Elsewhere(QObject):
    """Lets forms follow what is on disk, unless somebody is in the middle of changing them here.

    Args:
        backstage: the controllers.
        parent: as for every Qt object.
    """

    told = Signal(str, str, str, str)
    """Level, title, text and subject of something that people should know."""
    withdrawn = Signal(str)
    """The subject of something that is no longer so."""
    outdated = Signal(str)
    """The id of a pump whose form was dropped after a *Reset*, as the disk has something newer."""

    def __init__(self, backstage: Backstage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backstage = backstage
        self._saving: set[str] = set()
        self._kept: set[str] = set()
        editing = backstage.editing
        editing.saving.connect(self._on_saving)
        editing.saved.connect(lambda pump: self.settle(pump.id))
        editing.unsaved_changed.connect(self._on_unsaved_changed)

    @property
    def saving(self) -> bool:
        """True while this window writes a pump itself."""
        return bool(self._saving)

    def compare(
        self, former: Mapping[str, StoredPump], found: Mapping[str, StoredPump], broken: Collection[str]
    ) -> None:
        """Deal with the forms of all pumps that are otherwise on disk now.

        Args:
            former: the pumps as they were known, by id.
            found: as they are on disk.
            broken: the ids of those whose document cannot be used.
        """
        for pump_id, pump in former.items():
            if found.get(pump_id) == pump or pump_id in self._saving:
                continue
            if pump_id in found or pump_id in broken:
                self._changed(pump)
            else:
                self._deleted(pump)

    def settle(self, pump_id: str) -> None:
        """Edits and disk agree again, or the pump is gone."""
        self._kept.discard(pump_id)
        self.withdrawn.emit(_subject(pump_id))

    def _changed(self, pump: StoredPump) -> None:
        if pump.id in self._backstage.editing.unsaved():
            self._kept.add(pump.id)
            self.told.emit("warning", CHANGED, KEPT.format(name=pump.name), _subject(pump.id))
        else:
            self._backstage.editing.forget(pump.id)

    def _deleted(self, pump: StoredPump) -> None:
        lost = pump.id in self._backstage.editing.unsaved() and not self._backstage.pumps.deleting
        self._backstage.editing.forget(pump.id)
        self.settle(pump.id)
        if lost:
            self.told.emit("warning", DELETED, LOST.format(name=pump.name), "")

    def _on_saving(self, pump_id: str, busy: bool) -> None:
        (self._saving.add if busy else self._saving.discard)(pump_id)

    def _on_unsaved_changed(self, pump_id: str, unsaved: bool) -> None:
        if not unsaved and pump_id in self._kept:
            # After a save it is told that nothing is unsaved just before it is told that it was saved.
            QTimer.singleShot(0, self, lambda: self._on_reset(pump_id))

    def _on_reset(self, pump_id: str) -> None:
        editing = self._backstage.editing
        if pump_id in self._kept and pump_id not in self._saving and pump_id not in editing.unsaved():
            self.settle(pump_id)
            editing.forget(pump_id)
            self.outdated.emit(pump_id)


def _subject(pump_id: str) -> str:
    return f"changed elsewhere {pump_id}"
