"""Saved pumps are looked at lightly while nobody is there, and validated fully as soon as somebody is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.editing_clinic import TYPE, Desk
from qcpump_qt.controllers.editing import Editing
from qcpump_qt.controllers.editing_checks import NOT_CHECKED

IN_ORDER = "The configuration is in order."


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """A desk at which nobody sits yet."""
    made = Desk(tmp_path, qtbot, attended=False)
    yield made
    made.close()


def told(desk: Desk, count: int) -> list[tuple[str, object, str]]:
    desk.until(lambda: len(desk.verdicts) >= count)
    return desk.verdicts


def test_nobody_there_means_no_secret_no_server_and_no_praise(desk: Desk) -> None:
    pump = desk.pump(host="wrong")
    before = desk.secrets.asking
    desk.editing.validate_saved(pump)
    assert told(desk, 1) == [(pump.id, None, "")]
    assert desk.server.checks == []
    assert desk.secrets.asking == before


def test_what_the_values_alone_show_is_told_at_once(desk: Desk) -> None:
    pump = desk.pump(port=None, host="")
    odd = desk.program.store.add("Odd", "NoSuchPump", {})
    off = desk.program.store.add("Off", TYPE, {"Pump": [{"active": False}]})
    for each in (pump, odd, off):
        desk.editing.validate_saved(each)
    found = {entry[0]: entry[1:] for entry in told(desk, 3)}
    assert found[pump.id] == (False, "Not in order: Reader.")
    assert found[odd.id][0] is False
    assert str(found[odd.id][1]).startswith("There is no pump type 'NoSuchPump'.")
    assert found[off.id] == (None, "The pump is not active, so its configuration was not checked.")


def test_a_secret_that_was_never_given_is_told_too(desk: Desk) -> None:
    desk.program.store.add("Bare", TYPE, {"Reader": [{"host": ""}]})
    pump = desk.program.pumps()[0][0]
    desk.editing.validate_saved(pump)
    assert told(desk, 1) == [(pump.id, False, "Not in order: Reader.")]


def test_somebody_comes_and_everything_is_validated_fully(desk: Desk) -> None:
    right, wrong = desk.pump("Right"), desk.pump("Wrong", host="wrong")
    for pump in (right, wrong):
        desk.editing.validate_saved(pump)
    told(desk, 2)
    desk.verdicts.clear()
    desk.editing.attend()
    assert sorted(told(desk, 2)) == sorted(
        [(right.id, True, IN_ORDER), (wrong.id, False, "Not in order: Reader, Unit.")]
    )
    later = desk.pump("Later")
    desk.editing.validate_saved(later)
    assert told(desk, 3)[2] == (later.id, True, IN_ORDER)


def test_a_pump_that_went_meanwhile_is_not_validated(desk: Desk) -> None:
    pump = desk.pump()
    desk.editing.validate_saved(pump)
    told(desk, 1)
    desk.editing.forget(pump.id)
    desk.editing.attend()
    assert desk.editing.wait(20)
    assert desk.server.checks == []
    assert len(desk.verdicts) == 1


def test_a_form_says_that_it_was_not_checked_and_is_when_somebody_comes(desk: Desk) -> None:
    pump = desk.pump()
    desk.editing.open(pump)
    desk.until(lambda: desk.checked)
    assert desk.checked == [(pump.id, "unchecked", NOT_CHECKED)]
    assert NOT_CHECKED == (
        "Not checked since the program started. That is done as soon as you use the window."
    )
    assert desk.server.checks == []
    desk.editing.attend()
    assert desk.settled(pump.id) == ("ok", IN_ORDER)


def test_an_edit_is_checked_whoever_makes_it(desk: Desk) -> None:
    pump = desk.pump()
    desk.editing.open(pump)
    desk.until(lambda: desk.checked)
    model = desk.editing.model(pump.id)
    assert model is not None
    desk.type(model, "host", "wrong")
    assert desk.settled(pump.id)[0] == "wrong"


def test_an_editing_of_its_own_begins_unattended(desk: Desk) -> None:
    other = Editing(desk.program, desk.tasks)
    verdicts: list[tuple[str, object, str]] = []
    other.verdict.connect(lambda *entry: verdicts.append(entry))
    pump = desk.pump()
    other.validate_saved(pump)
    desk.until(lambda: verdicts)
    assert verdicts == [(pump.id, None, "")]
    other.close()
    assert other.wait(20)
