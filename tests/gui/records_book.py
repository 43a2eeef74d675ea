"""A real home with records of every kind in its ledger, for tests of what shows them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from qcpump_qt.app import Program
from qcpump_qt.engine.clock import now
from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.schema import records as book
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.records import DeliveryState, FileContent, Record, Upload, WaitingFor
from qcpump_qt.engine.secrets import MemorySecrets
from unit.engine.delivery.memory_server import UNIT, record

PUMP = "mpc-1"
OTHER = "mpc-2"
PAGE_URL = "https://qa.example.org/qc/session/details/7/"

PAYLOAD = {
    "work_started": "2026-11-02 08:00:00",
    "work_completed": "2026-11-02 08:05:00",
    "user_key": "delivered",
    "day": 0,
    "tests": {
        "isocentersize_mm_6x": {"value": 0.31, "comment": "Threshold: 0.500,Result: Pass"},
        "report": {
            "value": FileContent(Path("tds") / "report.csv"),
            "filename": "report.csv",
            "encoding": "base64",
        },
        "flatness": {"skipped": True},
    },
    "comment": "Fileset:\n\tResults.csv",
}
REJECTION = "QATrack+ wants a value for output_6x. Send it, or let missing tests be skipped."
ANSWER = {"status": 400, "body": {"non_field_errors": ["Missing data for tests: output_6x"]}}


def home(folder: Path) -> Program:
    """A home without pumps; to be closed by the test."""
    return Program(Places(folder / "home"), secrets=MemorySecrets())


def fill(ledger: Ledger, pump: str = PUMP) -> dict[str, int]:
    """One record in each state, written by the engine; gives the number of each by its key."""
    upload = Upload(payload=PAYLOAD, unit=UNIT, test_list="MPC 6x")
    keys = [state.value for state in DeliveryState] + ["no unit"]
    found = [
        Record(
            key=key,
            title=f"SN2101 {key}",
            prepare=lambda: upload,
            source=(f"/tds/{key}/Results.csv",),
            fingerprint="1",
        )
        for key in keys
    ]
    ledger.deliveries.meet(pump, found)
    ledger.deliveries.write(pump, [_entry(key, upload) for key in keys])
    return {line.key: line.number for line in ledger.browse.page(pump)}


def _entry(key: str, upload: Upload) -> Entry:
    if key == "no unit":
        reason = "No unit has the serial number 2101."
        return Entry(
            key=key, state=DeliveryState.WAITING, reason=reason, waiting_for=WaitingFor.MAPPING, upload=upload
        )
    state = DeliveryState(key)
    if state is DeliveryState.SKIPPED:
        return Entry(key=key, state=state, reason="It has no results.")
    if state is DeliveryState.REJECTED:
        return Entry(key=key, state=state, reason=REJECTION, upload=upload, answer=ANSWER, attempt=True)
    if state is DeliveryState.DELIVERED:
        return Entry(key=key, state=state, upload=upload, unit="TrueBeam 1", url=PAGE_URL, attempt=True)
    return Entry(key=key, state=state, upload=upload)


def fill_many(ledger: Ledger, count: int, pump: str = PUMP, rejected: Sequence[int] = ()) -> None:
    """Very many records at once, straight into the book; the last one is the newest."""
    begun = now() - timedelta(days=count)
    rows: list[dict[str, Any]] = [
        {
            "pump": pump,
            "key": f"key-{place}",
            "title": f"record {place}",
            "state": "rejected" if place in rejected else "delivered",
            "waiting_for": "time",
            "reason": REJECTION if place in rejected else "",
            "unit": f"TrueBeam {place % 7}",
            "test_list": "MPC 6x",
            "fingerprint": "1",
            "source": json.dumps([f"/tds/{place}"]),
            "payload": json.dumps({"tests": {"a": {"value": float(place)}}}),
            "url": PAGE_URL,
            "attempts": 1,
            "first_seen": (begun + timedelta(days=place)).isoformat(),
            "updated": (begun + timedelta(days=place)).isoformat(),
        }
        for place in range(count)
    ]
    with ledger._database.writing() as connection:
        connection.execute(book.insert(), rows)


def meet(ledger: Ledger, keys: Sequence[str], pump: str = PUMP) -> None:
    """Further records turn up."""
    ledger.deliveries.meet(pump, [record(key) for key in keys])
