"""Text of others, made fit for places that would take it for something else: tooltips and clipboards."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable

TIP_LINES = 30
TIP_CHARACTERS = 3000

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def tooltip(text: str) -> str:
    """The text as a tooltip shows it: never read as markup, wrapped, and cut where it is very long."""
    if not text:
        return ""
    lines = text[:TIP_CHARACTERS].splitlines()
    shown = "\n".join(lines[:TIP_LINES])
    if len(lines) > TIP_LINES or len(text) > TIP_CHARACTERS:
        shown += "\n…"
    return f'<p style="white-space: pre-wrap">{html.escape(shown)}</p>'


def guarded(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; numbers stay as they are."""
    if not text.startswith(_FORMULA_STARTS) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def tsv(rows: Iterable[Iterable[str]]) -> str:
    """Rows as tab-separated text that spreadsheets take: no cell is a formula, line ends and tabs stand in quotes."""
    target = io.StringIO()
    writer = csv.writer(target, dialect="excel-tab", lineterminator="\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return target.getvalue()
