"""Shows a pump's log: filtered, copied, and followed as it grows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from qcpump_qt.models.log_table import ERROR, WARNING, LogColumn, LogTableModel
from qcpump_qt.views.icons import level_icon
from qcpump_qt.views.state_colours import Level


class _LineDelegate(QStyledItemDelegate):
    """Takes what a cell shows in one call instead of ten, and adds the signs for warnings and errors."""

    def initStyleOption(  # noqa: N802 - as Qt has it
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Text, and a sign beside the level's word."""
        model = index.model()
        if not isinstance(model, LogTableModel):
            return
        row, column = index.row(), index.column()
        option.text = model.words(row, column)
        option.displayAlignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
        level = model.level(row)
        if column == LogColumn.LEVEL and level >= WARNING:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.icon = level_icon(Level.ERROR if level >= ERROR else Level.WARNING)


class LogView(QTableView):
    """The table of log lines. It stays at the newest line until its user scrolls up, and goes on at the bottom.

    Args:
        parent: as for every widget.
    """

    following_changed = Signal(bool)
    """True when new lines come into sight by themselves from now on."""
    copied = Signal(str)
    """What was copied, in a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log: LogTableModel | None = None
        self._following = True
        self.setObjectName("log_lines")
        self.setAccessibleName("Log lines")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_LineDelegate(self))
        self._set_up_headers()
        self._make_actions()
        self.verticalScrollBar().actionTriggered.connect(self._scrolled_by_hand)
        self.verticalScrollBar().rangeChanged.connect(self._keep_up)

    @property
    def following(self) -> bool:
        """True while new lines come into sight by themselves."""
        return self._following

    def set_following(self, following: bool) -> None:
        """Follow the newest line, or stay where it is."""
        if following:
            self.scrollToBottom()
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def set_log(self, log: LogTableModel | None) -> None:
        """Show this log; nothing for None. It follows the newest line."""
        if log is not None and log is self._log:
            return
        if self._log is not None:
            self._log.rowsRemoved.disconnect(self._hold_place)
            self._log.modelReset.disconnect(self._show_newest)
        former = self.selectionModel()
        self._log = log
        self.setModel(log)
        if former is not None:
            former.deleteLater()
        if log is not None:
            log.rowsRemoved.connect(self._hold_place)
            log.modelReset.connect(self._show_newest)
            self._fit_columns()
        self.set_following(True)

    def copy(self) -> None:
        """Copy the selected lines, or all that are shown where none is selected, for a spreadsheet."""
        if self._log is None or not self._log.rowCount():
            self.copied.emit("There is no line to copy.")
            return
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        QGuiApplication.clipboard().setText(self._log.tsv(rows or None))
        count = len(rows) or self._log.rowCount()
        self.copied.emit("1 line was copied." if count == 1 else f"{count} lines were copied.")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - as Qt has it
        """Keys that scroll up end the following, those that reach the newest line begin it."""
        bar = self.verticalScrollBar()
        before = bar.value()
        super().keyPressEvent(event)
        if bar.value() != before:
            self._decide(bar.value())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - as Qt has it
        """Drawn in one turn.

        Called from Python, the view asks the model without giving Python away between two questions. Otherwise
        each of some hundred questions would wait for a thread that is busy logging, and the window with them.
        """
        super().paintEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - as Qt has it
        """Rows and columns fit the font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit_rows()
            self._fit_columns()

    def _set_up_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self._fit_rows()

    def _make_actions(self) -> None:
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        copy = QAction("&Copy as table", self)
        copy.setObjectName("copy_log_action")
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        select_all = QAction("Select &all", self)
        select_all.setShortcut(QKeySequence.StandardKey.SelectAll)
        select_all.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        select_all.triggered.connect(self.selectAll)
        self.addActions([copy, select_all])

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("log_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(self.viewport().mapToGlobal(place))

    def _scrolled_by_hand(self, action: int) -> None:
        if action != QAbstractSlider.SliderAction.SliderNoAction.value:
            # The bar's value follows its slider only after this signal.
            self._decide(self.verticalScrollBar().sliderPosition())

    def _decide(self, place: int) -> None:
        following = place >= self.verticalScrollBar().maximum()
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def _keep_up(self, _least: int, most: int) -> None:
        if self._following:
            self.verticalScrollBar().setValue(most)

    def _show_newest(self) -> None:
        if self._following:
            self.scrollToBottom()

    def _hold_place(self, _parent: QModelIndex, first: int, last: int) -> None:
        """The lines that are being read stay where they are when older ones go."""
        if not self._following:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - (last - first + 1))

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(self.font()).height() + 6)

    def _fit_columns(self) -> None:
        metrics = QFontMetrics(self.font())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        icon = option.decorationSize.width()
        wide = metrics.horizontalAdvance
        if self.model() is not None:
            self.setColumnWidth(LogColumn.TIME, wide("0000-00-00 00:00:00") + wide("MM"))
            self.setColumnWidth(LogColumn.LEVEL, wide("Warning") + icon + wide("MM"))
