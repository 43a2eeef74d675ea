"""Tries the validation methods and live choices of a pump type with odd values, the way the program calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.fields import Field
from qcpump_qt.engine.config.sections import COMMON, Section
from qcpump_qt.engine.config.validation import validate
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.testing.clinic import Clinic
from qcpump_qt.testing.odd_values import odd_values, shown


@dataclass
class Witness:
    """Stands in front of one validation method and notes what it does.

    Args:
        method: the method.
        faults: what was wrong with its answers.
        answers: how often it gave one.
    """

    method: Any
    faults: list[str] = field(default_factory=list)
    answers: int = 0

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Call the method; a `PumpError` is an answer too."""
        try:
            answer = self.method(values)
        except PumpError:
            self.answers += 1
            raise
        except (Exception, SystemExit) as error:
            self.faults.append(f"raised {type(error).__name__}: {error}")
            raise
        self.answers += 1
        if not _is_answer(answer):
            self.faults.append(f"gave {shown(answer)}; two items are wanted, True or False and a text")
        return answer


def _is_answer(answer: object) -> bool:
    return (
        isinstance(answer, tuple | list)
        and len(answer) == 2
        and isinstance(answer[0], bool)
        and isinstance(answer[1], str)
    )


def validator_faults(clinic: Clinic) -> Iterator[str]:
    """What the validation methods answer wrongly, for every odd value of every field, one field at a time.

    A method is only called with values that its fields allow, as in the program: the odd values that a field
    itself refuses never reach it.
    """
    configuration = clinic.configuration()
    for section in configuration.sections:
        if section.name == COMMON or section.validation is None:
            continue
        rows = configuration.values(section.name)
        for changed in section.fields:
            for value in odd_values(changed):
                first = {**rows[0], changed.name: value}
                yield from _tried(clinic, section, [first, *rows[1:]], changed, value)


def _tried(
    clinic: Clinic, section: Section, rows: list[dict[str, Any]], changed: Field, value: object
) -> Iterator[str]:
    """Both kinds of validation: the one that people start, and the one before each cycle."""
    whole = {entry.name: clinic.configuration().values(entry.name) for entry in clinic.offered.sections}
    whole[section.name] = rows
    configuration = Configuration(clinic.offered.sections, whole)
    alone = Configuration([replace(section, dependencies=())], {section.name: rows})
    for online in (True, False):
        pump = clinic.offered.create(configuration, clinic.host())
        witness = Witness(getattr(pump, str(section.validation)))
        setattr(pump, str(section.validation), witness)
        validate(pump, alone, cancel=CancelToken(), online=online)
        for fault in witness.faults:
            yield f"{section.validation}, with '{changed.name}' = {shown(value)}: {fault}"


def choice_faults(clinic: Clinic) -> Iterator[str]:
    """What the methods behind live choices do wrongly: anything but a list of texts, or a `PumpError`."""
    for section in clinic.offered.sections:
        for each in section.fields:
            if each.choices_method:
                pump = clinic.offered.create(clinic.configuration(), clinic.host())
                yield from map(partial(_of_choices, section, each), _called(pump, each.choices_method))


def _of_choices(section: Section, each: Field, fault: str) -> str:
    return f"the choices of '{each.name}' in section '{section.name}', method {each.choices_method}: {fault}"


def _called(pump: BasePump, name: str) -> Iterator[str]:
    try:
        found = getattr(pump, name)()
    except PumpError:
        return
    except (Exception, SystemExit) as error:  # noqa: BLE001 - that a method raises anything is what is looked for
        yield f"raised {type(error).__name__}: {error}"
        return
    if isinstance(found, str) or not isinstance(found, list | tuple):
        yield f"gave {shown(found)}; a list of texts is wanted"
    elif not all(isinstance(text, str) and text.strip() for text in found):
        yield f"gave {shown(found)}; every choice has to be a text that is not blank"
    elif len(set(found)) < len(found):
        yield f"gave {shown(found)}; two choices must not be the same"
