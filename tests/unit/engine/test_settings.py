from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.settings import (
    KEYS,
    DateFormat,
    Settings,
    default,
    expectation,
    fits,
    load_settings,
    save_settings,
    settings_from,
)
from qcpump_qt.models.dates import PATTERNS, DateStyle

MANUAL_SAMPLE = """{
    "LOG_LEVEL": "info",
    "DEBUG": False,
    "PUMP_DIRECTORIES": ["C:/Users/yourusername/pumps/"],
    "DB_CONNECT_TIMEOUT": 3
}
"""
"""As it stands in section 4.3.1 of the manual; it is not JSON."""

SOUND: dict[str, Any] = {
    "BROWSER_USER_AGENT": "QC/1",
    "DB_CONNECT_TIMEOUT": 7,
    "DEBUG": True,
    "LOG_LEVEL": "debug",
    "LOG_TO_CONSOLE": True,
    "PUMP_DIRECTORIES": ["C:/pumps", "more"],
    "PUMP_ON_STARTUP": True,
    "MAX_HTTP_307_COUNT": 5,
    "HTTP_307_SLEEP_TIME": 2,
    "HTTP_CONNECT_TIMEOUT": 1.5,
    "HTTP_READ_TIMEOUT": 60,
    "MAX_CONNECTIONS": 8,
    "CLOSE_TO_TRAY": False,
    "DATE_FORMAT": "dd.MM.yyyy",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_the_defaults_are_those_of_the_manual(path: Path) -> None:
    settings, messages = load_settings(path)
    assert messages == []
    assert settings.as_dict() == {
        "BROWSER_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582",
        "DB_CONNECT_TIMEOUT": 30,
        "DEBUG": False,
        "LOG_LEVEL": "info",
        "LOG_TO_CONSOLE": False,
        "PUMP_DIRECTORIES": None,
        "PUMP_ON_STARTUP": False,
        "MAX_HTTP_307_COUNT": 3,
        "HTTP_307_SLEEP_TIME": 0.5,
        "HTTP_CONNECT_TIMEOUT": 5.0,
        "HTTP_READ_TIMEOUT": 30.0,
        "MAX_CONNECTIONS": 4,
        "CLOSE_TO_TRAY": True,
        "DATE_FORMAT": "yyyy-MM-dd",
    }
    assert not path.exists()


def test_every_key_can_be_set(path: Path) -> None:
    assert tuple(SOUND) == KEYS
    path.write_text(json.dumps(SOUND))
    settings, messages = load_settings(path)
    assert messages == []
    assert settings.as_dict() == SOUND
    assert settings.given == SOUND


def test_the_manuals_own_sample_is_understood_and_its_slip_told(path: Path) -> None:
    path.write_text(MANUAL_SAMPLE)
    settings, messages = load_settings(path)
    assert messages == [
        f"{path}, line 3, column 14: False stands there as in Python; JSON wants false, in small letters. "
        "What can be read counts meanwhile (DB_CONNECT_TIMEOUT, DEBUG, LOG_LEVEL, PUMP_DIRECTORIES)."
    ]
    assert settings.DB_CONNECT_TIMEOUT == 3
    assert settings.DEBUG is False
    assert settings.PUMP_DIRECTORIES == ["C:/Users/yourusername/pumps/"]
    assert path.read_text() == MANUAL_SAMPLE


def test_the_other_spelling_of_the_manual_is_accepted(path: Path) -> None:
    path.write_text('{"DB_CONNECTION_TIMEOUT": 9}')
    settings, messages = load_settings(path)
    assert settings.DB_CONNECT_TIMEOUT == 9
    assert messages == []
    path.write_text('{"DB_CONNECTION_TIMEOUT": 9, "DB_CONNECT_TIMEOUT": 8}')
    assert load_settings(path)[0].DB_CONNECT_TIMEOUT == 8


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("BROWSER_USER_AGENT", "", '""'),
        ("DB_CONNECT_TIMEOUT", "30", '"30"'),
        ("DB_CONNECT_TIMEOUT", 0, "0"),
        ("DB_CONNECT_TIMEOUT", True, "true"),
        ("DEBUG", "false", '"false"'),
        ("LOG_LEVEL", "loud", '"loud"'),
        ("LOG_LEVEL", 10, "10"),
        ("LOG_TO_CONSOLE", 1, "1"),
        ("PUMP_DIRECTORIES", "C:/pumps", '"C:/pumps"'),
        ("PUMP_DIRECTORIES", ["C:/pumps", 3], '["C:/pumps", 3]'),
        ("PUMP_ON_STARTUP", None, "null"),
        ("MAX_HTTP_307_COUNT", -1, "-1"),
        ("HTTP_307_SLEEP_TIME", 61, "61"),
        ("HTTP_CONNECT_TIMEOUT", 0, "0"),
        ("HTTP_READ_TIMEOUT", 10**400, "1000000000"),
        ("MAX_CONNECTIONS", 65, "65"),
        ("CLOSE_TO_TRAY", 1, "1"),
        ("DATE_FORMAT", "d.M.yy", '"d.M.yy"'),
    ],
)
def test_one_broken_key_costs_only_itself(path: Path, key: str, value: object, shown: str) -> None:
    text = json.dumps(SOUND | {key: value}, indent=1)
    path.write_text(text)
    settings, messages = load_settings(path)
    assert settings.as_dict() == SOUND | {key: default(key)}
    assert settings.given.keys() == SOUND.keys() - {key}
    (message,) = messages
    line = text[: text.index(f'"{key}"')].count("\n") + 1
    assert message.startswith(f"{path}, line {line}: {key} is {shown}")
    assert f", but {expectation(key)} is expected. Its default " in message
    assert message.endswith("is used until that is mended.")
    assert path.read_text() == text


def test_numbers_keep_the_kind_of_their_setting(path: Path) -> None:
    path.write_text('{"HTTP_READ_TIMEOUT": 60, "DB_CONNECT_TIMEOUT": 5.0, "HTTP_CONNECT_TIMEOUT": true}')
    settings, messages = load_settings(path)
    assert repr(settings.HTTP_READ_TIMEOUT) == "60.0"
    assert repr(settings.DB_CONNECT_TIMEOUT) == "30"
    assert messages == [
        f"{path}, line 1: DB_CONNECT_TIMEOUT is 5.0, but whole seconds from 1 to 3600 is expected. "
        "Its default 30 is used until that is mended.",
        f"{path}, line 1: HTTP_CONNECT_TIMEOUT is true, but seconds, more than 0 and at most 3600 is expected. "
        "Its default 5.0 is used until that is mended.",
    ]


@pytest.mark.parametrize("endless", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("key", ["HTTP_307_SLEEP_TIME", "HTTP_CONNECT_TIMEOUT", "MAX_CONNECTIONS"])
def test_what_is_no_number_fits_nowhere(key: str, endless: float) -> None:
    assert not fits(key, endless)


def test_half_a_character_costs_only_its_key_and_can_be_shown(path: Path) -> None:
    path.write_text('{"BROWSER_USER_AGENT": "\\ud83d", "PUMP_DIRECTORIES": ["a\\ud83d"], "DEBUG": true}')
    settings, messages = load_settings(path)
    assert settings.given == {"DEBUG": True}
    assert [message for message in messages if "PUMP_DIRECTORIES is" in message] == [
        f'{path}, line 1: PUMP_DIRECTORIES is ["a\\ud83d"], but a list of folders, such as ["C:/pumps"], or null '
        "is expected. Its default null is used until that is mended."
    ]
    assert "\n".join(messages).encode("utf-8")


def test_a_setting_that_cannot_be_used_makes_no_settings() -> None:
    with pytest.raises(ValueError, match=r"^MAX_CONNECTIONS: a whole number from 1 to 64 is expected\.$"):
        Settings(MAX_CONNECTIONS=65)
    with pytest.raises(ValueError, match=r"^There is no setting MAX_CONNECTION\.$"):
        Settings(DEBUG=True).changed(MAX_CONNECTION=6)


def test_settings_do_not_change() -> None:
    folders = ["a"]
    settings = Settings(PUMP_DIRECTORIES=folders)
    folders.append("b")
    settings.as_dict()["PUMP_DIRECTORIES"].append("c")
    with pytest.raises(AttributeError, match="Settings do not change; make others"):
        settings.DEBUG = True
    assert settings.given == {"PUMP_DIRECTORIES": ["a"]}
    assert repr(settings) == "Settings(PUMP_DIRECTORIES=['a'])"


def test_settings_are_equal_by_what_counts_not_by_what_was_given() -> None:
    assert Settings(MAX_CONNECTIONS=4) == Settings()
    assert Settings(MAX_CONNECTIONS=5) != Settings()
    assert Settings() != {}
    assert Settings(DEBUG=True).changed(MAX_CONNECTIONS=4).given == {"DEBUG": True, "MAX_CONNECTIONS": 4}


def test_several_broken_keys_are_all_told(path: Path) -> None:
    path.write_text('{"DEBUG": 3, "LOG_LEVEL": [], "MAX_CONNECTIONS": 2}')
    settings, messages = load_settings(path)
    assert settings.MAX_CONNECTIONS == 2
    assert [message.split(": ")[1].split()[0] for message in messages] == ["DEBUG", "LOG_LEVEL"]


def test_levels_may_be_written_large(path: Path) -> None:
    path.write_text('{"LOG_LEVEL": " WARNING "}')
    assert load_settings(path) == (Settings(LOG_LEVEL="warning"), [])


def test_unknown_keys_are_noted_and_their_values_not_shown(path: Path) -> None:
    path.write_text('{"TOKEN": "canary-4711", "DEBUG": true}')
    settings, messages = load_settings(path)
    assert settings.DEBUG
    assert messages == [f'{path}: the key "TOKEN" is not known and is ignored.']


@pytest.mark.parametrize("text", ["[]", "3", "null", '"DEBUG"'])
def test_what_is_no_object_is_told(path: Path, text: str) -> None:
    path.write_text(text)
    settings, messages = load_settings(path)
    assert settings == Settings()
    assert messages == [
        f'{path}: a JSON object, as in {{"LOG_LEVEL": "info"}}, is expected. All settings have their defaults.'
    ]


def test_a_file_cut_off_in_the_middle_keeps_what_came_before(path: Path) -> None:
    path.write_text('{"MAX_CONNECTIONS": 2,\n "PUMP_DIRECTORIES": ["C:/pum')
    settings, messages = load_settings(path)
    assert settings.MAX_CONNECTIONS == 2
    assert len(messages) == 1
    assert "line 2" in messages[0]
    assert "Their defaults are used for PUMP_DIRECTORIES." in messages[0]


def test_an_empty_file_is_told(path: Path) -> None:
    path.write_text("")
    assert load_settings(path) == (
        Settings(),
        [
            f"{path}, line 1: the file is empty; it should hold a JSON object, at least {{}}. "
            "All settings have their defaults meanwhile."
        ],
    )


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir()
    settings, messages = load_settings(path)
    assert settings == Settings()
    assert "could not be read" in messages[0]
    assert messages[0].endswith("All settings have their defaults meanwhile.")


def test_notepads_encodings_are_understood(path: Path) -> None:
    path.write_bytes('{"PUMP_DIRECTORIES": ["C:/Prüfung"]}'.encode("cp1252"))
    settings, messages = load_settings(path)
    assert settings.PUMP_DIRECTORIES == ["C:/Prüfung"]
    assert messages == [f"{path}: The file is not UTF-8; it was read with the Windows code page 1252."]
    path.write_bytes(b'\xef\xbb\xbf{"DEBUG": true}')
    assert load_settings(path) == (Settings(DEBUG=True), [])


def test_only_what_was_set_is_written(path: Path) -> None:
    assert save_settings(path, Settings(MAX_CONNECTIONS=2)) is None
    assert json.loads(path.read_text()) == {"MAX_CONNECTIONS": 2}
    settings, _ = load_settings(path)
    save_settings(path, settings.changed(DEBUG=True))
    assert json.loads(path.read_text()) == {"MAX_CONNECTIONS": 2, "DEBUG": True}


def test_no_settings_at_all_are_an_empty_object(path: Path) -> None:
    save_settings(path, Settings())
    assert json.loads(path.read_text()) == {}


def test_saving_keeps_keys_it_does_not_know(path: Path) -> None:
    path.write_text('{"DEBUG": true, "MY_OWN": [1, 2], "DB_CONNECTION_TIMEOUT": 9}')
    settings, _ = load_settings(path)
    assert save_settings(path, settings) is None
    assert json.loads(path.read_text()) == {"DEBUG": True, "MY_OWN": [1, 2], "DB_CONNECT_TIMEOUT": 9}


@pytest.mark.parametrize("text", [MANUAL_SAMPLE, "[]", '{"DEBUG": "maybe", "MAX_CONNECTIONS": 2}', ""])
def test_saving_never_loses_a_broken_file(path: Path, text: str) -> None:
    path.write_text(text)
    settings, _ = load_settings(path)
    aside = save_settings(path, settings)
    assert aside is not None
    assert aside.parent == path.parent
    assert aside.read_text() == text
    assert load_settings(path) == (settings, [])


def test_a_save_that_fails_says_so(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="could not be written"):
        save_settings(path.parent / "nowhere" / "settings.json", Settings(DEBUG=True))


def test_directories_count_from_the_file_they_stand_in(tmp_path: Path) -> None:
    settings = Settings(PUMP_DIRECTORIES=["pumps", str(tmp_path / "elsewhere"), " "])
    assert settings.pump_directories(tmp_path / "home") == [
        tmp_path / "home" / "pumps",
        tmp_path / "elsewhere",
    ]
    assert Settings().pump_directories(tmp_path) == []


def test_a_number_that_json_does_not_have_costs_only_its_key(path: Path) -> None:
    path.write_text('{"HTTP_READ_TIMEOUT": NaN, "DEBUG": true}')
    settings, messages = load_settings(path)
    assert settings == Settings(DEBUG=True)
    assert "NaN stands there where a number is expected" in messages[0]
    assert messages[1] == (
        f"{path}, line 1: HTTP_READ_TIMEOUT is NaN, but seconds, more than 0 and at most 3600 is expected. "
        "Its default 30.0 is used until that is mended."
    )


keys = st.sampled_from([*KEYS, "DB_CONNECTION_TIMEOUT", "OTHER"])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["info", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(keys, values))
def test_each_broken_key_is_named_and_the_others_count(raw: dict[str, Any]) -> None:
    settings, messages = settings_from(json.dumps(raw).encode(), Path("settings.json"))
    told = "\n".join(messages)
    for key, value in raw.items():
        name = "DB_CONNECT_TIMEOUT" if key == "DB_CONNECTION_TIMEOUT" else key
        kept = name in KEYS and getattr(settings, name) == value
        level = name == "LOG_LEVEL" and isinstance(value, str) and value.strip().lower() == settings.LOG_LEVEL
        overruled = key == "DB_CONNECTION_TIMEOUT" and name in raw
        assert kept or level or overruled or name in told, (key, value)


@given(
    st.binary(max_size=60)
    | st.text(alphabet='{}[]",:\\ \nTFalserue01OGDBUI_LVnfo', max_size=60).map(str.encode)
)
def test_any_bytes_give_settings(data: bytes) -> None:
    settings, messages = settings_from(data, Path("settings.json"))
    assert isinstance(settings, Settings)
    assert all(message.startswith("settings.json") and message.endswith(".") for message in messages)


def test_dates_can_be_written_in_every_form_that_may_be_set() -> None:
    assert get_args(DateFormat) == tuple(PATTERNS)
    assert DateStyle(Settings().DATE_FORMAT) == DateStyle()
