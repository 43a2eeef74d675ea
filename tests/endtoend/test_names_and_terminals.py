"""Pumps of any name, and terminals, pipes and locales of any kind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from endtoend.clinic import PUMP, TYPE, Clinic
from endtoend.installed import Installed, ended
from endtoend.old_folder import mpc_sections, write_old_folder, write_old_pump

NAMES = [
    "Линак №1",
    "直線加速器",
    "مسرع خطي",
    "MPC 🩺☢️",
    "mpc",
    "MPC",
    "M.P.C.",
    "m-p-c",
    "--help",
    "-1",
    "a" * 180,
    "a" * 179 + "b",
    'x/y\\z:*?"<>|',
    "CON",
    "..",
    "% $HOME `id`; 'q' \"qq\"",
    "two  spaces",
]

ASCII = {
    "LANG": "C",
    "LC_ALL": "C",
    "PYTHONIOENCODING": "ascii",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
}


@pytest.fixture
def many(tmp_path: Path, program: Installed) -> Installed:
    """A pump of each name, with a share that is not there."""
    old = write_old_folder(tmp_path / "old")
    for name in NAMES:
        write_old_pump(old, name, TYPE, mpc_sections(tmp_path / "TDS", "http://127.0.0.1:9/api"))
    done = program.run("import", str(old), "--json")
    assert done.code == 0, done.err
    assert [(pump["name"], pump["outcome"]) for pump in done.document["pumps"]] == [
        (name, "imported") for name in NAMES
    ]
    return program


def test_pumps_of_any_name_are_imported_listed_and_run_by_name(many: Installed) -> None:
    together = many.run("run", "--once", "--json", "--", *NAMES)
    assert together.code == 3
    assert [pump["name"] for pump in together.document["pumps"]] == NAMES
    assert {pump["outcome"] for pump in together.document["pumps"]} == {"unreachable"}
    logs = [each for each in many.files() if each.parent.name == "logs" and each.name != "qcpump-qt.log"]
    assert len(logs) == len(NAMES), "each has a log of its own"
    for name in ("Линак №1", "mpc", "MPC", "--help", "MPC 🩺☢️"):
        alone = many.run("run", "--once", "--json", "--", name)
        assert (alone.code, alone.pump["name"]) == (3, name)
    check = many.run("secret", "check", "--", 'x/y\\z:*?"<>|', "QATrack+ API", "auth token")
    assert check.out == "It is in the keyring.\n"


def test_a_name_that_differs_in_case_alone_has_to_be_exact(many: Installed) -> None:
    done = many.run("preview", "Mpc", "--json")
    assert done.code == 2
    (text,) = done.texts
    assert "Several pumps fit 'Mpc': mpc (" in text or "Several pumps fit 'Mpc': MPC (" in text
    assert text.endswith("Give the id of one.")
    found = many.run("run", "--once", "--json", "TWO  SPACES")
    assert found.pump["name"] == "two  spaces"


def test_a_terminal_that_knows_ascii_alone_is_no_reason_to_fail(many: Installed) -> None:
    done = many.run("run", "--once", env=ASCII)
    assert done.code == 3
    assert done.raw_out.isascii()
    assert "\\u041b\\u0438\\u043d\\u0430\\u043a \\u21161 (QATrackMPCPump): unreachable" in done.out
    assert "Traceback" not in done.err
    told = many.run("validate", "--json", env=ASCII)
    assert sorted(pump["name"] for pump in told.document["pumps"]) == sorted(NAMES)


@pytest.mark.parametrize(
    "command", [["demo", "--once"], ["demo", "--json"], ["types"], ["--help"], ["run", "--help"]]
)
def test_every_command_speaks_ascii_where_it_must(program: Installed, command: list[str]) -> None:
    done = program.run(*command, env=ASCII)
    assert done.code == 0, done.err
    assert done.raw_out.isascii()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe is closed the POSIX way")
@pytest.mark.parametrize("command", [["records"], ["run", "--once"], ["run", "--once", "--json"], ["types"]])
def test_a_reader_that_goes_away_is_harmless(clinic: Clinic, command: list[str]) -> None:
    process = clinic.program.start(*command)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    done = ended(process)
    assert (done.code, done.err) == (0, "")
    if command[0] == "run":
        clinic.check_all_equal()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe is closed the POSIX way")
def test_a_run_by_interval_goes_on_when_nobody_listens_any_more(clinic: Clinic) -> None:
    process = clinic.program.start("run")
    assert process.stdout is not None
    assert process.stdout.readline().startswith(PUMP.encode())
    process.stdout.close()
    process.stdout = None
    for wanted in (2, 3, 4):
        while len(clinic.on_the_server()) < wanted:
            assert process.poll() is None, ended(process)
        clinic.share.add(1)
    process.terminate()
    done = ended(process)
    assert (done.code, done.err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_is_lost_on_a_full_disk_is_told(clinic: Clinic) -> None:
    with Path("/dev/full").open("wb") as full:
        process = clinic.program.start("run", "--once", "--json", stdout=full)
        done = ended(process)
    assert done.code == 1
    assert done.err == "The output could not be written: No space left on device.\n"
    clinic.check_all_equal()


@pytest.mark.skipif(sys.platform == "win32", reason="a stream is closed the POSIX way")
def test_closed_streams_are_harmless(clinic: Clinic) -> None:
    command = subprocess.list2cmdline([str(part) for part in clinic.program.command("run", "--once")])
    done = subprocess.run(
        ["sh", "-c", f"exec {command} <&- >&- 2>&-"], env=clinic.program.environment, check=False, timeout=60
    )
    assert done.returncode == 0
    clinic.check_all_equal()
