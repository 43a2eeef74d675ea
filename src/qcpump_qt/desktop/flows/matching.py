"""Matching machines and units: both lists side by side, and what was confirmed goes into the form."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.models.mapping import MappingModel
from qcpump_qt.views.dialogs.mapping import MappingDialog


class Matching(QObject):
    """Opens the mapping helper of a section.

    Args:
        backstage: the controllers.
        window: what the dialog belongs to.
    """

    def __init__(self, backstage: Backstage, window: QWidget) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window
        backstage.editing.mapping_ready.connect(self._show)

    def _show(self, pump_id: str, section: str, model: MappingModel) -> None:
        dialog = MappingDialog(model, self._window)
        dialog.confirmed.connect(lambda pairs: self._backstage.editing.apply_mapping(pump_id, section, pairs))
        dialog.open()
