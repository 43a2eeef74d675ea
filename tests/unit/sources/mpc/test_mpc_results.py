"""`Results.csv`: the real ones, and everything odd that clinics' folders hold."""

from __future__ import annotations

import codecs
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.sources.mpc.results import HEADER, Results, Row, is_leaf, read_results
from shared_data import shared

OUTPUT = "BeamGroup/BeamOutputChange [%]"
SHIFT = "BeamGroup/BeamCenterShift [mm]"


def read(*lines: str, end: str = "\n") -> Results:
    return read_results(("\n".join((HEADER, *lines)) + end).encode())


def test_the_real_beams() -> None:
    checks = shared("data", "mpc-real", "TDS", "H196543", "MPCChecks")
    found = {
        folder.name[-6:]: [
            (row.name, row.value, row.threshold) for row in read_results(folder / "Results.csv").rows
        ]
        for folder in checks.iterdir()
        if "BeamCheck" in folder.name
    }
    uniformity = "BeamGroup/BeamUniformityChange [%]"
    assert found == {
        "e6xFFF": [(OUTPUT, -1.0, 2.0), (uniformity, 0.17, 2.0), (SHIFT, 0.1, 0.5)],
        "ate15x": [(OUTPUT, -0.82, 2.0), (uniformity, 0.22, 2.0), (SHIFT, 0.11, 0.5)],
        "late6e": [(OUTPUT, 0.05, 2.0), (uniformity, 0.21, 2.0)],
        "ate12e": [(OUTPUT, 0.27, 2.0), (uniformity, 0.23, 2.0)],
        "ate16e": [(OUTPUT, 0.27, 2.0), (uniformity, 0.25, 2.0)],
    }


def test_the_real_couch_check() -> None:
    name = "NDS-WKS-SN6543-2025-09-19-07-41-49-0008-GeometryCheckTemplate6xMVkVEnhancedCouch"
    results = read_results(shared("data", "mpc-real", "TDS", "H196543", "MPCChecks", name, "Results.csv"))
    assert len(results.rows) == 192
    assert sum(is_leaf(row.name) for row in results.rows) == 160
    assert results.notes == ()
    assert not results.header_only
    assert not results.cut_off
    assert {row.evaluation for row in results.rows} == {"Pass"}
    assert Row("EnhancedCouchGroup/CouchRtnFine [°]", 0.03, 0.3, "Pass") in results.rows


def test_a_plain_file_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "Results.csv"
    path.write_text(f"{HEADER}\r\n{OUTPUT}, -0.17, 2, Pass\r\n", encoding="utf-8", newline="")
    assert read_results(path) == Results((Row(OUTPUT, -0.17, 2.0, "Pass"),), False, False, ())


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("cp1252", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_a_cp1252_degree_sign(encoding: str, bom: bytes, line_end: str) -> None:
    text = f"{HEADER}{line_end}GantryGroup/GantryAbsolute [°], -0.09, 0.3, Pass{line_end}"
    results = read_results(bom + text.encode(encoding))
    assert results == Results((Row("GantryGroup/GantryAbsolute [°]", -0.09, 0.3, "Pass"),), False, False, ())


def test_bytes_that_no_encoding_knows_spoil_nothing_else() -> None:
    data = f"{HEADER}\n{OUTPUT}, 1, 2, Pass\n".encode() + b"Odd\x81 [\xb0], 3, 4, Pass\n"
    rows = read_results(data).rows
    assert rows[0] == Row(OUTPUT, 1.0, 2.0, "Pass")
    assert rows[1].name == "Odd\ufffd [°]"
    assert rows[1].value == 3.0


def test_without_spaces_after_the_commas() -> None:
    assert read(f"{OUTPUT},0.5,2,Pass").rows == (Row(OUTPUT, 0.5, 2.0, "Pass"),)


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\r\n", codecs.BOM_UTF8])
def test_an_empty_file_holds_no_results(data: bytes) -> None:
    assert read_results(data) == Results((), True, False, ())


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n  \n"])
def test_a_header_only_file(end: str) -> None:
    assert read(end=end) == Results((), True, False, ())


@pytest.mark.parametrize("length", [1, 4, 11, 13, 20, len(HEADER) - 1])
def test_a_file_cut_off_within_its_header(length: int) -> None:
    results = read_results(HEADER[:length].encode())
    assert results == Results((), True, True, ("The file breaks off within its header.",))


@pytest.mark.parametrize(
    "last", ["Beam", SHIFT, f"{SHIFT},", f"{SHIFT}, 0.1", f"{SHIFT}, 0.1, 0.5", f"{SHIFT}, 0.1, 0.5, "]
)
def test_a_file_cut_off_in_mid_row(last: str) -> None:
    results = read(f"{OUTPUT}, 1, 2, Pass", last, end="")
    assert results.rows == (Row(OUTPUT, 1.0, 2.0, "Pass"),)
    assert results.cut_off
    assert results.notes == ("Line 3 breaks off in mid-row and is not used.",)


@pytest.mark.parametrize("evaluation", ["P", "Pas", "F", "Threshold exce"])
def test_a_file_cut_off_within_the_evaluation(evaluation: str) -> None:
    results = read(f"{OUTPUT}, 1, 2, Threshold exceeded", f"{SHIFT}, 0.1, 0.5, {evaluation}", end="")
    assert results.cut_off
    assert len(results.rows) == 1


def test_a_file_whose_only_row_is_cut_off() -> None:
    results = read(f"{OUTPUT}, 1", end="")
    assert (results.rows, results.header_only, results.cut_off) == ((), True, True)


@pytest.mark.parametrize("evaluation", ["Pass", "Fail", "Other"])
def test_a_whole_last_row_needs_no_line_end(evaluation: str) -> None:
    results = read(f"{OUTPUT}, 1, 2, {evaluation}", end="")
    assert results == Results((Row(OUTPUT, 1.0, 2.0, evaluation),), False, False, ())


def test_blank_lines_are_passed_over_and_still_counted() -> None:
    results = read_results(f"\n\n{HEADER}\n\n  \n{OUTPUT}, 1, 2, Pass\n\n{SHIFT}, x, 2, Pass\n".encode())
    assert [row.name for row in results.rows] == [OUTPUT, SHIFT]
    assert results.notes == (f"Line 8, {SHIFT}: its value “x” is not a number and is not used.",)


@pytest.mark.parametrize("threshold", ["", "N/A", "n/a", "NA", "-"])
def test_na_threshold(threshold: str) -> None:
    assert read(f"{OUTPUT}, 1, {threshold}, Pass") == Results(
        (Row(OUTPUT, 1.0, None, "Pass"),), False, False, ()
    )


@pytest.mark.parametrize("threshold", ["two", "NaN", "±2"])
def test_a_threshold_that_is_no_number_is_told(threshold: str) -> None:
    note = f"Line 2, {OUTPUT}: the threshold “{threshold}” is not a number."
    assert read(f"{OUTPUT}, 1, {threshold}, Pass").rows == (Row(OUTPUT, 1.0, None, "Pass", note),)


def test_a_blank_value() -> None:
    note = f"Line 2, {OUTPUT}: it has no value."
    assert read(f"{OUTPUT}, , 2, ").rows == (Row(OUTPUT, None, 2.0, "", note),)


@pytest.mark.parametrize("value", ["NaN", "nan", "-inf", "Infinity", "∞", "1e999", "-1e999"])
def test_nan_is_no_value(value: str) -> None:
    note = f"Line 2, {OUTPUT}: its value {value} is not a finite number and is not used."
    assert read(f"{OUTPUT}, {value}, 2, Fail").rows == (Row(OUTPUT, None, 2.0, "Fail", note),)


@pytest.mark.parametrize("value", ["N/A", "abc", "1_000", "0x1", "１", "1 2", "--1", "."])
def test_a_text_is_no_value(value: str) -> None:
    note = f"Line 2, {OUTPUT}: its value “{value}” is not a number and is not used."
    results = read(f"{OUTPUT}, {value}, 2, Fail")
    assert results.rows == (Row(OUTPUT, None, 2.0, "Fail", note),)
    assert results.notes == (note,)


@pytest.mark.parametrize(
    ("value", "number"),
    [("1", 1.0), ("+.5", 0.5), ("-3.", -3.0), ("1e-3", 0.001), ("2.5E+1", 25.0), ("-0", 0.0)],
)
def test_numbers(value: str, number: float) -> None:
    assert read(f"{OUTPUT}, {value}, 2, Pass").rows == (Row(OUTPUT, number, 2.0, "Pass"),)


def test_a_comma_in_the_text() -> None:
    results = read(
        f"{OUTPUT}, 1, 2, Fail, see notes",
        "Group/Leaf 1, bank A [mm], 3, 4, Pass",
        '"Group/Leaf 2, bank A [mm]", 5, 6, "Pass, at last"',
    )
    assert results.rows == (
        Row(OUTPUT, 1.0, 2.0, "Fail, see notes"),
        Row("Group/Leaf 1, bank A [mm]", 3.0, 4.0, "Pass"),
        Row("Group/Leaf 2, bank A [mm]", 5.0, 6.0, "Pass, at last"),
    )
    assert results.notes == ()


@pytest.mark.parametrize("row", ["0,12, 2, Pass", "0,12, 0,5, Pass", "0,12, , Pass", "1, 0,5, Pass"])
def test_a_decimal_comma_never_becomes_a_wrong_value(row: str) -> None:
    line = f"{OUTPUT}, {row}"
    results = read(line)
    assert results.rows[0].value is None
    assert results.rows[0].threshold is None
    fields = line.count(",") + 1
    assert results.notes == (
        f"Line 2, {OUTPUT}: it has {fields} fields instead of 4 (a decimal comma?), so its value is not used.",
    )


def test_a_short_row_in_the_middle() -> None:
    results = read(f"{SHIFT}, 0.1", f"{OUTPUT}, 1, 2, Pass")
    note = f"Line 2, {SHIFT}: it has only 2 of 4 fields, so its value is not used."
    assert results.rows == (Row(SHIFT, None, None, "", note), Row(OUTPUT, 1.0, 2.0, "Pass"))
    assert not results.cut_off


def test_a_stray_quote_spoils_one_row_at_most() -> None:
    results = read(f'"{SHIFT}, 0.1, 0.5, Pass', f"{OUTPUT}, 1, 2, Pass")
    assert results.rows[0].value is None
    assert "it has only 1 of 4 fields" in results.notes[0]
    assert results.rows[1] == Row(OUTPUT, 1.0, 2.0, "Pass")


def test_a_row_without_a_name() -> None:
    results = read(", 0.1, 0.5, Pass", f"{OUTPUT}, 1, 2, Pass")
    assert [row.name for row in results.rows] == [OUTPUT]
    assert results.notes == ("Line 2 has no name and is not used.",)


def test_a_name_that_stands_twice() -> None:
    results = read(f"{SHIFT}, 0.31, 2, Pass", f"{SHIFT}, 0.07, 0.5, Pass")
    assert [row.value for row in results.rows] == [0.31, 0.07]
    assert results.notes == (
        f"Line 3, {SHIFT}: the same name stands in line 2 as well; the last one counts.",
    )


def test_an_endless_field_and_a_nul_are_no_trouble() -> None:
    results = read("x" * 200_000, f"\0{OUTPUT}, 1, 2, Pass")
    assert [row.value for row in results.rows] == [None, 1.0]


@pytest.mark.parametrize(
    ("data", "begin"),
    [
        (b"<?xml version='1.0'?><Check/>\n", "<?xml version='1.0'?><Check/>"),
        (
            b"Name [Unit]; Value; Threshold; Evaluation Result\n",
            "Name [Unit]; Value; Threshold; Evaluation Result",
        ),
        (b"date,value\n1,2\n", "date,value"),
        (b"no line end", "no line end"),
        (b"\x89PNG\r\n\x1a\n", "‰PNG"),
        (b"\0" * 80 + b"\n", "\\x00" * 60),
    ],
)
def test_a_file_that_is_no_such_csv(data: bytes, begin: str) -> None:
    with pytest.raises(ItemError) as caught:
        read_results(data, "NDS-WKS-SN1")
    assert caught.value.message == (
        f"“NDS-WKS-SN1” was skipped: it is no MPC result file, because it begins with “{begin}” "
        f"instead of “{HEADER}”. Look at the file."
    )
    assert caught.value.subject == "NDS-WKS-SN1"
    with pytest.raises(ItemError, match=r"^(?:Item not usable: )?The file was skipped"):
        read_results(data)


@pytest.mark.parametrize(
    "leaf",
    [
        "CollimationGroup/MLCGroup/MLCLeavesA/MLCLeaf11 [mm]",
        "CollimationGroup/MLCGroup/MLCLeavesB/MLCLeaf11 [mm]",
        "CollimationGroup/MLCBacklashGroup/MLCBacklashLeavesA/MLCBacklashLeaf50 [mm]",
        "CollimationGroup/MLCBacklashGroup/MLCBacklashLeavesB/MLCBacklashLeaf1 [mm]",
        "CollimationDevicesGroup/MLCGroup/MLCPosition0/MLCLeavesA/MLCLeaf1 [mm]",
        "CollimationDevicesGroup/MLCGroup/MLCPosition2/MLCLeavesB/MLCLeaf60 [mm]",
        "CollimationDevicesGroup/MLCBacklashGroup/MLCBacklashLeavesB/MLCBacklashLeaf1 [mm]",
    ],
)
def test_leaves(leaf: str) -> None:
    assert is_leaf(leaf)


@pytest.mark.parametrize(
    "name",
    [
        OUTPUT,
        "CollimationGroup/MLCGroup/MLCMaxOffsetA [mm]",
        "CollimationGroup/MLCGroup/MLCLeavesC/MLCLeaf1 [mm]",
        "CollimationDevicesGroup/MLCGroup/MLCPosition3/MLCLeavesA/MLCLeaf1 [mm]",
        "CollimationGroup/MLCBacklashGroup/MLCBacklashMaxA [mm]",
        "X/CollimationGroup/MLCGroup/MLCLeavesA/MLCLeaf11 [mm]",
    ],
)
def test_what_is_no_leaf(name: str) -> None:
    assert not is_leaf(name)


def sound(results: Results) -> None:
    assert results.header_only == (not results.rows)
    for row in results.rows:
        assert row.name
        assert row.value is None or math.isfinite(row.value)
        assert row.threshold is None or math.isfinite(row.threshold)
        assert row.value is not None or row.note
        assert not row.note or row.note in results.notes
    "\n".join(results.notes).encode("utf-8")


BOMS = st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
FIELDS = st.sampled_from(
    ["", " ", "1", "-0.5", "NaN", "N/A", '"', '"a,b"', "Pass", "G/N [mm]", "°", "\0", "1,2"]
)
LINES = st.lists(st.lists(FIELDS, max_size=7).map(",".join), max_size=6)


def read_or_error(data: bytes) -> Results | ItemError:
    try:
        return read_results(data)
    except ItemError as error:
        return error


@given(BOMS, st.binary(max_size=200), st.booleans())
def test_any_bytes_are_results_or_an_item_error(bom: bytes, data: bytes, with_header: bool) -> None:
    begin = f"{HEADER}\n".encode() if with_header and bom in (b"", codecs.BOM_UTF8) else b""
    found = read_or_error(bom + begin + data)
    if isinstance(found, ItemError):
        found.message.encode("utf-8")
        assert not begin
    else:
        sound(found)


@given(LINES, st.sampled_from(["", "\n", "\r\n"]))
def test_any_lines_below_the_header_give_sound_rows(lines: list[str], end: str) -> None:
    results = read(*lines, end=end)
    sound(results)
    assert len(results.rows) <= len(lines)


@given(st.integers(0, 400))
def test_a_file_cut_anywhere_never_gives_a_value_that_the_whole_one_lacks(length: int) -> None:
    whole = "".join(
        [f"{HEADER}\n"] + [f"Group/Test{at} [mm], {at}.125, {at + 1}, Pass\n" for at in range(1, 9)]
    ).encode()
    expected = {row.name: row for row in read_results(whole).rows}
    results = read_results(whole[:length])
    assert all(expected[row.name] == row for row in results.rows)
    at_line_end = whole[: length + 1].endswith(b"\n") or whole[:length].endswith(b"\n")
    assert results.cut_off == (length > 0 and not at_line_end and length < len(whole))
