"""The tab *Configuration*: buttons, keys, what is said about the state, questions before something is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gui.form_samples import bring_up, form_model, part
from qcpump_qt.models.form_model import FormModel, Status
from qcpump_qt.views.dialogs.confirm import ConfirmDialog
from qcpump_qt.views.dialogs.rename import RenameDialog
from qcpump_qt.views.form.configuration_tab import ConfigurationTab
from qcpump_qt.views.form.help_pane import HelpPane
from qcpump_qt.views.form.message_line import MessageLine
from qcpump_qt.views.form.number_box import NumberBox

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def model(qapp: QApplication) -> FormModel:
    return form_model()


@pytest.fixture
def tab(qtbot: QtBot, model: FormModel) -> ConfigurationTab:
    tab = ConfigurationTab()
    qtbot.addWidget(tab)
    tab.resize(640, 900)
    tab.set_form(model, "Morning", "Every kind", "https://example.org/every-kind", saved=True)
    bring_up(qtbot, tab)
    qtbot.waitUntil(tab.form.is_complete)
    return tab


def state(tab: ConfigurationTab) -> str:
    return str(part(tab, QLabel, "form/state").text())


def enabled(tab: ConfigurationTab) -> set[str]:
    names = (
        "save",
        "reset",
        "undo",
        "redo",
        "revalidate",
        "preview",
        "duplicate",
        "rename",
        "delete",
        "help",
    )
    return {name for name in names if part(tab, QToolButton, f"form/{name}").isEnabled()}


ALWAYS = {"revalidate", "preview", "duplicate", "rename", "delete", "help"}


def edit(qtbot: QtBot, tab: ConfigurationTab, text: str = "!") -> QLineEdit:
    line: QLineEdit = part(tab, QLineEdit, "Source/0/title")
    line.setFocus()
    line.end(False)
    QTest.keyClicks(line, text)
    return line


def test_without_a_pump_it_says_what_to_do(qtbot: QtBot) -> None:
    tab = ConfigurationTab()
    qtbot.addWidget(tab)
    bring_up(qtbot, tab)
    shown = [label.text() for label in tab.findChildren(QLabel) if label.isVisible()]
    assert shown == ["Select a pump on the left to see its configuration here."]


def test_a_pump_without_a_form_says_why(qtbot: QtBot, tab: ConfigurationTab, model: FormModel) -> None:
    reason = "There is no pump type 'NoSuchPump'. If it is one of your own, see that its folder is in the settings."
    tab.set_problem("Morning", reason)
    problem = part(tab, QLabel, "form/problem")
    assert problem.isVisible()
    assert not tab.form.isVisible()
    assert problem.text() == f"The configuration of “Morning” cannot be shown.\n\n{reason}"
    assert problem.textFormat() is Qt.TextFormat.PlainText
    assert problem.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard
    tab.ask_delete()
    assert question(tab).text() == "Delete the pump “Morning”?"
    tab.set_form(None, "Evening", "", "", saved=True)
    assert problem.text() == "Select a pump on the left to see its configuration here."
    tab.set_form(model, "Morning", "Every kind", "", saved=True)
    assert not problem.isVisible()
    assert tab.form.isVisible()


def test_a_long_reason_is_shown_whole_in_a_large_font(qtbot: QtBot) -> None:
    tab = ConfigurationTab()
    qtbot.addWidget(tab)
    font = tab.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    tab.setFont(font)
    tab.resize(500, 500)
    tab.set_problem("Morning", "What is the matter is told in a long sentence. " * 8)
    bring_up(qtbot, tab)
    problem = part(tab, QLabel, "form/problem")
    assert problem.heightForWidth(problem.width()) <= problem.height()


def test_a_saved_pump_has_nothing_to_save(tab: ConfigurationTab) -> None:
    assert state(tab) == "Everything is saved."
    assert enabled(tab) == ALWAYS


def test_an_edit_is_told_and_can_be_saved_reset_and_undone(qtbot: QtBot, tab: ConfigurationTab) -> None:
    edit(qtbot, tab)
    assert state(tab) == "Not saved yet. Your changes count from the next cycle after you save them."
    assert enabled(tab) == ALWAYS | {"save", "reset", "undo"}
    with qtbot.waitSignal(tab.save_wanted):
        QTest.mouseClick(part(tab, QToolButton, "form/save"), LEFT)


def test_a_pump_that_was_never_saved_can_be_saved_as_it_is(tab: ConfigurationTab, model: FormModel) -> None:
    tab.set_form(model, "Morning", "Every kind", "", saved=False)
    assert state(tab) == "Not saved yet. This pump runs once it has been saved."
    assert enabled(tab) == ALWAYS | {"save"}
    tab.set_form(model, "Morning", "Every kind", "", saved=True)
    assert state(tab) == "Everything is saved."


def test_saving_is_told_and_does_not_stop_typing(
    qtbot: QtBot, tab: ConfigurationTab, model: FormModel
) -> None:
    line = edit(qtbot, tab, "1")
    tab.set_busy("Saving…")
    assert state(tab) == "Saving…"
    assert enabled(tab) == {"undo", "help"}
    QTest.keyClicks(line, "2")
    assert line.text() == "Bunker12"
    tab.set_busy("")
    assert state(tab) == "Not saved yet. Your changes count from the next cycle after you save them."
    model.set_saved(model.values())
    assert state(tab) == "Everything is saved."
    assert enabled(tab) == ALWAYS


def test_the_keys_save_undo_and_redo(qtbot: QtBot, tab: ConfigurationTab) -> None:
    line = edit(qtbot, tab)
    with qtbot.waitSignal(tab.save_wanted):
        QTest.keyClick(line, Qt.Key.Key_S, CTRL)
    QTest.keyClick(line, Qt.Key.Key_Z, CTRL)
    assert line.text() == "Bunker"
    assert enabled(tab) == ALWAYS | {"redo"}
    QTest.keyClick(line, Qt.Key.Key_Z, CTRL | SHIFT)
    assert line.text() == "Bunker!"
    QTest.keyClick(line, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(line, Qt.Key.Key_Y, CTRL)
    assert line.text() == "Bunker!"


@pytest.mark.parametrize("name", ["Source/0/days", "Source/0/pause"])
def test_undo_works_from_within_a_number(qtbot: QtBot, tab: ConfigurationTab, name: str) -> None:
    box = part(tab, NumberBox, name)
    before = box.text()
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "1")
    QTest.keyClick(box, Qt.Key.Key_Z, CTRL)
    assert box.text() == before


def test_undo_works_across_fields_whatever_has_the_keyboard(qtbot: QtBot, tab: ConfigurationTab) -> None:
    line = edit(qtbot, tab)
    kind = part(tab, QComboBox, "Source/0/kind")
    kind.setFocus()
    QTest.keyClick(kind, Qt.Key.Key_Down)
    QTest.keyClick(kind, Qt.Key.Key_Z, CTRL)
    assert (kind.currentText(), line.text()) == ("All", "Bunker!")
    QTest.keyClick(kind, Qt.Key.Key_Z, CTRL)
    assert line.text() == "Bunker"


def test_the_undo_button_tells_what_it_undoes(qtbot: QtBot, tab: ConfigurationTab) -> None:
    undo = part(tab, QToolButton, "form/undo")
    edit(qtbot, tab)
    assert undo.toolTip() == "Undo Change Title (Ctrl+Z)"
    QTest.mouseClick(undo, LEFT)
    assert part(tab, QToolButton, "form/redo").toolTip() == "Redo Change Title (Ctrl+Shift+Z)"


def test_the_undo_of_another_pump_is_its_own(qtbot: QtBot, tab: ConfigurationTab, model: FormModel) -> None:
    edit(qtbot, tab)
    other = form_model()
    tab.set_form(other, "Evening", "Every kind", "", saved=True)
    assert enabled(tab) == ALWAYS
    tab.set_form(model, "Morning", "Every kind", "", saved=True)
    assert enabled(tab) == ALWAYS | {"save", "reset", "undo"}
    qtbot.waitUntil(tab.form.is_complete)
    assert part(tab, QLineEdit, "Source/0/title").text() == "Bunker!"


@pytest.mark.parametrize(
    ("button", "signal"),
    [("revalidate", "revalidate_wanted"), ("preview", "preview_wanted"), ("duplicate", "duplicate_wanted")],
)
def test_a_button_asks_for_its_thing(qtbot: QtBot, tab: ConfigurationTab, button: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(tab, signal)):
        QTest.mouseClick(part(tab, QToolButton, f"form/{button}"), LEFT)


def test_buttons_are_pressed_by_keyboard_too(qtbot: QtBot, tab: ConfigurationTab) -> None:
    button = part(tab, QToolButton, "form/revalidate")
    button.setFocus()
    with qtbot.waitSignal(tab.revalidate_wanted):
        QTest.keyClick(button, Qt.Key.Key_Space)


# --- questions -----------------------------------------------------------------------------------------


def question(tab: ConfigurationTab) -> ConfirmDialog:
    found = tab.findChild(ConfirmDialog)
    assert isinstance(found, ConfirmDialog)
    return found


def test_deleting_says_what_is_lost_and_waits_for_a_yes(qtbot: QtBot, tab: ConfigurationTab) -> None:
    QTest.mouseClick(part(tab, QToolButton, "form/delete"), LEFT)
    dialog = question(tab)
    assert dialog.windowTitle() == "Delete pump"
    assert dialog.text() == "Delete the pump “Morning”?"
    assert dialog.informativeText() == (
        "The configuration and its tokens are deleted. Records in the ledger stay."
    )
    with qtbot.waitSignal(tab.delete_wanted):
        QTest.mouseClick(part(dialog, QPushButton, "confirm/go ahead"), LEFT)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_enter_and_escape_delete_nothing(qtbot: QtBot, tab: ConfigurationTab, key: Qt.Key) -> None:
    QTest.mouseClick(part(tab, QToolButton, "form/delete"), LEFT)
    dialog = question(tab)
    with qtbot.assertNotEmitted(tab.delete_wanted), qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, key)


def test_deleting_an_unsaved_pump_says_so(qtbot: QtBot, tab: ConfigurationTab, model: FormModel) -> None:
    tab.set_form(model, "Morning", "Every kind", "", saved=False)
    tab.ask_delete()
    assert question(tab).informativeText() == "This pump was never saved. What was entered is lost."


def test_reset_asks_first(qtbot: QtBot, tab: ConfigurationTab) -> None:
    edit(qtbot, tab)
    QTest.mouseClick(part(tab, QToolButton, "form/reset"), LEFT)
    dialog = question(tab)
    assert dialog.windowTitle() == "Reset pump"
    assert dialog.text() == "Give up the changes to the pump “Morning”?"
    assert dialog.informativeText() == (
        "Every field goes back to what is saved. Undo brings your changes back."
    )
    with qtbot.waitSignal(tab.reset_wanted):
        QTest.mouseClick(part(dialog, QPushButton, "confirm/go ahead"), LEFT)


def test_reset_of_an_unsaved_pump_goes_back_to_the_defaults(
    qtbot: QtBot, tab: ConfigurationTab, model: FormModel
) -> None:
    tab.set_form(model, "Morning", "Every kind", "", saved=False)
    edit(qtbot, tab)
    tab.ask_reset()
    assert question(tab).informativeText() == (
        "Every field goes back to the defaults. Undo brings your changes back."
    )


def test_rename_asks_for_a_name_that_is_free(qtbot: QtBot, tab: ConfigurationTab) -> None:
    tab.set_taken_names(["Morning", "Evening"])
    QTest.mouseClick(part(tab, QToolButton, "form/rename"), LEFT)
    dialog = tab.findChild(RenameDialog)
    assert isinstance(dialog, RenameDialog)
    line = part(dialog, QLineEdit, "rename/name")
    QTest.keyClicks(line, "Evening")
    assert dialog.message.text() == "There is a pump “Evening” already. Choose another name."
    QTest.keyClicks(line, " 2")
    ok = part(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    with qtbot.waitSignal(tab.rename_wanted) as wanted:
        QTest.mouseClick(ok, LEFT)
    assert wanted.args == ["Evening 2"]


# --- help, summary, passing on -------------------------------------------------------------------------


def test_the_help_pane_follows_the_keyboard(qtbot: QtBot, tab: ConfigurationTab) -> None:
    pane = part(tab, HelpPane, "help pane")
    assert (pane.title.text(), pane.text.text()) == (
        "Help",
        "Choose a field, and its help is shown here. A star marks what must not be blank.",
    )
    part(tab, QLineEdit, "Server/0/token").setFocus()
    assert (pane.title.text(), pane.text.text()) == ("Token", "The token of the API.\nIt must not be blank.")
    part(tab, QLineEdit, "Source/0/template").setFocus()
    assert (pane.title.text(), pane.text.text()) == ("Template", "There is no help for this field.")


def test_the_help_pane_can_be_put_away(qtbot: QtBot, tab: ConfigurationTab) -> None:
    button = part(tab, QToolButton, "form/help")
    QTest.mouseClick(button, LEFT)
    assert not part(tab, HelpPane, "help pane").isVisible()
    QTest.mouseClick(button, LEFT)
    assert part(tab, HelpPane, "help pane").isVisible()


def test_the_page_about_the_type_is_a_click_away(
    qtbot: QtBot, tab: ConfigurationTab, model: FormModel
) -> None:
    page = part(tab, QPushButton, "help page")
    assert (page.text(), page.accessibleName()) == ("About Every kind…", "Open the page about Every kind")
    with qtbot.waitSignal(tab.help_wanted) as wanted:
        QTest.mouseClick(page, LEFT)
    assert wanted.args == ["https://example.org/every-kind"]
    tab.set_form(model, "Morning", "Every kind", "", saved=True)
    assert not page.isVisible()


def test_the_summary_stands_above_the_sections(qtbot: QtBot, tab: ConfigurationTab) -> None:
    line = part(tab, MessageLine, "form/summary")
    assert not line.isVisible()
    tab.show_summary(Status.CHECKING, "Checking…")
    tab.show_summary(Status.WRONG, "Not in order: Server.")
    assert (line.isVisible(), line.text(), line.status()) == (True, "Not in order: Server.", Status.WRONG)
    tab.set_form(form_model(), "Evening", "Every kind", "", saved=True)
    assert not line.isVisible(), "it was about the other pump"


def test_wishes_of_the_form_are_passed_on(qtbot: QtBot, tab: ConfigurationTab) -> None:
    with qtbot.waitSignal(tab.choices_wanted) as wanted:
        QTest.mouseClick(part(tab, QToolButton, "Unit/0/unit name/refresh"), LEFT)
    assert wanted.args == ["Unit", 0, "unit name"]
    with qtbot.waitSignal(tab.mapping_wanted) as wanted:
        QTest.mouseClick(part(tab, QToolButton, "Unit/match"), LEFT)
    assert wanted.args == ["Unit"]


def test_no_button_is_cut_in_a_large_font(qtbot: QtBot, tab: ConfigurationTab, qapp: QApplication) -> None:
    tab.resize(500, 700)
    font = tab.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    tab.setFont(font)
    buttons = tab.bar.findChildren(QToolButton)
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in buttons))
    assert all(tab.bar.rect().contains(button.geometry()) for button in buttons)
    assert len({button.y() for button in buttons}) > 1
