"""Text of others, made fit for places that would take it for something else: tooltips and clipboards."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable

TIP_LINES = 30
TIP_CHARACTERS = 3000


def tooltip(text: str) -> str:
    """The text as a tooltip shows it: never read as markup, wrapped, and cut where it is very long."""
    if not text:
        return ""
    lines = text[:TIP_CHARACTERS].splitlines()
    shown = "\n".join(lines[:TIP_LINES])
    if len(lines) > TIP_LINES or len(text) > TIP_CHARACTERS:
        shown += "\n…"
    return f'<p style="white-space: pre-wrap">{html.escape(shown)}</p>'


def tsv(rows: Iterable[Iterable[str]]) -> str:
    """Rows as tab-separated text that spreadsheets take; cells with line ends or tabs stand in quotes."""
    target = io.StringIO()
    csv.writer(target, dialect="excel-tab", lineterminator="\n").writerows(rows)
    return target.getvalue()
