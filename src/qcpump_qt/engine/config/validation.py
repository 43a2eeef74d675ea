"""Whether a pump's configuration is right: its fields first, then what its type's methods say.

Sections are taken in the order of their dependencies; every sub-section's result counts (QCPump 0.3
let only the last one count). A method that users wrote may return or raise what it likes: it ends up
in words beside its section.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.calling import call_method
from qcpump_qt.engine.config.checks import is_blank
from qcpump_qt.engine.config.marks import is_online
from qcpump_qt.engine.config.paths import path_problem
from qcpump_qt.engine.config.report import Report, SectionReport
from qcpump_qt.engine.config.secrecy import hide
from qcpump_qt.engine.config.sections import COMMON, Section
from qcpump_qt.engine.config.values import Configuration, Problem
from qcpump_qt.engine.errors import Cancelled, ConfigurationError, PumpError

__all__ = ["Report", "SectionReport", "dynamic_choices", "validate", "validate_values"]


def validate(
    pump: object, configuration: Configuration, *, cancel: CancelToken, online: bool = True
) -> Report:
    """Validate a pump's configuration; to be called off the UI thread, for it may take its time.

    Args:
        pump: the pump, asked for the methods that its CONFIG names.
        configuration: the values to look at.
        cancel: looked at between the sections.
        online: False leaves out what talks to a server or a share, as before each cycle.

    Returns:
        One entry for each sub-section; for an inactive pump, none.

    Raises:
        Cancelled: an end was asked for.
    """
    if not is_active(configuration):
        return Report(sections=(), valid=False, inactive=True)
    entries: dict[str, list[SectionReport]] = {}
    for section in _in_order(configuration.sections):
        cancel.check()
        unmet = tuple(name for name in section.dependencies if not _all_valid(entries.get(name)))
        if unmet:
            entries[section.name] = [_blocked(section, unmet)]
        else:
            entries[section.name] = list(_look_at(pump, configuration, section, cancel, online=online))
    sections = tuple(entry for section in configuration.sections for entry in entries[section.name])
    return Report(sections=sections, valid=all(entry.valid for entry in sections))


def validate_values(configuration: Configuration, cancel: CancelToken) -> Report:
    """What can be told without the secrets, the servers and the checks of the pump type itself.

    Quick and light: what the fields say of their values, and whether folders and files are there.

    Args:
        configuration: the values to look at, with anything in place of a secret that is kept.
        cancel: looked at between the sections.

    Returns:
        as `validate`; valid says that nothing was found here, and others may still find something.

    Raises:
        Cancelled: an end was asked for.
    """
    if not is_active(configuration):
        return Report(sections=(), valid=False, inactive=True)
    sections = tuple(
        entry
        for section in configuration.sections
        for entry in _look_at_values(configuration, section, cancel)
    )
    return Report(sections=sections, valid=all(entry.valid for entry in sections))


def is_active(configuration: Configuration) -> bool:
    """False when the pump was switched off in its section *Pump*."""
    known = any(section.name == COMMON for section in configuration.sections)
    return not known or configuration.value(COMMON, "active") is not False


def dynamic_choices(pump: object, configuration: Configuration, section: str, field: str) -> list[str]:
    """The choices of a MULTCHOICE, fetched where its type names a method; may take its time.

    Raises:
        PumpError: the choices cannot be had now; a saved choice stays all the same.
    """
    found = configuration.section(section).field(field)
    if found is None:
        raise ConfigurationError(f"Section '{section}' has no field '{field}'.", subject=section)
    if found.choices_method is None:
        return list(found.choices or ())
    what = f"Fetching the choices of '{found.label}' in section '{section}'"
    choices = call_method(pump, found.choices_method, configuration=configuration, what=what)
    if isinstance(choices, str) or not isinstance(choices, Iterable):
        raise ConfigurationError(
            f"{what} failed: the method '{found.choices_method}' gave no list of texts.", subject=section
        )
    return [str(choice) for choice in choices]


def _in_order(sections: tuple[Section, ...]) -> list[Section]:
    """The sections, each after those that it depends on."""
    by_name = {section.name: section for section in sections}
    graph = {section.name: section.dependencies for section in sections}
    return [by_name[name] for name in TopologicalSorter(graph).static_order() if name in by_name]


def _all_valid(entries: list[SectionReport] | None) -> bool:
    return bool(entries) and all(entry.valid for entry in entries or [])


def _blocked(section: Section, unmet: tuple[str, ...]) -> SectionReport:
    noun = "section" if len(unmet) == 1 else "sections"
    return SectionReport(
        section=section.name,
        index=None,
        valid=False,
        message=f"Not checked yet: put the {noun} {', '.join(unmet)} in order first.",
        blocked_by=unmet,
    )


def _look_at(
    pump: object, configuration: Configuration, section: Section, cancel: CancelToken, *, online: bool
) -> Iterable[SectionReport]:
    """The values first; where they are in order, the pump type's own check of the section."""
    entries = _look_at_values(configuration, section, cancel, paths=online)
    for values, entry in zip(configuration.values(section.name), entries, strict=True):
        if entry.valid:
            valid, message, transient = _ask(pump, configuration, section, values, online=online)
            cancel.check()
            yield replace(entry, valid=valid, message=message, transient=transient)
        else:
            yield entry


def _look_at_values(
    configuration: Configuration, section: Section, cancel: CancelToken, *, paths: bool = True
) -> Iterable[SectionReport]:
    problems = configuration.problems(section.name)
    for index, values in enumerate(configuration.values(section.name)):
        cancel.check()
        found = [problem for problem in problems if problem.index == index]
        if paths and not found:
            found = _paths(section, index, values)
        yield SectionReport(
            section=section.name,
            index=index if section.multiple else None,
            valid=not found,
            message=" ".join(problem.message for problem in found),
            fields={problem.field: problem.message for problem in found if problem.field},
            transient=bool(found) and all(_is_away(section, problem, values) for problem in found),
        )


def _paths(section: Section, index: int, values: dict[str, Any]) -> list[Problem]:
    found = []
    for field in section.fields:
        if field.type.is_path and not is_blank(values[field.name]):
            message = path_problem(field, values[field.name])
            if message:
                found.append(Problem(section.name, index, field.name, message))
    return found


def _is_away(section: Section, problem: Problem, values: dict[str, Any]) -> bool:
    """True for a path that is well written and leads nowhere now, as when a share is not connected."""
    field = section.field(problem.field) if problem.field else None
    value = values.get(problem.field) if problem.field else None
    return (
        field is not None and field.type.is_path and not is_blank(value) and not os.path.lexists(str(value))
    )


def _ask(
    pump: object, configuration: Configuration, section: Section, values: dict[str, Any], *, online: bool
) -> tuple[bool, str, bool]:
    """What the section's own method says: valid, a message, and whether trying again later may help."""
    name = section.validation
    if name is None or (not online and is_online(pump, name)):
        return True, "", False
    what = f"The check of section '{section.name}'"
    transient = False
    try:
        answer = call_method(pump, name, values, configuration=configuration, what=what)
        valid, message = _two_items(answer, what, name)
    except Cancelled:
        raise
    except PumpError as error:
        valid, message, transient = False, error.message, error.transient
    return valid, hide(message, configuration.secrets()), transient


def _two_items(answer: object, what: str, name: str) -> tuple[bool, str]:
    """Manual chapter 7.4: an iterable of length two, True or False and a text."""
    problem = f"{what} failed: the method '{name}' must give back two items, True or False and a message."
    if isinstance(answer, str | bytes) or not isinstance(answer, Iterable):
        raise ConfigurationError(problem)
    try:
        valid, message = islice(answer, 3)
        return bool(valid), "" if message is None else str(message)
    except (Exception, SystemExit) as error:
        raise ConfigurationError(problem) from error
