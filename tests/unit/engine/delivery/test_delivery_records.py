"""What becomes of single records: bad ones, blank ones, refused ones; none of them stops the next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qcpump_qt.engine.errors import (
    BusyError,
    ConfigurationError,
    ItemError,
    LedgerError,
    PumpError,
    RecordRejected,
    SourceUnavailable,
)
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.records import (
    DeliveryState,
    FileContent,
    IsThere,
    Record,
    Skips,
    Upload,
    WaitingFor,
    Waits,
)
from unit.engine.delivery.memory_server import (
    LOST,
    PUMP,
    UNIT,
    Fault,
    Scene,
    raising,
    record,
    records,
    refusal,
    upload,
)


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (ItemError("The file is empty."), DeliveryState.SKIPPED, "The file is empty."),
        (SourceUnavailable("The file is locked."), DeliveryState.WAITING, "The file is locked."),
        (BusyError("It is being written."), DeliveryState.WAITING, "It is being written."),
        (
            ConfigurationError("No such field."),
            DeliveryState.REJECTED,
            "Configuration not usable: No such field.",
        ),
        (
            KeyError("dose"),
            DeliveryState.REJECTED,
            "The pump type failed on this record (KeyError: 'dose').",
        ),
        (
            SystemExit("no dose"),
            DeliveryState.REJECTED,
            "The pump type failed on this record (SystemExit: no dose).",
        ),
    ],
)
def test_records_that_cannot_be_read_do_not_stop_the_next(
    scene: Scene, error: BaseException, state: DeliveryState, reason: str
) -> None:
    """Four of them in a row, so that nobody takes it for trouble of the server."""
    bad = [f"bad{number}" for number in range(4)]
    scene.cycle([*(record(key, prepare=raising(error)) for key in bad), record("good")])
    _check_bad(scene, state, reason)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ItemError("The file is no text."), DeliveryState.SKIPPED),
        (SourceUnavailable("The file is locked."), DeliveryState.WAITING),
        (BusyError("It is being written."), DeliveryState.WAITING),
        (ConfigurationError("No such charset."), DeliveryState.REJECTED),
        (RecordRejected("Not sendable.", answer=None, status=0), DeliveryState.REJECTED),
    ],
)
def test_records_that_cannot_be_sent_do_not_stop_the_next(
    scene: Scene, error: PumpError, state: DeliveryState
) -> None:
    """The content of a file is only read while it is sent: no trouble of the server, and no doubt left."""
    bad = [f"bad{number}" for number in range(4)]
    scene.server.faults_of = {key: Fault(error) for key in bad}
    scene.cycle([*(record(key) for key in bad), record("good")])
    _check_bad(scene, state, error.message)
    assert scene.sightings()["bad0"].answer is None


def _check_bad(scene: Scene, state: DeliveryState, reason: str) -> None:
    states = scene.states()
    assert states.pop("good") is DeliveryState.DELIVERED
    assert set(states.values()) == {state}
    assert scene.sightings()["bad0"].reason == reason
    assert any(text.startswith("Session bad0: ") for text in scene.messages())
    assert scene.server.requests("find") == 0


def test_a_file_that_is_locked_goes_in_the_next_cycle(scene: Scene) -> None:
    scene.server.faults = [Fault(SourceUnavailable("The file changed while it was being sent."))]
    scene.cycle([record("a")])
    kept = scene.sightings()["a"]
    assert (kept.state, kept.waiting_for) == (DeliveryState.WAITING, WaitingFor.SOURCE)
    assert scene.tally.outcome().value == "unreachable"
    scene.cycle([record("a")])
    assert scene.states() == {"a": DeliveryState.DELIVERED}


def test_a_fault_of_the_program_while_sending_leaves_a_doubt_that_is_asked_about(scene: Scene) -> None:
    def fail(payload: Any) -> None:
        if payload["user_key"] == "a":
            raise ZeroDivisionError("oops")

    scene.server.on_post = fail
    scene.cycle([record("a"), record("b")])
    assert scene.states() == {"a": DeliveryState.SENDING, "b": DeliveryState.DELIVERED}
    assert scene.messages() == [
        "Session a: Something went wrong: The program failed while sending (ZeroDivisionError: oops)."
    ]
    scene.server.on_post = lambda _payload: None
    scene.cycle([])
    assert scene.counts() == {DeliveryState.DELIVERED: 2}


def test_a_ledger_error_in_prepare_is_no_matter_of_the_record(scene: Scene) -> None:
    with pytest.raises(LedgerError):
        scene.cycle([record("a", prepare=raising(LedgerError("Disk full.")))])
    assert scene.states() == {"a": DeliveryState.WAITING}


@pytest.mark.parametrize(
    ("tests", "reason"),
    [
        (
            {"when": {"value": date(2026, 11, 20)}},
            "The test when has a value that is neither text nor a number",
        ),
        ({7: {"value": 1}, (1, 2): {"value": 2}}, "The test 7 has a value that is neither text nor a number"),
    ],
)
def test_a_value_that_is_no_plain_data_is_named_and_the_others_go_on(
    scene: Scene, tests: dict[Any, Any], reason: str
) -> None:
    scene.cycle([record("a", tests), record("b")])
    assert scene.states() == {"a": DeliveryState.REJECTED, "b": DeliveryState.DELIVERED}
    assert scene.sightings()["a"].reason == (f"Record cannot be sent: {reason}; the pump has to make it one.")


def test_a_field_that_is_no_plain_data_is_named(scene: Scene) -> None:
    odd = Upload(payload={"tests": {}, "day": object()}, unit=UNIT, test_list="Daily")
    scene.cycle([record("a", prepare=lambda: odd)])
    assert scene.sightings()["a"].reason == (
        "Record cannot be sent: The field day is neither text nor a number; the pump has to make it one."
    )


def test_tests_that_are_no_table_do_not_hang_the_cycle(scene: Scene) -> None:
    scene.server.wants = {"a", "b"}
    odd = Upload(payload={"tests": [1, 2]}, unit=UNIT, test_list="Daily")
    scene.cycle([record("first"), record("odd", prepare=lambda: odd), record("last")])
    assert scene.states() == {
        "first": DeliveryState.DELIVERED,
        "odd": DeliveryState.REJECTED,
        "last": DeliveryState.DELIVERED,
    }
    assert scene.sightings()["odd"].reason.startswith("The program failed while sending (")


def test_blank_values_and_what_is_no_number_are_sent_as_skipped(scene: Scene) -> None:
    values = {
        "blank": {"value": None},
        "nan": {"value": float("nan")},
        "inf": {"value": float("-inf"), "comment": "see log"},
        "zero": {"value": 0.0},
        "text": {"value": ""},
        "bare": 3,
    }
    scene.cycle([record("a", values)])
    assert scene.server.stored["a"]["tests"] == {
        "blank": {"skipped": True},
        "nan": {"skipped": True},
        "inf": {"skipped": True, "comment": "see log"},
        "zero": {"value": 0.0},
        "text": {"value": ""},
        "bare": {"value": 3},
    }
    assert scene.messages() == [
        "Session a: the value of nan is not a number; it is sent as skipped.",
        "Session a: the value of inf is not a number; it is sent as skipped.",
    ]


def test_the_key_on_the_server_is_always_the_key_in_the_ledger(scene: Scene) -> None:
    scene.cycle([record("a", prepare=lambda: upload("something else")), record(" b ")])
    assert set(scene.server.stored) == {"a", "b"}
    assert set(scene.states()) == {"a", "b"}


def test_a_key_with_half_a_character_is_kept_and_sent_as_text(scene: Scene) -> None:
    scene.cycle([record("caf\udce9", title="caf\udce9", source=("x\udce9",)), record("b")])
    assert scene.states() == {"caf\\udce9": DeliveryState.DELIVERED, "b": DeliveryState.DELIVERED}
    before = scene.server.requests()
    scene.cycle([record("caf\udce9")])
    assert scene.server.requests() == before


def test_two_records_with_one_key_are_told(scene: Scene) -> None:
    scene.cycle([record("a"), record("a", {"a": {"value": 9}}), *records(250), record("r001")])
    assert scene.counts() == {DeliveryState.DELIVERED: 251}
    assert scene.server.stored["a"]["tests"] == {"a": {"value": 1.5}}
    assert scene.messages() == [
        f"Session {key}: another record of this cycle has the same key “{key}”, and only the first was used. "
        "If they are two results, the pump type has to give them different keys."
        for key in ("a", "r001")
    ]
    scene.cycle([record("a"), record("a")])
    assert scene.messages() == []


def test_skips_waits_and_is_there_are_written_without_a_request(scene: Scene) -> None:
    moved: list[str] = []
    found = [
        record("skips", standing=Skips("A baseline.")),
        record("waits", standing=Waits("More results may come.")),
        record("locked", standing=Waits("The share is away.", WaitingFor.SOURCE)),
        record("there", standing=IsThere("Under another key."), settled=lambda: moved.append("there")),
    ]
    scene.cycle(found)
    assert scene.states() == {
        "skips": DeliveryState.SKIPPED,
        "waits": DeliveryState.WAITING,
        "locked": DeliveryState.WAITING,
        "there": DeliveryState.ALREADY_THERE,
    }
    assert scene.server.asked == []
    assert moved == ["there"]
    assert scene.messages() == [
        "Session skips: skipped. A baseline.",
        "Session locked: The share is away.",
    ]
    assert scene.tally.outcome().value == "unreachable"
    scene.cycle(found)
    assert scene.messages() == ["Session locked: The share is away."]


def test_notes_are_told_once(scene: Scene) -> None:
    found = record("a", standing=Waits("Later."), notes=("A run was replaced.",))
    scene.cycle([found])
    assert scene.messages() == ["Session a: A run was replaced."]
    scene.cycle([found])
    assert scene.messages() == []


def test_a_rejected_record_keeps_what_was_sent_and_answered_and_is_left_alone(scene: Scene) -> None:
    scene.server.faults_of = {"a": Fault(refusal())}
    found = [record("a", fingerprint="1"), record("b")]
    scene.cycle(found)
    kept = scene.sightings()["a"]
    assert kept.state is DeliveryState.REJECTED
    assert kept.reason == "Wrong value type for tests: a"
    assert kept.payload is not None
    assert kept.payload["tests"] == {"a": {"value": 1.5}}
    assert kept.answer == {
        "status": 400,
        "body": {"non_field_errors": ["Wrong value type for tests: a"]},
    }
    assert scene.messages() == ["Session a: Record rejected by the server: Wrong value type for tests: a"]
    assert scene.tally.outcome().value == "attention"
    before = scene.server.requests()
    scene.cycle(found)
    assert scene.server.requests() == before


def test_a_rejected_record_is_sent_again_when_it_has_changed(scene: Scene) -> None:
    scene.server.faults = [Fault(refusal())]
    scene.cycle([record("a", fingerprint="1")])
    scene.cycle([record("a", {"a": {"value": 2}}, fingerprint="2")])
    assert scene.states() == {"a": DeliveryState.DELIVERED}
    assert scene.server.stored["a"]["tests"] == {"a": {"value": 2}}


def test_a_rejected_record_that_changed_and_is_rejected_again_is_left_alone_again(scene: Scene) -> None:
    scene.server.faults = [Fault(refusal()), Fault(refusal())]
    scene.cycle([record("a", fingerprint="1")])
    scene.cycle([record("a", fingerprint="2")])
    before = scene.server.requests()
    scene.cycle([record("a", fingerprint="2")])
    assert scene.server.requests() == before


@pytest.mark.parametrize("at_source", [True, False])
def test_a_rejected_record_is_sent_again_when_somebody_asks(scene: Scene, at_source: bool) -> None:
    scene.server.faults = [Fault(refusal())]
    found = [record("a", fingerprint="1")]
    scene.cycle(found)
    number = scene.sightings()["a"].number
    before = scene.ledger.deliveries.retry(number)
    assert before is not None
    assert before.state is DeliveryState.REJECTED
    waiting = scene.sightings()["a"]
    assert waiting.reason == "Will be tried again in the next cycle, as somebody asked."
    scene.cycle(found if at_source else [])
    assert scene.states() == {"a": DeliveryState.DELIVERED}
    assert scene.ledger.deliveries.retry(number) is not None
    assert scene.states() == {"a": DeliveryState.DELIVERED}
    assert scene.ledger.deliveries.retry(999) is None


def test_missing_tests_are_skipped_at_the_price_of_one_request_a_list(scene: Scene) -> None:
    scene.server.wants = {"a", "b", "c"}
    found = [record(f"{name}{n}", test_list=name) for n in range(30) for name in ("Daily", "Weekly")]
    scene.cycle(found)
    assert scene.counts() == {DeliveryState.DELIVERED: 60}
    assert scene.server.requests() == 62
    assert scene.server.stored["Daily7"]["tests"] == {
        "a": {"value": 1.5},
        "b": {"skipped": True},
        "c": {"skipped": True},
    }
    scene.cycle([record("later"), record("x", {"c": {"value": 3}})])
    assert scene.server.requests() == 65  # x lacks the test a, which no record lacked before


def test_a_list_without_identity_is_not_remembered(scene: Scene) -> None:
    scene.server.wants = {"a", "b"}
    scene.cycle([record("x", test_list=""), record("y", test_list="")])
    assert scene.counts() == {DeliveryState.DELIVERED: 2}
    assert scene.server.requests() == 4


def test_without_autoskip_missing_tests_reject_even_after_a_type_that_skipped_them(scene: Scene) -> None:
    scene.server.wants = {"a", "b"}
    scene.cycle([record("x")])
    scene.cycle([record("y")], autoskip=False)
    assert scene.states() == {"x": DeliveryState.DELIVERED, "y": DeliveryState.REJECTED}
    assert scene.messages() == ["Session y: Values missing for some tests: Values missing."]


def test_missing_tests_among_other_faults_reject_with_the_rest(scene: Scene) -> None:
    scene.server.wants = {"a", "b"}
    scene.server.faults = [None, Fault(refusal())]
    scene.cycle([record("x")])
    assert scene.states() == {"x": DeliveryState.REJECTED}
    kept = scene.sightings()["x"].payload
    assert kept is not None
    assert kept["tests"]["b"] == {"skipped": True}


def test_a_doubt_in_the_second_post_is_asked_about(scene: Scene) -> None:
    scene.server.wants = {"a", "b"}
    scene.server.faults = [None, Fault(LOST, stored=True)]
    scene.cycle([record("x")])
    assert [kind for kind, _ in scene.server.asked] == ["place", "post", "post", "find"]
    assert scene.states() == {"x": DeliveryState.DELIVERED}


def test_files_are_kept_by_name_and_come_back_as_files(scene: Scene, tmp_path: Any) -> None:
    content = FileContent(tmp_path / "report.pdf")
    tests = {"upload": {"value": content, "filename": "report.pdf", "encoding": "base64"}}
    scene.server.faults = [Fault(LOST)] * 3
    scene.server.find_faults = [LOST] * 9
    scene.cycle([record("first", {}), record("a", tests)])
    drafts = {draft.key: draft.upload for draft in scene.ledger.deliveries.drafted(PUMP)}
    assert drafts["a"].payload["tests"]["upload"]["value"] == content
    assert drafts["a"].unit == UNIT


def test_a_leftover_whose_file_is_gone_is_skipped_in_words(scene: Scene) -> None:
    scene.server.faults_of = {"a": Fault(ItemError("The file has vanished."))}
    scene.cycle([record("a")])
    kept = scene.ledger.deliveries.sightings(Page(state=DeliveryState.SKIPPED))
    assert [each.reason for each in kept] == ["The file has vanished."]


def test_the_same_record_of_two_pumps_is_two_records(scene: Scene) -> None:
    scene.cycle([record("a")])
    other = scene.ledger.deliveries
    other.meet("other-pump", [record("a")])
    assert other.counts("other-pump") == {DeliveryState.WAITING: 1}
    assert other.counts(PUMP) == {DeliveryState.DELIVERED: 1}


def test_record_defaults() -> None:
    plain = Record(key="a", title="A", prepare=lambda: upload("a"))
    assert plain.source == ()
    assert plain.settled is None
