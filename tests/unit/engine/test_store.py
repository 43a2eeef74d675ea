from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcpump_qt.engine import files
from qcpump_qt.engine.errors import BusyError, ConfigurationError
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.pump_document import clean_name, new_id, pump_from
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import PumpStore, StoredPump

VALUES: dict[str, list[dict[str, Any]]] = {
    "Pump": [{"interval (s)": 300, "active": True, "log level": "info"}],
    "Unit": [{"unit name": "Süd: TB 1", "factor": 1.0}, {"unit name": None}],
    "Nothing": [],
}


@pytest.fixture
def home(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


@pytest.fixture
def store(home: Places) -> PumpStore:
    return PumpStore(home, MemorySecrets())


def document(store: PumpStore, pump: StoredPump) -> Path:
    return store.folder_of(pump.id) / "config.json"


def typed(value: Any) -> Any:
    return json.dumps(value, sort_keys=True)


def test_a_pump_is_kept_as_it_is(store: PumpStore) -> None:
    assert store.load_all() == ([], [])
    pump = store.add("TrueBeam MPC", "QATrackMPCPump", VALUES)
    assert typed(pump.values) == typed(VALUES)
    (loaded,), broken = store.load_all()
    assert broken == []
    assert loaded == pump
    assert typed(loaded.values) == typed(VALUES)
    assert typed(store.with_secrets(loaded)) == typed(VALUES)


def test_the_document_is_readable_for_people(store: PumpStore) -> None:
    pump = store.add("TrueBeam MPC", "QATrackMPCPump", {"Unit": [{"unit name": "Süd"}]})
    text = document(store, pump).read_text(encoding="utf-8")
    assert "Süd" in text
    assert json.loads(text) == {
        "schema": 1,
        "id": pump.id,
        "type": "QATrackMPCPump",
        "name": "TrueBeam MPC",
        "values": {"Unit": [{"unit name": "Süd"}]},
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_the_document_is_for_its_owner_only(store: PumpStore) -> None:
    pump = store.add("A", "T", VALUES)
    assert stat.S_IMODE(document(store, pump).stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder_of(pump.id).stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("TrueBeam MPC", "truebeam-mpc"),
        ("  Größe: É/6x..", "grosse-e-6x"),
        ("Бим 6x", "6x"),
        ("日本語", "pump"),
        ("...", "pump"),
        ("CON", "con"),
        ("nul.txt", "nul-txt"),
        ("../../etc", "etc"),
        ("ﬁle ①", "file-1"),
        ("x" * 150, "x" * 40),
    ],
)
def test_the_id_is_readable_and_harmless(store: PumpStore, name: str, slug: str) -> None:
    pump = store.add(name, "T", {})
    assert re.fullmatch(re.escape(slug) + "-[a-z2-9]{6}", pump.id)
    assert document(store, pump).is_file()
    assert store.find(name) == pump


@given(st.text(max_size=80))
def test_any_name_makes_an_id_that_every_system_takes(name: str) -> None:
    one, other = new_id(name), new_id(name)
    assert one != other
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[a-z2-9]{6}", one)


@pytest.mark.parametrize("other", ["truebeam", "TrueBeam.", "True-Beam", "True Beam", "TrueBeám"])
def test_names_that_differ_only_a_little_are_two_pumps(store: PumpStore, other: str) -> None:
    first, second = store.add("TrueBeam", "T", {}), store.add(other, "T", {})
    assert store.find("TrueBeam") == first
    assert store.find(other) == second


@pytest.mark.parametrize("same", ["Prüfung", "  Prüfung ", unicodedata.normalize("NFD", "Prüfung")])
def test_the_very_same_name_is_refused(store: PumpStore, same: str) -> None:
    store.add("Prüfung", "T", {})
    with pytest.raises(ConfigurationError, match=r"There is a pump 'Prüfung' already. Choose another name."):
        store.add(same, "U", {})
    assert len(store.load_all()[0]) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "A pump needs a name"),
        (" \t ", "A pump needs a name"),
        ("a\nb", "has a line end or another control character"),
        ("a\x00b", "control character"),
        ("a\u2028b", "control character"),
        ("x" * 201, "The name is 201 characters long; at most 200 are possible"),
    ],
)
def test_a_name_that_cannot_be_used_is_told(name: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        clean_name(name)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**63, [1], {"a": 1}, {"secret": False}, "\ud83d", b"x"]
)
def test_a_value_that_could_not_be_read_again_is_refused(
    store: PumpStore, home: Places, value: object
) -> None:
    with pytest.raises(ConfigurationError, match="The value of Unit → odd is of a kind that cannot be kept"):
        store.add("A", "T", {"Unit": [{"odd": value}]})
    assert list(home.pumps.iterdir()) == []


def test_an_endless_number_is_refused(store: PumpStore) -> None:
    with pytest.raises(ConfigurationError, match="is of a kind that cannot be kept"):
        store.add("A", "T", {"Unit": [{"odd": 10**5000}]})


@pytest.mark.parametrize("values", [{"\ud83d": []}, {"S": [{"\ud83d": 1}]}])
def test_a_name_with_half_a_character_is_refused(
    store: PumpStore, home: Places, values: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match="Only texts, numbers, true, false and null can be kept"):
        store.add("A", "T", values)
    with pytest.raises(
        ConfigurationError, match="At type: half of a character stands there, which no file can hold"
    ):
        store.add("A", "\ud83d", {})
    assert list(home.pumps.iterdir()) == []


texts = st.text() | st.text(st.characters())  # the second kind has half characters as well
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
sections = st.dictionaries(
    st.text(max_size=8),
    st.lists(st.dictionaries(st.text(max_size=8), scalars, max_size=3), max_size=3),
    max_size=3,
)


@given(name=st.text(min_size=1, max_size=30), values=sections)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_is_accepted_is_read_again(store: PumpStore, name: str, values: dict[str, Any]) -> None:
    told = "."
    try:
        pump = store.add(name, "T", values)
    except ConfigurationError as error:
        told = error.message
    assert told.endswith(".")
    if told != ".":
        return
    try:
        assert store.find(pump.id) == pump
        if "Pump" not in values:
            assert typed(store.with_secrets(pump)) == typed(values)
    finally:
        store.delete(pump)


def test_changed_values_and_names_are_kept(store: PumpStore) -> None:
    pump = store.add("Old", "T", VALUES)
    saved = store.save(pump.changed(name=" New ", values={"Unit": [{"unit name": "x"}]}))
    assert (saved.id, saved.name, saved.type) == (pump.id, "New", "T")
    assert store.load_all() == ([saved], [])


def test_a_pump_may_keep_its_name_but_not_take_anothers(store: PumpStore) -> None:
    pump = store.add("A", "T", {})
    store.add("B", "T", {})
    assert store.rename(pump, "A").name == "A"
    with pytest.raises(ConfigurationError, match="There is a pump 'B' already"):
        store.rename(pump, "B")
    renamed = store.rename(pump, "a")
    assert renamed.id == pump.id
    assert [other.name for other in store.load_all()[0]] == ["a", "B"]


def test_the_read_only_fields_follow_the_name(store: PumpStore) -> None:
    """Section *Pump* repeats type and name (compatibility reference, section 3)."""
    pump = store.add("A", "T", {"Pump": [{"name": "old", "type": "old", "active": True}]})
    assert pump.values["Pump"] == [{"name": "A", "type": "T", "active": True}]
    assert store.rename(pump, "B").values["Pump"] == [{"name": "B", "type": "T", "active": True}]


def test_a_deleted_pump_is_gone_with_its_files(store: PumpStore) -> None:
    pump = store.add("A", "T", VALUES)
    (store.folder_of(pump.id) / "own.dat").touch()
    store.delete(pump)
    assert not store.folder_of(pump.id).exists()
    assert store.load_all() == ([], [])
    with pytest.raises(
        ConfigurationError, match=r"'A' is no longer there .* It was deleted meanwhile; add it anew."
    ):
        store.save(pump)


def test_a_pump_is_found_by_name_id_or_case(store: PumpStore) -> None:
    pump, other = store.add("TrueBeam", "T", {}), store.add("Clinac", "T", {})
    for wanted in ("TrueBeam", " TrueBeam ", pump.id, "truebeam", pump.id.upper()):
        assert store.find(wanted) == pump
    composed = store.add("Prüfung", "T", {})
    assert store.find(unicodedata.normalize("NFD", "Prüfung")) == composed
    twin = store.add("CLINAC", "T", {})
    assert store.find("Clinac") == other
    assert store.find("CLINAC") == twin
    with pytest.raises(
        ConfigurationError, match=r"Several pumps fit 'clinac': .*Give the id of one"
    ) as caught:
        store.find("clinac")
    assert other.id in caught.value.message
    assert twin.id in caught.value.message


def test_an_unknown_pump_is_told_with_those_there_are(store: PumpStore) -> None:
    with pytest.raises(ConfigurationError, match=r"There is no pump 'X'\. No pump is configured yet\."):
        store.find("X")
    store.add("B", "T", {})
    store.add("a", "T", {})
    with pytest.raises(ConfigurationError, match=r"There is no pump 'X'\. The pumps are: a, B\."):
        store.find("X")


def good(name: str) -> dict[str, Any]:
    return {"schema": 1, "id": name, "type": "T", "name": "N", "values": {}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the file is empty"),
        ('{"schema": 1', "the file ends too early"),
        ("[]", "A JSON object is expected. Mend the file, or move its folder away."),
        ("{}", "At schema: this key is missing."),
        (
            json.dumps(good("bad") | {"schema": 2}),
            "written by a newer QCPump-Qt (schema 2; this one knows 1)",
        ),
        (json.dumps(good("bad") | {"schema": "1"}), "At schema: the number 1 is expected."),
        (json.dumps(good("bad") | {"name": ""}), "At name: a text that is not empty is expected."),
        (json.dumps(good("bad") | {"later": 1}), "At later: there is no such key."),
        (json.dumps(good("bad") | {"values": {"S": {}}}), "At values → S: a list of objects is expected."),
        (json.dumps(good("bad") | {"values": {"S": [{"f": ["canary"]}]}}), "The value of S → f is of a kind"),
        (json.dumps(good("other")), "its id is 'other', but its folder is called 'bad'"),
    ],
)
def test_one_broken_pump_hides_no_other(store: PumpStore, home: Places, text: str, words: str) -> None:
    """faults-of-the-incumbent: one broken configuration file keeps all pumps from loading."""
    pump = store.add("Good", "T", VALUES)
    path = home.pumps / "bad" / "config.json"
    path.parent.mkdir()
    path.write_text(text)
    pumps, (broken,) = store.load_all()
    assert pumps == [pump]
    assert (broken.id, broken.path) == ("bad", path)
    assert words in broken.reason
    assert str(path) in broken.reason
    assert "canary" not in broken.reason
    assert path.read_text() == text
    with pytest.raises(ConfigurationError) as caught:
        store.find("bad")
    assert caught.value.message == broken.reason


@given(st.binary(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_make_a_broken_pump_and_no_exception(store: PumpStore, home: Places, data: bytes) -> None:
    path = home.pumps / "bad" / "config.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    pumps, (broken,) = store.load_all()
    assert pumps == []
    assert str(path) in broken.reason


@given(
    st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["schema", "id", "type", "name", "values", "secret", "x"]), inner
            )
        ),
    )
)
def test_any_json_is_a_pump_or_told(raw: object) -> None:
    told = "x"
    try:
        pump = pump_from(raw, "x")
    except ConfigurationError as error:
        told = error.message
    assert told.endswith(".") or told == pump.id


def test_what_is_no_pump_is_left_alone(store: PumpStore, home: Places) -> None:
    home.ensure()
    (home.pumps / "notes.txt").write_text("mine")
    (home.pumps / "cut-off").mkdir()
    (home.pumps / "cut-off" / ".config.json.x.tmp").touch()
    (home.pumps / "lost").mkdir()
    (home.pumps / "lost" / "own.dat").touch()
    pumps, (broken,) = store.load_all()
    assert pumps == []
    assert broken.id == "lost"
    assert "config.json could not be read: it is not there" in broken.reason


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link that leads in a circle")
def test_a_folder_that_cannot_be_looked_into_hides_no_other(store: PumpStore, home: Places) -> None:
    pump = store.add("Good", "T", VALUES)
    (home.pumps / "loop").symlink_to(home.pumps / "loop")
    pumps, (broken,) = store.load_all()
    assert pumps == [pump]
    assert broken.id == "loop"
    assert "its links lead in a circle" in broken.reason


def test_saving_over_a_document_broken_meanwhile_loses_nothing(store: PumpStore) -> None:
    pump = store.add("A", "T", VALUES)
    document(store, pump).write_text("{half")
    store.save(pump)
    assert store.load_all() == ([pump], [])
    (aside,) = store.folder_of(pump.id).glob("config.json.broken-*")
    assert aside.read_text() == "{half"


def test_a_disk_that_refuses_leaves_no_half_pump(
    store: PumpStore, home: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: str) -> None:
        raise ConfigurationError("the disk is full.")

    monkeypatch.setattr(files, "write_atomically", full)
    with pytest.raises(ConfigurationError, match="the disk is full"):
        store.add("A", "T", VALUES)
    assert list(home.pumps.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_told(home: Places, store: PumpStore) -> None:
    home.root.mkdir()
    home.pumps.write_text("")
    for call in (store.load_all, lambda: store.add("A", "T", {})):
        with pytest.raises(ConfigurationError, match=r"in the way|could not be read"):
            call()


def test_another_process_that_changes_the_pumps_is_waited_for(
    store: PumpStore, home: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.ensure()
    held = files.held

    def impatient(lock: Path, *, doing: str) -> Any:
        return held(lock, doing=doing, seconds=0.05)

    with files.held(home.locks / "pumps.lock", doing="changing the pumps"):
        monkeypatch.setattr(files, "held", impatient)
        with pytest.raises(BusyError, match="Another QCPump-Qt is changing the pumps"):
            store.add("A", "T", {})
    assert store.add("A", "T", {}).name == "A"


_ADDS_SAME_NAME = """
import sys
from pathlib import Path
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import PumpStore
store = PumpStore(Places(Path(sys.argv[1])), MemorySecrets())
sys.stdin.read(1)
for _ in range(5):
    try:
        store.add("Same", "T", {})
        sys.stdout.write("added ")
    except ConfigurationError as error:
        assert "already" in error.message, error.message
"""


def test_two_processes_cannot_take_one_name(home: Places, store: PumpStore) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _ADDS_SAME_NAME, str(home.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("g")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert sorted(outputs) == ["", "added "]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(store.load_all()[0]) == 1
