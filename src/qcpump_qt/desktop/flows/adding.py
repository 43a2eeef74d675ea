"""Adding a pump: which type, which name, and then its form."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from qcpump_qt.controllers.pumps import TypeLine
from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.desktop.opening import open_page
from qcpump_qt.views.dialogs.add_pump import AddPumpDialog
from qcpump_qt.views.dialogs.type_list import TypeChoice


class Adding(QObject):
    """Asks for type and name of a new pump and opens its form.

    Args:
        backstage: the controllers.
        window: what the dialog belongs to.
    """

    def __init__(self, backstage: Backstage, window: QWidget) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window
        self._wanted = False
        backstage.pumps.types_ready.connect(self._ask)

    def start(self) -> None:
        """Look which pump types there are; the dialog follows."""
        self._wanted = True
        self._backstage.pumps.types()

    def _ask(self, types: list[TypeLine], problems: list[str]) -> None:
        if not self._wanted:
            return
        self._wanted = False
        choices = [TypeChoice(*line) for line in types]
        names = [row.name for row in self._backstage.overview.rows()]
        dialog = AddPumpDialog(choices, names, problems, self._window)
        dialog.added.connect(self._backstage.editing.open_new)
        dialog.help_wanted.connect(open_page)
        dialog.open()
