from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcpump_qt.compat.old_config import locate, read_old_folder, read_old_pump, usual_folders
from qcpump_qt.engine.errors import ConfigurationError


def section(name: str, *subsections: dict[str, Any]) -> dict[str, Any]:
    """A section as section 2 of the compatibility reference shows it."""
    rows = [
        [{"config_name": field, "value": value} for field, value in fields.items()] for fields in subsections
    ]
    return {"config_name": name, "subsections": rows}


def old_document(
    name: str = "TB", pump_type: str = "QATrackMPCPump", **sections: list[dict[str, Any]]
) -> Any:
    state = {title: section(title, *rows) for title, rows in sections.items()}
    return {"type": pump_type, "name": name, "version": "v0.3.17", "state": state}


def put(folder: Path, name: str, content: Any) -> Path:
    path = folder / "pumps" / name / "config.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_the_shape_of_the_reference_is_understood(tmp_path: Path) -> None:
    text = r"""{
      "type": "QATrackMPCPump", "name": "TrueBeam MPC", "version": "v0.3.17",
      "state": {
        "Pump": {"config_name": "Pump", "subsections": [[{"config_name": "interval (s)", "value": 300}]]},
        "MPC":  {"config_name": "MPC", "subsections": [[{"config_name": "tds directory", "value": "I:\\TDS"}]]},
        "Unit": {"config_name": "Unit", "subsections": [[{"config_name": "a", "value": true}],
                                                         [{"config_name": "a", "value": null},
                                                          {"config_name": "b", "value": 0.5}]]}
      }}"""
    pump = read_old_pump(put(tmp_path, "truebeam_mpc", text.encode()))
    assert (pump.type, pump.name, pump.notes) == ("QATrackMPCPump", "TrueBeam MPC", ())
    assert json.dumps(pump.values) == json.dumps(
        {
            "Pump": [{"interval (s)": 300}],
            "MPC": [{"tds directory": "I:\\TDS"}],
            "Unit": [{"a": True}, {"a": None, "b": 0.5}],
        }
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Its config.json cannot be read: line 1: the file is empty"),
        (b'{"type": "T", "na', "Its config.json cannot be read: line 1, column 15"),
        (b"[1]", "Its config.json holds no JSON object."),
        (b'{"name": "A", "state": {}}', 'Its config.json does not say which "type" of pump it is'),
        (b'{"type": 3, "name": "A", "state": {}}', 'does not say which "type"'),
        (
            b'{"schema": 1, "id": "a-1", "type": "T", "name": "A", "values": {}}',
            "It is a pump of QCPump-Qt, not",
        ),
    ],
)
def test_what_cannot_be_a_pump_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    path = put(tmp_path, "a", content)
    with pytest.raises(ConfigurationError) as caught:
        read_old_pump(path)
    assert words in caught.value.message
    (unusable,) = read_old_folder(tmp_path).unusable
    assert (unusable.path, unusable.reason) == (path, caught.value.message)


def test_type_and_name_may_stand_in_the_section_pump_alone(tmp_path: Path) -> None:
    document = old_document(Pump=[{"type": "FileMover", "name": "Mover"}])
    del document["type"], document["name"]
    pump = read_old_pump(put(tmp_path, "x", document))
    assert (pump.type, pump.name) == ("FileMover", "Mover")


def test_a_pump_without_a_name_takes_its_folders(tmp_path: Path) -> None:
    document = old_document()
    document["name"] = " "
    pump = read_old_pump(put(tmp_path, "my_pump", document))
    assert pump.name == "my_pump"
    assert pump.notes == ("It has no name; the name of its folder is used.",)


@pytest.mark.parametrize(
    ("state", "note"),
    [
        (None, 'It has no "state", so all its fields take their defaults.'),
        ({"S": []}, "Section S: no list of subsections was found; it takes its defaults."),
        ({"S": {"config_name": "S"}}, "Section S: no list of subsections was found; it takes its defaults."),
        (
            {"S": {"subsections": [{}]}},
            "Section S, sub-section 1: no list of fields was found; it takes its defaults.",
        ),
        (
            {"S": {"subsections": [[3, {"config_name": "a", "value": 1}]]}},
            "Section S, sub-section 1: entry 1 is no field with a name and a value; it was left out.",
        ),
        (
            {"S": {"subsections": [[{"config_name": "x"}]]}},
            "Section S, sub-section 1: entry 1 is no field with a name and a value; it was left out.",
        ),
        (
            {"S": {"subsections": [[{"config_name": "auth token", "value": ["canary"]}]]}},
            "Section S, sub-section 1: the value of auth token is no text or number; the field takes its default.",
        ),
        (
            {"S": {"subsections": [[{"config_name": "a", "value": 2}, {"config_name": "a", "value": 1}]]}},
            "Section S, sub-section 1: a stands there twice; the last one counts.",
        ),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_taken(tmp_path: Path, state: Any, note: str) -> None:
    document = old_document(Good=[{"a": 1}])
    document["state"] = state if state is None else document["state"] | state
    pump = read_old_pump(put(tmp_path, "x", document))
    assert pump.notes == (note,)
    if state is not None:
        assert pump.values["Good"] == [{"a": 1}]
    if "twice" in note or "entry 1" in note:
        assert pump.values["S"] in ([{"a": 1}], [{}])


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ()),
        ("cp1252", ("The file is not UTF-8; it was read with the Windows code page 1252.",)),
    ],
)
def test_every_encoding_of_windows_is_read(tmp_path: Path, encoding: str, note: tuple[str, ...]) -> None:
    text = json.dumps(old_document("Prüfung °", S=[{"ä": "ö"}]), ensure_ascii=False)
    pump = read_old_pump(put(tmp_path, "x", text.encode(encoding)))
    assert (pump.name, pump.values, pump.notes) == ("Prüfung °", {"S": [{"ä": "ö"}]}, note)


def test_files_beside_the_configuration_are_mentioned(tmp_path: Path) -> None:
    path = put(tmp_path, "x", old_document())
    (path.parent / "state.db").touch()
    assert read_old_pump(path).notes == ("Other files in its folder were not copied: state.db.",)


def test_the_folder_is_found_from_where_people_point_at_it(tmp_path: Path) -> None:
    old = tmp_path / "QATrack Project" / "qcpump"
    put(old, "x", old_document())
    for pointed in (old, old / "pumps", old.parent):
        assert locate(pointed) == old
    only_settings = tmp_path / "fresh"
    only_settings.mkdir()
    (only_settings / "settings.json").write_text("{}")
    assert locate(only_settings) == only_settings


def test_of_several_folders_one_must_be_named(tmp_path: Path) -> None:
    for name in ("backup-1", "backup-2"):
        put(tmp_path / name, "x", old_document())
    with pytest.raises(
        ConfigurationError, match=r"look like one of QCPump 0.3: backup-1, backup-2. Name one of them"
    ):
        locate(tmp_path)
    put(tmp_path / "qcpump", "x", old_document())
    assert locate(tmp_path) == tmp_path / "qcpump"


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link that leads in a circle")
def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(
        ConfigurationError, match=r"it has neither settings\.json nor pumps\. Its menu File, About"
    ):
        locate(tmp_path)
    with pytest.raises(
        ConfigurationError, match=r"There is no folder .*nowhere. Name the configuration folder"
    ):
        locate(tmp_path / "nowhere")


def test_folders_without_a_configuration_are_told(tmp_path: Path) -> None:
    put(tmp_path, "a", old_document("A"))
    (tmp_path / "pumps" / "b").mkdir()
    (tmp_path / "pumps" / "stray.txt").touch()
    (tmp_path / "pumps" / "c" / "config.json").mkdir(parents=True)
    old = read_old_folder(tmp_path)
    assert [pump.name for pump in old.pumps] == ["A"]
    assert [item.path.parent.name for item in old.unusable] == ["b", "c"]
    assert old.unusable[0].reason == "The folder b has no config.json, so it is no pump."
    assert "could not be read: a folder is in the way" in old.unusable[1].reason


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link that leads in a circle")
def test_a_folder_that_cannot_be_looked_into_stops_no_other(tmp_path: Path) -> None:
    put(tmp_path, "a", old_document("A"))
    (tmp_path / "pumps" / "loop").symlink_to(tmp_path / "pumps" / "loop")
    old = read_old_folder(tmp_path)
    assert [pump.name for pump in old.pumps] == ["A"]
    assert "its links lead in a circle" in old.unusable[0].reason


def test_settings_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    old = read_old_folder(tmp_path)
    assert old.settings is None
    assert old.unusable[0].path == tmp_path / "settings.json"


def test_the_usual_folders_are_those_of_each_system() -> None:
    assert usual_folders(platform="linux") == [Path(platformdirs.user_config_dir("qcpump", appauthor=False))]
    assert usual_folders(platform="win32") == [
        Path(platformdirs.site_config_dir("qcpump", appauthor="QATrack Project")),
        Path(platformdirs.user_config_dir("qcpump", appauthor="QATrack Project")),
    ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "name", "state", "subsections", "config_name", "value", "Pump", "x"]),
            inner,
        )
    ),
    max_leaves=25,
)


@given(st.binary(max_size=80) | anything.map(lambda value: json.dumps(value).encode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_a_pump_or_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "pumps" / "x" / "config.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    old = read_old_folder(tmp_path)
    assert len(old.pumps) + len(old.unusable) == 1
    for item in old.unusable:
        assert item.path == path
        assert item.reason.endswith(".")


@given(fields=anything)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_section_is_taken_or_named(tmp_path: Path, fields: Any) -> None:
    path = tmp_path / "pumps" / "x" / "config.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = old_document(Good=[{"a": 1}])
    sound["state"]["S"] = {"config_name": "S", "subsections": fields}
    path.write_text(json.dumps(sound).replace("NaN", "0").replace("-Infinity", "0").replace("Infinity", "0"))
    (pump,) = read_old_folder(tmp_path).pumps
    assert pump.values["Good"] == [{"a": 1}]
    taken = sum(len(row) for row in pump.values.get("S", []))
    offered = (
        [entry for row in fields if isinstance(row, list) for entry in row]
        if isinstance(fields, list)
        else []
    )
    assert pump.notes or taken == len(offered)
