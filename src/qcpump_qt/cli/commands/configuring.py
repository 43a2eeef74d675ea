"""``retry`` and ``import``: commands that change what the next cycle does."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path
from typing import Any

from qcpump_qt.app import Program
from qcpump_qt.cli.exit_codes import ExitCode, worst
from qcpump_qt.cli.output import Output
from qcpump_qt.compat.import_report import PumpOutcome
from qcpump_qt.compat.importer import import_folder
from qcpump_qt.engine.records import DeliveryState, Sighting

HIGHEST = 2**63
"""No database counts further."""


def retry(program: Program, options: argparse.Namespace, output: Output) -> ExitCode:
    """Let records be tried again."""
    results = []
    codes = []
    for number in options.ids:
        before = program.ledger.deliveries.retry(number) if 0 < number < HIGHEST else None
        code, text = _retried(number, before)
        (output.line if code is ExitCode.OK else output.trouble)(text)
        results.append({"id": number, "retried": code is ExitCode.OK, "text": text})
        codes.append(code)
    output.document({"records": results})
    return worst(codes)


def _retried(number: int, before: Sighting | None) -> tuple[ExitCode, str]:
    if before is None:
        return ExitCode.USAGE, f"There is no record {number}. `qcpump-qt records` lists them."
    if before.state in (DeliveryState.REJECTED, DeliveryState.WAITING):
        return ExitCode.OK, f"{number}: {before.title} will be tried again in the next cycle."
    return (
        ExitCode.USAGE,
        f"{number}: {before.title} is {before.state.value}; only rejected records can be retried.",
    )


def import_old(program: Program, options: argparse.Namespace, output: Output) -> ExitCode:
    """Take over a QCPump 0.3 configuration folder."""

    def types_by_then() -> Collection[str]:
        return program.with_settings_anew().catalogue.types

    report = import_folder(
        Path(options.path),
        program.store,
        program.places.settings_file,
        known_types=types_by_then,
        secret_fields=program.secret_fields,
    )
    for line in report.lines():
        output.line(line)
    output.document(
        {
            "pumps": [_pump(pump) for pump in report.pumps],
            "not_imported": [{"path": str(item.path), "reason": item.reason} for item in report.unusable],
            "settings": report.settings,
            "messages": [{"level": "info", "text": text} for text in report.messages],
        }
    )
    return ExitCode.OK if report.complete else ExitCode.TROUBLE


def _pump(pump: PumpOutcome) -> dict[str, Any]:
    return {
        "name": pump.name,
        "type": pump.type,
        "outcome": pump.outcome.value,
        "id": pump.id,
        "path": str(pump.path),
        "messages": [{"level": "info", "text": note} for note in pump.notes],
    }
