"""How far back a pump looks, and that an outage drops nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integration.mpc.clinic import Clinic
from qcpump_qt.engine.records import DeliveryState


def test_a_new_pump_looks_back_as_many_days_as_it_is_told(clinic: Clinic) -> None:
    clinic.configure(history_days=2)
    old = clinic.morning("03-07", start="23:30")
    new = clinic.morning("03-08", start="00:00")
    clinic.run()
    assert set(clinic.sessions()) == {new[0].key}
    clinic.judge(not_sent=old)


def test_history_goes_by_the_time_in_the_name(clinic: Clinic) -> None:
    """QCPump went by the file's time, which a copied share resets."""
    import os

    clinic.configure(history_days=1)
    old = clinic.add("03-01 07:41")
    os.utime(old.csv)
    clinic.run()
    clinic.judge(not_sent=[old])


def test_no_history_days_means_today(clinic: Clinic) -> None:
    clinic.configure(history_days=0)
    old, new = clinic.add("03-09 10:00"), clinic.add("03-10 10:00")
    clinic.run()
    assert set(clinic.sessions()) == {new.key}
    clinic.judge(not_sent=[old])


def test_a_session_over_midnight_at_the_cut_off_is_one_session(clinic: Clinic) -> None:
    clinic.configure(history_days=1)
    first = clinic.add("03-08 23:55")
    clinic.add("03-09 00:05", "BeamCheckTemplate10x")
    clinic.run()
    assert set(clinic.sessions()) == {first.key}
    clinic.judge()


def test_a_late_result_of_the_day_before_the_cut_off_is_not_lost(clinic: Clinic) -> None:
    clinic.configure(history_days=1)
    first = clinic.add("03-08 23:55")
    clinic.add("03-09 00:05", "BeamCheckTemplate10x")
    clinic.run()
    late = clinic.add("03-08 23:58", "BeamCheckTemplate15x")
    clinic.run()
    assert clinic.holding(late) == [f"{first.key}/late-1"]
    clinic.judge()


@pytest.mark.parametrize("what", ["server", "share", "pump"])
def test_an_outage_longer_than_the_history_loses_nothing(clinic: Clinic, what: str) -> None:
    clinic.configure(history_days=1)
    clinic.morning()
    clinic.run()
    if what == "server":
        clinic.standin.faults.add("drop-before", method="ANY", times=None)
    if what == "share":
        clinic.tds.rename(clinic.folder / "away")
    for day in range(11, 25):
        clinic.now = clinic.now.replace(day=day)
        if what == "share":
            (clinic.folder / "away").rename(clinic.tds)
        clinic.morning(f"03-{day}")
        if what == "share":
            clinic.tds.rename(clinic.folder / "away")
        if what != "pump":
            clinic.run()
    clinic.standin.faults.clear()
    if what == "share":
        (clinic.folder / "away").rename(clinic.tds)
    clinic.run()
    assert len(clinic.sessions()) == 15
    clinic.judge()


def test_raising_history_days_later_imports_older_results(clinic: Clinic) -> None:
    clinic.configure(history_days=1)
    old = clinic.morning("02-20")
    clinic.morning()
    clinic.run()
    clinic.judge(not_sent=old)
    clinic.configure(history_days=30)
    clinic.run()
    assert clinic.state(old[0].key) is DeliveryState.DELIVERED
    clinic.judge()


def test_lowering_history_days_drops_nothing_that_was_due(clinic: Clinic) -> None:
    clinic.configure(history_days=30)
    clinic.standin.faults.add("drop-before", method="ANY", times=None)
    clinic.morning("02-20")
    clinic.run()
    clinic.configure(history_days=0)
    late_copy = clinic.morning("02-21")
    clinic.standin.faults.clear()
    clinic.now += timedelta(days=3)
    clinic.run()
    assert clinic.state(late_copy[0].key) is DeliveryState.DELIVERED
    clinic.judge()
