"""One session as QATrack+ takes it: the numbers, the times, the comments.

What is posted is laid down in the compatibility reference, sections 5 and 6; a clinic's tests are
already named after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.engine.records import UnitBy, UnitRef, Upload
from qcpump_qt.pumps.mpc.readings import Reading
from qcpump_qt.sources.mpc.files import RESULTS
from qcpump_qt.sources.mpc.results import Row
from qcpump_qt.sources.mpc.sessions import Chosen, Session, choose

SHORTEST = timedelta(minutes=1)
"""A session's work takes at least this long in QATrack+."""


@dataclass(frozen=True)
class Wishes:
    """What the pump's configuration says about the upload.

    Args:
        test_list: the name of the test list for a type of check.
        comments: whether comments are sent.
        leaves: whether single MLC leaves are sent.
    """

    test_list: Callable[[str], str]
    comments: bool
    leaves: bool


def make_upload(
    session: Session, readings: Iterable[Reading], folder_of: Callable[[str], Path], wishes: Wishes
) -> Upload:
    """What is to be sent for one session.

    Args:
        session: which runs belong together.
        readings: one for each of its runs, read anew.
        folder_of: the folder of a run, by its id.
        wishes: from the configuration.

    Raises:
        ItemError: none of its runs can be used.
    """
    chosen = choose(
        [
            (reading.run, reading.results if reading.results is not None else reading.reason)
            for reading in readings
        ],
        wishes.leaves,
    )
    if all(pick.row.value is None for pick in chosen.tests.values()):
        why = " ".join(f"{template}: {reason}" for template, reason in chosen.unusable)
        raise ItemError(f"None of its runs has results that can be sent. {why}".strip(), subject=session.key)
    payload: dict[str, Any] = {
        **_times(session),
        "user_key": session.key,
        "day": 0,
        "tests": {slug: _test(pick.row, wishes.comments) for slug, pick in chosen.tests.items()},
    }
    if wishes.comments:
        payload["comment"] = _fileset(chosen, folder_of)
    return Upload(
        payload=payload,
        unit=UnitRef(UnitBy.SERIAL, session.serial),
        test_list=wishes.test_list(session.check_type.value),
        notes=_notes(session, chosen),
    )


def _times(session: Session) -> dict[str, str]:
    first, last = session.runs[0].name.time, session.runs[-1].name.time
    return {"work_started": _text(first), "work_completed": _text(max(last, first + SHORTEST))}


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _test(row: Row, comments: bool) -> dict[str, Any]:
    test: dict[str, Any] = {"value": row.value}
    if comments:
        threshold = "N/A" if row.threshold is None else f"{row.threshold:.3f}"
        test["comment"] = f"Threshold: {threshold},Result: {row.evaluation}"
    return test


def _fileset(chosen: Chosen, folder_of: Callable[[str], Path]) -> str:
    return "\n\t".join(["Fileset:", *(str(folder_of(run.id) / RESULTS) for run, _results in chosen.runs)])


def _notes(session: Session, chosen: Chosen) -> tuple[str, ...]:
    notes = [f"{run.name.folder} is not used. {reason}" for run, reason in chosen.replaced]
    notes += [f"nothing is sent for {template}. {reason}" for template, reason in chosen.unusable]
    if session.late_of:
        folders = ", ".join(run.name.folder for run in session.runs)
        notes.append(
            f"{folders} turned up after the session {session.late_of} had been delivered; sent as a record of its own."
        )
    return (*notes, *chosen.notes)
