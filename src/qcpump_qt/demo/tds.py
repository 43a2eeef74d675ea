"""Generates a TDS folder as two linacs leave it in a few days, with everything that goes wrong in clinics.

The same `today` and `seed` give the same tree. What a pump has to make of each folder is told as plain
data (`TdsStory`), for tests and for the demonstration's text. The last results are of the day before
`today`, so that their waiting time is over at any hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from qcpump_qt.demo.clinic import BEAMS, SERIALS, STRANGER
from qcpump_qt.demo.mpc_folder import Run, age
from qcpump_qt.demo.mpc_names import (
    Template,
    beam_check,
    couch_check,
    devices_check,
    geometry_check,
    mlc_check,
)
from qcpump_qt.demo.story import Fate, StoryFolder, StorySession, TdsStory

__all__ = ["DAYS", "SEED", "Fate", "StoryFolder", "StorySession", "TdsStory", "write_tds"]

SEED = 20
DAYS = 3
"""Days of results, the last being the day before `today`."""


def write_tds(root: Path, today: date, seed: int = SEED) -> TdsStory:
    """Generate a TDS folder.

    Args:
        root: the TDS folder; made where it is not there.
        today: the day after the last results.
        seed: of the made-up values.

    Raises:
        FileExistsError: `root` has such results already.
    """
    teller = _Teller(root, today, seed)
    teller.first_day()
    teller.day_of_repeats()
    teller.day_of_special_checks()
    return TdsStory(root, today, tuple(teller.folders), tuple(teller.sessions))


@dataclass
class _Teller:
    """Writes the folders and keeps the story."""

    root: Path
    today: date
    seed: int
    folders: list[StoryFolder] = field(default_factory=list)
    sessions: list[StorySession] = field(default_factory=list)

    def first_day(self) -> None:
        """Two ordinary mornings; the second machine writes cp1252 and still names folders as before 2019."""
        at = self._at(3, 7, 2)
        self._session(self._morning(SERIALS[0], at))
        at = self._at(3, 7, 15)
        old = [beam_check(beam, old_name=True) for beam in BEAMS[SERIALS[1]]]
        runs = self._runs(SERIALS[1], at, [*old, geometry_check(old_name=True)])
        self._session([(replace(run, encoding="cp1252"), Fate.USED) for run, _ in runs])

    def day_of_repeats(self) -> None:
        """Aborted, empty, broken-off and repeated runs, a baseline, and folders that are no checks."""
        at = self._at(2, 7, 5)
        runs = [self._spoilt(run) for run, _ in self._morning(SERIALS[0], at)]
        runs += [
            (self._run(SERIALS[0], at + timedelta(minutes=6), 0, beam_check("10x")), Fate.USED),
            (self._run(SERIALS[0], at + timedelta(minutes=9), 1, geometry_check()), Fate.USED),
        ]
        self._session(runs)
        at = self._at(2, 7, 20)
        output = "BeamGroup/BeamOutputChange [%]"
        runs = self._morning(SERIALS[1], at)
        first = next(run for run, _ in runs if run.template.beam == "15x")
        runs[[run for run, _ in runs].index(first)] = (replace(first, texts={output: "3.1"}), Fate.REPLACED)
        again = self._run(SERIALS[1], at + timedelta(minutes=11), 0, first.template)
        self._session([*runs, (replace(again, texts={output: "0.1"}), Fate.USED)])
        baseline = self._run(SERIALS[1], self._at(2, 12, 30), 0, beam_check("6e"))
        self._write(replace(baseline, is_baseline=True), Fate.BASELINE)
        self._no_check(SERIALS[1], "New folder")
        month = self._at(2, 0, 0)
        self._no_check(
            SERIALS[1], f"NDS-WKS-SN{SERIALS[1]}-{month:%Y-%m}-32-07-00-00-0000-BeamCheckTemplate6xFFF"
        )

    def day_of_special_checks(self) -> None:
        """Values that are no numbers, the checks with test lists of their own, and a machine without a unit."""
        at = self._at(1, 7, 0)
        odd = {"GantryGroup/GantryRelative [°]": "", "CollimationGroup/JawsGroup/JawX2 [mm]": "NaN"}
        runs = self._morning(SERIALS[0], at)
        self._session([(replace(run, texts=odd), fate) for run, fate in runs])
        for minutes, template in ((26, couch_check()), (32, mlc_check()), (38, devices_check())):
            self._session(self._runs(SERIALS[0], at + timedelta(minutes=minutes), [template]))
        runs = self._morning(SERIALS[1], self._at(1, 7, 30))
        self._session([(replace(run, encoding="utf-8-sig"), fate) for run, fate in runs])
        runs = self._runs(STRANGER, self._at(1, 6, 50), [geometry_check("6xFFF")])
        self._session([(replace(run, prefix="HAL-TRT"), fate) for run, fate in runs])

    def _spoilt(self, run: Run) -> tuple[Run, Fate]:
        if run.template.beam == "10x":
            return replace(run, has_results=False), Fate.NO_RESULTS
        if run.template.beam == "9e":
            return replace(run, rows=0), Fate.EMPTY
        if run.template.name.startswith("Geometry"):
            return replace(run, rows=4), Fate.INCOMPLETE
        return run, Fate.USED

    def _at(self, days_ago: int, hour: int, minute: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour, minute, 49))

    def _morning(self, serial: str, at: datetime) -> list[tuple[Run, Fate]]:
        return self._runs(serial, at, [*(beam_check(beam) for beam in BEAMS[serial]), geometry_check()])

    def _runs(self, serial: str, at: datetime, templates: list[Template]) -> list[tuple[Run, Fate]]:
        # The runs of one scheduled session all carry the time of its start, as real folders show.
        return [
            (self._run(serial, at, number, template), Fate.USED)
            for number, template in enumerate(templates, start=1)
        ]

    def _run(self, serial: str, at: datetime, number: int, template: Template) -> Run:
        return Run(serial, at, number, template, seed=self.seed)

    def _session(self, runs: list[tuple[Run, Fate]]) -> None:
        paths = [self._write(run, fate) for run, fate in runs]
        used = [run for run, fate in runs if fate is Fate.USED]
        serial = used[0].serial
        self.sessions.append(
            StorySession(
                serial=serial,
                unit=SERIALS.index(serial) + 1 if serial in SERIALS else None,
                check_type=used[0].template.check_type,
                started=min(run.time for run in used),
                newest=max(run.time for run in used),
                folders=tuple(path for path, (_, fate) in zip(paths, runs, strict=True) if fate is Fate.USED),
                tests={slug: value for run in used for slug, value in _tests(run).items()},
            )
        )

    def _write(self, run: Run, fate: Fate) -> str:
        checks = self._checks(run.serial)
        run.write(checks)
        path = (checks / run.folder).relative_to(self.root).as_posix()
        self.folders.append(StoryFolder(path, run.serial, fate, run.template.name, run.time))
        return path

    def _no_check(self, serial: str, name: str) -> None:
        folder = self._checks(serial) / name
        folder.mkdir(parents=True)
        (folder / "Results.csv").write_bytes(b"Name [Unit], Value, Threshold, Evaluation Result\n")
        age(folder, self._at(2, 12, 0))
        path = folder.relative_to(self.root).as_posix()
        self.folders.append(StoryFolder(path, serial, Fate.NO_CHECK))

    def _checks(self, serial: str) -> Path:
        machine = f"HAL{serial}" if serial == STRANGER else f"H19{serial}"
        return self.root / machine / "MPCChecks"


def _tests(run: Run) -> dict[str, float | None]:
    values = run.values()
    return {
        slug: None if values[name] in ("", "NaN") else float(values[name])
        for name, slug in run.template.values.items()
    }
