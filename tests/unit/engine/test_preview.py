"""A preview shows what a cycle would do, sends nothing and writes nothing down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import (
    Cancelled,
    ConfigurationError,
    ItemError,
    MappingError,
    PumpError,
    SourceUnavailable,
)
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.preview import TO_SEND, Preview, PreviewHost
from qcpump_qt.engine.records import (
    DeliveryState,
    IsThere,
    Record,
    Skips,
    UnitBy,
    UnitRef,
    Upload,
    Waits,
)
from qcpump_qt.engine.settings import Settings
from unit.engine.delivery.memory_server import (
    LOST,
    NO_TOKEN,
    UNIT,
    MemoryServer,
    raising,
    record,
    records,
    upload,
)

PUMP = "pump-1"


@dataclass
class Place:
    ledger: Ledger
    home: Path
    server: MemoryServer = field(default_factory=MemoryServer)
    cancel: CancelToken = field(default_factory=CancelToken)
    heard: list[str] = field(default_factory=list)

    def preview(self, work: Callable[[PumpHost], object]) -> Preview:
        @dataclass
        class Pump:
            host: PumpHost

            def pump(self) -> object:
                return work(self.host)

        host = PreviewHost(
            PUMP,
            "Morning QA",
            self.home,
            Settings(),
            self.cancel,
            lambda: self.ledger,
            lambda _level, text: self.heard.append(text),
        )
        return host.preview(Pump)

    def of(self, found: list[Record], **options: Any) -> Preview:
        return self.preview(lambda host: host.deliver(found, self.server, **options))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    ledger = Ledger.at(tmp_path / "ledger.sqlite3")
    yield Place(ledger, tmp_path)
    assert ledger.cycles.latest(PUMP) == []
    ledger.close()


def told(preview: Preview) -> list[str]:
    return [message.text for message in preview.tally.messages]


def test_what_would_be_sent_and_where(place: Place) -> None:
    preview = place.of([record("a", {"x": {"value": 1.0}, "y": {"value": None}}, test_list="Daily")])
    (shown,) = preview.records
    assert (shown.key, shown.title, shown.fate, shown.reason) == ("a", "Session a", TO_SEND, "")
    assert (shown.unit, shown.test_list) == ("Unit 2101", "Daily")
    assert shown.payload is not None
    assert shown.payload["tests"] == {"x": {"value": 1.0}, "y": {"skipped": True}}
    assert shown.payload["unit_test_collection"] == "/2101/Daily/"
    assert place.server.requests() == 0
    assert place.ledger.deliveries.sightings() == []


def test_what_would_not_be_sent_and_why(place: Place) -> None:
    preview = place.of(
        [
            record("skips", standing=Skips("A baseline.")),
            record("waits", standing=Waits("Later.")),
            record("there", standing=IsThere("Under another key.")),
            record("bad", prepare=raising(ItemError("Empty."))),
            record("locked", prepare=raising(SourceUnavailable("Locked."))),
            record("odd", prepare=raising(ConfigurationError("No template."))),
            record("asks", prepare=raising(MappingError("No unit."))),
            record("bug", prepare=raising(KeyError("x"))),
        ]
    )
    assert [(each.key, each.fate, each.reason) for each in preview.records] == [
        ("skips", "skipped", "A baseline."),
        ("waits", "waiting", "Later."),
        ("there", "already there", "Under another key."),
        ("bad", "skipped", "Empty."),
        ("locked", "waiting", "Locked."),
        ("odd", "rejected", "No template."),
        ("asks", "waiting", "No unit."),
        ("bug", "rejected", "The pump type failed on this record (KeyError: 'x')."),
    ]


def test_what_has_its_end_is_not_shown(place: Place) -> None:
    found = records(6, fingerprint="1")
    place.ledger.deliveries.meet(PUMP, found)
    place.ledger.deliveries.write(
        PUMP, [Entry(key=f"r{n:03}", state=state) for n, state in enumerate(DeliveryState)]
    )
    assert [each.key for each in place.of(found).records] == ["r000", "r001"]
    changed = records(6, fingerprint="2")
    assert [each.key for each in place.of(changed).records] == ["r000", "r001", "r004", "r005"]


def test_what_only_the_ledger_still_has_is_shown_too(place: Place) -> None:
    place.ledger.deliveries.meet(PUMP, [record("old"), record("both")])
    place.ledger.deliveries.write(
        PUMP, [Entry(key=key, state=DeliveryState.WAITING, upload=upload(key)) for key in ("old", "both")]
    )
    preview = place.of([record("both"), record("new")])
    assert [(each.key, each.fate) for each in preview.records] == [
        ("both", TO_SEND),
        ("new", TO_SEND),
        ("old", TO_SEND),
    ]


def test_no_match_waits_and_the_others_go_on(place: Place) -> None:
    place.server.unknown_units = {"9999"}
    preview = place.of([record("a", unit=UnitRef(UnitBy.SERIAL, "9999")), record("b")])
    first, second = preview.records
    assert (first.fate, first.reason) == ("waiting", "No unit has the serial number 9999.")
    assert first.unit == "unit with serial number 9999"
    assert second.fate == TO_SEND
    assert told(preview) == ["Session a: No unit has the serial number 9999."]
    assert preview.tally.outcome().value == "attention"


@pytest.mark.parametrize(("error", "outcome"), [(LOST, "unreachable"), (NO_TOKEN, "attention")])
def test_a_server_in_trouble_is_asked_once_and_told_once(
    place: Place, error: Exception, outcome: str
) -> None:
    place.server.place_fault = error
    preview = place.of(records(5))
    assert len(place.server.asked) == 1
    assert {each.fate for each in preview.records} == {"waiting"}
    assert told(preview) == [str(error)]
    assert preview.tally.outcome().value == outcome


def test_a_hold_is_the_reason_of_all(place: Place) -> None:
    preview = place.of(records(2), hold=LOST)
    assert {each.reason for each in preview.records} == {"The connection broke."}
    assert place.server.asked == []


def test_notes_of_the_content_are_told(place: Place) -> None:
    noted = Upload(payload={"tests": {}}, unit=UNIT, test_list="Daily", notes=("A value is blank.",))
    assert told(place.of([record("a", prepare=lambda: noted)])) == ["Session a: A value is blank."]


def test_it_can_be_stopped(place: Place) -> None:
    place.cancel.cancel()
    with pytest.raises(Cancelled):
        place.of(records(2))
    with pytest.raises(Cancelled):
        Place(place.ledger, place.home).of([record("a", prepare=raising(Cancelled("Enough.")))])


def test_the_pump_gets_a_host_that_changes_nothing(place: Place) -> None:
    place.ledger.deliveries.meet(PUMP, records(1))
    place.ledger.memory(PUMP).set_mark("since", 1)

    def work(host: PumpHost) -> None:
        host.memory.set_mark("since", 2)
        host.forget(["r000"])
        assert host.settle_doubts(place.server) is None
        host.progress(50, "Half")
        host.log(logging.DEBUG, "Small talk")
        host.log(logging.INFO, "It would be moved.")
        host.log(logging.ERROR, "Row 7 is odd.")
        host.unreachable("Machine 2 is away.")
        assert host.previewing
        assert (host.pump_id, host.pump_name) == (PUMP, "Morning QA")

    preview = place.preview(work)
    assert place.ledger.memory(PUMP).mark("since") == 1
    assert len(place.ledger.deliveries.sightings()) == 1
    assert told(preview) == ["It would be moved.", "Row 7 is odd.", "Machine 2 is away."]
    assert place.heard == ["Small talk", "It would be moved.", "Row 7 is odd.", "Machine 2 is away."]
    assert preview.tally.unreachable
    assert place.server.asked == []


def test_what_keeps_the_pump_from_looking_is_raised(place: Place) -> None:
    with pytest.raises(SourceUnavailable, match=r"The share is away\."):
        place.preview(lambda _host: raising(SourceUnavailable("The share is away."))())


@pytest.mark.parametrize(
    ("bug", "words"), [(KeyError("dose"), "KeyError: 'dose'"), (SystemExit(0), "SystemExit: 0")]
)
def test_a_pump_type_that_fails_is_told_in_words(place: Place, bug: BaseException, words: str) -> None:
    with pytest.raises(PumpError) as told:
        place.preview(lambda _host: raising(bug)())
    assert str(told.value) == (
        f"No preview: The pump type failed ({words}). This is a fault in the program or in a pump type of your own; "
        "the log at level debug shows where."
    )
    assert told.value.__cause__ is bug


def test_a_record_that_ends_in_sys_exit_is_shown_as_rejected_and_the_next_one_goes_on(place: Place) -> None:
    preview = place.of([record("a", prepare=raising(SystemExit(1))), record("b")])
    assert [(each.key, each.fate) for each in preview.records] == [("a", "rejected"), ("b", "would be sent")]
    assert preview.records[0].reason == "The pump type failed on this record (SystemExit: 1)."
