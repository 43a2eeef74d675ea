"""The settings as a form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from qcpump_qt.engine.settings import KEYS, Settings, default
from qcpump_qt.models.settings_model import SettingField, SettingsModel


def fields() -> Iterator[SettingField]:
    return (field for _group, group_fields in SettingsModel.groups() for field in group_fields)


def field(key: str) -> SettingField:
    return next(field for field in fields() if field.key == key)


def test_every_setting_has_its_place() -> None:
    assert sorted(field.key for field in fields()) == sorted(KEYS)
    assert [group for group, _fields in SettingsModel.groups()] == [
        "Running",
        "Window",
        "Logging",
        "Network",
        "Folders",
    ]


@pytest.mark.parametrize(
    ("key", "kind", "lowest", "highest"),
    [
        ("CLOSE_TO_TRAY", "switch", 0, 0),
        ("MAX_CONNECTIONS", "whole", 1, 64),
        ("HTTP_CONNECT_TIMEOUT", "number", 0, 3600),
        ("HTTP_307_SLEEP_TIME", "number", 0, 60),
        ("BROWSER_USER_AGENT", "text", 0, 0),
        ("PUMP_DIRECTORIES", "folders", 0, 0),
        ("LOG_LEVEL", "choice", 0, 0),
    ],
)
def test_each_has_the_editor_that_fits(key: str, kind: str, lowest: float, highest: float) -> None:
    found = field(key)
    assert (found.kind, found.lowest, found.highest) == (kind, lowest, highest)
    assert found.default == default(key)


def test_choices_are_told_in_words() -> None:
    assert field("LOG_LEVEL").choices == tuple(
        (level, level) for level in ("debug", "info", "warning", "error", "critical")
    )
    assert field("DATE_FORMAT").choices == (
        ("yyyy-MM-dd", "yyyy-MM-dd (as in 2026-11-20)"),
        ("dd.MM.yyyy", "dd.MM.yyyy (as in 20.11.2026)"),
        ("dd/MM/yyyy", "dd/MM/yyyy (as in 20/11/2026)"),
        ("MM/dd/yyyy", "MM/dd/yyyy (as in 11/20/2026)"),
    )


def test_what_is_entered_is_saved_and_the_rest_follows_the_defaults() -> None:
    model = SettingsModel(Settings(LOG_LEVEL="debug"))
    untouched = model.edited
    model.set_value("MAX_CONNECTIONS", 7)
    assert (untouched, model.edited) == (False, True)
    settings = model.settings()
    assert settings.MAX_CONNECTIONS == 7
    assert settings.LOG_LEVEL == "debug"
    assert settings.given == {"LOG_LEVEL": "debug", "MAX_CONNECTIONS": 7}


def test_back_to_the_default_is_not_set_on_purpose() -> None:
    model = SettingsModel(Settings())
    model.set_value("MAX_CONNECTIONS", 7)
    model.set_value("MAX_CONNECTIONS", 4)
    assert not model.edited
    assert model.settings().given == {}


def test_a_default_that_was_written_down_stays_written_down() -> None:
    model = SettingsModel(Settings(MAX_CONNECTIONS=4))
    model.set_value("MAX_CONNECTIONS", 7)
    model.set_value("MAX_CONNECTIONS", 4)
    assert set(model.settings().given) == {"MAX_CONNECTIONS"}


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("MAX_CONNECTIONS", 900, "Expected here: a whole number from 1 to 64."),
        ("HTTP_CONNECT_TIMEOUT", 0.0, "Expected here: seconds, more than 0 and at most 3600."),
        ("BROWSER_USER_AGENT", "", "Expected here: a text."),
        ("LOG_LEVEL", "loud", 'Expected here: one of "debug", "info", "warning", "error" or "critical".'),
        ("DEBUG", 1, "Expected here: true or false."),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(key: str, value: Any, problem: str) -> None:
    model = SettingsModel(Settings())
    changed: list[str] = []
    model.changed.connect(changed.append)
    model.set_value(key, value)
    assert changed == [key]
    assert model.problem(key) == problem
    assert model.problems == {key: problem}
    assert model.edited
    with pytest.raises(ValueError, match=key):
        model.settings()
    model.set_value(key, default(key))
    assert model.problems == {}
    assert model.settings() == Settings()


def test_the_same_again_is_no_change() -> None:
    model = SettingsModel(Settings())
    changed: list[str] = []
    model.changed.connect(changed.append)
    model.set_value("MAX_CONNECTIONS", 4)
    assert changed == []


def test_defaults_are_restored() -> None:
    model = SettingsModel(Settings(MAX_CONNECTIONS=7, PUMP_DIRECTORIES=["a"]))
    model.set_value("BROWSER_USER_AGENT", "")
    reset: list[None] = []
    model.reset.connect(lambda: reset.append(None))
    model.restore_defaults()
    assert len(reset) == 1
    assert model.problems == {}
    assert model.edited
    assert model.settings() == Settings()
    assert model.settings().given == {}


def test_keys_that_only_name_their_default_are_forgotten_by_restoring() -> None:
    model = SettingsModel(Settings(MAX_CONNECTIONS=4))
    untouched = model.edited
    model.restore_defaults()
    assert (untouched, model.edited) == (False, True)


def test_after_saving_it_tells_what_counts_from_the_next_start_on() -> None:
    model = SettingsModel(Settings(), ("settings.json is broken.",))
    model.set_value("LOG_LEVEL", "debug")
    model.set_value("MAX_CONNECTIONS", 7)
    assert model.saved(model.settings()) == ["Log level"]
    assert model.messages == ()
    assert not model.edited
    model.set_value("MAX_CONNECTIONS", 8)
    assert model.saved(model.settings()) == []
