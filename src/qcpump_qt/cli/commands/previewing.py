"""``preview``: what a cycle would upload, where, and why not; nothing is sent or recorded."""

from __future__ import annotations

import argparse
from typing import Any

from qcpump_qt.app import Program
from qcpump_qt.cli.exit_codes import ExitCode, of_error
from qcpump_qt.cli.output import Output, pump_object, pumps_document
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.preview import TO_SEND, Preview, PreviewRecord
from qcpump_qt.engine.report import CycleOutcome, Message
from qcpump_qt.engine.store import StoredPump

_COUNTED = {
    "already there": "already_there",
    "waiting": "waiting",
    "skipped": "skipped",
    "rejected": "rejected",
}


def preview(program: Program, options: argparse.Namespace, output: Output) -> ExitCode:
    """Show one pump's next cycle."""
    pump = program.store.find(options.name)
    try:
        found = program.preview(pump, CancelToken())
    except PumpError as error:
        output.trouble(str(error))
        outcome = "unreachable" if error.transient else "invalid"
        shown = pump_object(pump.name, pump.type, outcome, [Message("error", str(error))])
        output.document(pumps_document([{**shown, "records": []}]))
        return ExitCode.TROUBLE if outcome == "invalid" else of_error(error)
    _print(found, output, values=options.values)
    output.document(pumps_document([_document(pump, found)]))
    outcome = found.tally.outcome()
    if outcome is CycleOutcome.UNREACHABLE:
        return ExitCode.TRY_AGAIN
    return ExitCode.OK if outcome is CycleOutcome.OK else ExitCode.TROUBLE


def _print(found: Preview, output: Output, *, values: bool) -> None:
    if not found.records:
        output.line("Nothing new: nothing would be sent.")
    for record in found.records:
        output.line(_line(record))
        if values and record.payload:
            for slug, test in record.payload.get("tests", {}).items():
                output.line(f"    {slug} = {'skipped' if test.get('skipped') else test.get('value')}")
    for message in found.tally.messages:
        output.line(f"{message.level}: {message.text}")


def _line(record: PreviewRecord) -> str:
    link = "to" if record.fate == TO_SEND else "for"
    where = f" {link} {record.unit}, {record.test_list}" if record.test_list else ""
    count = len(record.payload.get("tests", {})) if record.payload else 0
    tests = f" ({count} value{'s' * (count != 1)})" if record.payload else ""
    reason = f": {record.reason}" if record.reason else ""
    return f"{record.title}: {record.fate}{where}{tests}{reason}"


def _document(pump: StoredPump, found: Preview) -> dict[str, Any]:
    shown = pump_object(pump.name, pump.type, found.tally.outcome().value, found.tally.messages)
    shown["found"] = len(found.records)
    for record in found.records:
        name = _COUNTED.get(record.fate)
        if name:
            shown[name] += 1
    shown["to_send"] = sum(record.fate == TO_SEND for record in found.records)
    shown["records"] = [
        {
            "key": record.key,
            "title": record.title,
            "fate": record.fate,
            "reason": record.reason,
            "unit": record.unit,
            "test_list": record.test_list,
            "payload": record.payload,
        }
        for record in found.records
    ]
    return shown
