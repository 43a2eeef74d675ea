"""Keys of sessions, read back; and which sessions stand as they are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.pumps.mpc.keys import fixed_from, read_key
from qcpump_qt.sources.mpc.names import CheckType
from qcpump_qt.sources.mpc.sessions import Fixed, session_key

MOMENTS = st.datetimes(datetime.fromisoformat("1990-01-01 00:00"), datetime.fromisoformat("2090-01-01 00:00"))
BASE = "QCPump/MPC/1234/2026-03-10-07-41/Beam and Geometry Checks"


@given(
    serial=st.from_regex(r"\w{1,20}", fullmatch=True),
    moment=MOMENTS,
    check_type=st.sampled_from(CheckType),
    late=st.integers(0, 500),
)
def test_a_key_says_what_it_was_made_of(
    serial: str, moment: datetime, check_type: CheckType, late: int
) -> None:
    base = session_key(serial, moment, check_type)
    read = read_key(f"{base}/late-{late}" if late else base)
    assert read is not None
    assert (read.base, read.serial, read.check_type, read.late) == (base, serial, check_type, late)
    assert read.start == moment.replace(second=0, microsecond=0)


def test_the_title() -> None:
    read, late = read_key(BASE), read_key(f"{BASE}/late-2")
    assert read is not None
    assert late is not None
    assert read.title == "SN1234 2026-03-10 07:41 Beam and Geometry Checks"
    assert late.title == "SN1234 2026-03-10 07:41 Beam and Geometry Checks (late)"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "QCPump/DQA3/1234/2026-03-10-07-41/Beam and Geometry Checks",
        "QCPump/MPC/1234/2026-13-10-07-41/Beam and Geometry Checks",
        "QCPump/MPC/1234/2026-03-10-07-41-00/Beam and Geometry Checks",
        "QCPump/MPC/1234/2026-03-10-07-41/Other Checks",
        f"{BASE}/late-",
        f"{BASE}/late-1/late-2",
        f"{BASE}/",
        f" {BASE}",
    ],
)
def test_other_keys_are_none_of_ours(key: str) -> None:
    assert read_key(key) is None


def test_what_is_on_the_server_or_may_be_is_fixed() -> None:
    def key(minute: int) -> str:
        return session_key(
            "1234", datetime.fromisoformat(f"2026-03-10 07:{minute:02d}"), CheckType.BEAM_AND_GEOMETRY
        )

    states = {
        key(0): DeliveryState.DELIVERED,
        f"{key(0)}/late-1": DeliveryState.DELIVERED,
        f"{key(0)}/late-2": DeliveryState.REJECTED,
        key(30): DeliveryState.ALREADY_THERE,
        f"{key(30)}/late-7": DeliveryState.SENDING,
        key(31): DeliveryState.SENDING,
        key(32): DeliveryState.WAITING,
        key(33): DeliveryState.REJECTED,
        key(34): DeliveryState.SKIPPED,
        "MPC folder H19/MPCChecks/x": DeliveryState.DELIVERED,
    }
    start = datetime.fromisoformat("2026-03-10 07:00")
    assert fixed_from(states) == [
        Fixed(key(0), start, "1234", CheckType.BEAM_AND_GEOMETRY, 1),
        Fixed(key(30), start + timedelta(minutes=30), "1234", CheckType.BEAM_AND_GEOMETRY, 7),
        Fixed(key(31), start + timedelta(minutes=31), "1234", CheckType.BEAM_AND_GEOMETRY, 0),
    ]


def test_late_records_of_a_session_that_is_not_there_fix_nothing() -> None:
    assert fixed_from({f"{BASE}/late-1": DeliveryState.DELIVERED}) == []
