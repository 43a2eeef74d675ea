"""Keeps what is on disk, what runs, what is edited and what is shown of the pumps in step."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.desktop.elsewhere import Elsewhere
from qcpump_qt.engine.store import BrokenPump, StoredPump

LOOK_MS = 60_000
"""How often it is looked whether somebody else changed pumps or settings on disk."""


class PumpsTogether(QObject):
    """The one place that knows the saved pumps, and hands every change of them to all who need it.

    Args:
        backstage: the controllers.
        parent: as for every Qt object.
    """

    told = Signal(str, str, str, str)
    """Level, title, text and subject of something that people should know."""
    withdrawn = Signal(str)
    """The subject of something that is no longer so."""
    loaded = Signal()
    """The pumps on disk were read, for the first time or as others than before."""
    outdated = Signal(str)
    """The id of a pump whose form has to be read from disk anew."""
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
        self._messages: list[str] = []
        self._new: set[str] = set()
        self._told: set[str] = set()
        self._resuming: set[str] = set()
        self._read_once = False
        self._elsewhere = Elsewhere(backstage, self)
        self._minute = QTimer(self, interval=LOOK_MS)
        self._connect()

    def _connect(self) -> None:
        pumps, editing = self._backstage.pumps, self._backstage.editing
        self._minute.timeout.connect(self.look)
        self._elsewhere.told.connect(self.told)
        self._elsewhere.withdrawn.connect(self.withdrawn)
        self._elsewhere.outdated.connect(self.outdated)
        pumps.loaded.connect(self._on_loaded)
        pumps.not_loaded.connect(lambda _title, _text: self._minute.start())
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

    def look(self) -> None:
        """See whether somebody else changed pumps or settings on disk; what did change is taken over."""
        if self._minute.isActive() and not self._elsewhere.saving:
            self._backstage.pumps.look()

    def stop_looking(self) -> None:
        """Look no more by itself; for the end of the program."""
        self._minute.stop()

    def resume_none(self) -> None:
        """All pumps were stopped: also those whose document cannot be read just now are not to go on."""
        self._resuming.clear()

    # --- what comes back ----------------------------------------------------------------------------

    def _on_loaded(self, pumps: list[StoredPump], broken: list[BrokenPump], messages: list[str]) -> None:
        former = self._backstage.pumps_on_disk
        same = self._read_once and list(former.values()) == pumps and self._broken == broken
        self._messages = messages
        if not same:
            self._take_over(pumps, broken)
        self._tell_standing()
        if not same:
            self._read_once = True
            self._minute.start()
            self.loaded.emit()

    def _take_over(self, pumps: list[StoredPump], broken: list[BrokenPump]) -> None:
        former, found = self._backstage.pumps_on_disk, {pump.id: pump for pump in pumps}
        lost = {each.id for each in broken} & former.keys()
        self._resuming |= {pump_id for pump_id in lost if self._backstage.runner.is_scheduled(pump_id)}
        self._backstage.pumps_on_disk, self._broken = found, broken
        self._elsewhere.compare(former, found, lost)
        self._hand_on()
        for pump in pumps:
            if former.get(pump.id) != pump:
                self._backstage.editing.validate_saved(pump)
        for pump_id in self._resuming & found.keys():
            self._resuming.discard(pump_id)
            self._backstage.runner.start(pump_id)
        for pump_id in former.keys() - found.keys() - lost:
            self.gone.emit(pump_id)

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
        self._elsewhere.settle(pump_id)
        self._hand_on()
        self._tell_standing()
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

    def _tell_standing(self) -> None:
        """Tell once what is the matter with settings and documents, and take back what is not any more."""
        now = dict.fromkeys(self._messages, ("warning", "Settings"))
        now |= {unusable.reason: ("error", "Pump not usable") for unusable in self._broken}
        former, self._told = self._told, set(now)
        for text in former - now.keys():
            self.withdrawn.emit(text)
        for text, (level, title) in now.items():
            if text not in former:
                self.told.emit(level, title, text, text)
