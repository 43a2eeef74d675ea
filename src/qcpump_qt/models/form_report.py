"""Puts what a validation found into the form's tree, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qcpump_qt.models.form_nodes import FieldNode, FormTree, Node, RowNode
from qcpump_qt.models.form_roles import Status
from qcpump_qt.models.form_values import problem_of

if TYPE_CHECKING:
    from qcpump_qt.engine.config.report import Report, SectionReport

CHECKING = "Checking…"
_WORST_FIRST = (Status.WRONG, Status.AWAY, Status.BLOCKED, Status.CHECKING, Status.INACTIVE, Status.UNCHECKED)


def status_of(report: Report) -> Status:
    """The whole report in one word; away when only what could not be reached now keeps it from being right."""
    if report.inactive:
        return Status.INACTIVE
    if report.valid:
        return Status.OK
    wrong = any(not (entry.valid or entry.transient or entry.blocked_by) for entry in report.sections)
    return Status.WRONG if wrong else Status.AWAY


def apply_report(tree: FormTree, report: Report) -> None:
    """Take over what was found; for an inactive pump, that nothing was looked at."""
    for node in tree.sections:
        entries = report.of(node.section.name)
        blocked = [name for entry in entries for name in entry.blocked_by]
        node.blocked_by = tuple(dict.fromkeys(blocked))
        for row in node.rows:
            if report.inactive:
                _set_row(row, Status.INACTIVE, "")
                continue
            entry = next((each for each in entries if each.index in (None, row.number)), None)
            _apply_entry(row, entry)
        node.status, node.message = _together(node.rows)


def apply_status(tree: FormTree, status: Status, message: str) -> None:
    """Give every section and sub-section the same status; fields keep what was said about them."""
    for node in tree.sections:
        node.status, node.message, node.blocked_by = status, message, ()
        for row in node.rows:
            row.status, row.message = status, message


def _apply_entry(row: RowNode, entry: SectionReport | None) -> None:
    if entry is None:
        _set_row(row, Status.UNCHECKED, "")
        return
    _set_row(row, _status(entry), entry.message)
    for node in row.fields:
        said = entry.fields.get(node.field.name, "")
        # The engine adds how to keep a secret from the command line; here it is typed into the field.
        plain = problem_of(node.field, node.value)
        node.reported = plain if plain and said.startswith(plain) else said
        row.message = row.message.replace(said, node.reported) if said else row.message


def _set_row(row: RowNode, status: Status, message: str) -> None:
    row.status, row.message = status, message
    for node in row.fields:
        node.reported = ""


def _status(entry: SectionReport) -> Status:
    if entry.valid:
        return Status.OK
    if entry.blocked_by:
        return Status.BLOCKED
    return Status.AWAY if entry.transient else Status.WRONG


def _together(rows: Sequence[RowNode]) -> tuple[Status, str]:
    """The worst status of the sub-sections, and what is said about those that have it."""
    status = next((each for each in _WORST_FIRST if any(row.status is each for row in rows)), Status.OK)
    messages = {row.title: row.message for row in rows if row.status is status and row.message}
    said = dict.fromkeys(messages.values())
    if len(said) == 1 and len(messages) == len(rows):
        return status, next(iter(said))
    return status, " ".join(f"{title}: {message}" for title, message in messages.items())


def checked_picture(node: Node) -> tuple[object, ...]:
    """All that a validation can change in a node; to see whether it did."""
    if isinstance(node, FieldNode):
        return (node.problem,)
    if isinstance(node, RowNode):
        return node.status, node.message
    return node.status, node.message, node.blocked_by
