"""Fetches the choices of fields from servers and sources while a pump is edited, and pairs machines with units."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.editing_drafts import Drafts
from qcpump_qt.controllers.editing_session import Session
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.models.form_model import ChoicesState, FormRole
from qcpump_qt.models.mapping import MappingModel, Pair, suggest_pairs

if TYPE_CHECKING:
    from qcpump_qt.engine.config.report import Report
    from qcpump_qt.engine.config.sections import Section
    from qcpump_qt.engine.store import StoredPump

    Found = tuple[list[str], list[str], list[Pair]]

Pairs = list[tuple[str, str]]


class LiveChoices(QObject):
    """Choices that pump types fetch by a method.

    Args:
        drafts: what fetches.
        tasks: the threads to work on; more than a few, for some may hang.
        parent: as for every Qt object.
    """

    mapping_ready = Signal(object, str, object)
    """A `Session`, the section's name, and a `MappingModel` of its machines and units."""
    failed = Signal(str, str)
    """A title and a message in words."""

    def __init__(self, drafts: Drafts, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._tasks = tasks

    def fetch(self, session: Session, section: str, field: str) -> None:
        """Fetch the choices of a field in all sub-sections, for one method gives them all."""
        for row in range(_rows(session, section)):
            session.model.set_choices_asking(section, row, field)
        draft = session.draft()
        older = session.fetches.get((section, field))
        if older is not None:
            older.cancel()
        session.fetches[section, field] = self._tasks.start(
            lambda cancel: self._drafts.choices(draft, section, [field], cancel)[0],
            partial(self._on_choices, session, section, field),
            partial(self._on_failed, session, section, field),
        )

    def fetch_ready(self, session: Session, report: Report) -> None:
        """Fetch what can be fetched now: where the sections that a section depends on are valid.

        It happens once, and again when those sections have other values.
        """
        if report.inactive:
            return
        values = session.model.values()
        for section in session.type.sections:
            fields = _dynamic_fields(section)
            if not fields or not all(report.is_valid(name) for name in section.dependencies):
                continue
            wanted_with = {name: values[name] for name in section.dependencies}
            for field in fields:
                if session.fetched_with.get((section.name, field)) != wanted_with:
                    session.fetched_with[section.name, field] = wanted_with
                    self.fetch(session, section.name, field)

    def forget_failures(self, session: Session) -> None:
        """Let what could not be fetched be fetched again with the next report."""
        for section, field in list(session.fetched_with):
            index = session.model.field_index(section, 0, field)
            if index.data(FormRole.CHOICES_STATE) == ChoicesState.FAILED:
                del session.fetched_with[section, field]

    def open_mapping(self, session: Session, section: str) -> None:
        """Fetch the machines and units of a section; `mapping_ready` or `failed` follows."""
        names = session.model.mapped_fields(section)
        if names is None:
            return
        machine, unit = names
        draft = session.draft()
        mapped = [(str(row[machine]), str(row[unit])) for row in draft.values[section]]
        self._tasks.start(
            lambda cancel: self._paired(draft, section, names, mapped, cancel),
            partial(self._on_paired, session, section, mapped),
            partial(self._on_not_paired, session),
        )

    def _paired(
        self, draft: StoredPump, section: str, names: tuple[str, str], mapped: Pairs, cancel: CancelToken
    ) -> Found:
        machines, units = self._drafts.choices(draft, section, names, cancel)
        return machines, units, suggest_pairs(machines, units, _whole(mapped))

    def _on_choices(self, session: Session, section: str, field: str, choices: list[str]) -> None:
        if session.closed:
            return
        for row in range(_rows(session, section)):
            session.model.set_choices(section, row, field, choices)

    def _on_failed(self, session: Session, section: str, field: str, error: PumpError) -> None:
        if session.closed:
            return
        for row in range(_rows(session, section)):
            session.model.set_choices_failed(section, row, field, error.message)

    def _on_paired(self, session: Session, section: str, mapped: Pairs, found: Found) -> None:
        if session.closed:
            return
        machines, units, suggested = found
        names = session.model.mapped_fields(section) or ("", "")
        self._on_choices(session, section, names[0], machines)
        self._on_choices(session, section, names[1], units)
        model = MappingModel(machines, units, _whole(mapped), suggested)
        self.mapping_ready.emit(session, section, model)

    def _on_not_paired(self, session: Session, error: PumpError) -> None:
        if not session.closed:
            self.failed.emit(error.title, f"Machines and units cannot be matched now. {error.message}")


def _dynamic_fields(section: Section) -> list[str]:
    """The fields of a section whose choices are fetched."""
    return [each.name for each in section.fields if each.choices_method and not each.readonly]


def _rows(session: Session, section: str) -> int:
    return session.model.rowCount(session.model.section_index(section))


def _whole(pairs: Pairs) -> Pairs:
    """Those pairs of which both parts are there."""
    return [(machine, unit) for machine, unit in pairs if machine and unit]
