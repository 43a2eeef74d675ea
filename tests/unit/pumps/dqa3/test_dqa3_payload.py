"""What is posted for measurements."""

from __future__ import annotations

from datetime import datetime, timedelta

from qcpump_qt.engine.records import UnitBy, UnitRef
from qcpump_qt.pumps.dqa3.payload import fingerprint, group_upload, one_beam_upload
from qcpump_qt.sources.dqa3.measurements import Measurement, Sight

TIME = datetime.fromisoformat("2021-03-31 01:23:34.5")
UNIT = UnitRef(UnitBy.NUMBER, "1")


def made(
    minute: int, beam: str, dose: float | None, comment: str = "", odd: tuple[str, ...] = ()
) -> Measurement:
    sight = Sight("5", TIME + timedelta(minutes=minute), str(minute), beam)
    return Measurement(sight, "photon", {}, comment, {"data_key": str(minute), "dose": dose}, odd)


def test_a_single_beam() -> None:
    upload = one_beam_upload(made(0, "6 MV", 1.5, "fine"), "K", UNIT, "List", comments=True)
    assert upload.payload == {
        "work_started": "2021-03-31 01:23:34",
        "work_completed": "2021-03-31 01:24:34",
        "user_key": "K",
        "day": 0,
        "tests": {"data_key": {"value": "0"}, "dose": {"value": 1.5}},
        "comment": "fine",
    }
    assert (upload.unit, upload.test_list, upload.notes) == (UNIT, "List", ())


def test_a_group() -> None:
    members = [made(0, "6 MV", 1.5, "one"), made(7, "10 FFF", None, "two", ("dose: n/a",))]
    upload = group_upload(members, "K", UNIT, "List", comments=True, late_of="K0")
    assert upload.payload["work_completed"] == "2021-03-31 01:30:34"
    assert upload.payload["comment"] == "one\ntwo"
    assert upload.payload["tests"] == {
        "data_key_6_mv": {"value": "0"},
        "dose_6_mv": {"value": 1.5},
        "data_key_10_fff": {"value": "7"},
        "dose_10_fff": {"value": None},
    }
    assert upload.notes == (
        "6 MV at 2021-03-31 01:23:34, 10 FFF at 2021-03-31 01:30:34 turned up in the database after the group K0 had "
        "been delivered; sent as a record of its own.",
        "the beam 10 FFF has something else than a number in its column dose: n/a; it is sent as skipped.",
    )
    assert "comment" not in group_upload(members, "K", UNIT, "List", comments=False).payload


def test_beams_whose_macro_names_are_the_same_are_told() -> None:
    upload = group_upload([made(0, "6 MV", 1.0), made(1, "6-MV", 2.0)], "K", UNIT, "List", comments=True)
    assert upload.payload["tests"]["dose_6_mv"] == {"value": 2.0}
    assert upload.notes == (
        "the beams 6 MV and 6-MV have the same macro names in QATrack+; only the later one, measured at 01:24:34, is "
        "sent. Rename one of them in Daily QA3.",
    )


def test_a_fingerprint_changes_with_the_numbers_and_nothing_else() -> None:
    one = fingerprint([made(0, "6 MV", 1.0)])
    assert one == fingerprint([made(0, "6 MV", 1.0)])
    assert len({one, fingerprint([made(0, "6 MV", 1.1)]), fingerprint([made(0, "6 MV", 1.0, "new")])}) == 3
