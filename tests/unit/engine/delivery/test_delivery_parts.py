"""The small parts of the delivery, each by itself: blanks, queue, workers, intake, what lists want, verdicts."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.delivery.attempt import LONGEST_PAUSE, Job, Outcome
from qcpump_qt.engine.delivery.blanks import with_skipped, without_blanks
from qcpump_qt.engine.delivery.intake import GROUP, Intake, known_as
from qcpump_qt.engine.delivery.keepable import unkeepable
from qcpump_qt.engine.delivery.queue import JobQueue
from qcpump_qt.engine.delivery.verdict import judge
from qcpump_qt.engine.delivery.wanted import MARK, WantedTests
from qcpump_qt.engine.delivery.workers import Workers
from qcpump_qt.engine.errors import ServerUnavailable
from qcpump_qt.engine.ledger.drafts import text_of
from qcpump_qt.engine.records import DeliveryState, FileContent, Place, Record
from qcpump_qt.engine.report import Tally
from unit.engine.delivery.memory_server import (
    BROKEN,
    LOST,
    NO_TOKEN,
    Scene,
    record,
    records,
    throttled,
    upload,
)


def job(key: str, list_id: str = "Daily") -> Job:
    return Job(record(key), upload(key), Place(url="/x/", unit="Unit 1", list_id=list_id))


# --- blanks ------------------------------------------------------------------------------------

VALUES = st.one_of(st.none(), st.floats(), st.text(max_size=5), st.booleans(), st.integers())


@given(
    tests=st.dictionaries(
        st.text(min_size=1, max_size=5), st.one_of(VALUES, st.fixed_dictionaries({"value": VALUES}))
    )
)
def test_no_blank_and_no_odd_number_is_left(tests: dict[str, Any]) -> None:
    clean, odd = without_blanks({"tests": tests, "day": 0})
    assert set(clean["tests"]) == set(tests)
    assert clean["day"] == 0
    for slug, test in clean["tests"].items():
        if test.get("skipped"):
            assert "value" not in test
            before = tests[slug]["value"] if isinstance(tests[slug], dict) else tests[slug]
            assert before is None or (slug in odd and not math.isfinite(before))
        else:
            assert test["value"] is not None
    json.dumps(clean, allow_nan=False)


def test_the_payload_itself_is_left_as_it_was() -> None:
    payload = {"tests": {"a": {"value": None}}}
    without_blanks(payload)
    with_skipped(payload, ["b"])
    assert payload == {"tests": {"a": {"value": None}}}


def test_an_upload_without_content_is_left_to_the_server_to_judge() -> None:
    clean, odd = without_blanks({"tests": {"u": {"value": None, "filename": "a.pdf"}}})
    assert clean == {"tests": {"u": {"value": None, "filename": "a.pdf"}}}
    assert odd == []


def test_skipped_tests_never_replace_values() -> None:
    found = with_skipped({"tests": {"a": {"value": 1}}}, ["a", "b"])
    assert found == {"tests": {"a": {"value": 1}, "b": {"skipped": True}}}
    assert with_skipped({}, ["b"]) == {"tests": {"b": {"skipped": True}}}


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"tests": {"a": {"value": 1}}, "x": [1, {"y": None}]}, ""),
        ({"tests": {"a": {"value": FileContent}}}, "The test a "),
        ({"tests": {}, "x": {1, 2}}, "The field x "),
        ({("a", "b"): 1}, "What is to be sent is no plain data."),
    ],
)
def test_what_cannot_be_kept_is_named(payload: dict[Any, Any], says: str) -> None:
    assert unkeepable(payload).startswith(says)
    assert bool(unkeepable(payload)) == bool(says)


def test_what_goes_round_in_circles_cannot_be_kept() -> None:
    circle: dict[str, Any] = {}
    circle["tests"] = {"a": circle}
    assert unkeepable(circle).startswith("The test a has a value")


# --- queue ---------------------------------------------------------------------------------------


def test_one_scout_goes_first_and_the_others_of_its_list_follow() -> None:
    queue = JobQueue(iter([job("a"), job("b"), job("c", "Weekly"), job("d")]))
    first, second = queue.next(), queue.next()
    assert first is not None
    assert second is not None
    assert (first.record.key, second.record.key) == ("a", "c")
    assert queue.next() is None
    queue.answered(first)
    assert [each.record.key for each in _all(queue)] == ["b", "d"]


def test_jobs_of_a_list_without_identity_do_not_wait() -> None:
    queue = JobQueue(iter([job("a", ""), job("b", "")]))
    assert [each.record.key for each in _all(queue)] == ["a", "b"]


def test_the_rest_is_what_has_not_left() -> None:
    queue = JobQueue(iter([job("a"), job("b"), job("c", "W"), job("d", "W")]))
    first = queue.next()
    assert first is not None
    queue.next()
    queue.next()
    queue.answered(first)
    assert {each.record.key for each in queue.rest()} == {"b", "d"}
    assert queue.rest() == []


def _all(queue: JobQueue) -> Iterator[Job]:
    while found := queue.next():
        yield found


# --- workers -------------------------------------------------------------------------------------


def test_workers_do_a_few_things_at_once_and_no_more() -> None:
    meet = threading.Barrier(3)
    names: set[str] = set()

    def work(number: int) -> int:
        names.add(threading.current_thread().name)
        if number < 3:
            meet.wait(5)
        return number * 2

    workers: Workers[int, int] = Workers(work, 3)
    for number in range(10):
        workers.submit(number)
    found: list[int] = []
    while len(found) < 10:
        found += workers.results(5)
    workers.close()
    assert sorted(found) == [number * 2 for number in range(10)]
    assert len(names) == 3
    assert workers.results(0) == []


def test_closed_workers_do_not_begin_anything_more() -> None:
    busy, go = threading.Event(), threading.Event()
    done: list[int] = []

    def work(number: int) -> int:
        busy.set()
        go.wait(5)
        done.append(number)
        return number

    workers: Workers[int, int] = Workers(work, 1)
    for number in range(3):
        workers.submit(number)
    assert busy.wait(5)
    assert workers.under_way == 1
    workers.close()
    go.set()
    assert workers.results(5) == [0]
    assert workers.results(0) == []
    assert done == [0]


# --- intake --------------------------------------------------------------------------------------


def intake() -> Intake:
    return Intake(Tally(lambda _level, _text: None))


@pytest.mark.parametrize("number", [0, 1, GROUP - 1, GROUP, GROUP + 1, 3 * GROUP])
def test_groups_hold_everything_in_order(number: int) -> None:
    groups = list(intake().groups(records(number)))
    assert [each.key for group in groups for each in group] == [each.key for each in records(number)]
    assert all(0 < len(group) <= GROUP for group in groups)


def test_a_source_that_breaks_gives_what_it_had() -> None:
    broken = ValueError("row 3")

    def source() -> Iterator[Record]:
        yield from records(2)
        raise broken

    taken = intake()
    assert [[each.key for each in group] for group in taken.groups(source())] == [["r000", "r001"]]
    assert taken.trouble is broken


@given(key=st.text())
def test_a_key_is_known_by_what_ledger_and_server_can_keep(key: str) -> None:
    kept = known_as(key)
    assert kept == kept.strip()
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert known_as(kept) == kept


# --- what test lists want ------------------------------------------------------------------------


def test_what_a_list_wants_is_remembered(scene: Scene) -> None:
    memory = scene.ledger.memory("p")
    wanted = WantedTests(memory)
    wanted.keep()
    assert memory.mark(MARK) is None
    wanted.learn("/lists/1/", ["b", "a"])
    wanted.learn("/lists/1/", ["c"])
    wanted.learn("", ["x"])
    wanted.keep()
    again = WantedTests(memory)
    assert again.of("/lists/1/") == {"a", "b", "c"}
    assert again.of("/lists/2/") == set()
    assert again.of("") == set()


def test_what_one_list_wants_is_not_given_away_to_be_changed(scene: Scene) -> None:
    wanted = WantedTests(scene.ledger.memory("p"))
    wanted.learn("/lists/1/", ["a"])
    wanted.of("/lists/1/").add("z")
    assert wanted.of("/lists/1/") == {"a"}


# --- verdicts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "hopeless", "broke_down"),
    [
        (LOST, True, False),
        (NO_TOKEN, True, False),
        (BROKEN, False, True),
        (throttled(10.0), False, False),
        (throttled(0.0), False, False),
        (throttled(None), True, False),
        (throttled(LONGEST_PAUSE), True, False),
        (ServerUnavailable("Sent back.", reached=True, status=307), False, False),
    ],
)
def test_when_it_is_no_use_to_go_on(trouble: Any, hopeless: bool, broke_down: bool) -> None:
    verdict = judge(Outcome(job("a"), {}, trouble=trouble, in_doubt=trouble is LOST))
    assert verdict.hopeless is hopeless
    assert verdict.broke_down is broke_down
    assert verdict.server_failed
    assert verdict.entry.state is (DeliveryState.SENDING if trouble is LOST else DeliveryState.WAITING)


def test_files_are_kept_by_name(tmp_path: Any) -> None:
    text = text_of({"tests": {"u": {"value": FileContent(tmp_path / "a.pdf", "text", "cp1252")}}})
    assert json.loads(text)["tests"]["u"]["value"] == {
        "content of file": str(tmp_path / "a.pdf"),
        "encoding": "text",
        "charset": "cp1252",
    }
