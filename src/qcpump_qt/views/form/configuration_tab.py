"""The tab *Configuration*: the form of the selected pump, its buttons, its state, and its help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from qcpump_qt.models.form_roles import Status
from qcpump_qt.views.dialogs.confirm import delete_dialog, reset_dialog
from qcpump_qt.views.dialogs.rename import RenameDialog
from qcpump_qt.views.form.form_bar import FormBar
from qcpump_qt.views.form.form_view import FormView
from qcpump_qt.views.form.help_pane import HelpPane
from qcpump_qt.views.form.message_line import MessageLine

if TYPE_CHECKING:
    from qcpump_qt.models.form_model import FormModel

NOTHING_SELECTED = "Select a pump on the left to see its configuration here."
PROBLEM = "The configuration of “{name}” cannot be shown.\n\n{text}"
NEW = "Not saved yet. This pump runs once it has been saved."
EDITED = "Not saved yet. Your changes count from the next cycle after you save them."
SAVED = "Everything is saved."


class ConfigurationTab(QWidget):
    """Shows one pump's form; everything that needs the program is asked for by a signal."""

    save_wanted = Signal()
    """The edits shall be saved."""

    reset_wanted = Signal()
    """The edits shall be given up; asked already."""

    revalidate_wanted = Signal()
    """The configuration shall be checked again."""

    duplicate_wanted = Signal()
    """A new pump with the same values is wanted."""

    rename_wanted = Signal(str)
    """The pump shall have this name."""

    delete_wanted = Signal()
    """The pump shall be deleted; asked already."""

    choices_wanted = Signal(str, int, str)
    """The choices of a field are wanted anew: section, sub-section from 0, field."""

    mapping_wanted = Signal(str)
    """Somebody wants help to match machines and units: the section's name."""

    help_wanted = Signal(str)
    """Somebody wants the page about the pump type: its address."""

    preview_wanted = Signal()
    """Somebody wants to see what the pump would send."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._saved = True
        self._busy = ""
        self._taken: tuple[str, ...] = ()
        self.bar = FormBar(self)
        self.problem = QLabel()
        self.state = QLabel()
        self.summary = MessageLine()
        self.form = FormView()
        self.help = HelpPane()
        self._lay_out()
        self._connect()
        self.set_form(None, "", "", "", saved=True)

    def set_form(
        self, model: FormModel | None, name: str, type_name: str, help_url: str, *, saved: bool
    ) -> None:
        """Show a pump's form; with the form that is shown already, only what is said about it changes.

        Args:
            model: the form; None when no pump is selected.
            name: what the pump is called.
            type_name: what people call its type.
            help_url: a page about the type; "" without one.
            saved: False for a pump that was never saved.
        """
        former = self.form.model()
        if name != self._name:
            self._close_questions()
        self._name, self._saved = name, saved
        if model is not former:
            if former is not None:
                former.changed_state.disconnect(self._show_state)
            self._busy = ""
            self.summary.tell(None, "")
            self.form.set_model(model)
            self.bar.set_undo_stack(None if model is None else model.undo_stack)
            if model is not None:
                model.changed_state.connect(self._show_state)
        self.help.show_type(type_name, help_url)
        self.problem.setText(NOTHING_SELECTED)
        self._pages.setCurrentIndex(0 if model is None else 1)
        self._show_state()

    def set_problem(self, name: str, text: str) -> None:
        """Say in place of the form why a pump has none.

        Args:
            name: what the pump is called.
            text: what is the matter and what to do, in whole sentences.
        """
        self.set_form(None, name, "", "", saved=True)
        self.problem.setText(PROBLEM.format(name=name, text=text))

    def set_taken_names(self, names: Sequence[str]) -> None:
        """The names of all pumps, so that a name is not given twice."""
        self._taken = tuple(names)

    def set_busy(self, text: str) -> None:
        """Tell what is under way, such as ``Saving…``; "" ends it. Typing goes on meanwhile."""
        self._busy = text
        self._show_state()

    def show_summary(self, status: Status, text: str) -> None:
        """Tell the state of the whole configuration, above the sections."""
        self.summary.tell(status, text)

    def ask_rename(self) -> None:
        """Ask for another name, as the button *Rename…* does."""
        dialog = RenameDialog(self._name, self._taken, self)
        dialog.renamed.connect(self.rename_wanted)
        dialog.open()

    def ask_delete(self) -> None:
        """Ask whether the pump shall be deleted, as the button *Delete…* does."""
        dialog = delete_dialog(self._name, saved=self._saved, parent=self)
        dialog.confirmed.connect(self.delete_wanted)
        dialog.open()

    def ask_reset(self) -> None:
        """Ask whether the edits shall be given up, as the button *Reset* does."""
        dialog = reset_dialog(self._name, saved=self._saved, parent=self)
        dialog.confirmed.connect(self.reset_wanted)
        dialog.open()

    def _close_questions(self) -> None:
        """What is being asked is about the pump that was shown before."""
        for question in self.findChildren(QDialog):
            question.reject()

    def _show_state(self) -> None:
        model = self.form.model()
        changed = model is not None and model.is_changed()
        self.bar.show_state(changed=changed, saved=self._saved, busy=bool(self._busy) or model is None)
        self.state.setText(self._busy or (NEW if not self._saved else EDITED if changed else SAVED))

    def _connect(self) -> None:
        bar = self.bar
        bar.save.triggered.connect(self.save_wanted)
        bar.reset.triggered.connect(self.ask_reset)
        bar.revalidate.triggered.connect(self.revalidate_wanted)
        bar.preview.triggered.connect(self.preview_wanted)
        bar.duplicate.triggered.connect(self.duplicate_wanted)
        bar.rename.triggered.connect(self.ask_rename)
        bar.delete.triggered.connect(self.ask_delete)
        bar.help.toggled.connect(self.help.setVisible)
        self.form.choices_wanted.connect(self.choices_wanted)
        self.form.mapping_wanted.connect(self.mapping_wanted)
        self.form.help_shown.connect(self.help.show_help)
        self.help.help_wanted.connect(self.help_wanted)

    def _lay_out(self) -> None:
        self.setObjectName("configuration")
        self.problem.setObjectName("form/problem")
        self.problem.setAccessibleName("Why there is no configuration to be seen")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem.setMargin(self.fontMetrics().height())
        self.problem.setWordWrap(True)
        self.state.setWordWrap(True)
        self.state.setObjectName("form/state")
        self.summary.setObjectName("form/summary")
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.form)
        split.addWidget(self.help)
        split.setStretchFactor(0, 1)
        split.setCollapsible(0, False)
        split.setSizes([10_000, self.fontMetrics().lineSpacing() * 7])
        page = QWidget()
        column = QVBoxLayout(page)
        for widget in (self.bar, self.state, self.summary):
            column.addWidget(widget)
        column.addWidget(split, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.problem)
        self._pages.addWidget(page)
