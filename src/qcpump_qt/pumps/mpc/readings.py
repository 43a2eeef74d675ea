"""What each check folder holds: results to send, a reason why there are none, or not yet."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ItemError, SourceUnavailable
from qcpump_qt.pumps.mpc.findings import Findings, folder_of
from qcpump_qt.sources.mpc.check_xml import CheckInfo, read_check
from qcpump_qt.sources.mpc.files import CHECK, RESULTS, Sight, look, read_file, read_optional
from qcpump_qt.sources.mpc.results import Results, read_results
from qcpump_qt.sources.mpc.sessions import Run, growing

JUST_WRITTEN = 1.0
"""Seconds: a file written later than this before the look is looked at a second time."""

BETWEEN_LOOKS = 0.5
"""Seconds from the first look to the second; what grows in steps is seen when the steps are shorter."""


class Kind(Enum):
    """What a check folder is good for."""

    RESULTS = "results"
    ABORTED = "aborted"
    BASELINE = "baseline"
    UNUSABLE = "unusable"
    REPUBLISHED = "republished"
    UNCHANGED = "unchanged"
    GROWING = "growing"
    BLOCKED = "blocked"

    @property
    def in_a_session(self) -> bool:
        """True when the folder belongs to a session, now or as soon as it can be read."""
        return self in (Kind.RESULTS, Kind.GROWING, Kind.BLOCKED)


@dataclass(frozen=True)
class Reading:
    """One look into one check folder.

    Args:
        run: the folder.
        kind: what it is good for.
        sight: how its `Results.csv` looked.
        results: what is in it; None when it has none.
        reason: why it is not sent (now), in words.
        check: what its `Check.xml` says, where it has a usable one.
        content: hash of `Results.csv`.
    """

    run: Run
    kind: Kind
    sight: Sight
    results: Results | None = None
    reason: str = ""
    check: CheckInfo | None = None
    content: str = ""


def read_all(tds: Path, runs: Iterable[Run], findings: Findings, cancel: CancelToken) -> dict[str, Reading]:
    """Look into these folders, each once; files that were written just now get a second look.

    Returns:
        the readings by the runs' ids.

    Raises:
        Cancelled: an end was asked for.
    """
    folders = {run.id: folder_of(tds, findings.places[run.id]) for run in runs}
    sights: dict[str, Sight] = {}
    for run_id, folder in folders.items():
        cancel.check()
        sights[run_id] = look(folder)
    growing_ids = _still_growing(folders, sights, cancel)
    readings: dict[str, Reading] = {}
    for run_id, folder in folders.items():
        cancel.check()
        run = findings.runs[run_id]
        if run_id in growing_ids:
            readings[run_id] = Reading(
                run, Kind.GROWING, sights[run_id], reason=f"{RESULTS} is still being written."
            )
        else:
            readings[run_id] = _read(run, folder, sights[run_id])
    return readings


def _still_growing(folders: dict[str, Path], sights: dict[str, Sight], cancel: CancelToken) -> set[str]:
    """Ids of folders whose file changed between two looks; sights are brought up to date."""
    moment = time.time()
    fresh = [
        run_id for run_id, sight in sights.items() if sight.exists and _age(sight, moment) < JUST_WRITTEN
    ]
    if not fresh:
        return set()
    cancel.wait(BETWEEN_LOOKS)
    cancel.check()
    changed: set[str] = set()
    for run_id in fresh:
        again = look(folders[run_id])
        if growing(sights[run_id], again):
            changed.add(run_id)
        sights[run_id] = again
    return changed


def _age(sight: Sight, moment: float) -> float:
    """Seconds since the file was written; a share whose clock is ahead counts as written now."""
    return moment - sight.mtime_ns / 1e9


def _read(run: Run, folder: Path, sight: Sight) -> Reading:
    if sight.unreachable:
        return Reading(run, Kind.BLOCKED, sight, reason=sight.problem)
    if not sight.exists:
        return Reading(run, Kind.ABORTED, sight, reason=sight.problem)
    try:
        data = read_file(folder / RESULTS)
        xml = read_optional(folder / CHECK)
        results = read_results(data, run.name.folder)
    except SourceUnavailable as error:
        return Reading(run, Kind.BLOCKED, sight, reason=error.message)
    except ItemError as error:
        return Reading(run, Kind.UNUSABLE, sight, reason=error.message)
    if len(data) != sight.size:
        return Reading(run, Kind.GROWING, sight, reason=f"{RESULTS} is still being written.")
    check = None if xml is None else read_check(xml)
    content = hashlib.blake2b(data, digest_size=16).hexdigest()
    kind, reason = _kind(run, results, check)
    return Reading(run, kind, sight, results, reason, check, content)


def _kind(run: Run, results: Results, check: CheckInfo | None) -> tuple[Kind, str]:
    if run.name.forced_baseline or (check is not None and check.is_baseline):
        return Kind.BASELINE, "This run set a new baseline and is no check, so it is not uploaded as one."
    if results.header_only:
        return Kind.ABORTED, f"{RESULTS} has no results (the run was aborted)."
    return Kind.RESULTS, ""
