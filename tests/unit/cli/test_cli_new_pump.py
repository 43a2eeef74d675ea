"""``new-pump``: names, what is refused, and a skeleton whose test passes as it is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qcpump_qt.cli import main as cli
from qcpump_qt.cli.commands.new_pump import Names, names_from
from qcpump_qt.engine.errors import ConfigurationError


@pytest.fixture
def pumps(tmp_path: Path) -> Path:
    return tmp_path / "My Pumps"


def new_pump(home: Path, *words: str) -> int:
    return cli.main(["--home", str(home / "home"), "new-pump", *words])


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Linac Output", Names("Linac Output", "LinacOutputPump", "LinacOutput", "linac_output")),
        ("LinacOutput", Names("Linac Output", "LinacOutputPump", "LinacOutput", "linac_output")),
        (" linac-output ", Names("Linac Output", "LinacOutputPump", "LinacOutput", "linac_output")),
        (
            "linac_output pump",
            Names("Linac Output Pump", "LinacOutputPump", "LinacOutputPump", "linac_output_pump"),
        ),
        ("MLC", Names("MLC", "MLCPump", "MLC", "mlc")),
        ("DQA4 reader", Names("DQA4 Reader", "DQA4ReaderPump", "DQA4Reader", "dqa4_reader")),
    ],
)
def test_names(typed: str, names: Names) -> None:
    assert names_from(typed) == names


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "4 beams",
        "Дозиметр",
        "a/b",
        "..",
        "C:\\x",
        "a  b",
        "a.py",
        "-x",
        "x-",
        "a\nb",
        "$name",
        "x" * 41,
    ],
)
def test_odd_names_are_refused(typed: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        names_from(typed)
    assert caught.value.message == (
        f"{typed!r} makes no name of a pump type. Use a letter, then letters and digits of English, with single "
        'spaces, - or _ between words, 40 characters at most, such as "Linac Output".'
    )


@pytest.mark.parametrize("typed", ["con", "NUL", "Lpt1", "aux"])
def test_names_of_devices_are_refused(typed: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        names_from(typed)
    assert caught.value.message == (
        f"{typed!r} makes no name of a pump type: Windows keeps it for a device. Use another one."
    )


def test_the_skeleton_is_written_and_the_next_steps_are_told(
    tmp_path: Path, pumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_pump(tmp_path, "Linac Output", "--folder", str(pumps)) == 0
    folder = pumps / "LinacOutput"
    files = [folder / "README.md", folder / "tests" / "test_linac_output.py", folder / "linac_output.py"]
    assert sorted(path for path in pumps.rglob("*") if path.is_file()) == sorted(files)
    assert capsys.readouterr().out.splitlines() == [
        *(f"Written: {path}" for path in files),
        f'Try it:  python -m pytest "{folder}"',
        f"To have it offered, add the folder {pumps.as_posix()} to PUMP_DIRECTORIES in "
        f"{tmp_path / 'home' / 'settings.json'}, or to the folders of pump types in the window's settings.",
    ]
    assert "$" not in "".join(path.read_text(encoding="utf-8") for path in files)


def test_the_test_of_the_skeleton_passes_as_it_is_written(tmp_path: Path, pumps: Path) -> None:
    assert new_pump(tmp_path, "Linac Output", "--folder", str(pumps)) == 0
    ran = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            str(pumps / "LinacOutput"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "17 passed" in ran.stdout
    assert "skipped" not in ran.stdout


def listed(tmp_path: Path, pumps: Path) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    text = json.dumps({"PUMP_DIRECTORIES": [pumps.as_posix()]})
    (tmp_path / "home" / "settings.json").write_text(text, encoding="utf-8")


def test_it_goes_into_the_first_of_the_listed_folders_and_is_offered(
    tmp_path: Path, pumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pumps.mkdir()
    listed(tmp_path, pumps)
    assert new_pump(tmp_path, "Linac Output", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    folder = pumps / "LinacOutput"
    assert told == {
        "type": "LinacOutputPump",
        "files": [
            str(folder / "README.md"),
            str(folder / "tests" / "test_linac_output.py"),
            str(folder / "linac_output.py"),
        ],
        "listed": True,
        "messages": [],
    }
    assert cli.main(["--home", str(tmp_path / "home"), "types"]) == 0
    assert f"LinacOutputPump: Linac Output  ({folder / 'linac_output.py'})" in capsys.readouterr().out


def test_without_any_folder_it_says_how_to_name_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_pump(tmp_path, "Linac Output") == 2
    assert capsys.readouterr().err == (
        "Configuration not usable: No folder for pump types of your own is set. Name one with --folder, such as "
        "--folder C:/Users/you/Pumps; it is made where it is not there.\n"
    )


@pytest.mark.parametrize("what", ["file", "folder with a file"])
def test_what_is_there_stays_as_it_is(
    what: str, tmp_path: Path, pumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pumps.mkdir()
    there = pumps / "LinacOutput"
    if what == "file":
        there.write_text("mine", encoding="utf-8")
    else:
        there.mkdir()
        (there / "linac_output.py").write_text("mine", encoding="utf-8")
    before = sorted(pumps.rglob("*"))
    assert new_pump(tmp_path, "Linac Output", "--folder", str(pumps)) == 2
    assert capsys.readouterr().err == (
        f"Name taken: {there} is there already, so nothing was written. Choose another name, or move it away.\n"
    )
    assert sorted(pumps.rglob("*")) == before


def test_an_empty_folder_is_taken(tmp_path: Path, pumps: Path) -> None:
    (pumps / "LinacOutput").mkdir(parents=True)
    assert new_pump(tmp_path, "Linac Output", "--folder", str(pumps)) == 0


def test_the_name_of_a_type_that_there_is_already_is_refused(
    tmp_path: Path, pumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_pump(tmp_path, "Linac Output", "--folder", str(pumps)) == 0
    listed(tmp_path, pumps)
    capsys.readouterr()
    assert new_pump(tmp_path, "linac output", "--folder", str(tmp_path / "other")) == 2
    source = pumps / "LinacOutput" / "linac_output.py"
    assert capsys.readouterr().err == (
        f"Name taken: There is a pump type LinacOutputPump already, from {source}. Choose another name.\n"
    )
    assert new_pump(tmp_path, "QATrack MPC", "--folder", str(pumps)) == 2
    assert capsys.readouterr().err == (
        "Name taken: There is a pump type QATrackMPCPump already, from QCPump-Qt itself. Choose another name.\n"
    )
    assert not (tmp_path / "other").exists()


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, pumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pumps.write_text("a file", encoding="utf-8")
    assert new_pump(tmp_path, "Linac Output", "--folder", str(pumps)) == 2
    assert str(pumps / "LinacOutput") in capsys.readouterr().err


def test_the_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "write the skeleton of a pump type of your own, with a test" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main(["new-pump", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "--folder DIR the folder of your pump types (the first of PUMP_DIRECTORIES if left out)" in text
