"""The form on its model: every editor by real keys and clicks, rows, states, undo."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.form_samples import form_model, part, report_of, saved_values, shown_view
from gui.heartbeat import Heartbeat
from qcpump_qt.engine.config.report import SectionReport
from qcpump_qt.engine.pump_document import KeptSecret
from qcpump_qt.models.form_model import FormModel, Status
from qcpump_qt.views.form.form_view import FormView
from qcpump_qt.views.form.message_line import MessageLine
from qcpump_qt.views.form.number_box import NumberBox

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def model(qapp: QApplication) -> FormModel:
    return form_model()


@pytest.fixture
def view(qtbot: QtBot, model: FormModel) -> FormView:
    return shown_view(qtbot, model)


def value_of(model: FormModel, section: str, field: str, row: int = 0) -> object:
    return model.data(model.field_index(section, row, field), Qt.ItemDataRole.EditRole)


def problem(view: FormView, field: str) -> str:
    lines = view.findChildren(MessageLine, f"{field}/problem")
    return lines[0].text() if lines and lines[0].isVisible() else ""


def note(view: FormView, field: str) -> str:
    lines = view.findChildren(MessageLine, f"{field}/note")
    return lines[0].text() if lines and lines[0].isVisible() else ""


def replace_text(qtbot: QtBot, line: QLineEdit | NumberBox, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)


# --- editors -------------------------------------------------------------------------------------------


def test_text_goes_into_the_model_key_by_key(qtbot: QtBot, view: FormView, model: FormModel) -> None:
    line = part(view, QLineEdit, "Source/0/title")
    assert (line.text(), line.accessibleName()) == ("Bunker", "Title")
    line.setFocus()
    line.setCursorPosition(0)
    QTest.keyClicks(line, "My ")
    assert value_of(model, "Source", "title") == "My Bunker"
    assert line.cursorPosition() == 3


def test_an_edited_field_is_marked_in_words(qtbot: QtBot, view: FormView, model: FormModel) -> None:
    assert not view.findChildren(QLabel, "Source/0/title/edited")
    line = part(view, QLineEdit, "Source/0/title")
    replace_text(qtbot, line, "Bunker 2")
    mark = part(view, QLabel, "Source/0/title/edited")
    assert (mark.text(), mark.isVisible()) == ("Edited", True)
    assert line.accessibleDescription() == "Edited, not saved. What it is called."
    replace_text(qtbot, line, "Bunker")
    assert not mark.isVisible()
    assert line.accessibleDescription() == "What it is called."


def test_labels_carry_a_star_and_the_help(view: FormView) -> None:
    labels = {label.text(): label for label in view.findChildren(QLabel) if label.buddy() is not None}
    assert labels["Folder *"].toolTip() == "Where the results are.\nIt must not be blank."
    assert labels["Days"].toolTip() == "From 0 to 30."
    assert "Deep" in labels
    assert "Active" in labels, "a required yes or no is never blank and needs no star"


def test_a_whole_number_out_of_its_limits_is_typed_freely_and_told(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    box = part(view, NumberBox, "Source/0/days")
    replace_text(qtbot, box, "99")
    assert value_of(model, "Source", "days") == 99
    assert problem(view, "Source/0/days") == "Days must be from 0 to 30, not 99."
    assert box.accessibleDescription() == (
        "Edited, not saved. Days must be from 0 to 30, not 99. From 0 to 30."
    )
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert box.text() == "9"
    assert problem(view, "Source/0/days") == ""


def test_a_number_that_is_not_required_may_be_blank(qtbot: QtBot, view: FormView, model: FormModel) -> None:
    replace_text(qtbot, part(view, NumberBox, "Source/0/days"), "")
    assert value_of(model, "Source", "days") is None
    assert problem(view, "Source/0/days") == ""
    replace_text(qtbot, part(view, NumberBox, "Pump/0/interval (s)"), "")
    assert problem(view, "Pump/0/interval (s)") == "Enter a value for Interval (s); it must not be blank."


def test_a_unit_stands_behind_its_number_only_where_the_label_lacks_it(view: FormView) -> None:
    box = part(view, NumberBox, "Pump/0/interval (s)")
    assert box.accessibleName() == "Interval (s)"
    assert "s" not in [label.text() for label in view.findChildren(QLabel)]


def test_other_numbers_take_a_comma(qtbot: QtBot, view: FormView, model: FormModel) -> None:
    box = part(view, NumberBox, "Source/0/pause")
    assert box.text() == "0.5"
    replace_text(qtbot, box, "1,25")
    assert value_of(model, "Source", "pause") == 1.25
    assert box.text() == "1,25", "what is being typed is left alone"


def test_a_box_is_ticked_with_the_mouse_and_with_space(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    box = part(view, QCheckBox, "Source/0/deep")
    assert (box.isChecked(), box.text()) == (True, "Yes")
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert (value_of(model, "Source", "deep"), box.text()) == (False, "No")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert (value_of(model, "Source", "deep"), box.text()) == (True, "Yes")


def test_fixed_choices_are_chosen_by_keys_and_have_no_refresh(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    box = part(view, QComboBox, "Source/0/kind")
    assert [box.itemText(place) for place in range(box.count())] == ["(none)", "All", "Photons"]
    assert not part(view, QToolButton, "Source/0/kind/refresh").isVisible()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert value_of(model, "Source", "kind") == "Photons"
    QTest.keyClick(box, Qt.Key.Key_Home)
    assert value_of(model, "Source", "kind") == ""
    assert box.currentText() == "(none)"


def test_a_choice_that_is_not_offered_stays_and_is_marked(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    box = part(view, QComboBox, "Unit/0/machine")
    assert box.currentText() == "TB1"
    model.set_choices("Unit", 0, "machine", ["TB2", "TB3"])
    assert box.currentText() == "TB1 (saved; not offered now)"
    assert note(view, "Unit/0/machine") == (
        "The saved choice is not offered now. It stays until you choose another one."
    )
    assert value_of(model, "Unit", "machine") == "TB1"
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    assert value_of(model, "Unit", "machine") == "TB2"
    assert [box.itemText(place) for place in range(box.count())] == ["TB2", "TB3"]
    assert note(view, "Unit/0/machine") == ""


def test_refresh_asks_for_the_choices_and_tells_how_it_goes(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    refresh = part(view, QToolButton, "Unit/0/machine/refresh")
    assert note(view, "Unit/0/machine") == (
        "The choices are fetched once the sections that they come from are in order."
    )
    with qtbot.waitSignal(view.choices_wanted) as asked:
        QTest.mouseClick(refresh, LEFT)
    assert asked.args == ["Unit", 0, "machine"]
    model.set_choices_asking("Unit", 0, "machine")
    assert (refresh.text(), refresh.isEnabled()) == ("Asking…", False)
    assert note(view, "Unit/0/machine") == "Asking what can be chosen…"
    model.set_choices_failed("Unit", 0, "machine", "The server did not answer.")
    assert (refresh.text(), refresh.isEnabled()) == ("Refresh", True)
    assert note(view, "Unit/0/machine") == "The server did not answer."
    assert part(view, QComboBox, "Unit/0/machine").currentText() == "TB1"


def test_no_choices_at_all_are_told(view: FormView, model: FormModel) -> None:
    model.setData(model.field_index("Unit", 0, "machine"), "", Qt.ItemDataRole.EditRole)
    model.set_choices("Unit", 0, "machine", [])
    box = part(view, QComboBox, "Unit/0/machine")
    assert (box.count(), box.placeholderText()) == (0, "Choose…")
    assert note(view, "Unit/0/machine") == "There is nothing to choose from."


def test_a_folder_is_typed_or_browsed_for(
    qtbot: QtBot, view: FormView, model: FormModel, tmp_path: Path
) -> None:
    line = part(view, QLineEdit, "Source/0/folder")
    replace_text(qtbot, line, "/nowhere/at/all")
    assert value_of(model, "Source", "folder") == "/nowhere/at/all"
    browse = part(view, QPushButton, "Source/0/folder/browse")
    assert browse.accessibleName() == "Choose the folder for Folder"
    QTest.mouseClick(browse, LEFT)
    dialog = view.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.windowTitle() == "Choose Folder"
    part(dialog, QLineEdit, "fileNameEdit").setText(
        str(tmp_path)
    )  # Qt's own completer gets in the way of keys
    with qtbot.waitSignal(dialog.fileSelected):
        dialog.accept()
    assert line.text() == str(tmp_path)
    assert value_of(model, "Source", "folder") == str(tmp_path)


def test_a_secret_in_the_keyring_is_told_of_and_not_shown(view: FormView) -> None:
    line = part(view, QLineEdit, "Server/0/token")
    assert (line.text(), line.echoMode()) == ("", QLineEdit.EchoMode.Password)
    assert line.placeholderText() == "Stored in the keyring. Type here to replace it."
    assert problem(view, "Server/0/token") == ""
    assert not part(view, QToolButton, "Server/0/token/show").isEnabled()


def test_a_typed_secret_is_hidden_until_it_is_revealed(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    line = part(view, QLineEdit, "Server/0/token")
    reveal = part(view, QToolButton, "Server/0/token/show")
    replace_text(qtbot, line, "abc")
    assert value_of(model, "Server", "token") == "abc"
    assert line.displayText() != "abc"
    QTest.mouseClick(reveal, LEFT)
    assert (line.displayText(), reveal.text()) == ("abc", "Hide")
    QTest.mouseClick(reveal, LEFT)
    assert (line.displayText() == "abc", reveal.text()) == (False, "Show")


def test_clearing_a_secret_says_what_becomes_of_the_stored_one(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    clear = part(view, QToolButton, "Server/0/token/clear")
    QTest.mouseClick(clear, LEFT)
    assert note(view, "Server/0/token") == "The value in the keyring is removed when you save."
    assert problem(view, "Server/0/token") == "Enter a value for Token; it must not be blank."
    assert not clear.isEnabled()
    model.undo_stack.undo()
    assert note(view, "Server/0/token") == ""
    line = part(view, QLineEdit, "Server/0/token")
    assert line.placeholderText() == "Stored in the keyring. Type here to replace it."


def test_type_and_name_are_shown_and_cannot_be_changed(view: FormView) -> None:
    shown = part(view, QLabel, "Pump/0/name")
    assert shown.text() == "Morning"
    assert shown.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard


def test_values_of_a_wrong_kind_from_a_file_are_shown_to_be_mended(qtbot: QtBot, qapp: QApplication) -> None:
    values = saved_values()
    values["Source"][0] |= {"days": "soon", "deep": "perhaps", "kind": "Protons"}
    view = shown_view(qtbot, form_model(values))
    assert part(view, QLineEdit, "Source/0/days").text() == "soon"
    assert problem(view, "Source/0/days") == "Days must be a whole number, not 'soon'."
    assert part(view, QLineEdit, "Source/0/deep").text() == "perhaps"
    assert part(view, QComboBox, "Source/0/kind").currentText() == "Protons (saved; not offered now)"


def test_a_text_that_went_to_the_keyring_is_a_secret_from_then_on(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    """As an address with a password in it does."""
    replace_text(qtbot, part(view, QLineEdit, "Source/0/title"), "socks5://me:pw@host")
    stored = model.values()
    stored["Source"][0]["title"] = KeptSecret("title-1")
    model.set_saved(stored)
    assert part(view, QToolButton, "Source/0/title/clear").isVisible()
    qtbot.waitUntil(lambda: len(view.findChildren(QLineEdit, "Source/0/title")) == 1)
    line = part(view, QLineEdit, "Source/0/title")
    assert (line.text(), line.echoMode()) == ("", QLineEdit.EchoMode.Password)
    assert line.hasFocus()
    replace_text(qtbot, line, "new")
    assert value_of(model, "Source", "title") == "new"


# --- scrolling, help, undo -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Source/0/days", "Source/0/kind"])
def test_the_wheel_scrolls_the_form_over_an_unfocused_field(
    qtbot: QtBot, view: FormView, model: FormModel, name: str
) -> None:
    view.resize(640, 300)
    before = model.values()
    box = part(view, QWidget, name)
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(box.mapToGlobal(QPoint(5, 5))),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    part(view, QLineEdit, "Source/0/title").setFocus()
    QApplication.sendEvent(box, event)
    assert not event.isAccepted()
    assert model.values() == before


def test_the_help_of_the_focused_field_is_told(qtbot: QtBot, view: FormView) -> None:
    line = part(view, QLineEdit, "Source/0/folder")
    with qtbot.waitSignal(view.help_shown) as shown:
        line.setFocus()
    assert shown.args == ["Folder", "Where the results are.\nIt must not be blank."]
    with qtbot.waitSignal(view.help_shown) as shown:
        QTest.keyClick(line, Qt.Key.Key_Tab)
        QTest.keyClick(part(view, QPushButton, "Source/0/folder/browse"), Qt.Key.Key_Tab)
    assert shown.args == ["Template", ""]


def test_undo_and_redo_show_in_the_editors(qtbot: QtBot, view: FormView, model: FormModel) -> None:
    line = part(view, QLineEdit, "Source/0/title")
    replace_text(qtbot, line, "Linac")
    model.undo_stack.undo()
    assert line.text() == "Bunker"
    model.undo_stack.redo()
    assert line.text() == "Linac"


def test_the_keyboard_reaches_every_field_in_the_order_of_the_form(qtbot: QtBot, view: FormView) -> None:
    part(view, QLineEdit, "Source/0/title").setFocus()
    order = []
    for _ in range(13):
        widget = QApplication.focusWidget()
        assert widget is not None
        assert widget.accessibleName()
        order.append(widget.objectName())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert order == [
        "Source/0/title",
        "Source/0/folder",
        "Source/0/folder/browse",
        "Source/0/template",
        "Source/0/template/browse",
        "Source/0/days",
        "Source/0/size",
        "Source/0/pause",
        "Source/0/deep",
        "Source/0/kind",
        "Server/0/address",
        "Server/0/token",
        "Server/0/token/clear",
    ]


# --- states --------------------------------------------------------------------------------------------


def status(view: FormView, section: str) -> tuple[Status | None, str]:
    line = part(view, MessageLine, f"{section}/status")
    return line.status(), line.text()


def test_states_stand_beside_the_sections_in_words(view: FormView, model: FormModel) -> None:
    assert status(view, "Source") == (Status.UNCHECKED, "Not checked yet")
    model.set_checking()
    assert status(view, "Source") == (Status.CHECKING, "Checking…")
    model.set_report(
        report_of(
            SectionReport(section="Source", index=None, valid=False, message="No such folder."),
            SectionReport(section="Server", index=None, valid=False, message="No answer.", transient=True),
            SectionReport(section="Unit", index=None, valid=False, blocked_by=("Source", "Server")),
        )
    )
    assert status(view, "Pump") == (Status.OK, "In order")
    assert status(view, "Source") == (Status.WRONG, "Not in order: No such folder.")
    assert status(view, "Server") == (Status.AWAY, "Cannot be reached now: No answer.")
    assert status(view, "Unit") == (Status.BLOCKED, "Waiting: checked once Source and Server are in order.")


def test_a_section_that_waits_is_greyed_and_can_still_be_edited(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    model.set_report(
        report_of(
            SectionReport(section="Server", index=None, valid=False, message="No answer.", transient=True),
            SectionReport(section="Unit", index=None, valid=False, blocked_by=("Server",)),
        )
    )
    unit = view.boxes[-1]
    assert status(view, "Unit")[1] == "Waiting: checked once Server is in order."
    assert [field.label.isEnabled() for field in unit.rows[0].fields] == [False, False]
    assert part(view, QComboBox, "Unit/0/machine").isEnabled()
    model.set_report(report_of())
    assert [field.label.isEnabled() for field in unit.rows[0].fields] == [True, True]


def test_a_connected_server_tells_its_message(view: FormView, model: FormModel) -> None:
    model.set_report(
        report_of(SectionReport(section="Server", index=None, valid=True, message="Connected as physics."))
    )
    assert status(view, "Server") == (Status.OK, "In order: Connected as physics.")


def test_a_report_does_not_disturb_typing(qtbot: QtBot, view: FormView, model: FormModel) -> None:
    line = part(view, QLineEdit, "Server/0/address")
    line.setFocus()
    line.setCursorPosition(5)
    line.setSelection(2, 3)
    model.set_checking()
    model.set_report(
        report_of(
            SectionReport(section="Server", index=None, valid=False, fields={"address": "No such server."})
        )
    )
    assert problem(view, "Server/0/address") == "No such server."
    assert line.hasFocus()
    assert (line.selectionStart(), line.selectedText()) == (2, "tps")
    QTest.keyClicks(line, "X")
    assert line.text() == "htX://qa.example.org/api"


# --- sub-sections --------------------------------------------------------------------------------------


def test_sub_sections_are_added_and_removed_by_keyboard(
    qtbot: QtBot, view: FormView, model: FormModel
) -> None:
    assert not part(view, QToolButton, "Unit #1/remove").isEnabled()
    add = part(view, QToolButton, "Unit/add")
    assert (add.text(), add.accessibleName()) == ("+ Add Unit", "Add Unit")
    add.setFocus()
    QTest.keyClick(add, Qt.Key.Key_Space)
    assert len(model.values()["Unit"]) == 2
    assert QApplication.focusWidget() is part(view, QComboBox, "Unit/1/machine")
    assert problem(view, "Unit/1/machine") == "Choose a value for Machine; it must not be blank."
    remove = part(view, QToolButton, "Unit #2/remove")
    assert (remove.text(), remove.accessibleName()) == ("− Remove", "Remove Unit #2")
    remove.setFocus()
    QTest.keyClick(remove, Qt.Key.Key_Space)
    assert len(model.values()["Unit"]) == 1
    assert QApplication.focusWidget() is add
    assert not part(view, QToolButton, "Unit #1/remove").isEnabled()


def test_after_a_removal_the_others_have_their_new_numbers(qtbot: QtBot, qapp: QApplication) -> None:
    values = saved_values()
    values["Unit"] = [{"machine": f"TB{number}", "unit name": ""} for number in (1, 2, 3)]
    model = form_model(values)
    view = shown_view(qtbot, model)
    QTest.mouseClick(part(view, QToolButton, "Unit #1/remove"), LEFT)
    rows = view.boxes[-1].rows
    assert [row.fields[0].traits.value for row in rows] == ["TB2", "TB3"]
    assert [row.remove.accessibleName() for row in rows] == ["Remove Unit #1", "Remove Unit #2"]
    with qtbot.waitSignal(view.choices_wanted) as asked:
        QTest.mouseClick(part(view, QToolButton, "Unit/1/machine/refresh"), LEFT)
    assert asked.args == ["Unit", 1, "machine"]
    assert rows[1].isAncestorOf(part(rows[1], QComboBox, "Unit/1/unit name"))
    model.undo_stack.undo()
    assert [row.fields[0].traits.value for row in view.boxes[-1].rows] == ["TB1", "TB2", "TB3"]


def test_each_sub_section_tells_its_own_state(view: FormView, model: FormModel) -> None:
    model.add_row(model.section_index("Unit"))
    model.set_report(
        report_of(
            SectionReport(section="Unit", index=0, valid=True),
            SectionReport(section="Unit", index=1, valid=False, message="Choose a machine."),
        )
    )
    assert [row.status.text() for row in view.boxes[-1].rows] == [
        "In order",
        "Not in order: Choose a machine.",
    ]


def test_help_with_matching_is_offered_where_machines_meet_units(qtbot: QtBot, view: FormView) -> None:
    match = part(view, QToolButton, "Unit/match")
    assert match.text() == "Match machines and units…"
    with qtbot.waitSignal(view.mapping_wanted) as asked:
        QTest.mouseClick(match, LEFT)
    assert asked.args == ["Unit"]
    assert not view.findChildren(QToolButton, "Server/match")


# --- windows and other forms ---------------------------------------------------------------------------------------


def test_nothing_but_the_form_ever_shows_as_a_window(qtbot: QtBot, qapp: QApplication) -> None:
    """A widget that is made visible before it has its place flashes on the screen and takes the keyboard."""

    class Windows(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.shown: list[str] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.shown.append(watched.objectName())
            return False

    windows = Windows()
    qapp.installEventFilter(windows)
    try:
        view = shown_view(qtbot, model := form_model())
        model.add_row(model.section_index("Unit"))
        model.set_choices_asking("Unit", 1, "machine")
        replace_text(qtbot, part(view, NumberBox, "Source/0/days"), "99")
    finally:
        qapp.removeEventFilter(windows)
    assert windows.shown == ["form"]


def test_another_form_takes_the_place_of_the_first(qtbot: QtBot, view: FormView, model: FormModel) -> None:
    other = form_model()
    other.setData(other.field_index("Source", 0, "title"), "Other", Qt.ItemDataRole.EditRole)
    view.set_model(other)
    qtbot.waitUntil(view.is_complete)
    assert part(view, QLineEdit, "Source/0/title").text() == "Other"
    model.setData(model.field_index("Source", 0, "title"), "First", Qt.ItemDataRole.EditRole)
    model.add_row(model.section_index("Unit"))
    assert part(view, QLineEdit, "Source/0/title").text() == "Other"
    assert len(view.boxes[-1].rows) == 1
    view.set_model(None)
    assert view.boxes == []


def test_a_form_that_changes_while_it_is_built_comes_out_right(qtbot: QtBot, qapp: QApplication) -> None:
    values = saved_values()
    values["Unit"] = [{"machine": f"TB{number}", "unit name": ""} for number in range(40)]
    model = form_model(values)
    view = FormView()
    qtbot.addWidget(view)
    view.set_model(model)
    assert not view.is_complete()
    model.setData(model.field_index("Unit", 39, "machine"), "TB99", Qt.ItemDataRole.EditRole)
    model.remove_row(model.index(0, 0, model.section_index("Unit")))
    assert view.is_complete()
    shown = [row.fields[0].traits.value for row in view.boxes[-1].rows]
    assert shown == [row["machine"] for row in model.values()["Unit"]]
    assert (len(shown), shown[-1]) == (39, "TB99")


def test_a_long_form_is_built_without_a_stall(
    qtbot: QtBot, qapp: QApplication, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    values = saved_values()
    values["Unit"] = [{"machine": f"TB{number}", "unit name": ""} for number in range(100)]
    view = shown_view(qtbot, form_model())
    model = form_model(values)
    with heartbeat():
        view.set_model(model)
        qtbot.waitUntil(view.is_complete)
        for _ in range(5):
            model.set_checking()
            qapp.processEvents()
            model.set_report(report_of())
            qapp.processEvents()
    assert len(view.boxes[-1].rows) == 100
