"""Every setting has its words, and they are whole sentences."""

from __future__ import annotations

import pytest

from qcpump_qt.engine.setting_words import GROUPS, SETTING_WORDS, SettingWords
from qcpump_qt.engine.settings import KEYS, expectation

EACH = pytest.mark.parametrize("words", SETTING_WORDS, ids=lambda words: words.key)


def test_every_setting_has_words_once_and_nothing_else_has() -> None:
    keys = [words.key for words in SETTING_WORDS]
    assert sorted(keys) == sorted(KEYS)
    labels = [words.label for words in SETTING_WORDS]
    assert len(set(labels)) == len(labels)


def test_settings_of_one_group_stand_together_in_the_order_of_the_groups() -> None:
    assert list(dict.fromkeys(words.group for words in SETTING_WORDS)) == list(GROUPS)
    places = [GROUPS.index(words.group) for words in SETTING_WORDS]
    assert places == sorted(places)


@EACH
def test_words_are_for_people(words: SettingWords) -> None:
    assert words.label[0].isupper()
    assert not words.label.endswith((".", ":"))
    assert words.help.endswith(".")
    assert words.help[0].isupper()
    assert "!" not in words.help
    assert words.key not in words.help


@EACH
def test_seconds_have_their_unit(words: SettingWords) -> None:
    is_time = "seconds" in expectation(words.key)
    assert words.unit == ("s" if is_time else "")


def test_the_words_of_the_manual_are_used() -> None:
    (launch,) = [words for words in SETTING_WORDS if words.key == "PUMP_ON_STARTUP"]
    assert launch.label == "Run pumps on launch"
