"""One generated check folder: names, rows and judgements."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcpump_qt.demo.mpc_folder import HEADER, Run, age
from qcpump_qt.demo.mpc_names import beam_check, geometry_check

AT = datetime.fromisoformat("2026-11-19T07:02:49")
OUTPUT = "BeamGroup/BeamOutputChange [%]"
MPC = {"mpc": "http://www.varian.com/MPC"}


def _lines(run: Run, tmp_path: Path) -> list[str]:
    run.write(tmp_path)
    return (tmp_path / run.folder / "Results.csv").read_text(encoding=run.encoding).split("\n")


def test_the_folder_is_named_as_the_machine_does() -> None:
    assert Run("2101", AT, 3, beam_check("6xFFF")).folder == (
        "NDS-WKS-SN2101-2026-11-19-07-02-49-0003-BeamCheckTemplate6xFFF"
    )
    old = Run("A7", AT, 0, beam_check("6x", old_name=True), prefix="HAL-TRT")
    assert old.folder == "HAL-TRT-SNA7-2026-11-19-07-02-49-0000-6x-Beam"


def test_results_have_a_header_and_a_row_for_each_name(tmp_path: Path) -> None:
    lines = _lines(Run("2101", AT, 0, beam_check("6x")), tmp_path)
    assert lines[0] == HEADER
    assert [line.split(", ")[0] for line in lines[1:-1]] == [row.name for row in beam_check("6x").rows]
    assert [line.split(", ")[2] for line in lines[1:-1]] == ["2", "2", "0.5"]
    assert lines[-1] == ""


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("2", "Pass"),
        ("-2", "Pass"),
        ("2.01", "Fail"),
        ("-3.1", "Fail"),
        ("", "Not Evaluated"),
        ("NaN", "Not Evaluated"),
    ],
)
def test_values_are_judged_by_their_threshold(tmp_path: Path, text: str, judged: str) -> None:
    run = Run("2101", AT, 0, beam_check("6x"), texts={OUTPUT: text})
    assert _lines(run, tmp_path)[1] == f"{OUTPUT}, {text}, 2, {judged}"
    check = ElementTree.fromstring((tmp_path / run.folder / "Check.xml").read_bytes())
    assert check.findtext("mpc:Evaluation", "", MPC) == ("Pass" if judged == "Pass" else "Fail")


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_made_up_values_are_plausible(seed: int) -> None:
    run = Run("2101", AT, 0, geometry_check(), seed=seed)
    values = run.values()
    thresholds = {row.name: row.threshold for row in run.template.rows}
    assert values.keys() == thresholds.keys()
    for name, text in values.items():
        assert abs(float(text)) <= thresholds[name] * 1.5
        assert "e" not in text
        assert text != "-0"
        if "IsoCenter" in name or "/MLCMax" in name:
            assert float(text) >= 0, name


def test_a_run_that_was_cut_short(tmp_path: Path) -> None:
    run = Run("2101", AT, 0, geometry_check(), rows=4)
    assert len(_lines(run, tmp_path)) == 1 + 4 + 1
    whole = Run("2101", AT, 0, geometry_check()).values()
    assert list(run.values().items()) == list(whole.items())[:4]


def test_two_runs_differ_and_the_same_run_does_not() -> None:
    first, again = (Run("2101", AT, 0, geometry_check(), seed=1) for _ in range(2))
    later = Run("2101", AT + timedelta(minutes=5), 0, geometry_check(), seed=1)
    assert first.values() == again.values() != later.values()


def test_a_folder_is_never_written_twice(tmp_path: Path) -> None:
    run = Run("2101", AT, 0, beam_check("6x"))
    run.write(tmp_path)
    with pytest.raises(FileExistsError):
        run.write(tmp_path)


def test_age_sets_the_time_of_everything(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    age(tmp_path, AT)
    assert {path.stat().st_mtime for path in (tmp_path, tmp_path / "a.txt")} == {AT.timestamp()}
