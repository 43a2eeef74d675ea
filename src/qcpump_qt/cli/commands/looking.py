"""``validate``, ``types`` and ``records``: commands that only look."""

from __future__ import annotations

import argparse
from typing import Any

from qcpump_qt.app import Program
from qcpump_qt.cli.choosing import NO_PUMPS, found_by_name
from qcpump_qt.cli.exit_codes import ExitCode, worst
from qcpump_qt.cli.output import Output, indented, pump_object, pumps_document
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.report import Report, SectionReport
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.records import DeliveryState, Sighting
from qcpump_qt.engine.report import Message
from qcpump_qt.engine.store import StoredPump


def validate(program: Program, options: argparse.Namespace, output: Output) -> ExitCode:
    """Check the named pumps, or all."""
    pumps, broken = program.pumps()
    troubles = program.troubles()
    if options.names:
        pumps, unknown = found_by_name(program, options.names)
        troubles += unknown
    elif not pumps and not broken:
        troubles.append(NO_PUMPS)
    for text in troubles:
        output.trouble(text)
    results = [_validate_one(program, pump, output) for pump in pumps]
    output.document(pumps_document((found for _code, found in results), troubles))
    return worst((code for code, _found in results), broken=bool(troubles))


def _validate_one(program: Program, pump: StoredPump, output: Output) -> tuple[ExitCode, dict[str, Any]]:
    try:
        report = program.validate(pump, CancelToken())
    except PumpError as error:
        output.line(f"{pump.name} ({pump.type}): invalid")
        output.line(indented(str(error)))
        found = pump_object(pump.name, pump.type, "invalid", [Message("error", str(error))])
        return ExitCode.TROUBLE, {**found, "valid": False, "sections": []}
    code, outcome = _judged(report)
    output.line(f"{pump.name} ({pump.type}): {outcome}")
    for entry in report.sections:
        output.line(indented(f"{_place(entry)}: {'OK. ' if entry.valid else ''}{entry.message}".rstrip()))
    messages = [
        Message("error", f"{_place(entry)}: {entry.message}") for entry in report.sections if not entry.valid
    ]
    found = pump_object(pump.name, pump.type, outcome, messages)
    return code, {**found, "valid": report.valid, "sections": [_section(entry) for entry in report.sections]}


def _judged(report: Report) -> tuple[ExitCode, str]:
    if report.inactive:
        return ExitCode.OK, "inactive"
    if report.valid:
        return ExitCode.OK, "ok"
    causes = [entry for entry in report.sections if not entry.valid and not entry.blocked_by]
    if all(entry.transient for entry in causes):
        return ExitCode.TRY_AGAIN, "unreachable"
    return ExitCode.TROUBLE, "invalid"


def _place(entry: SectionReport) -> str:
    return entry.section if entry.index is None else f"{entry.section} {entry.index + 1}"


def _section(entry: SectionReport) -> dict[str, Any]:
    return {
        "section": entry.section,
        "number": None if entry.index is None else entry.index + 1,
        "valid": entry.valid,
        "message": entry.message,
        "fields": dict(entry.fields),
        "blocked_by": list(entry.blocked_by),
    }


def types(program: Program, _options: argparse.Namespace, output: Output) -> ExitCode:
    """List the pump types, and what kept others from loading."""
    catalogue = program.catalogue
    for kind in catalogue.types.values():
        output.line(f"{kind.key}: {kind.display_name}{f'  ({kind.source})' if kind.source else ''}")
    problems = [str(problem) for problem in catalogue.problems]
    for text in problems:
        output.trouble(text)
    found = [
        {
            "type": kind.key,
            "display_name": kind.display_name,
            "source": str(kind.source) if kind.source else None,
            "help_url": kind.help_url,
            "sections": [section.name for section in kind.sections],
        }
        for kind in catalogue.types.values()
    ]
    output.document({"types": found, "messages": [{"level": "error", "text": text} for text in problems]})
    return ExitCode.USAGE if problems else ExitCode.OK


def records(program: Program, options: argparse.Namespace, output: Output) -> ExitCode:
    """List records, oldest first."""
    names = {pump.id: pump.name for pump in program.pumps()[0]}
    wanted = program.store.find(options.pump).id if options.pump else None
    state = DeliveryState(options.state) if options.state else None
    found = program.ledger.deliveries.sightings(Page(pump=wanted, state=state))
    for sighting in found:
        output.line(_record_line(sighting, names.get(sighting.pump, sighting.pump)))
    if not found:
        output.line("No records.")
    output.document({"records": [_record(each, names.get(each.pump, each.pump)) for each in found]})
    return ExitCode.OK


def _record_line(sighting: Sighting, pump: str) -> str:
    where = (
        f" -> {sighting.unit}, {sighting.test_list}" if sighting.state.arrived and sighting.test_list else ""
    )
    reason = f" - {sighting.reason}" if sighting.reason else ""
    return f"{sighting.number}  {sighting.state.value}  {pump}: {sighting.title}{where}{reason}"


def _record(sighting: Sighting, pump: str) -> dict[str, Any]:
    return {
        "id": sighting.number,
        "pump": pump,
        "key": sighting.key,
        "title": sighting.title,
        "state": sighting.state.value,
        "reason": sighting.reason,
        "unit": sighting.unit,
        "test_list": sighting.test_list,
        "first_seen": sighting.first_seen.astimezone().isoformat(timespec="seconds"),
        "updated": sighting.updated.astimezone().isoformat(timespec="seconds"),
        "attempts": sighting.attempts,
        "url": sighting.url,
        "source": list(sighting.source),
        "payload": sighting.payload,
        "answer": sighting.answer,
    }
