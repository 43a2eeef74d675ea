"""Every exit code, every command's one JSON object, and the words that people read, in good and in bad cases."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from endtoend.clinic import PUMP, TYPE, Clinic
from endtoend.installed import Done, Installed
from endtoend.old_folder import mpc_sections, write_old_folder, write_old_pump
from qcpump_qt.demo.clinic import READER_TOKEN
from qcpump_qt.pumps.builtin import BUILTIN

COUNTS = ("found", "delivered", "already_there", "waiting", "skipped", "rejected")
SHAPE = {"name", "type", "outcome", *COUNTS, "seconds", "messages"}

NOBODY = "No pump is configured in this home. Bring a QCPump folder over with `qcpump-qt import PATH`."


def config_of(program: Installed) -> Path:
    (found,) = (program.home / "pumps").glob("*/config.json")
    return found


def set_token(clinic: Clinic, token: str) -> None:
    done = clinic.program.run("secret", "set", PUMP, "QATrack+ API", "auth token", typed=token)
    assert done.code == 0


# --- the promised shape ----------------------------------------------------------------------


def test_a_cycle_as_json_has_the_promised_shape(clinic: Clinic) -> None:
    pump = clinic.program.run("run", "--once", "--json").pump
    assert set(pump) == SHAPE
    assert (pump["name"], pump["type"], pump["outcome"]) == (PUMP, TYPE, "ok")
    assert [pump[name] for name in COUNTS] == [2, 2, 0, 0, 0, 0]
    assert 0 < pump["seconds"] < 60
    assert pump["messages"] == []


@pytest.mark.parametrize(
    "command",
    [("validate",), ("preview", PUMP), ("run", "--once")],
    ids=lambda command: command[0],
)
def test_what_is_said_of_a_pump_has_the_same_keys_in_every_command(
    clinic: Clinic, command: tuple[str, ...]
) -> None:
    pump = clinic.program.run(*command, "--json").pump
    assert set(pump) >= SHAPE


def test_an_inactive_pump_is_left_out_and_has_its_shape_when_it_is_named(clinic: Clinic) -> None:
    clinic.import_pump("Retired", pump={"active": False})
    assert [each["name"] for each in clinic.program.run("run", "--once", "--json").document["pumps"]] == [
        PUMP
    ]
    named = clinic.program.run("run", "--once", "--json", "Retired")
    assert (named.code, named.pump["outcome"]) == (0, "inactive")
    assert set(named.pump) == SHAPE
    assert clinic.program.run("run", "--once", "Retired").out == f"Retired ({TYPE}): inactive\n"
    assert clinic.program.run("validate", "Retired").out.startswith(f"Retired ({TYPE}): inactive\n")


@pytest.mark.parametrize("arguments", [["run", "--once"], ["run"]], ids=["once", "run"])
def test_when_all_pumps_are_inactive_that_is_said(
    tmp_path: Path, program: Installed, arguments: list[str]
) -> None:
    old = write_old_folder(tmp_path / "old")
    write_old_pump(old, PUMP, TYPE, mpc_sections(tmp_path, "http://127.0.0.1:9/api", pump={"active": False}))
    program.run("import", str(old))
    done = program.run(*arguments)
    assert (done.code, done.err) == (0, "No pump is active, so nothing runs.\n")


# --- each code and its words ------------------------------------------------------------------


def test_a_wrong_token_is_code_1_and_says_what_to_do(clinic: Clinic) -> None:
    set_token(clinic, "f" * 40)
    for command in (("run", "--once"), ("validate",), ("preview", PUMP)):
        done = clinic.program.run(*command)
        assert done.code == 1, done.out
        assert "The server does not know the API token." in done.out
        assert clinic.program.run(*command, "--json").code == 1
    assert clinic.on_the_server() == []


def test_a_token_that_may_not_upload_is_code_1(clinic: Clinic) -> None:
    set_token(clinic, READER_TOKEN)
    for command in (("run", "--once"), ("validate",)):
        done = clinic.program.run(*command, "--json")
        assert done.code == 1, done.out
        assert any("may not" in text or "right" in text for text in done.texts)
    assert clinic.on_the_server() == []


def test_an_unreachable_server_is_code_3_everywhere(clinic: Clinic) -> None:
    clinic.server.kill()
    for command in (("run", "--once"), ("validate",), ("preview", PUMP)):
        done = clinic.program.run(*command, "--json")
        assert (done.code, done.pump["outcome"]) == (3, "unreachable"), done.out
        assert any("127.0.0.1 does not take connections on this port" in text for text in done.texts)


def test_an_invalid_configuration_is_code_1_and_names_the_field(clinic: Clinic) -> None:
    path = config_of(clinic.program)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["values"]["MPC"][0]["grouping window"] = "twenty"
    document["values"]["Test List"][0]["name"] = "MPC"
    path.write_text(json.dumps(document), encoding="utf-8")
    for command in (("run", "--once"), ("validate",), ("preview", PUMP)):
        done = clinic.program.run(*command, "--json")
        assert (done.code, done.pump["outcome"]) == (1, "invalid"), done.out
        text = " ".join(done.texts)
        assert "grouping window" in text or "Results group time interval" in text
        assert "{{ check_type }}" in text
    assert clinic.on_the_server() == []


def test_a_broken_pump_document_is_code_2_and_keeps_no_other_pump_from_running(clinic: Clinic) -> None:
    broken = clinic.program.home / "pumps" / "broken-abc123" / "config.json"
    broken.parent.mkdir()
    broken.write_text('{"schema": 1, "id": "broken-abc123", "name": ', encoding="utf-8")
    done = clinic.program.run("run", "--once", "--json")
    assert (done.code, done.pump["delivered"]) == (2, 2)
    assert any(str(broken) in text for text in done.texts)
    named = clinic.program.run("run", "--once", "--json", "broken-abc123", PUMP)
    assert (named.code, named.pump["name"]) == (2, PUMP)
    told = clinic.program.run("validate")
    assert told.code == 2
    assert str(broken) in told.err
    assert f"{PUMP} ({TYPE}): ok" in told.out


def test_broken_settings_are_code_2_and_named_with_their_line(clinic: Clinic) -> None:
    settings = clinic.program.home / "settings.json"
    settings.write_text('{\n  "LOG_LEVEL": "loud"\n}', encoding="utf-8")
    done = clinic.program.run("run", "--once", "--json")
    assert (done.code, done.pump["delivered"]) == (2, 2)
    (text,) = done.texts
    assert text.startswith(f'{settings}, line 2: LOG_LEVEL is "loud"')
    settings.write_text("{ no json", encoding="utf-8")
    broken = clinic.program.run("validate", "--json")
    assert broken.code == 2
    assert any(str(settings) in each for each in broken.texts)
    assert broken.pump["outcome"] == "ok"


@pytest.mark.parametrize("command", ["run", "validate"])
def test_an_unknown_name_is_code_2_and_keeps_no_other_pump_waiting(clinic: Clinic, command: str) -> None:
    arguments = [command, *(["--once"] if command == "run" else []), "Truebean", PUMP]
    done = clinic.program.run(*arguments, "--json")
    assert (done.code, done.pump["name"], done.pump["outcome"]) == (2, PUMP, "ok")
    (message,) = done.document["messages"]
    assert message["text"].endswith(f"There is no pump 'Truebean'. The pumps are: {PUMP}.")
    assert "There is no pump 'Truebean'." in clinic.program.run(*arguments).err


@pytest.mark.parametrize(
    "command",
    [
        ("preview", "Truebean", "--json"),
        ("records", "--pump", "Truebean", "--json"),
    ],
    ids=lambda command: command[0],
)
def test_an_unknown_name_alone_is_code_2(clinic: Clinic, command: tuple[str, ...]) -> None:
    done = clinic.program.run(*command)
    assert done.code == 2
    (text,) = done.texts
    assert text.endswith(f"There is no pump 'Truebean'. The pumps are: {PUMP}.")
    assert done.err == text + "\n"


@pytest.mark.parametrize(
    "arguments", [["run", "--once"], ["run"], ["validate"]], ids=["once", "run", "validate"]
)
def test_a_home_without_pumps_is_code_2(program: Installed, arguments: list[str]) -> None:
    done = program.run(*arguments, "--json")
    assert (done.code, done.document["pumps"], done.texts) == (2, [], [NOBODY])
    assert program.run(*arguments).err == NOBODY + "\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["run", "--json", "--twice"], "qcpump-qt: unrecognized arguments: --twice"),
        (["records", "--json", "--state", "lost"], "argument --state: invalid choice: 'lost'"),
        (["retry", "--json", "first"], "argument ID: invalid int value: 'first'"),
        (["preview", "--json"], "the following arguments are required: NAME"),
        (["import", "--json"], "the following arguments are required: PATH"),
        (["dance", "--json"], "argument COMMAND: invalid choice: 'dance'"),
        (["--json"], "qcpump-qt: "),
        (["--dance"], "the following arguments are required: COMMAND"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_code_2(program: Installed, arguments: list[str], text: str) -> None:
    done = program.run(*arguments)
    assert done.code == 2
    assert text in done.err
    assert done.err.startswith("usage: qcpump-qt")
    if "--json" in arguments:
        (told,) = done.texts
        assert text in told
    else:
        assert done.out == ""
    assert not program.home.exists(), "a mistyped command makes no home"


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_an_import_of_nothing_is_code_2(tmp_path: Path, program: Installed, path: str) -> None:
    (tmp_path / "empty").mkdir()
    done = program.run("import", str(tmp_path / path), "--json")
    assert done.code == 2
    (text,) = done.texts
    assert str(tmp_path / path) in text
    assert "About shows where" in text


def test_an_import_that_is_not_complete_is_code_1_and_takes_what_it_can(
    tmp_path: Path, program: Installed
) -> None:
    old = write_old_folder(tmp_path / "old")
    write_old_pump(old, PUMP, TYPE, mpc_sections(tmp_path, "http://127.0.0.1:9/api"))
    write_old_pump(old, "Broken", TYPE, {}).write_text("{", encoding="utf-8")
    done = program.run("import", str(old), "--json")
    assert (done.code, done.pump["name"], done.pump["outcome"]) == (1, PUMP, "imported")
    (missed,) = done.document["not_imported"]
    assert missed["path"].endswith("config.json")
    told = program.run("import", str(old))
    assert told.code == 1
    assert f"Not imported: {missed['path']}" in told.out


def test_without_a_keyring_nothing_is_kept_in_clear_and_it_is_said(
    tmp_path: Path, program: Installed
) -> None:
    old = write_old_folder(tmp_path / "old")
    write_old_pump(old, PUMP, TYPE, mpc_sections(tmp_path, "http://127.0.0.1:9/api", token="canary-token-1"))
    no_bus = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    done = program.run("import", str(old), env=no_bus)
    assert done.code == 1
    assert "Its tokens and passwords were not imported, as the keyring does not work." in done.out
    assert f'qcpump-qt secret set "{PUMP}" "QATrack+ API" "auth token"' in done.out
    assert all(b"canary-token-1" not in path.read_bytes() for path in program.files())
    for command in (["run", "--once"], ["validate"]):
        later = program.run(*command, "--json", env=no_bus)
        assert later.code == 1, later.out
        assert any("keyring" in text.lower() for text in later.texts)
    assert program.run("secret", "set", PUMP, "QATrack+ API", "auth token", typed="x", env=no_bus).code == 1
    # With a keyring, the same import fills in what was missing.
    again = program.run("import", str(old))
    assert again.code == 0
    assert "The keyring lacked a secret, which was filled in" in again.out


# --- homes ------------------------------------------------------------------------------------

COMMANDS = [
    ["run", "--once"],
    ["run"],
    ["validate"],
    ["types"],
    ["records"],
    ["preview", "x"],
    ["retry", "1"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_home_that_is_a_file_is_code_2(program: Installed, command: list[str]) -> None:
    program.home.write_text("a file", encoding="utf-8")
    done = program.run(*command, "--json")
    assert done.code == 2
    (text,) = done.texts
    assert str(program.home) in text
    assert "a file of that name is in the way" in text
    assert program.home.read_text(encoding="utf-8") == "a file"


def without_special_rights() -> list[str]:
    """What goes in front of a command so that root, too, is kept from writing where it may not."""
    if os.geteuid() != 0:
        return []
    tool = shutil.which("setpriv")
    if tool is None:
        pytest.skip(
            "runs as root, and setpriv (util-linux) is not there to give up root's rights to every file"
        )
    rights = "-dac_override,-dac_read_search"
    return [tool, f"--bounding-set={rights}", f"--inh-caps={rights}"]


@pytest.mark.skipif(sys.platform == "win32", reason="a folder is made read-only the POSIX way")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_read_only_home_is_code_2(
    program: Installed, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program.home.mkdir(mode=0o555)
    whole = [*without_special_rights(), *program.command(*command, "--json")]
    monkeypatch.setattr(program, "command", lambda *_: whole)
    done = program.run()
    assert done.code == 2
    (text,) = done.texts
    assert str(program.home) in text
    assert "you do not have the right" in text


def test_the_home_can_be_named_by_the_environment(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    program = clinic.program
    plain: Callable[..., list[str]] = lambda *arguments: [  # noqa: E731 - stands in for a method
        part for part in Installed.command(program, *arguments) if part not in ("--home", str(program.home))
    ]
    monkeypatch.setattr(program, "command", plain)
    done = program.run("run", "--once", "--json", env={"QCPUMP_QT_HOME": str(program.home)})
    assert (done.code, done.pump["name"]) == (0, PUMP)


# --- words ------------------------------------------------------------------------------------


def spoken(done: Done) -> list[str]:
    return [line.strip() for line in (done.out + done.err).splitlines() if line.strip()]


def test_the_normal_run_of_things_reads_well(clinic: Clinic) -> None:
    run = clinic.program.run
    assert spoken(run("types")) == [f"{kind.__name__}: {kind.display_name()}" for kind in BUILTIN]
    assert spoken(run("records")) == ["No records."]
    assert spoken(run("run", "--once")) == [f"{PUMP} ({TYPE}): ok, 2 delivered"]
    assert spoken(run("run", "--once")) == [f"{PUMP} ({TYPE}): ok, nothing new"]
    assert spoken(run("preview", PUMP)) == ["Nothing new: nothing would be sent."]
    lines = spoken(run("records"))
    assert len(lines) == 2
    assert all(f"delivered  {PUMP}: SN210" in line for line in lines)
    assert spoken(run("records", "--state", "rejected")) == ["No records."]


def test_types_as_json_name_their_sections(program: Installed) -> None:
    done = program.run("types", "--json")
    assert (done.code, done.document["messages"]) == (0, [])
    (mpc,) = (each for each in done.document["types"] if each["type"] == TYPE)
    assert mpc["sections"] == ["Pump", "MPC", "QATrack+ API", "Test List"]


def test_a_preview_shows_where_things_go_and_sends_nothing(clinic: Clinic) -> None:
    state = {path: path.read_bytes() for path in clinic.program.files() if path.suffix == ".json"}
    done = clinic.program.run("preview", PUMP, "--values")
    assert done.code == 0
    where = (
        "Collimation Devices Checks: would be sent to North Campus: Linac 2, MPC: Collimation Devices Checks"
    )
    assert where in done.out
    assert "collimationgroup_" in done.out
    assert clinic.on_the_server() == []
    assert clinic.records() == []
    assert {path: path.read_bytes() for path in clinic.program.files() if path.suffix == ".json"} == state


def test_a_pump_type_that_prints_does_not_spoil_the_json(clinic: Clinic) -> None:
    folder = clinic.folder / "types" / "Chatty"
    folder.mkdir(parents=True)
    source = (
        "from qcpump.pumps.base import BasePump\n"
        "print('hello from the file')\n"
        "class Chatty(BasePump):\n"
        "    def pump(self):\n"
        "        print('hello from the cycle')\n"
        "        self.log_warning('chatty was here')\n"
    )
    (folder / "chatty.py").write_text(source, encoding="utf-8")
    settings = {"PUMP_DIRECTORIES": [str(folder.parent)]}
    (clinic.program.home / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    old = write_old_folder(clinic.folder / "more", {"LOG_LEVEL": "info"})
    write_old_pump(old, "Talker", "Chatty", {"Pump": {"active": True}})
    assert clinic.program.run("import", str(old), "--json").code == 0
    done = clinic.program.run("run", "--once", "--json", "Talker")
    assert (done.code, done.texts) == (0, ["chatty was here"])
    assert "hello from the cycle" in done.err


def test_a_pump_type_that_fails_is_code_1_and_stops_no_other(clinic: Clinic) -> None:
    folder = clinic.folder / "types" / "Bad"
    folder.mkdir(parents=True)
    source = (
        "from qcpump.pumps.base import BasePump\n"
        "class Bad(BasePump):\n"
        "    def pump(self):\n"
        "        return 1 / 0\n"
    )
    (folder / "bad.py").write_text(source, encoding="utf-8")
    settings = {"PUMP_DIRECTORIES": [str(folder.parent)]}
    (clinic.program.home / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    old = write_old_folder(clinic.folder / "more", {"LOG_LEVEL": "info"})
    write_old_pump(old, "A bad one", "Bad", {"Pump": {"active": True}})
    write_old_pump(old, "An unknown one", "Unheard", {"Pump": {"active": True}})
    clinic.program.run("import", str(old))
    done = clinic.program.run("run", "--once", "--json")
    assert done.code == 1
    outcomes = {pump["name"]: pump["outcome"] for pump in done.document["pumps"]}
    assert outcomes == {"A bad one": "failed", "An unknown one": "invalid", PUMP: "ok"}
    assert any(
        "A bad one: the pump type Bad failed (ZeroDivisionError: division by zero)" in t for t in done.texts
    )
    assert any("There is no pump type 'Unheard'." in text for text in done.texts)
    clinic.check_all_equal()
