"""The list of pumps at the left: a filter box, and the tree of pumps with its keys and its context menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from qcpump_qt.models.pump_filter import PumpFilter
from qcpump_qt.models.pump_possible import can_preview, can_run, can_start, can_stop
from qcpump_qt.models.pump_tree import PumpTreeModel
from qcpump_qt.models.rows import PumpRow
from qcpump_qt.views.actions import PUMP_ACTIONS, Actions
from qcpump_qt.views.pump_filter_box import PumpFilterBox
from qcpump_qt.views.pump_tree_view import PumpTreeView

NO_MATCH = "No pump fits this filter. Clear the filter to see all pumps."
TICK = 10_000
"""Milliseconds after which times to go are told anew."""


class PumpList(QWidget):
    """Shows the tree of pumps, and says what is wanted of which.

    Args:
        tree: the pumps.
        parent: as for every widget.
    """

    selected = Signal(object)
    """The id of the pump that is selected from now on; None when none is."""
    open_wanted = Signal(str)
    """The id of the pump whose configuration is wanted."""
    run_wanted = Signal(str)
    """The id of the pump that is to run one cycle now."""
    start_wanted = Signal(str)
    """The id of the pump that is to run now and then by its interval."""
    stop_wanted = Signal(str)
    """The id of the pump that is to stop."""
    preview_wanted = Signal(str)
    """The id of the pump of which a preview is wanted."""
    duplicate_wanted = Signal(str)
    """The id of the pump that is wanted twice."""
    rename_wanted = Signal(str)
    """The id of the pump that is to be named otherwise."""
    delete_wanted = Signal(str)
    """The id of the pump that is to go; nobody was asked yet."""
    reordered = Signal(list)
    """The ids of all pumps, in the order in which somebody put them."""

    def __init__(self, tree: PumpTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pump_list")
        self.tree = tree
        self.shown = PumpFilter(tree, self)
        self.pump_actions = Actions(PUMP_ACTIONS, self)
        self.box = PumpFilterBox(self)
        self.view = PumpTreeView(self.shown, self)
        self.no_match = _no_match_label(self)
        self.menu = QMenu(self)
        self._selected: str | None = None
        self._wanted: str | None = None
        self._filtering = False
        self._ticker = QTimer(self, interval=TICK)
        self._gather = QTimer(self, singleShot=True, interval=0)
        self._lay_out()
        self._connect()
        self._connect_actions()
        self._settle()

    @property
    def selected_id(self) -> str | None:
        """The id of the selected pump, also while the filter hides it."""
        return self._selected

    def select(self, pump_id: str) -> None:
        """Select a pump and bring it into sight; one that is not there yet, as soon as it is."""
        if not self.tree.index_of(pump_id).isValid():
            self._wanted = pump_id
            return
        if not self.shown.index_of(pump_id).isValid():
            self.box.clear()
        here = self.shown.index_of(pump_id)
        self.view.expand(here.parent())
        self.view.setCurrentIndex(here)
        self.view.scrollTo(here)

    def focus_filter(self) -> None:
        """Go to the filter box."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def update_actions(self) -> None:
        """Allow what can be done with the selected pump in the state it is in."""
        row = self.tree.row_of(self._selected) if self._selected else None
        here = self.tree.index_of(row.id) if row else QModelIndex()
        last = self.tree.rowCount(here.parent()) - 1
        in_order = self.shown.in_dragged_order
        self._allow("run", row, can_run)
        self._allow("start", row, can_start)
        self._allow("stop", row, can_stop)
        self._allow("preview", row, can_preview)
        self._allow("move_up", row, lambda _pump: in_order and here.row() > 0)
        self._allow("move_down", row, lambda _pump: in_order and here.row() < last)
        self.pump_actions.enable("open_configuration", "duplicate", "rename", "delete", on=row is not None)
        self.pump_actions.enable("manual_order", on=not in_order)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addWidget(self.no_match)
        layout.addWidget(self.view, 1)
        self.menu.setObjectName("pump_menu")
        self.menu.setAccessibleName("What can be done with this pump")
        self.menu.addActions(self.pump_actions.all("run", "start", "stop", "preview"))
        self.menu.addSeparator()
        self.menu.addActions(self.pump_actions.all("open_configuration", "duplicate", "rename", "delete"))
        self.menu.addSeparator()
        self.menu.addActions(self.pump_actions.all("move_up", "move_down", "manual_order"))

    def _connect(self) -> None:
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.view.doubleClicked.connect(self._on_double_click)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self.view.header().sortIndicatorChanged.connect(self.update_actions)
        self.tree.rows_set.connect(self._settle)
        self.tree.dataChanged.connect(self._gather.start)
        self.tree.rowsMoved.connect(self.update_actions)
        self._gather.timeout.connect(self.update_actions)
        self.tree.reordered.connect(self.reordered)
        self.box.textChanged.connect(self._on_filter)
        self.box.entered.connect(self._enter_tree)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_filter)
        self._ticker.timeout.connect(self.tree.tick)

    def _connect_actions(self) -> None:
        wanted: dict[str, Callable[[str], object]] = {
            "run": self.run_wanted.emit,
            "start": self.start_wanted.emit,
            "stop": self.stop_wanted.emit,
            "preview": self.preview_wanted.emit,
            "open_configuration": self.open_wanted.emit,
            "duplicate": self.duplicate_wanted.emit,
            "rename": self.rename_wanted.emit,
            "delete": self.delete_wanted.emit,
            "move_up": lambda pump_id: self.tree.move(pump_id, -1),
            "move_down": lambda pump_id: self.tree.move(pump_id, 1),
        }
        for name, call in wanted.items():
            action = self.pump_actions[name]
            action.triggered.connect(lambda _checked=False, call=call: self._with_selected(call))
            self.view.addAction(action)
        self.pump_actions["manual_order"].triggered.connect(self.view.restore_manual_order)

    def _with_selected(self, call: Callable[[str], object]) -> None:
        if self._selected is not None:
            call(self._selected)

    def _allow(self, name: str, row: PumpRow | None, allowed: Callable[[PumpRow], bool]) -> None:
        self.pump_actions[name].setEnabled(row is not None and allowed(row))

    def _on_selection(self) -> None:
        if not self._filtering:
            self._choose(self.view.selected_id())

    def _choose(self, pump_id: str | None) -> None:
        if pump_id != self._selected:
            self._selected = pump_id
            self.selected.emit(pump_id)
        self.update_actions()

    def _settle(self) -> None:
        """After the rows were set: a pump that went is not selected any more, and some pump always is."""
        if self._wanted is not None and self.tree.index_of(self._wanted).isValid():
            wanted, self._wanted = self._wanted, None
            self.select(wanted)
        if self._selected is not None and not self.tree.index_of(self._selected).isValid():
            self._choose(None)
        if self._selected is None and not self.box.text() and not self.view.currentIndex().isValid():
            self._select_first()
        self._tell_match()
        self.update_actions()

    def _select_first(self) -> None:
        """Select the first pump in sight; selecting one in a collapsed group would expand it."""
        collapsed = self.view.collapsed_types
        expanded = (group for group in self.tree.groups if group.key not in collapsed)
        first = next((row for group in expanded for row in group.rows), None)
        if first is not None:
            self.select(first.id)

    def _on_filter(self, text: str) -> None:
        self._filtering = True
        self.shown.set_text(text)
        self.view.set_searching(bool(text.strip()))
        here = self.shown.index_of(self._selected) if self._selected else QModelIndex()
        if here.isValid():
            self.view.setCurrentIndex(here)
        else:
            self.view.selectionModel().clear()
        self._filtering = False
        self._tell_match()

    def _tell_match(self) -> None:
        self.no_match.setVisible(bool(self.tree.groups) and self.shown.rowCount() == 0)

    def _on_double_click(self, index: QModelIndex) -> None:
        pump_id = self.shown.id_at(index)
        if pump_id is not None:
            self.open_wanted.emit(pump_id)

    def _open_menu(self, where: QPoint) -> None:
        self.menu.popup(self.view.viewport().mapToGlobal(where))

    def _enter_tree(self) -> None:
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.view.currentIndex().isValid() and self.shown.rowCount():
            self.view.setCurrentIndex(self.shown.index(0, 0, self.shown.index(0, 0)))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Times to go are told anew while somebody may look."""
        super().showEvent(event)
        self.tree.tick()
        self._ticker.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nobody looks."""
        super().hideEvent(event)
        self._ticker.stop()


def _no_match_label(parent: QWidget) -> QLabel:
    label = QLabel(NO_MATCH, parent)
    label.setObjectName("pump_filter_no_match")
    label.setWordWrap(True)
    label.hide()
    return label
