"""Validation while people edit: 400 ms after the last edit, never in the way, and the newest values win."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.editing_clinic import TYPE, WORD, Desk
from gui.heartbeat import Heartbeat
from qcpump_qt.models.form_model import FormRole, Status

IN_ORDER = "The configuration is in order."
CHECKING = "Checking the configuration…"
Watch = Callable[[], AbstractContextManager[Heartbeat]]


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, qtbot)
    yield made
    made.close()


def hosts(desk: Desk) -> list[str]:
    return [values["host"] for values in desk.server.checks]


def test_a_pump_is_validated_when_it_is_opened(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    assert desk.checked == [(pump.id, "checking", CHECKING), (pump.id, "ok", IN_ORDER)]
    assert desk.editing.state(pump.id) == (Status.OK, IN_ORDER)
    assert desk.verdicts == [(pump.id, True, IN_ORDER)]
    assert model.section_index("Reader").data(FormRole.MESSAGE) == "Connected to server."
    assert desk.server.checks[0]["password"] == WORD  # the kept secret in clear, for the check alone


def test_it_is_validated_once_after_the_last_edit(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    for text in ("w", "wr", "wrong"):
        desk.type(model, "host", text)
    assert desk.editing.state(pump.id) == (Status.CHECKING, CHECKING)
    assert Status(model.section_index("Reader").data(FormRole.STATUS)) is Status.CHECKING
    assert hosts(desk) == ["server"]  # not yet
    assert desk.settled(pump.id) == ("wrong", "Not in order: Reader, Unit.")
    assert hosts(desk) == ["server", "wrong"]
    assert desk.checked[2:] == [
        (pump.id, "checking", CHECKING),
        (pump.id, "wrong", "Not in order: Reader, Unit."),
    ]
    assert len(desk.verdicts) == 1  # none about what is not saved
    assert model.section_index("Reader").data(FormRole.MESSAGE) == "The host is wrong."
    assert model.section_index("Unit").data(FormRole.MESSAGE) == (
        "Not checked yet: put the section Reader in order first."
    )
    assert model.section_index("Unit").data(FormRole.BLOCKED_BY) == ["Reader"]


def test_undo_is_validated_as_well(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "host", "wrong")
    assert desk.settled(pump.id)[0] == "wrong"
    model.undo_stack.undo()
    assert desk.settled(pump.id) == ("ok", IN_ORDER)


def test_a_new_password_is_checked_before_it_is_kept(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "password", "new word")
    desk.settled(pump.id)
    assert desk.server.checks[-1]["password"] == "new word"
    assert desk.program.store.with_secrets(pump)["Reader"][0]["password"] == WORD


def test_what_a_server_says_about_older_values_is_dropped(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.quiet(model)
    desk.server.answers.clear()
    desk.server.deaf = True  # as a driver that cannot be interrupted
    desk.type(model, "host", "wrong")
    desk.until(lambda: hosts(desk)[-1] == "wrong")
    desk.type(model, "host", "right")
    desk.until(lambda: hosts(desk)[-1] == "right")  # begun while the other one still hangs
    assert desk.server.waiting == 2
    desk.server.answers.set()
    assert desk.settled(pump.id) == ("ok", IN_ORDER)
    desk.hanging(0)
    assert [status for _, status, _ in desk.checked] == ["checking", "ok", "checking", "ok"]
    assert model.section_index("Reader").data(FormRole.MESSAGE) == "Connected to right."


def test_a_newer_edit_ends_a_check_that_can_be_ended(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.quiet(model)
    desk.server.answers.clear()
    desk.type(model, "host", "slow")
    desk.hanging(1)
    desk.type(model, "host", "slower")
    desk.hanging(0)
    desk.server.answers.set()
    assert desk.settled(pump.id) == ("ok", IN_ORDER)
    assert hosts(desk) == ["server", "slow", "slower"]


def test_a_slow_server_never_freezes_a_key_press(desk: Desk, heartbeat: Watch) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.quiet(model)
    desk.server.answers.clear()
    desk.server.deaf = True
    with heartbeat() as beat:
        for number in range(20):
            desk.type(model, "host", f"host {number}")
            desk.editing.revalidate(pump.id)
            desk.qtbot.wait(20)
    assert beat.beats > 10
    assert desk.editing.state(pump.id)[0] is Status.CHECKING
    desk.server.answers.set()
    assert desk.settled(pump.id) == ("ok", IN_ORDER)
    assert hosts(desk)[-1] == "host 19"


def test_a_server_that_is_away_is_no_mistake(desk: Desk) -> None:
    pump = desk.pump()
    desk.server.away = True
    model = desk.open(pump)
    assert desk.editing.state(pump.id) == (Status.AWAY, "Not in order: Reader, Unit.")
    assert desk.verdicts == [(pump.id, None, "Not in order: Reader, Unit.")]
    said = "The server does not answer. Try again later."
    assert model.section_index("Reader").data(FormRole.MESSAGE) == said
    desk.server.away = False
    desk.editing.revalidate(pump.id)
    assert desk.settled(pump.id) == ("ok", IN_ORDER)


def test_a_pump_that_is_switched_off_is_not_asked_about(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "active", False, "Pump")
    said = "The pump is not active, so its configuration was not checked."
    assert desk.settled(pump.id) == ("inactive", said)
    assert [valid for _, valid, _ in desk.verdicts] == [True]  # none about what is not saved
    assert len(desk.server.checks) == 1


def test_a_locked_keyring_is_told_in_words(desk: Desk) -> None:
    pump = desk.pump()
    desk.secrets.locked = True
    model = desk.open(pump)
    said = "The keyring is locked. Unlock it, then try again."
    assert desk.editing.state(pump.id) == (Status.AWAY, said)
    assert desk.verdicts == [(pump.id, None, said)]
    assert Status(model.section_index("Reader").data(FormRole.STATUS)) is Status.UNCHECKED
    assert desk.server.checks == []


def test_edits_do_not_touch_the_log_of_the_pump_that_runs(desk: Desk) -> None:
    pump = desk.pump()
    log = desk.program.log_of(pump)
    model = desk.open(pump)
    desk.type(model, "log level", "debug", "Pump")
    desk.settled(pump.id)
    assert log.level == 20


def test_a_new_pump_leaves_nothing_on_disk_when_it_is_checked(desk: Desk) -> None:
    temporary = desk.editing.open_new(TYPE, "Linac")
    desk.form(temporary)
    assert list(desk.program.places.pumps.iterdir()) == []
    assert not desk.program.logs.file_of(temporary).exists()


def test_several_pumps_are_checked_side_by_side(desk: Desk) -> None:
    one, other = desk.pump("One"), desk.pump("Other", host="wrong")
    desk.server.answers.clear()
    desk.editing.open(one)
    desk.editing.open(other)
    desk.hanging(2)
    desk.server.answers.set()
    assert desk.settled(one.id)[0] == "ok"
    assert desk.settled(other.id)[0] == "wrong"


# --- saved pumps -------------------------------------------------------------------------------------


def test_a_saved_pump_gets_its_verdict_without_being_opened(desk: Desk) -> None:
    right, wrong = desk.pump("Right"), desk.pump("Wrong", host="wrong")
    for pump in (right, wrong):
        desk.editing.validate_saved(pump)
    desk.until(lambda: len(desk.verdicts) == 2)
    assert sorted(desk.verdicts) == sorted(
        [(right.id, True, IN_ORDER), (wrong.id, False, "Not in order: Reader, Unit.")]
    )
    assert (desk.opened, desk.checked) == ([], [])


def test_a_server_that_is_away_leaves_the_verdict_open(desk: Desk) -> None:
    pump = desk.pump()
    desk.server.away = True
    desk.editing.validate_saved(pump)
    desk.until(lambda: desk.verdicts)
    assert desk.verdicts == [(pump.id, None, "Not in order: Reader, Unit.")]


def test_what_cannot_be_checked_at_all(desk: Desk) -> None:
    odd = desk.program.store.add("Odd", "NoSuchPump", {})
    pump = desk.pump()
    desk.secrets.locked = True
    desk.editing.validate_saved(odd)
    desk.editing.validate_saved(pump)
    desk.until(lambda: len(desk.verdicts) == 2)
    found = {told[0]: told[1:] for told in desk.verdicts}
    assert found[odd.id][0] is False
    assert str(found[odd.id][1]).startswith("There is no pump type 'NoSuchPump'.")
    assert found[pump.id] == (None, "The keyring is locked. Unlock it, then try again.")


def test_the_newest_wish_for_a_verdict_counts(desk: Desk) -> None:
    pump = desk.pump(host="wrong")
    desk.server.answers.clear()
    desk.editing.validate_saved(pump)
    desk.hanging(1)
    mended = desk.program.store.save(
        pump.changed(values={**pump.values, "Reader": [{**pump.values["Reader"][0], "host": "right"}]})
    )
    desk.editing.validate_saved(mended)
    desk.server.answers.set()
    desk.until(lambda: desk.verdicts)
    assert desk.verdicts == [(pump.id, True, IN_ORDER)]


def test_opening_and_saving_tell_the_verdict_too(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    assert desk.verdicts == [(pump.id, True, IN_ORDER)]
    desk.type(model, "host", "wrong")
    desk.settled(pump.id)
    assert len(desk.verdicts) == 1  # the edit is not saved
    desk.editing.save(pump.id)
    desk.until(lambda: len(desk.verdicts) == 2)
    assert desk.verdicts[1] == (pump.id, False, "Not in order: Reader, Unit.")


def test_a_save_with_further_edits_is_validated_as_it_is_on_disk(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "host", "wrong")
    desk.editing.save(pump.id)
    desk.type(model, "host", "right")
    desk.until(lambda: len(desk.verdicts) == 2)
    assert desk.verdicts[1] == (pump.id, False, "Not in order: Reader, Unit.")
    assert desk.settled(pump.id) == ("ok", IN_ORDER)


def test_a_forgotten_pump_gets_no_verdict(desk: Desk) -> None:
    pump = desk.pump()
    desk.server.answers.clear()
    desk.editing.validate_saved(pump)
    desk.hanging(1)
    desk.editing.forget(pump.id)
    desk.hanging(0)
    assert desk.verdicts == []


def test_two_hundred_pumps_validating_do_not_stall_the_window(desk: Desk, heartbeat: Watch) -> None:
    pumps = [desk.pump(f"Linac {number}") for number in range(200)]
    most = 0

    def done() -> bool:
        nonlocal most
        most = max(most, desk.server.waiting)
        return len(desk.verdicts) == 200

    with heartbeat():
        for pump in pumps:
            desk.editing.validate_saved(pump)
        desk.until(done)
    assert {pump for pump, valid, _ in desk.verdicts if valid} == {pump.id for pump in pumps}
    assert most <= 4


def test_closing_ends_what_is_under_way(desk: Desk) -> None:
    pump, other = desk.pump(), desk.pump("Other")
    desk.server.answers.clear()
    desk.editing.open(pump)
    desk.editing.validate_saved(other)
    desk.hanging(2)
    desk.editing.close()
    assert desk.editing.wait(20)
    assert desk.server.waiting == 0
    desk.qtbot.wait(50)
    assert desk.verdicts == []
    assert [status for _, status, _ in desk.checked] == ["checking"]
