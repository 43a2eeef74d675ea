"""A cycle with nothing new, and a preview: neither leaves a trace."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from integration.mpc.clinic import BEAM, Clinic
from qcpump_qt.engine.preview import TO_SEND
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome


def test_nothing_new_sends_no_request_and_looks_at_no_folder(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.morning("03-09")
    clinic.morning("03-10")
    clinic.run()
    clinic.standin.counts.reset()
    looked: list[str] = []
    real = os.stat

    def counting(path: Any, *args: Any, **more: Any) -> os.stat_result:
        looked.append(str(path))
        return real(path, *args, **more)

    monkeypatch.setattr("os.stat", counting)
    report = clinic.run()
    assert (report.outcome, report.counts["found"], report.messages) == (CycleOutcome.OK, 0, ())
    assert clinic.standin.counts.requests() == 0
    assert clinic.standin.counts.connections == 0
    assert not [path for path in looked if "Template" in path]


def test_what_is_watched_is_looked_at_and_nothing_else(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.morning()
    aborted = clinic.add("03-10 08:30", "BeamCheckTemplate15x", results=False)
    clinic.run()
    clinic.standin.counts.reset()
    looked: set[str] = set()
    real = os.stat

    def counting(path: Any, *args: Any, **more: Any) -> os.stat_result:
        looked.add(str(path))
        return real(path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr("os.stat", counting)
        clinic.run()
    assert {Path(path).parent.name for path in looked if path.endswith("Results.csv")} == {aborted.name}
    assert clinic.standin.counts.requests() == 0


def test_a_watch_ends_after_a_week(clinic: Clinic) -> None:
    aborted = clinic.add("03-10 08:30", "BeamCheckTemplate15x", results=False)
    clinic.run()
    clinic.now = clinic.now.replace(day=18)
    clinic.run()
    aborted.finish()
    assert clinic.run().counts["found"] == 0
    clinic.judge(not_sent=[aborted])


def test_only_the_machine_with_something_new_is_looked_at(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.morning()
    clinic.morning(serial="2102")
    clinic.run()
    late = clinic.add("03-10 09:00", serial="2102")
    looked: list[str] = []
    real = os.stat

    def counting(path: Any, *args: Any, **more: Any) -> os.stat_result:
        looked.append(str(path))
        return real(path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr("os.stat", counting)
        clinic.run()
    assert {Path(path).parent.name for path in looked if path.endswith("Results.csv")} == {late.name}
    clinic.judge()


def test_a_preview_says_what_the_cycle_does_and_leaves_no_trace(clinic: Clinic) -> None:
    runs = clinic.morning()
    clinic.add("03-10 08:30", "BeamCheckTemplate15x", results=False)
    clinic.add("03-10 11:55", "BeamCheckTemplate18x")
    clinic.add("03-10 06:00", serial="9999")
    (clinic.checks() / "New folder").mkdir()
    before = _traces(clinic)
    preview = clinic.preview()
    assert _traces(clinic) == before
    assert clinic.standin.counts.requests("POST") == 0
    assert clinic.sessions() == {}
    clinic.run()
    seen = {record.key: record for record in preview.records}
    assert {key: _as_fate(record.state) for key, record in clinic.records().items()} == {
        key: record.fate for key, record in seen.items()
    }
    assert {key: record.reason for key, record in clinic.records().items() if record.reason} == {
        key: record.reason for key, record in seen.items() if record.reason
    }
    shown = seen[runs[0].key]
    sent = clinic.records()[runs[0].key]
    assert (shown.unit, shown.test_list) == ("Main Campus: Linac 1", f"MPC: {BEAM}")
    assert shown.payload is not None
    assert sent.payload is not None
    values = {slug: test for slug, test in sent.payload["tests"].items() if "value" in test}
    assert dict(shown.payload["tests"]) == values
    assert {name: shown.payload[name] for name in shown.payload if name != "tests"} == {
        name: sent.payload[name] for name in sent.payload if name != "tests"
    }


def test_a_preview_after_the_cycle_has_nothing_to_say(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    assert clinic.preview().records == []


def test_a_preview_shows_late_results_and_those_that_only_the_ledger_has(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.run()
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    kept = clinic.add("03-10 09:00", "BeamCheckTemplate15x")
    clinic.run()
    clinic.standin.faults.clear()
    clinic.remove(kept)
    late = clinic.add("03-10 07:50", "BeamCheckTemplate18x")
    before = _traces(clinic)
    preview = clinic.preview()
    assert _traces(clinic) == before
    assert {record.key: record.fate for record in preview.records} == {
        f"{first.key}/late-1": TO_SEND,
        kept.key: TO_SEND,
    }
    clinic.run()
    assert set(clinic.sessions()) == {first.key, f"{first.key}/late-1", kept.key}
    assert len(clinic.holding(late)) == 1
    clinic.judge()


def _traces(clinic: Clinic) -> list[tuple[Any, ...]]:
    """Every row of the ledger, as text; the cycles' own book stays out of it."""
    file = clinic.program.places.ledger_file
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as connection:
        return [
            (table, *row)
            for table in ("records", "items", "marks", "cycles")
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        ]


def _as_fate(state: DeliveryState) -> str:
    return TO_SEND if state is DeliveryState.DELIVERED else state.value
