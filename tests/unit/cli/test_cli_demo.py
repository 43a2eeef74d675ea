"""The demonstration fails when what arrives is not what should; that it works is shown end to end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from qcpump_qt.cli.commands import demo as command
from qcpump_qt.cli.main import main
from qcpump_qt.demo import clinic
from qcpump_qt.demo.profiles import PROFILES_LIST
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World


def without_a_unit(world: World) -> World:
    world.units[1].serial_number = "9999"
    return world


def without_a_list(world: World) -> World:
    world.assignments = [each for each in world.assignments if each.name != PROFILES_LIST]
    return world


def without_the_right(world: World) -> World:
    world.users[0].may_add = False
    return world


@pytest.mark.parametrize("spoil", [without_a_unit, without_a_list, without_the_right])
def test_a_delivery_that_is_not_complete_is_code_1_and_said(
    spoil: Callable[[World], World], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = spoil(clinic.demo_world())
    monkeypatch.setattr(clinic, "demo_world", lambda: world)
    assert main(["demo", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.err == command.WRONG + "\n"
    assert len(json.loads(captured.out)["on_the_server"]) < 18


def test_a_record_that_is_there_twice_is_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    honest = StandIn.sessions
    monkeypatch.setattr(StandIn, "sessions", lambda self: [*honest(self), honest(self)[0]])
    assert main(["demo", "--once"]) == 1
    assert capsys.readouterr().err == command.WRONG + "\n"


def test_a_value_that_changed_on_its_way_is_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    honest = StandIn.sessions

    def with_another_dose(self: StandIn) -> list[dict[str, Any]]:
        found = honest(self)
        session = next(each for each in found if "dose_6_mv" in each["tests"])
        session["tests"]["dose_6_mv"]["value"] += 0.01
        return found

    monkeypatch.setattr(StandIn, "sessions", with_another_dose)
    assert main(["demo", "--once"]) == 1
    assert capsys.readouterr().err == command.WRONG + "\n"
