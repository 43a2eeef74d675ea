"""Compares names of machines with names of units, and suggests which belong together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_ENOUGH = 0.5


@dataclass(frozen=True)
class Pair:
    """A machine and the unit it belongs to.

    Args:
        machine: as the source calls it: ``machine`` or ``room/machine``.
        unit: as QATrack+ calls it: ``unit`` or ``site: unit``.
        certainty: from 0 to 1; 1 when the names say the same, or when people have chosen it.
    """

    machine: str
    unit: str
    certainty: float = 1.0


@dataclass(frozen=True)
class Name:
    """A name taken to pieces.

    Args:
        words: its words in small letters, without accents.
        marks: what tells things of one kind apart: its numbers and single letters.
        initials: the initials of its words and of the humps in them, "tb" of TrueBeam.
        place: the words of its room or site.
    """

    words: tuple[str, ...]
    marks: tuple[str, ...]
    initials: str
    place: frozenset[str]


def machine_name(text: str) -> Name:
    """The pieces of ``machine`` or ``room/machine``."""
    room, _, machine = text.rpartition("/")
    return _name(machine, room)


def unit_name(text: str) -> Name:
    """The pieces of ``unit`` or ``site: unit``."""
    site, _, unit = text.rpartition(": ")
    return _name(unit, site)


def likeness(machine: Name, unit: Name) -> float:
    """How much two names say the same, from 0 to 1; 0 when their numbers differ."""
    if sorted(machine.marks) != sorted(unit.marks):
        return 0.0
    alike = _words_alike(machine, unit)
    if not machine.place or not unit.place:
        return alike
    return alike if machine.place & unit.place else 0.9 * alike


def suggest_pairs(
    machines: Sequence[str], units: Sequence[str], taken: Collection[tuple[str, str]] = ()
) -> list[Pair]:
    """Which machine belongs to which unit, judging by their names.

    A pair is suggested when each is the other's best match and no other is as good; so no machine and no unit
    comes up twice, and what could be meant either way is left to people.

    Args:
        machines: the machines' names.
        units: the units' names.
        taken: pairs (machine, unit) that stand already; neither part is suggested again.

    Returns:
        The pairs in the order of the machines.
    """
    used_machines = {machine for machine, _ in taken}
    used_units = {unit for _, unit in taken}
    free_machines = [name for name in dict.fromkeys(machines) if name not in used_machines]
    free_units = [name for name in dict.fromkeys(units) if name not in used_units]
    left = [machine_name(name) for name in free_machines]
    right = [unit_name(name) for name in free_units]
    table = [[likeness(machine, unit) for unit in right] for machine in left]
    pairs = []
    for row, scores in enumerate(table):
        column = _only_best(scores)
        if column is not None and _only_best([other[column] for other in table]) == row:
            pairs.append(Pair(free_machines[row], free_units[column], scores[column]))
    return pairs


def _only_best(scores: Sequence[float]) -> int | None:
    """Where the best score stands, if it is good enough and no other is as good."""
    best = max(scores, default=0.0)
    return scores.index(best) if best >= _ENOUGH and scores.count(best) == 1 else None


def _name(text: str, place: str) -> Name:
    parts = _PARTS.findall(_plain(_HUMP.sub(" ", text)))
    whole = _PARTS.findall(_plain(text))
    words = tuple(part for part in whole if len(part) > 1 and not part.isdecimal())
    marks = tuple(part.lstrip("0") or "0" for part in whole if part.isdecimal() or len(part) == 1)
    initials = "".join(part[0] for part in parts if len(part) > 1 and not part.isdecimal())
    return Name(words, marks, initials, frozenset(_PARTS.findall(_plain(place))))


def _plain(text: str) -> str:
    """In small letters, without accents; "٣" and "３" are 3."""
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in kept.casefold()
    )


def _words_alike(machine: Name, unit: Name) -> float:
    if not machine.words or not unit.words:
        # "1234" and "TrueBeam 1234": a number alone says less than a name.
        return 0.6 if machine.marks else 0.0
    if "".join(machine.words) == "".join(unit.words):
        return 1.0
    if _is_short_for(machine, unit) or _is_short_for(unit, machine):
        return 0.8
    common = sum(any(_same(word, other) for other in unit.words) for word in machine.words)
    back = sum(any(_same(word, other) for other in machine.words) for word in unit.words)
    return 0.9 * (common + back) / (len(machine.words) + len(unit.words))


def _is_short_for(short: Name, name: Name) -> bool:
    """ "TB" is short for TrueBeam, "TBX" is not."""
    return len(short.words) == 1 and len(name.initials) > 1 and short.words[0] == name.initials


def _same(word: str, other: str) -> bool:
    """Equal, or one begins with the other: "lin" and "linac"."""
    shorter, longer = sorted((word, other), key=len)
    return word == other or (len(shorter) >= 3 and longer.startswith(shorter))
