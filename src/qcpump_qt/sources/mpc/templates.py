"""What the last part of an MPC check folder's name says: beam, energy and type of check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

_FORCED_BASELINE = "ForcedBaseline"
_BEAM = r"(?P<energy>[0-9]+(?:\.[0-9]+)?)(?P<particle>[xe])(?P<fff>FFF)?(?P<hdtse>HDTSE)?(?:MV|kV)*"
_CURRENT = re.compile(rf"(?P<kind>[A-Za-z]*){_BEAM}(?P<rest>[A-Za-z0-9]*)")
_BEFORE_2019 = re.compile(rf"{_BEAM}-(?P<kind>[A-Za-z][A-Za-z0-9]*)")
_CURRENT_KINDS = ("BeamCheckTemplate", "GeometryCheckTemplate")
_OLD_KINDS = ("Beam", "Geometry")


class CheckType(str, Enum):
    """The types of check that get a test list each (reference mpc-results, table of check types).

    The values are the titles that stand in keys and in the names of test lists.
    """

    BEAM_AND_GEOMETRY = "Beam and Geometry Checks"
    ENHANCED_COUCH = "Enhanced Couch Checks"
    ENHANCED_MLC = "Enhanced MLC Checks"
    COLLIMATION_DEVICES = "Collimation Devices Checks"

    @property
    def windowed(self) -> bool:
        """True when results are grouped by the time window; the others stand on their own minute."""
        return self is CheckType.BEAM_AND_GEOMETRY


@dataclass(frozen=True)
class Template:
    """What a template's name says.

    Args:
        energy: as written, such as ``6`` or ``2.5``.
        beam_type: ``x``, ``e``, ``FFF`` or ``HDTSE``.
        check_type: the type of check it belongs to.
        forced_baseline: True when the run sets a new baseline and is no check.
    """

    energy: str
    beam_type: str
    check_type: CheckType
    forced_baseline: bool


_SPECIAL = (
    (("Enhanced", "Couch"), CheckType.ENHANCED_COUCH),
    (("Enhanced", "MLC"), CheckType.ENHANCED_MLC),
    (("Collimation", "Devices"), CheckType.COLLIMATION_DEVICES),
)


@lru_cache(maxsize=512)
def read_template(text: str) -> Template | None:
    """What a template's name says, or None when this version does not know such a template.

    Args:
        text: the part of the folder's name after time and number, in the current style
            (``BeamCheckTemplate6xFFF``) or in that of before 2019 (``6xFFF-Beam``).
    """
    forced = _FORCED_BASELINE in text
    plain = text.replace(_FORCED_BASELINE, "")
    special = next((kind for words, kind in _SPECIAL if all(word in plain for word in words)), None)
    match = _CURRENT.fullmatch(plain)
    if match:
        known = match["kind"] in _CURRENT_KINDS and not match["rest"]
    else:
        match = _BEFORE_2019.fullmatch(plain)
        known = match is not None and match["kind"].startswith(_OLD_KINDS) and "Enhanced" not in plain
    if not match or not (known or special or forced):
        return None
    beam_type = match["hdtse"] or match["fff"] or match["particle"]
    return Template(match["energy"], beam_type, special or CheckType.BEAM_AND_GEOMETRY, forced)
