"""Writes one generated MPC check folder: `Results.csv` and `Check.xml` in the machine's own shape."""

from __future__ import annotations

import os
import random
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from qcpump_qt.demo.mpc_names import RowName, Template

_SIGNED = re.compile(r"OutputChange|Leaf\d|Jaw[XY]|RotationOffset|Gantry|Couch(Lat|Lng|Vrt|Rtn|Pit|Rol)")
HEADER = "Name [Unit], Value, Threshold, Evaluation Result"
_XML = (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>'
    '<Check xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://www.varian.com/MPC">'
    "<BaselineDateTime>{baseline_time}</BaselineDateTime><BaselineUUID>{baseline_id}</BaselineUUID>"
    "<Beams><Beam><Energy>{beam}</Energy><Status><BeamState>{state}</BeamState><EnergyId>{beam}</EnergyId>"
    "<IntermediateDose>false</IntermediateDose></Status></Beam></Beams><Date>{time}</Date>"
    "<Evaluation>{evaluation}</Evaluation><FileFormatVersion>6</FileFormatVersion>"
    "<IsBaseline>{is_baseline}</IsBaseline><IsScheduled>true</IsScheduled>"
    "<MachineSerialNumber>{serial}</MachineSerialNumber>"
    '<Notes i:nil="true" /><Privilege>PowerOn</Privilege>'
    "<Template><ID>{template}</ID><PrimaryEnergyId>{beam}</PrimaryEnergyId><KV>true</KV></Template>"
    "<UUID>{id}</UUID></Check>"
)


@dataclass(frozen=True)
class Run:
    """One run of one check.

    Args:
        serial: the machine's serial number.
        time: when it was run, the machine's local time.
        number: the running number in the folder's name.
        template: what was checked.
        prefix: what the folder's name begins with.
        rows: how many rows the results have; None for all of them.
        has_results: False when it was aborted before results were written.
        is_baseline: True when it set a new baseline.
        texts: row name to a value text that takes the place of the generated one.
        encoding: of the results.
        seed: of the generated values.
    """

    serial: str
    time: datetime
    number: int
    template: Template
    prefix: str = "NDS-WKS"
    rows: int | None = None
    has_results: bool = True
    is_baseline: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    seed: int = 0

    @property
    def folder(self) -> str:
        """The folder's name."""
        stamp = f"{self.time:%Y-%m-%d-%H-%M-%S}"
        return f"{self.prefix}-SN{self.serial}-{stamp}-{self.number:04d}-{self.template.name}"

    def values(self) -> dict[str, str]:
        """Row name to value text, as it stands in the results."""
        # The values are made up; chance here is for repeatability, nothing secret.
        chance = random.Random(f"{self.seed}/{self.folder}")  # noqa: S311
        made_up = {row.name: _made_up(row, chance) for row in self.template.rows}
        shown = list(made_up)[: self.rows]
        return {name: self.texts.get(name, made_up[name]) for name in shown}

    def write(self, checks: Path) -> None:
        """Write the folder below `checks`, with the times of files as if written when it was run."""
        folder = checks / self.folder
        folder.mkdir(parents=True)
        xml = self._check_xml()
        (folder / "Check.xml").write_bytes(xml.encode("utf-8"))
        if self.has_results:
            lines = [HEADER, *self._lines()]
            (folder / "Results.csv").write_bytes("".join(line + "\n" for line in lines).encode(self.encoding))
        age(folder, self.time + timedelta(minutes=1))

    def _lines(self) -> Iterable[str]:
        thresholds = {row.name: row for row in self.template.rows}
        for name, text in self.values().items():
            yield f"{name}, {text}, {thresholds[name].threshold:g}, {_judged(text, thresholds[name])}"

    def _check_xml(self) -> str:
        whole = self.has_results and self.rows is None
        baseline = self.time - timedelta(days=200)
        passed = all(
            _judged(text, row) == "Pass"
            for text, row in zip(self.values().values(), self.template.rows, strict=False)
        )
        return _XML.format(
            baseline_time=f"{baseline:%Y-%m-%dT%H:%M:%S}.0000000{_offset(baseline)}",
            baseline_id=uuid.uuid5(uuid.NAMESPACE_URL, f"baseline/{self.serial}/{self.template.name}"),
            beam=escape(self.template.beam),
            state="Completed" if whole else "Aborted",
            time=f"{self.time:%Y-%m-%dT%H:%M:%S}.0219614{_offset(self.time)}",
            evaluation="Pass" if whole and passed else "Fail",
            is_baseline=str(self.is_baseline).lower(),
            serial=escape(self.serial),
            template=escape(self.template.name),
            id=uuid.uuid5(uuid.NAMESPACE_URL, f"{self.seed}/{self.folder}"),
        )


def age(folder: Path, moment: datetime) -> None:
    """Make a folder and what is in it look as if written at `moment` (local time)."""
    stamp = moment.timestamp()
    for path in (*folder.iterdir(), folder):
        os.utime(path, (stamp, stamp))


def _made_up(row: RowName, chance: random.Random) -> str:
    value = chance.gauss(0, row.threshold / 5)
    # Sizes, maxima and distances have no sign; the sum turns a negative zero into a plain one.
    return f"{round(value if _SIGNED.search(row.name) else abs(value), 2) + 0.0:g}"


def _judged(text: str, row: RowName) -> str:
    if text in ("", "NaN"):
        return "Not Evaluated"
    return "Pass" if abs(float(text)) <= row.threshold else "Fail"


def _offset(moment: datetime) -> str:
    return moment.astimezone().isoformat()[-6:]
