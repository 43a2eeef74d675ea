"""What shares do: files locked or growing, folders that come and go, a share that is away."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.mpc.clinic import Clinic, settle
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome

as_root = hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody may read the file: by its mode, or (root may read all) as the system would say it."""
    if not as_root and os.name != "nt":
        path.chmod(0)
        try:
            yield
        finally:
            path.chmod(0o644)
        return
    real = open

    def refusing(file: object, *args: object, **more: object) -> object:
        if str(file) == str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(file, *args, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", refusing)
        yield


@pytest.mark.parametrize("name", ["Results.csv", "Check.xml"])
def test_a_locked_file_makes_its_session_wait_and_arrive_whole(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    runs = clinic.morning()
    other = clinic.add("03-10 05:00", serial="2102")
    with locked(runs[2].path / name, monkeypatch):
        report = clinic.run()
    assert report.outcome is CycleOutcome.UNREACHABLE
    record = clinic.records()[runs[0].key]
    assert (record.state, record.waiting_for) == (DeliveryState.WAITING, WaitingFor.SOURCE)
    assert "is locked or may not be read by this account" in record.reason
    assert any(record.reason in message.text for message in report.messages)
    assert set(clinic.sessions()) == {other.key}
    clinic.run()
    assert set(clinic.sessions()) == {other.key, runs[0].key}
    clinic.judge()


def test_a_file_that_grows_while_the_cycle_runs_waits(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41", "GeometryCheckTemplate6xMVkV")
    lines = run.text.splitlines(keepends=True)
    run.csv.write_text("".join(lines[:3]), encoding="utf-8")
    stop = threading.Event()

    def write() -> None:
        with run.csv.open("a", encoding="utf-8") as file:
            while not stop.wait(0.02):
                file.write(" ")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        clinic.run()
    finally:
        stop.set()
        writer.join()
    record = clinic.records()[run.key]
    assert (record.state, record.waiting_for) == (DeliveryState.WAITING, WaitingFor.TIME)
    assert record.reason == f"{run.name}: Results.csv is still being written."
    clinic.judge(not_sent=[run])
    run.finish()
    clinic.run()
    clinic.judge()


def test_a_file_that_grew_after_it_was_read_is_sent_as_late(clinic: Clinic) -> None:
    """It looked whole: its last line had an end, and nobody wrote to it while it was looked at."""
    run = clinic.add("03-10 07:41", "GeometryCheckTemplate6xMVkV")
    whole, lines = run.text, run.text.splitlines(keepends=True)
    run.csv.write_text("".join(lines[:4]), encoding="utf-8")
    fresh = clinic.now
    settle(run.csv, fresh)
    clinic.run()
    assert clinic.state(run.key) is DeliveryState.DELIVERED
    run.csv.write_text(whole, encoding="utf-8")
    settle(run.csv, fresh)
    clinic.run()
    assert clinic.values(f"{run.key}/late-1") == run.tests


def test_a_delivered_file_that_is_only_touched_is_not_sent_again(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41")
    settle(run.csv, clinic.now)
    clinic.run()
    settle(run.csv, clinic.now.replace(minute=1))
    report = clinic.run()
    assert report.counts["found"] == 0
    clinic.judge()


def test_an_aborted_run_that_gets_its_results_later_is_delivered(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41", results=False)
    clinic.add("03-10 07:42", "BeamCheckTemplate10x")
    clinic.run()
    assert clinic.state(f"MPC folder H192101/MPCChecks/{run.name}") is DeliveryState.SKIPPED
    clinic.judge(not_sent=[run])
    clinic.now = clinic.now.replace(day=13)
    assert clinic.run().counts["found"] == 0
    run.finish()
    clinic.run()
    clinic.judge()


def test_an_aborted_run_is_not_told_before_its_time_is_over(clinic: Clinic) -> None:
    run = clinic.add("03-10 11:50", results=False)
    report = clinic.run()
    assert (report.outcome, report.counts["waiting"], report.messages) == (CycleOutcome.OK, 1, ())
    assert clinic.records()[f"MPC folder H192101/MPCChecks/{run.name}"].reason.endswith(
        "looked at again until 12:10."
    )
    run.finish()
    clinic.now = clinic.now.replace(minute=30)
    clinic.run()
    assert set(clinic.records()) == {run.key}
    clinic.judge()


def test_an_old_folder_that_is_still_being_copied_here_is_delivered(clinic: Clinic) -> None:
    """Its name is older than any watch over aborted runs lasts, but it has only just come."""
    clinic.configure(history_days=60)
    run = clinic.add("02-01 07:41", results=False)
    clinic.run()
    run.finish()
    clinic.run()
    clinic.judge()


def test_a_header_alone_is_no_session_and_the_whole_file_is_sent(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41")
    run.csv.write_text(run.text.splitlines()[0] + "\n", encoding="utf-8")
    settle(run.csv, run.moment)
    clinic.run()
    assert clinic.sessions() == {}
    run.finish()
    clinic.run()
    clinic.judge()


@pytest.mark.parametrize("cut", [5, 40, 75, 100])
def test_a_truncated_file_is_told_and_sent_when_it_is_whole(clinic: Clinic, cut: int) -> None:
    run = clinic.add("03-10 07:41")
    run.csv.write_text(run.text[:cut], encoding="utf-8")
    settle(run.csv, run.moment)
    report = clinic.run()
    assert clinic.sessions() == {}
    assert report.counts["skipped"] == 1
    assert any(run.name in message.text for message in report.messages)
    run.finish()
    clinic.run()
    clinic.judge()


def test_a_cycle_cut_off_after_an_aborted_run_was_told_still_watches_it(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = clinic.add("03-10 07:41", results=False)
    with monkeypatch.context() as patch:

        def cut_off(*_args: object) -> None:
            raise RuntimeError("cut off")

        patch.setattr("qcpump_qt.pumps.mpc.watch.Watch.renew", cut_off)
        assert clinic.run().outcome is CycleOutcome.FAILED
    assert clinic.state(f"MPC folder H192101/MPCChecks/{run.name}") is DeliveryState.SKIPPED
    run.finish()
    clinic.run()
    clinic.judge()


def test_a_cycle_cut_off_before_the_delivery_finds_the_change_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is noted for a record that does not exist yet; it must not count as dealt with."""
    clinic.add("03-10 07:30", "BeamCheckTemplate10x")
    run = clinic.add("03-10 07:41", results=False)
    clinic.run()
    run.finish()
    with monkeypatch.context() as patch:

        def cut_off(*_args: object, **_more: object) -> None:
            raise RuntimeError("cut off")

        patch.setattr("qcpump_qt.engine.cycle.CycleHost.deliver", cut_off)
        clinic.run()
    clinic.run()
    clinic.judge()


@pytest.mark.parametrize("how", ["missing", "empty"])
def test_what_the_ledger_has_kept_is_delivered_while_the_share_is_away(clinic: Clinic, how: str) -> None:
    clinic.add("03-10 05:00")
    clinic.run()
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    clinic.morning()
    clinic.run()
    clinic.standin.faults.clear()
    clinic.tds.rename(clinic.folder / "away")
    if how == "empty":
        clinic.tds.mkdir()
    assert clinic.run().outcome is CycleOutcome.UNREACHABLE
    clinic.judge()


def test_the_tds_directory_is_away(clinic: Clinic) -> None:
    runs = clinic.morning()
    clinic.tds.rename(clinic.folder / "away")
    report = clinic.run()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert "does not exist or its share is not connected" in report.messages[0].text
    (clinic.folder / "away").rename(clinic.tds)
    clinic.run()
    assert set(clinic.sessions()) == {runs[0].key}
    clinic.judge()


def test_an_empty_mount_point_is_no_empty_share(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    clinic.tds.rename(clinic.folder / "away")
    clinic.tds.mkdir()
    report = clinic.run()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert "holds no machine, although results were found there before" in report.messages[0].text
    clinic.tds.rmdir()
    (clinic.folder / "away").rename(clinic.tds)
    clinic.morning("03-11")
    clinic.now = clinic.now.replace(day=11)
    clinic.run()
    clinic.judge()


def test_one_machine_that_is_empty_now_is_told(clinic: Clinic) -> None:
    clinic.morning()
    clinic.morning(serial="2102")
    clinic.run()
    shutil.rmtree(clinic.checks("H192102"))
    clinic.checks("H192102").mkdir()
    report = clinic.run()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert "is empty, although it held results before. Is the share connected?" in report.messages[0].text


def test_one_machine_that_is_gone_is_told_once(clinic: Clinic) -> None:
    clinic.morning()
    clinic.morning(serial="2102")
    clinic.run()
    (clinic.tds / "H192102").rename(clinic.folder / "away")
    report = clinic.run()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert "H192102/MPCChecks" in report.messages[0].text
    assert "held results before and is not there any more" in report.messages[0].text
    assert clinic.run().outcome is CycleOutcome.OK
    (clinic.folder / "away").rename(clinic.tds / "H192102")
    late = clinic.add("03-10 07:50", "BeamCheckTemplate15x", serial="2102")
    clinic.run()
    assert len(clinic.holding(late)) == 1
    clinic.judge()


def test_a_machine_folder_that_cannot_be_listed_does_not_stop_the_others(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.morning(serial="2102")
    runs = clinic.morning()
    bad = clinic.checks("H192102")
    real = os.listdir

    def refusing(path: str) -> list[str]:
        if str(path) == str(bad):
            raise PermissionError(13, "Permission denied", str(path))
        return list(real(path))

    with monkeypatch.context() as patch:
        patch.setattr("os.listdir", refusing)
        report = clinic.run()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert "may not be listed by this account" in report.messages[0].text
    assert set(clinic.sessions()) == {runs[0].key}
    clinic.run()
    clinic.judge()


def test_strays_are_told_once_and_stop_nothing(clinic: Clinic) -> None:
    runs = clinic.morning()
    (clinic.checks() / "New folder").mkdir()
    (clinic.checks() / "Results.csv").write_text("Name, Value\n", encoding="utf-8")
    (clinic.checks() / "NDS-WKS-SN2101-2026-03-32-07-41-00-0000-BeamCheckTemplate6x").mkdir()
    (clinic.checks() / "NDS-WKS-SN2101-2026-03-10-07-41-00-0000-FutureCheckTemplate6x").mkdir()
    (clinic.checks() / "NDS-WKS-SN2101-2026-03-10-07-41-00-0000-BeamCheckTemplate6x").write_text(
        "", encoding="utf-8"
    )
    report = clinic.run()
    assert (report.counts["skipped"], report.counts["delivered"]) == (5, 1)
    assert len(report.messages) == 5
    assert set(clinic.sessions()) == {runs[0].key}
    later = clinic.add("03-10 10:00")
    report = clinic.run()
    assert report.messages == ()
    assert len(clinic.holding(later)) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no names that are no text")
def test_a_name_that_is_no_text_stops_nothing(clinic: Clinic) -> None:
    os.mkdir(os.fsencode(clinic.checks()) + b"/caf\xe9")  # noqa: PTH102 - a name in bytes
    run = clinic.morning()[0]
    assert clinic.run().counts == {
        "found": 2,
        "delivered": 1,
        "already_there": 0,
        "waiting": 0,
        "skipped": 1,
        "rejected": 0,
    }
    clinic.add("03-10 10:00")
    assert clinic.run().messages == ()
    assert run.key in clinic.sessions()
    clinic.judge()
