"""The rows of generated MPC results: names, units and thresholds of each kind of check.

Names and thresholds are those that real machines write (mpc-results); the values beside them are made up
elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BEAM_AND_GEOMETRY = "Beam and Geometry Checks"
ENHANCED_COUCH = "Enhanced Couch Checks"
ENHANCED_MLC = "Enhanced MLC Checks"
COLLIMATION_DEVICES = "Collimation Devices Checks"
CHECK_TYPES = (BEAM_AND_GEOMETRY, ENHANCED_COUCH, ENHANCED_MLC, COLLIMATION_DEVICES)


@dataclass(frozen=True)
class RowName:
    """One row: its name with the unit in brackets, and its threshold."""

    name: str
    threshold: float

    @property
    def is_leaf(self) -> bool:
        """True for a single MLC leaf, which is never uploaded (mpc-results, "Rows never uploaded")."""
        return re.search(r"Leaves[AB]/MLC(Backlash)?Leaf\d", self.name) is not None


_LEAVES = range(11, 51)


def _rows(unit: str, threshold: float, *names: str) -> tuple[RowName, ...]:
    return tuple(RowName(f"{name} [{unit}]", threshold) for name in names)


def _two_banks(stem: str, leaf: str, threshold: float) -> tuple[RowName, ...]:
    return _rows("mm", threshold, *(f"{stem}{bank}/{leaf}{n}" for bank in "AB" for n in _LEAVES))


def _mlc(group: str, positions: str = "") -> tuple[RowName, ...]:
    return (
        *_rows(
            "mm", 1, *(f"{group}/MLCGroup/MLC{kind}Offset{bank}" for kind in ("Max", "Mean") for bank in "AB")
        ),
        *_two_banks(f"{group}/MLCGroup/{positions}MLCLeaves", "MLCLeaf", 1),
        *_rows(
            "mm", 0.5, *(f"{group}/MLCBacklashGroup/MLCBacklash{k}{b}" for k in ("Max", "Mean") for b in "AB")
        ),
        *_two_banks(f"{group}/MLCBacklashGroup/MLCBacklashLeaves", "MLCBacklashLeaf", 0.5),
    )


_ELECTRON = (*_rows("%", 2, "BeamGroup/BeamOutputChange", "BeamGroup/BeamUniformityChange"),)
_PHOTON = (*_ELECTRON, *_rows("mm", 0.5, "BeamGroup/BeamCenterShift"))
_JAWS = (
    *_rows("mm", 1, "CollimationGroup/JawsGroup/JawX1", "CollimationGroup/JawsGroup/JawX2"),
    *_rows("mm", 2, "CollimationGroup/JawsGroup/JawY1", "CollimationGroup/JawsGroup/JawY2"),
    *_rows(
        "°",
        0.4,
        *(f"CollimationGroup/JawsParallelismGroup/JawParallelism{jaw}" for jaw in ("X1", "X2", "Y1", "Y2")),
    ),
    *_rows("°", 0.5, "CollimationGroup/CollimationRotationOffset"),
    *_rows("°", 0.3, "GantryGroup/GantryAbsolute", "GantryGroup/GantryRelative"),
)
_WITHOUT_COUCH = (
    *_rows("mm", 0.5, *(f"IsoCenterGroup/IsoCenter{part}" for part in ("Size", "MVOffset", "KVOffset"))),
    *_PHOTON,
    *_mlc("CollimationGroup"),
    *_JAWS,
)
_COUCH = (
    *_rows("mm", 0.7, *(f"CouchGroup/Couch{part}" for part in ("MaxPositionError", "Lat", "Lng", "Vrt"))),
    *_rows("°", 0.4, *(f"CouchGroup/Couch{part}" for part in ("Rtn", "Pit", "Rol"))),
)
_FINE_COUCH = (
    *_rows(
        "mm", 0.7, *(f"EnhancedCouchGroup/Couch{part}" for part in ("MaxPositionError", "Lat", "Lng", "Vrt"))
    ),
    *_rows("°", 0.3, "EnhancedCouchGroup/CouchRtnFine"),
    *_rows("°", 0.4, "EnhancedCouchGroup/CouchRtnLarge"),
    *_rows("mm", 0.75, "EnhancedCouchGroup/RotationInducedCouchShiftFullRange"),
)


@dataclass(frozen=True)
class Template:
    """A kind of check as the machine names it.

    Args:
        name: the last part of a check folder's name.
        beam: energy and kind of beam, such as ``6xFFF``.
        check_type: the check type whose test list takes it.
        rows: what its results hold.
    """

    name: str
    beam: str
    check_type: str
    rows: tuple[RowName, ...]

    @property
    def values(self) -> dict[str, str]:
        """Row name to macro name, for all rows that are uploaded."""
        return {row.name: macro_name(row.name, self.beam) for row in self.rows if not row.is_leaf}


def beam_check(beam: str, *, old_name: bool = False) -> Template:
    """A check of one beam, 2 rows for electrons and 3 for photons; `old_name` as before 2019."""
    name = f"{beam}-Beam" if old_name else f"BeamCheckTemplate{beam}"
    return Template(name, beam, BEAM_AND_GEOMETRY, _ELECTRON if "e" in beam else _PHOTON)


def geometry_check(beam: str = "6x", *, old_name: bool = False) -> Template:
    """A geometry check, with the beam's own rows and every MLC leaf."""
    name = f"{beam}-Geometry" if old_name else f"GeometryCheckTemplate{beam}MVkV"
    return Template(name, beam, BEAM_AND_GEOMETRY, (*_WITHOUT_COUCH, *_COUCH))


def couch_check() -> Template:
    """An enhanced couch check."""
    rows = (*_WITHOUT_COUCH, *_FINE_COUCH)
    return Template("GeometryCheckTemplate6xMVkVEnhancedCouch", "6x", ENHANCED_COUCH, rows)


def mlc_check() -> Template:
    """An enhanced MLC check."""
    return Template("GeometryCheckTemplate6xMVkVEnhancedMLC", "6x", ENHANCED_MLC, _mlc("CollimationGroup"))


def devices_check() -> Template:
    """A collimation devices check, as TrueBeam 3.0 has it."""
    rows = (*_mlc("CollimationDevicesGroup", "MLCPosition0/"), *_JAWS)
    return Template("CollimationDevicesCheckTemplate6xMVkV", "6x", COLLIMATION_DEVICES, rows)


def macro_name(row: str, beam: str) -> str:
    """The macro name of a row (qcpump-0.3-compatibility, section 6).

    Args:
        row: the name with its unit, such as ``BeamGroup/BeamOutputChange [%]``.
        beam: energy and kind of beam, such as ``6xFFF``; only the last word of the kind is used.
    """
    kind = re.sub(r"[xe](FFF|HDTSE)", r"\1", beam)
    text = f"{row}_{kind}".replace("Â", "")
    text = re.sub(r"[/ .-]", "_", text)
    for unit, word in (("[mm]", "mm"), ("[°]", "deg"), ("[%]", "per")):
        text = text.replace(unit, word)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"_+", "_", re.sub(r"[^\w]", "", plain).strip("_"))
    return "_" + slug if slug[:1].isdigit() else slug
