"""The report for those who help: all that they need, no secret, and nothing that keeps it from being written."""

from __future__ import annotations

import json
import logging
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine import diagnostics
from qcpump_qt.engine.diagnostics import CYCLES, write_bundle
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.shown import VERSION
from qcpump_qt.engine.logs.logs import Logs
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import PumpStore
from unit.engine.ledger.ledger_writing import add_cycle, add_record

VERSIONS = {"QCPump-Qt": "0.1", "Python": "3.11"}
CANARY = "c4n4ry-{}-0f-4-s3cr3t"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(tmp_path / "home")
    found.ensure()
    return found


@pytest.fixture
def ledger(places: Places) -> Iterator[Ledger]:
    made = Ledger.at(places.ledger_file)
    yield made
    made.close()


def bundle(places: Places, redactor: Redactor | None = None) -> tuple[dict[str, str], list[str]]:
    """What is in the zip, and what was told."""
    target = places.root.parent / "report.zip"
    notes = write_bundle(places, target, VERSIONS, redactor or Redactor())
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}, notes


def test_an_empty_home_gives_a_small_report(places: Places) -> None:
    found, notes = bundle(places)
    assert json.loads(found["versions.json"]) == VERSIONS
    assert json.loads(found["ledger.json"]) == {"version": None, "pumps": {}}
    assert not places.ledger_file.exists()
    (note,) = notes
    assert note.startswith(f"settings.json is not in this report. {places.settings_file} could not be read: ")
    assert found["notes.txt"] == note + "\n"
    assert sorted(found) == ["ledger.json", "notes.txt", "versions.json"]


def test_everything_that_helps_is_in_it(places: Places, ledger: Ledger) -> None:
    places.settings_file.write_text('{"LOG_LEVEL": "debug", "OWN": 1}', encoding="utf-8")
    pump = PumpStore(places, MemorySecrets()).add("Überwachung", "SomePump", {"Pump": [{"active": True}]})
    with Logs(places.logs, Redactor()) as logs:
        logs.pump(pump.id).log(logging.INFO, "2 delivered to Prüfgerät")
    add_record(ledger, "a", pump.id)
    add_record(ledger, "b", pump.id, state="waiting", waiting_for="mapping")
    add_cycle(ledger, 1, "attention", pump.id, reason="No unit has the serial number 9.")
    found, notes = bundle(places)
    assert notes == []
    assert json.loads(found["settings.json"]) == {"LOG_LEVEL": "debug", "OWN": 1}
    assert json.loads(found[f"pumps/{pump.id}/config.json"])["name"] == "Überwachung"
    assert "2 delivered to Prüfgerät" in found[f"logs/{pump.id}.log"]
    told = json.loads(found["ledger.json"])
    assert told["version"] == VERSION
    assert told["bytes"] > 0
    of_pump = told["pumps"][pump.id]
    assert of_pump["counts"] == {"delivered": 1, "waiting": 1}
    assert (of_pump["waiting with trouble"], of_pump["last success"]) == (1, None)
    (cycle,) = of_pump["cycles"]
    assert (cycle["number"], cycle["outcome"]) == (1, "attention")
    assert cycle["reason"] == "No unit has the serial number 9."


def test_no_secret_is_in_it_wherever_it_stood(places: Places, ledger: Ledger) -> None:
    canaries = [CANARY.format(number) for number in range(9)]
    known, unknown = Redactor(canaries[:3]), Redactor()
    store = PumpStore(places, MemorySecrets(), unknown)
    pump = store.add("TB", "SomePump", {"API": [{"auth token": canaries[3], "url": "http://x"}]})
    by_hand = places.pumps / "by-hand-abcdef"
    by_hand.mkdir()
    document = {"values": {"DB": [{"password": canaries[4], "host": f"http://u:{canaries[5]}@h/"}]}}
    (by_hand / "config.json").write_text(json.dumps(document), encoding="utf-8")
    (places.pumps / "broken-abcdef").mkdir()
    (places.pumps / "broken-abcdef" / "config.json").write_text(f'{{"token": "{canaries[6]}", ', "utf-8")
    places.settings_file.write_text(
        json.dumps({"API_TOKEN": canaries[7], "PUMP_DIRECTORIES": [f"u:{canaries[8]}@host"]}), "utf-8"
    )
    log = f"token {canaries[0]}\nAuthorization: Token {canaries[4]}\nhttp://u:{canaries[5]}@h/ failed\n"
    (places.logs / "qcpump-qt.log").write_text(log, encoding="utf-8")
    add_record(ledger, "a", pump.id, payload={"comment": canaries[6]}, answer={"detail": canaries[7]})
    add_cycle(ledger, 1, "failed", pump.id, reason=f"{canaries[1]} was refused at http://u:{canaries[8]}@h/")
    found, notes = bundle(places, known)
    whole = "\n".join([*found, *found.values(), *notes])
    assert "c4n4ry" not in whole
    assert json.loads(found["pumps/by-hand-abcdef/config.json"]) == {
        "values": {"DB": [{"password": "***", "host": "***"}]}
    }
    assert json.loads(found["settings.json"]) == {"API_TOKEN": "***", "PUMP_DIRECTORIES": ["***"]}
    assert json.loads(found[f"pumps/{pump.id}/config.json"])["values"]["API"] == [
        {"auth token": {"secret": True}, "url": "http://x"}
    ]
    assert "token ***" in found["logs/qcpump-qt.log"]


def test_whatever_stands_below_the_name_of_a_secret_is_hidden_whole(places: Places) -> None:
    """As when somebody edits a document by hand and nests what belongs in one text."""
    hidden = {"c4n4ry": "c4n4ry", "more": [{"inner": "c4n4ry"}, 4711]}
    api = {
        "auth token": hidden,
        "API key": ["c4n4ry", 4711],
        "pwd": 4711,
        "url": {"address": "http://x", "port": 80},
    }
    plain = {"token": "", "passphrase": None, "secret": False, "password": {"secret": True}, "retries": 3}
    (places.pumps / "by-hand-abcdef").mkdir()
    document = {"values": {"API": [{**api, "inside": {"deep": [{"password": hidden}]}}], "Plain": [plain]}}
    (places.pumps / "by-hand-abcdef" / "config.json").write_text(json.dumps(document), encoding="utf-8")
    found, _notes = bundle(places)
    text = found["pumps/by-hand-abcdef/config.json"]
    assert "c4n4ry" not in text
    assert "4711" not in text
    assert json.loads(text)["values"] == {
        "API": [
            {
                "auth token": "***",
                "API key": "***",
                "pwd": "***",
                "url": {"address": "http://x", "port": 80},
                "inside": {"deep": [{"password": "***"}]},
            }
        ],
        "Plain": [plain],
    }


def test_what_is_broken_is_told_and_keeps_nothing_else_out(places: Places) -> None:
    places.settings_file.write_text("{", encoding="utf-8")
    for name in ("empty", "odd", "sound"):
        (places.pumps / name).mkdir()
    (places.pumps / "odd" / "config.json").write_text("no json", encoding="utf-8")
    (places.pumps / "sound" / "config.json").write_text("{}", encoding="utf-8")
    places.ledger_file.write_bytes(b"This is no database. " * 500)
    (places.logs / "folder.log").mkdir()
    (places.logs / "odd.log").write_bytes(b"\xff\xfe broken \x80\n")
    found, notes = bundle(places)
    assert sorted(found) == [
        "logs/odd.log",
        "notes.txt",
        "pumps/sound/config.json",
        "versions.json",
    ]
    assert [note.split(" is not in this report. ")[0] for note in notes] == [
        "settings.json",
        "pumps/empty/config.json",
        "pumps/odd/config.json",
        "logs/folder.log",
        "ledger.json",
    ]
    assert "The file is damaged." in notes[-1]
    assert found["notes.txt"].splitlines() == notes
    assert "broken" in found["logs/odd.log"]


def test_folders_that_are_gone_are_told(tmp_path: Path) -> None:
    found, notes = bundle(Places(tmp_path / "never"))
    assert sorted(found) == ["ledger.json", "notes.txt", "versions.json"]
    assert [note.split(" ")[0] for note in notes] == ["settings.json", "pumps", "logs"]


def test_a_fault_of_ours_is_told_and_keeps_nothing_else_out(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_file: Path) -> str:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(diagnostics, "_ledger", failing)
    _, notes = bundle(places)
    assert notes[-1] == "ledger.json is not in this report. ZeroDivisionError: a fault"


def test_only_logs_are_taken_and_of_each_the_newest_part(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnostics, "MOST_OF_A_LOG", 1000)
    lines = [f"line number {number:04}" for number in range(200)]
    for name in ("a.log", "a.log.1", "a.log.12", ".a.log.lock", "a.txt", "alog"):
        (places.logs / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (places.logs / "small.log").write_text("only one", encoding="utf-8")
    (places.logs / "one line.log").write_text("x" * 5000, encoding="utf-8")
    found, _ = bundle(places)
    logs = {name.removeprefix("logs/"): text for name, text in found.items() if name.startswith("logs/")}
    assert sorted(logs) == ["a.log", "a.log.1", "a.log.12", "one line.log", "small.log"]
    kept = logs["a.log"].splitlines()
    assert kept == lines[-len(kept) :]
    assert 900 < len(logs["a.log"]) <= 1000
    assert logs["small.log"] == "only one"
    assert len(logs["one line.log"]) <= 1001


def test_only_so_many_cycles_are_listed(places: Places, ledger: Ledger) -> None:
    for number in range(CYCLES + 20):
        add_cycle(ledger, number + 1, "ok")
    found, _ = bundle(places)
    cycles = json.loads(found["ledger.json"])["pumps"]["p"]["cycles"]
    assert len(cycles) == CYCLES
    assert cycles[0]["number"] == CYCLES + 20


def test_a_report_that_cannot_be_written_is_told_and_leaves_the_former_one(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match=r"r\.zip could not be written"):
        write_bundle(places, tmp_path / "nowhere" / "r.zip", VERSIONS, Redactor())
    target = tmp_path / "report.zip"
    target.write_bytes(b"former")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(ConfigurationError, match="the disk is full"):
        write_bundle(places, target, VERSIONS, Redactor())
    assert target.read_bytes() == b"former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "report.zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_odd_names_are_no_hindrance(places: Places) -> None:
    (places.logs / "odd \udcff.log").write_text("text", encoding="utf-8")
    found, notes = bundle(places)
    assert found["logs/odd \\udcff.log"] == "text"
    assert len(notes) == 1
