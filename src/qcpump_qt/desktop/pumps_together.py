"""Keeps what is on disk, what runs, what is edited and what is shown of the pumps in step."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.engine.store import BrokenPump, StoredPump


class PumpsTogether(QObject):
    """The one place that knows the saved pumps, and hands every change of them to all who need it.

    Args:
        backstage: the controllers.
        parent: as for every Qt object.
    """

    told = Signal(str, str, str)
    """Level, title and text of something that people should know."""
    loaded = Signal()
    """The pumps on disk were read."""
    appeared = Signal(str)
    """The id of a pump that was just added and wants to be shown."""
    replaced = Signal(str, str)
    """The temporary id of a new pump, and the id that it was saved under."""
    gone = Signal(str)
    """The id of a pump that is no more."""

    def __init__(self, backstage: Backstage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backstage = backstage
        self._broken: list[BrokenPump] = []
        self._new: set[str] = set()
        self._told: set[str] = set()
        self._connect()

    def _connect(self) -> None:
        pumps, editing = self._backstage.pumps, self._backstage.editing
        pumps.loaded.connect(self._on_loaded)
        pumps.deleted.connect(self._on_deleted)
        editing.opened.connect(self._on_opened)
        editing.added.connect(self._on_added)
        editing.saved.connect(self._on_saved)
        editing.renamed.connect(self._on_renamed)
        editing.verdict.connect(self._backstage.overview.set_validity)
        editing.unsaved_changed.connect(self._backstage.overview.set_unsaved)

    def delete(self, pump_id: str) -> None:
        """Delete a pump; one that was never saved is just dropped."""
        if pump_id in self._new:
            self._drop(pump_id)
        else:
            self._backstage.runner.stop(pump_id)
            self._backstage.pumps.delete(pump_id)

    def reorder(self, pump_ids: list[str]) -> None:
        """Keep another order of the pumps."""
        known = self._backstage.pumps_on_disk
        in_order = [pump_id for pump_id in pump_ids if pump_id in known]
        rest = [pump_id for pump_id in known if pump_id not in in_order]
        self._backstage.pumps_on_disk = {pump_id: known[pump_id] for pump_id in [*in_order, *rest]}
        self._backstage.pumps.reorder(in_order)
        self._hand_on()

    # --- what comes back ----------------------------------------------------------------------------

    def _on_loaded(self, pumps: list[StoredPump], broken: list[BrokenPump], messages: list[str]) -> None:
        former = dict(self._backstage.pumps_on_disk)
        self._backstage.pumps_on_disk = {pump.id: pump for pump in pumps}
        self._broken = broken
        self._hand_on()
        for text in messages:
            self._tell("warning", "Settings", text)
        for unusable in broken:
            self._tell("error", "Pump not usable", unusable.reason)
        for pump in pumps:
            if former.get(pump.id) != pump:
                self._backstage.editing.validate_saved(pump)
        self.loaded.emit()

    def _on_opened(self, pump_id: str, _model: object) -> None:
        info = self._backstage.editing.info(pump_id)
        if info is None or not info.is_new or pump_id in self._new:
            return
        self._new.add(pump_id)
        self._backstage.overview.add_new(pump_id, info.name, info.type_key)
        self.appeared.emit(pump_id)

    def _on_added(self, temporary: str, pump: StoredPump) -> None:
        # The saved pump first and shown in its place, so that no other pump is shown in between.
        self._on_saved(pump)
        self.replaced.emit(temporary, pump.id)
        self._drop(temporary)

    def _on_saved(self, pump: StoredPump) -> None:
        self._backstage.pumps.changed()
        self._backstage.pumps_on_disk[pump.id] = pump
        self._hand_on()

    def _on_renamed(self, pump_id: str, name: str) -> None:
        info = self._backstage.editing.info(pump_id)
        if pump_id in self._new and info is not None:
            self._backstage.overview.add_new(pump_id, name, info.type_key)

    def _on_deleted(self, pump_id: str) -> None:
        self._backstage.pumps_on_disk.pop(pump_id, None)
        self._broken = [broken for broken in self._broken if broken.id != pump_id]
        self._backstage.editing.forget(pump_id)
        self._hand_on()
        self.gone.emit(pump_id)

    def _drop(self, pump_id: str) -> None:
        if pump_id in self._new:
            self._new.discard(pump_id)
            self._backstage.overview.remove_new(pump_id)
            self._backstage.editing.forget(pump_id)
            self.gone.emit(pump_id)

    def _hand_on(self) -> None:
        pumps = list(self._backstage.pumps_on_disk.values())
        self._backstage.runner.set_pumps(pumps)
        self._backstage.overview.set_pumps(pumps, self._broken)
        self._backstage.logs.set_pumps(pumps)
        self._backstage.notifier.set_pumps(pumps)

    def _tell(self, level: str, title: str, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self.told.emit(level, title, text)
