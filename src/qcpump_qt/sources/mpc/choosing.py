"""Which run of a session counts: for each template the newest complete one, never rows of two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qcpump_qt.sources.mpc.results import Results, Row, is_leaf
from qcpump_qt.sources.mpc.runs import Run, age
from qcpump_qt.sources.mpc.slugs import test_slug

_SLUGS_TOLD = 3
"""How many macro names a note lists before it only counts them."""


@dataclass(frozen=True)
class Pick:
    """One value and the run it comes from."""

    run: Run
    row: Row


@dataclass(frozen=True)
class Chosen:
    """What of a session is uploaded, and what is not and why.

    Args:
        runs: the runs that count with their results, from the oldest to the newest.
        tests: for each macro name the row that counts.
        replaced: runs that do not count although their template has one that does, with the reason.
        unusable: templates without any usable run, with the reason.
        notes: what else should be told, such as two templates that give the same macro name.
    """

    runs: tuple[tuple[Run, Results], ...]
    tests: Mapping[str, Pick] = field(repr=False)
    replaced: tuple[tuple[Run, str], ...]
    unusable: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def choose(readings: Iterable[tuple[Run, Results | str]], with_leaves: bool = False) -> Chosen:
    """Choose the runs of one session that count (reference mpc-results, last chapter).

    Args:
        readings: every run of the session with its results, or with the reason in words (a whole
            sentence) why it has none: no file, an ItemError's message, a new baseline.
        with_leaves: take the rows of single MLC leaves as well.
    """
    templates: dict[str, list[tuple[Run, Results | str]]] = defaultdict(list)
    for run, results in sorted(readings, key=lambda reading: age(reading[0])):
        templates[run.name.template].append((run, results))
    runs: list[tuple[Run, Results]] = []
    replaced: list[tuple[Run, str]] = []
    unusable: list[tuple[str, str]] = []
    for template, readings_of_one in templates.items():
        winner, others = _newest_complete(readings_of_one)
        if winner is None:
            unusable.append((template, " ".join(f"{run.name.folder}: {why}" for run, why in others)))
        else:
            runs.append(winner)
            replaced += others
    runs.sort(key=lambda reading: age(reading[0]))
    tests, clashes = _tests(runs, with_leaves)
    notes = [f"{run.name.folder}: {note}" for run, results in runs for note in results.notes]
    return Chosen(tuple(runs), tests, tuple(replaced), tuple(unusable), (*notes, *clashes))


def _newest_complete(
    readings: list[tuple[Run, Results | str]],
) -> tuple[tuple[Run, Results] | None, list[tuple[Run, str]]]:
    """The newest complete one of a template's runs, and why each of the others does not count."""
    most = max((0 if isinstance(found, str) else len(found.rows) for _, found in readings), default=0)
    winner: tuple[Run, Results] | None = None
    others: list[tuple[Run, str]] = []
    for run, results in reversed(readings):
        if isinstance(results, str):
            others.append((run, results))
        elif why := _why_incomplete(results, most):
            others.append((run, why))
        elif winner is None:
            winner = (run, results)
        else:
            others.append((run, _why_replaced(results, winner)))
    return winner, others[::-1]


def _why_incomplete(results: Results, most: int) -> str:
    if results.cut_off:
        return "Its result file breaks off in mid-row, so the run is not used."
    if results.header_only or not results.rows:
        return "Its result file holds no results (an aborted run), so the run is not used."
    if len(results.rows) < most:
        return (
            f"It holds {len(results.rows)} results where another run of the same check holds {most}, "
            "so it is incomplete."
        )
    return ""


def _why_replaced(results: Results, winner: tuple[Run, Results]) -> str:
    run, newer = winner
    if results.rows == newer.rows:
        return f"It was published again, with the same values, as {run.name.folder}."
    return f"It was repeated; the newer run {run.name.folder} counts."


def _tests(runs: list[tuple[Run, Results]], with_leaves: bool) -> tuple[dict[str, Pick], list[str]]:
    """The rows by macro name; where two runs give the same one, the newer run's row counts."""
    tests: dict[str, Pick] = {}
    clashes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for run, results in runs:
        for row in results.rows:
            if is_leaf(row.name) and not with_leaves:
                continue
            slug = test_slug(row.name, run.name)
            before = tests.get(slug)
            if before is not None and before.run is not run:
                clashes[before.run.name.folder, run.name.folder].append(slug)
            tests[slug] = Pick(run, row)
    return tests, [_clash_words(older, newer, slugs) for (older, newer), slugs in clashes.items()]


def _clash_words(older: str, newer: str, slugs: list[str]) -> str:
    more = f" and {len(slugs) - _SLUGS_TOLD} more" if len(slugs) > _SLUGS_TOLD else ""
    return (
        f"{older} and {newer} both give {', '.join(slugs[:_SLUGS_TOLD])}{more}; "
        "the values of the second, newer one are used."
    )
