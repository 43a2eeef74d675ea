"""What `QATrackFetchAndPost` makes of a record, without any server."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import MappingError
from qcpump_qt.engine.records import Record, UnitBy, UnitRef, Upload
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.fetch_and_post import QATrackFetchAndPost, fingerprint
from qcpump_qt.pumps.qatrack_api import QATRACK_API_CONFIG
from recording_host import RecordingHost

START = datetime.fromisoformat("2026-03-10 08:00:00.000999")


class Simple(QATrackFetchAndPost, BasePump):
    """Records are dictionaries that say what each hook gives."""

    CONFIG = [QATRACK_API_CONFIG]  # noqa: RUF012 - as the manual shows it

    def fetch_records(self) -> list[Any]:
        return self.found

    found: list[Any]

    def id_for_record(self, record: Any) -> Any:
        return record.get("id", "key")

    def test_list_for_record(self, record: Any) -> Any:
        return record.get("list", "Output")

    def qatrack_unit_for_record(self, record: Any) -> Any:
        return record.get("unit", "Linac 1")

    def work_datetimes_for_record(self, record: Any) -> Any:
        return record.get("times", (START, START + timedelta(minutes=1)))

    def test_values_from_record(self, record: Any) -> Any:
        return record.get("tests", {"a": {"value": 1.0}})


class WithOwnTable(Simple):
    """Says which unit has which number in the class itself."""

    qatrack_unit_names_to_ids = {"Linac 1": 7}  # noqa: RUF012 - as a user might write it


class WithOwnProperty(Simple):
    """Works it out."""

    @property  # type: ignore[misc]
    def qatrack_unit_names_to_ids(self) -> dict[str, int]:
        return {"Linac 1": 7}


def pump(*found: Any, kind: type[Simple] = Simple) -> Simple:
    values = {"QATrack+ API": [{"api url": "http://127.0.0.1:9/api", "auth token": "0" * 40}]}
    made = kind(Configuration(kind.sections(), values), RecordingHost())
    made.found = list(found)
    return made


def records(made: Simple) -> list[Record]:
    made.pump()
    host = made.pump_host
    assert isinstance(host, RecordingHost)
    return host.records


def upload(**record: Any) -> Upload:
    return records(pump(record))[0].prepare()


def test_the_payload_has_the_fields_of_qcpump() -> None:
    assert upload(id="k").payload == {
        "work_started": "2026-03-10 08:00:00",
        "work_completed": "2026-03-10 08:01:00",
        "user_key": "k",
        "day": 0,
        "tests": {"a": {"value": 1.0}},
    }


def test_a_time_with_a_zone_becomes_the_clock_on_the_wall() -> None:
    moment = datetime(2026, 3, 10, 8, 0, tzinfo=timezone.utc)
    made = upload(times=(moment, "2026-03-10 09:00"))
    assert made.payload["work_started"] == f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
    assert made.payload["work_completed"] == "2026-03-10 09:00"


@pytest.mark.parametrize(
    ("given_value", "sent"),
    [
        (Decimal("1.25"), 1.25),
        (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (datetime.fromisoformat("2026-03-10 08:01:02"), "2026-03-10 08:01:02"),
        (date(2026, 3, 10), "2026-03-10"),
        (True, True),
        ("text", "text"),
        (None, None),
    ],
)
def test_values_of_databases_become_plain(given_value: object, sent: object) -> None:
    assert upload(tests={"a": {"value": given_value, "comment": "c"}}).payload["tests"] == {
        "a": {"value": sent, "comment": "c"}
    }


def test_a_bare_value_is_taken_for_the_value() -> None:
    assert upload(tests={"a": Decimal(2)}).payload["tests"] == {"a": {"value": 2.0}}


@pytest.mark.parametrize(
    ("table", "unit", "ref"),
    [
        (None, "Main: Linac 1", UnitRef(UnitBy.LABEL, "Main: Linac 1")),
        ({"TB1": 7}, "TB1", UnitRef(UnitBy.NUMBER, "7")),
        ({"TB1": 7}, "TB2", UnitRef(UnitBy.LABEL, "TB2")),
        ({12: 7}, 12, UnitRef(UnitBy.NUMBER, "7")),
        ({"TB1": None}, "TB1", UnitRef(UnitBy.LABEL, "TB1")),
    ],
)
def test_the_unit_goes_by_number_where_the_type_says_which(table: Any, unit: Any, ref: UnitRef) -> None:
    made = pump({"unit": unit})
    if table is not None:
        made.qatrack_unit_names_to_ids = table
    assert records(made)[0].prepare().unit == ref


@pytest.mark.parametrize("kind", [WithOwnTable, WithOwnProperty])
def test_a_type_may_have_a_table_of_its_own_in_place_of_the_one_that_is_given(kind: type[Simple]) -> None:
    assert records(pump({}, kind=kind))[0].prepare().unit == UnitRef(UnitBy.NUMBER, "7")
    assert records(pump({"unit": "TB2"}, kind=kind))[0].prepare().unit == UnitRef(UnitBy.LABEL, "TB2")


def test_naming_a_unit_asks_no_server() -> None:
    made = pump({})
    assert made.qatrack_unit_names_to_ids is made.qatrack_unit_names_to_ids
    assert records(made)[0].prepare().unit == UnitRef(UnitBy.LABEL, "Linac 1")


@pytest.mark.parametrize(("hook", "what"), [("unit", "unit in QATrack"), ("list", "test list")])
def test_without_a_place_it_waits_for_one(hook: str, what: str) -> None:
    for blank in (None, ""):
        with pytest.raises(MappingError, match=f"The pump type knows no {what}.* It waits until it does"):
            upload(**{hook: blank})


def test_ids_are_trimmed_and_made_text() -> None:
    assert [record.key for record in records(pump({"id": " a "}, {"id": 5}))] == ["a", "5"]


def test_a_record_whose_id_cannot_be_made_is_told() -> None:
    made = pump({"id": None}, {"id": ""}, "no dictionary", {"id": "good"})
    assert [record.key for record in records(made)] == ["good"]
    host = made.pump_host
    assert isinstance(host, RecordingHost)
    assert host.messages == [
        "Record 1: it has no id, so it could not be told from others and is not sent.",
        "Record 2: it has no id, so it could not be told from others and is not sent.",
        "Record 3: id_for_record failed (AttributeError: 'str' object has no attribute 'get').",
    ]


@pytest.mark.parametrize("length", [255, 256])
def test_ids_as_long_as_the_server_takes(length: int) -> None:
    assert len(records(pump({"id": "x" * length}))) == (length == 255)


@pytest.mark.parametrize(
    "hook",
    [
        "fetch_records",
        "id_for_record",
        "test_list_for_record",
        "qatrack_unit_for_record",
        "work_datetimes_for_record",
        "test_values_from_record",
    ],
)
def test_a_hook_that_is_missing_is_named(hook: str) -> None:
    with pytest.raises(NotImplementedError, match=f"Simple has no {hook} method."):
        getattr(super(Simple, pump()), hook)(*([{}] if hook != "fetch_records" else []))


def test_hooks_that_may_be_left_out() -> None:
    made = pump()
    assert made.comment_for_record({}) == ""
    assert made.cycle_day_for_record({}) == 0
    made.post_process({})


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=4), PLAIN, max_size=4))
def test_the_fingerprint_depends_on_the_content_alone(record: dict[str, Any]) -> None:
    same = dict(reversed(list(record.items())))
    assert fingerprint(record) == fingerprint(same) != ""
    assert fingerprint({**record, "one more": 1}) != fingerprint(record)


def test_records_that_are_no_plain_data_have_no_fingerprint() -> None:
    assert fingerprint(object()) == ""
    assert fingerprint({"a": object()}) == ""
    assert fingerprint({1: "a"}) == ""
    assert fingerprint(Path("a")) != fingerprint(Path("b")) != ""
