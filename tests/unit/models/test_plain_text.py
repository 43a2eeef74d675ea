"""No text of others becomes a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from qcpump_qt.models.plain_text import guarded, tsv


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(A1)", "'=HYPERLINK(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-2.5", "-2.5"),
        ("+1e-3", "+1e-3"),
        ("-inf", "'-inf"),
        ("-1_0", "'-1_0"),
        ("-", "'-"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_no_text_becomes_a_formula(text: str, written: str) -> None:
    assert guarded(text) == written


def test_no_copied_cell_becomes_a_formula() -> None:
    """Names of files, comments and answers of servers are copied as they came."""
    rows = [("Reason", '=HYPERLINK("http://x")', "-0.31"), ("@SUM(A1)", "+1\t=2", "a\n=b")]
    copied = list(csv.reader(io.StringIO(tsv(rows)), dialect="excel-tab"))
    assert copied == [["Reason", '\'=HYPERLINK("http://x")', "-0.31"], ["'@SUM(A1)", "'+1\t=2", "a\n=b"]]
