"""`Results.csv` as rows of numbers: reads whatever a clinic's folder holds, and says what it left out."""

from __future__ import annotations

import codecs
import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.sources.mpc.files import read_file
from qcpump_qt.sources.mpc.names import shown

HEADER = "Name [Unit], Value, Threshold, Evaluation Result"
FIELDS = 4

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
_NO_THRESHOLD = ("", "n/a", "na", "-")
_EVALUATIONS = frozenset({"Pass", "Fail", "Warning"})
_LEAF = re.compile(
    r"CollimationGroup/MLCGroup/MLCLeaves[AB]/MLCLeaf"
    r"|CollimationGroup/MLCBacklashGroup/MLCBacklashLeaves[AB]/MLCBacklashLeaf"
    r"|CollimationDevicesGroup/MLCGroup/MLCPosition[0-2]/MLCLeaves[AB]/MLCLeaf"
    r"|CollimationDevicesGroup/MLCBacklashGroup/MLCBacklashLeaves[AB]/MLCBacklashLeaf"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One result.

    Args:
        name: as in the file, such as ``BeamGroup/BeamOutputChange [%]``.
        value: the measured value in the unit of the name; None when the file has no usable number.
        threshold: in the same unit, None when there is none.
        evaluation: the file's own words, such as ``Pass``.
        note: what is strange about the row, with its line number; empty when nothing is.
    """

    name: str
    value: float | None
    threshold: float | None
    evaluation: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """The content of one `Results.csv`.

    Args:
        rows: the results in the order of the file.
        header_only: True when there are no rows: an aborted run, or an empty file.
        cut_off: True when the last line breaks off in mid-row; that row is not among the rows.
        notes: everything that is strange, in words with line numbers; the rows' notes among them.
    """

    rows: tuple[Row, ...]
    header_only: bool
    cut_off: bool
    notes: tuple[str, ...]


def is_leaf(name: str) -> bool:
    """True for a row of a single MLC leaf, which is not uploaded unless asked for.

    Args:
        name: the row's name (manual, *Configure Test Lists*; reference mpc-results, list of prefixes).
    """
    return _LEAF.match(name) is not None


def read_results(source: Path | bytes, subject: str = "") -> Results:
    """Read one `Results.csv`.

    Args:
        source: the file, or its bytes.
        subject: how to call it in messages, such as the check folder's name; the path where left out.

    Raises:
        ItemError: it is no MPC result file at all, or (for a path) has vanished.
        SourceUnavailable: for a path: it cannot be read now.
    """
    if isinstance(source, Path):
        subject = subject or shown(str(source))
        source = read_file(source)
    text = _decode(source).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    unfinished = lines.pop()
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return _without_rows(unfinished, subject)
    _check_header(lines[first], subject)
    return _Reader(first + 1).read(lines, unfinished)


def _without_rows(unfinished: str, subject: str) -> Results:
    """A file of one line that has no end, or of none."""
    text = unfinished.strip()
    if text and not HEADER.startswith(text):
        _check_header(text, subject)
    cut_off = bool(text) and _cells(text) != _cells(HEADER)
    return Results((), True, cut_off, ("The file breaks off within its header.",) if cut_off else ())


def _check_header(line: str, subject: str) -> None:
    cells = [cell.casefold() for cell in _cells(line)]
    if len(cells) < 2 or not cells[0].startswith("name") or cells[1] != "value":
        begin = shown(line.strip()[:60])
        raise ItemError(
            f"{'“' + subject + '”' if subject else 'The file'} was skipped: it is no MPC result file, "
            f"because it begins with “{begin}” instead of “{HEADER}”. Look at the file.",
            subject=subject,
        )


class _Reader:
    """Reads the lines below the header one by one, so that a stray quote spoils one row at most."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._rows: list[Row] = []
        self._notes: list[str] = []
        self._seen: dict[str, int] = {}

    def read(self, lines: list[str], unfinished: str) -> Results:
        for number, line in enumerate(lines[self._first :], self._first + 1):
            if line.strip():
                self._take(_cells(line), number)
        cut_off = bool(unfinished.strip()) and self._breaks_off(_cells(unfinished))
        if cut_off:
            self._notes.append(f"Line {len(lines) + 1} breaks off in mid-row and is not used.")
        elif unfinished.strip():
            self._take(_cells(unfinished), len(lines) + 1)
        return Results(tuple(self._rows), not self._rows, cut_off, tuple(self._notes))

    def _breaks_off(self, cells: list[str]) -> bool:
        """True when a last line without an end lacks fields, or its evaluation is the begin of a word."""
        if len(cells) < FIELDS or not cells[-1]:
            return True
        words = _EVALUATIONS | {row.evaluation for row in self._rows}
        return any(word != cells[-1] and word.startswith(cells[-1]) for word in words)

    def _take(self, cells: list[str], number: int) -> None:
        cells = _whole_name(cells)
        name = shown(cells[0])
        if not name:
            self._notes.append(f"Line {number} has no name and is not used.")
            return
        value, threshold, why = _numbers(cells)
        if not why and name in self._seen:
            why = f"the same name stands in line {self._seen[name]} as well; the last one counts"
        self._seen.setdefault(name, number)
        note = f"Line {number}, {name}: {why}." if why else ""
        if note:
            self._notes.append(note)
        evaluation = shown(", ".join(cells[FIELDS - 1 :]))
        self._rows.append(Row(name, value, threshold, evaluation, note))


def _whole_name(cells: list[str]) -> list[str]:
    """Put a name with commas in it together again; names end with a unit in brackets."""
    spare = len(cells) - FIELDS
    if spare <= 0 or cells[0].endswith("]"):
        return cells
    end = next((at for at in range(1, spare + 1) if cells[at].endswith("]")), 0)
    return [", ".join(cells[: end + 1]), *cells[end + 1 :]]


def _numbers(cells: list[str]) -> tuple[float | None, float | None, str]:
    """Value and threshold of a row, and what is strange about them in words."""
    if len(cells) < FIELDS:
        return None, None, f"it has only {len(cells)} of {FIELDS} fields, so its value is not used"
    if len(cells) > FIELDS and not _is_word(cells[FIELDS - 1]):
        why = f"it has {len(cells)} fields instead of {FIELDS} (a decimal comma?), so its value is not used"
        return None, None, why
    value, threshold = _number(cells[1]), _number(cells[2])
    if value is None:
        return None, threshold, _why_no_value(cells[1])
    if threshold is None and cells[2].casefold() not in _NO_THRESHOLD:
        return value, None, f"the threshold “{shown(cells[2][:40])}” is not a number"
    return value, threshold, ""


def _is_word(text: str) -> bool:
    """True for an evaluation that may have commas in it.

    A number or nothing in its place may come from a decimal comma, where taking the digits before the
    comma for the value would be wrong.
    """
    return bool(text) and not _NUMBER.fullmatch(text)


def _why_no_value(text: str) -> str:
    if not text:
        return "it has no value"
    if _NOT_FINITE.fullmatch(text) or _NUMBER.fullmatch(text):
        return f"its value {shown(text[:40])} is not a finite number and is not used"
    return f"its value “{shown(text[:40])}” is not a number and is not used"


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _cells(line: str) -> list[str]:
    # NUL and endless fields are the two things that the csv module refuses.
    reader = csv.reader([line.replace("\0", "\ufffd")], skipinitialspace=True)
    try:
        return [cell.strip() for row in reader for cell in row]
    except csv.Error:
        return [line[:200]]


def _decode(data: bytes) -> str:
    """Text of a file whose encoding nobody wrote down: by its BOM, else UTF-8, else cp1252."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.removeprefix(codecs.BOM_UTF8).decode("cp1252", "replace")
