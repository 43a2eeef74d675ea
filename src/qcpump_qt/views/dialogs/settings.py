"""The dialog for all settings of the program."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.models.login_row import LoginRow
from qcpump_qt.models.settings_model import SettingField, SettingsModel
from qcpump_qt.views.dialogs.settings_editors import SettingEditor, editor_for
from qcpump_qt.views.fitting import resize_to_fit

RESTART = "Counts from the next start on."
_Standard = QDialogButtonBox.StandardButton


class SettingsDialog(QDialog):
    """Shows the settings, tells what is wrong with them, and says when somebody wants them saved.

    Args:
        model: the values that are being edited.
        parent: as for every widget.
    """

    save_wanted = Signal(object)
    """`Settings` that are to be saved; `show_saved` or `show_failed` is the answer."""
    login_wanted = Signal(bool)
    """Whether the window is to start at login; `show_login` is the answer."""

    def __init__(self, model: SettingsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setObjectName("settings_dialog")
        self._model = model
        self._closing = False
        self._editors: dict[str, SettingEditor] = {}
        self._problem_labels: dict[str, QLabel] = {}
        self._pages: list[set[str]] = []
        self._login_row = LoginRow()
        self._said = _words("settings_said")
        self._tabs = QTabWidget()
        self._tabs.setObjectName("settings_groups")
        self._tabs.setAccessibleName("Groups of settings")
        self._login = QCheckBox("Start at login")
        self._login_words = _words("login_words")
        self._buttons = self._button_box()
        self._build()
        model.changed.connect(self._show_one)
        model.reset.connect(self._show_all)
        self._show_all()
        self.show_login(self._login_row)
        resize_to_fit(self, self.fontMetrics().averageCharWidth() * 92, self.fontMetrics().height() * 36)

    # --- answers ---------------------------------------------------------------------------------

    def show_login(self, row: LoginRow) -> None:
        """Show whether the window starts at login, as it really is; not against what somebody is choosing."""
        untouched = self._login.isChecked() == self._login_row.on
        self._login_row = row
        if untouched or not row.known:
            self._login.setChecked(row.on)
        self._login.setEnabled(row.known)
        self._login_words.setText(row.words)
        self._login_words.setVisible(bool(row.words))
        self._enable()

    def show_saved(self, settings: object) -> None:
        """The settings are on disk; close, or say so where only *Apply* was pressed."""
        restart = self._model.saved(settings)  # type: ignore[arg-type]
        words = "The settings are saved."
        if restart:
            words += f" Start QCPump-Qt again for: {', '.join(restart)}."
        if self._closing and not restart:
            self.accept()
            return
        self._closing = False
        self._say(words)

    def show_failed(self, title: str, message: str) -> None:
        """The settings could not be saved; the dialog stays with everything that was entered."""
        self._closing = False
        self._say(f"{title}: {message}")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Closing is cancelling."""
        self.reject()
        event.accept()

    # --- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        self._trouble = _words("settings_trouble")
        layout.addWidget(self._trouble)
        for group, fields in self._model.groups():
            self._tabs.addTab(self._page(group, fields), group)
            self._pages.append({field.key for field in fields})
        layout.addWidget(self._tabs, 1)
        layout.addWidget(self._said)
        layout.addWidget(self._buttons)

    def _page(self, group: str, fields: list[SettingField]) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        if group == "Running":
            self._add_login(form)
        for field in fields:
            self._add(form, field)
        area = QScrollArea()
        area.setObjectName(f"settings_page_{group}")
        area.setAccessibleName(f"Settings, {group}")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        return area

    def _add_login(self, form: QFormLayout) -> None:
        self._login.setObjectName("start_at_login")
        self._login.setAccessibleName("Start QCPump-Qt at login")
        self._login.toggled.connect(lambda _on: self._enable())
        form.addRow(self._login)
        form.addRow(_help("Opens QCPump-Qt in the tray when you log in to this computer."))
        form.addRow(self._login_words)

    def _add(self, form: QFormLayout, field: SettingField) -> None:
        editor = editor_for(field)
        editor.value_edited.connect(lambda value, key=field.key: self._model.set_value(key, value))
        self._editors[field.key] = editor
        problem = _words(f"problem_{field.key}")
        self._problem_labels[field.key] = problem
        if field.kind in {"switch", "folders"}:
            if field.kind == "folders":
                form.addRow(QLabel(field.label))
            form.addRow(editor)
        else:
            label = QLabel(f"{field.label}:")
            label.setBuddy(editor)
            form.addRow(label, editor)
        form.addRow(problem)
        form.addRow(_help(f"{field.help} {RESTART}" if field.needs_restart else field.help))

    def _button_box(self) -> QDialogButtonBox:
        box = QDialogButtonBox(_Standard.Ok | _Standard.Cancel | _Standard.Apply | _Standard.RestoreDefaults)
        for which, name in (
            (_Standard.Ok, "ok"),
            (_Standard.Cancel, "cancel"),
            (_Standard.Apply, "apply"),
            (_Standard.RestoreDefaults, "restore_defaults"),
        ):
            button = box.button(which)
            button.setObjectName(name)
            button.setAccessibleName(button.text().replace("&", ""))
        box.button(_Standard.Ok).clicked.connect(self._ok)
        box.button(_Standard.Cancel).clicked.connect(self.reject)
        box.button(_Standard.Apply).clicked.connect(self._save)
        box.button(_Standard.RestoreDefaults).clicked.connect(self._restore)
        return box

    # --- what somebody does ----------------------------------------------------------------------

    def _ok(self) -> None:
        if not (self._model.edited or self._login_changed()):
            self.accept()
            return
        self._closing = True
        self._save()

    def _save(self) -> None:
        if self._model.problems:
            self._closing = False
            self._go_to_problem()
            return
        if self._login_changed():
            self.login_wanted.emit(self._login.isChecked())
        self._say("Saving…")
        self.save_wanted.emit(self._model.settings())

    def _restore(self) -> None:
        self._model.restore_defaults()
        self._say("Every setting has its default now. Nothing is saved until you press OK or Apply.")

    def _go_to_problem(self) -> None:
        key = next(iter(self._model.problems))
        self._tabs.setCurrentIndex(next(at for at, keys in enumerate(self._pages) if key in keys))
        self._editors[key].setFocus()
        self._say("Nothing is saved yet: mend what is marked first.")

    def _login_changed(self) -> bool:
        return self._login_row.known and self._login.isChecked() != self._login_row.on

    # --- showing ---------------------------------------------------------------------------------

    def _show_all(self) -> None:
        self._trouble.setText("\n".join(self._model.messages))
        self._trouble.setVisible(bool(self._model.messages))
        for key in self._editors:
            self._show_one(key)

    def _show_one(self, key: str) -> None:
        self._editors[key].set_value(self._model.value(key))
        problem = self._model.problem(key)
        self._problem_labels[key].setText(f"⚠ {problem}" if problem else "")
        self._problem_labels[key].setVisible(bool(problem))
        self._enable()

    def _enable(self) -> None:
        self._buttons.button(_Standard.Apply).setEnabled(self._model.edited or self._login_changed())

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.setVisible(bool(words))
        self._enable()


def _words(name: str) -> QLabel:
    """A line of words that is there only when there is something to say."""
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.hide()
    return label


def _help(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setIndent(label.fontMetrics().averageCharWidth() * 3)
    label.setContentsMargins(0, 0, 0, label.fontMetrics().height() // 2)
    return label
