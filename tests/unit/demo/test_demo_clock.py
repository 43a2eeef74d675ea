"""The server's time zone, with the nights on which clocks change."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.demo.clock import BODY_FORMATS, FORMAT_MESSAGE, ServerClock

TORONTO = ServerClock("America/Toronto")
NOVEMBER = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02 08:00",
        "2026-11-02 08:00:00",
        "2026-11-02 08:00:00.000000",
        "2026-11-02T08:00:00.000Z",
        "2 Nov 2026 08:00",
        "02 Nov 2026 08:00:00",
        "  2026-11-02 08:00  ",
    ],
)
def test_accepted_forms_all_mean_the_servers_local_time(text: str) -> None:
    assert TORONTO.read(text) == datetime(2026, 11, 2, 8, tzinfo=NOVEMBER)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-02T08:00:00",
        "2026-11-02T08:00:00Z",
        "2026-11-02T08:00:00+01:00",
        "2026-11-02",
        "11/02/2026 08:00",
        1793606400,
        None,
        "",
    ],
)
def test_other_forms_are_refused_with_the_list_of_forms(value: object) -> None:
    with pytest.raises(ValueError, match="Datetime has wrong format") as caught:
        TORONTO.read(value)
    assert str(caught.value) == FORMAT_MESSAGE


@pytest.mark.parametrize("text", ["2026-03-08 02:30", "2026-11-01 01:30"])
def test_a_time_in_the_gap_or_in_the_repeated_hour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r'Invalid datetime for the timezone "America/Toronto"\.'):
        TORONTO.read(text)


def test_replies_carry_the_offset_of_the_season() -> None:
    assert TORONTO.show(TORONTO.read("2026-07-01 08:00")) == "2026-07-01T08:00:00-04:00"
    assert TORONTO.show(TORONTO.read("2026-11-02 08:00")) == "2026-11-02T08:00:00-05:00"
    assert ServerClock("UTC").show(datetime(2026, 1, 1, tzinfo=timezone.utc)) == "2026-01-01T00:00:00Z"


FIRST, LAST = (datetime.fromisoformat(day) for day in ("1990-01-01", "2037-12-31"))


@given(st.datetimes(FIRST, LAST), st.sampled_from(BODY_FORMATS))
def test_whatever_is_accepted_reads_back_the_same_clock_time(moment: datetime, form: str) -> None:
    text = moment.strftime(form)
    if _exists_once(moment.replace(second=0)):
        assert TORONTO.read(text).strftime(form) == text
    else:
        with pytest.raises(ValueError, match="Invalid datetime for the timezone"):
            TORONTO.read(text)


def _exists_once(moment: datetime) -> bool:
    zone = ZoneInfo("America/Toronto")
    offsets = {(moment + timedelta(hours=away)).replace(tzinfo=zone).utcoffset() for away in (-3, 3)}
    in_utc = [moment.replace(tzinfo=timezone(offset)) for offset in offsets if offset is not None]
    readings = [each.astimezone(zone).replace(tzinfo=None) for each in in_utc]
    return readings.count(moment) == 1


def test_without_a_zone_the_computers_own_is_used() -> None:
    own = ServerClock()
    moment = own.read("2026-01-15 12:00:00")
    assert moment == datetime(2026, 1, 15, 12).astimezone()
    assert own.name


def test_a_time_that_this_computer_cannot_count_is_refused() -> None:
    class Early(ServerClock):
        def _with_zone(self, naive: datetime) -> datetime:
            raise OverflowError("as Windows does for years before 1970")

    with pytest.raises(ValueError, match="Datetime value out of range"):
        Early().read("0001-01-01 00:00")
