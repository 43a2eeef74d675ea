"""The store: unique keys, and what is still there after a kill."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcpump_qt.demo.sessions import Attachment, KeyTaken, Result, Session, SessionStore

MOMENT = "2026-11-02T08:00:00-05:00"


def _session(key: str | None, *results: Result) -> Session:
    return Session(
        assignment_id=1,
        test_list_id=1,
        user_id=1,
        work_started=MOMENT,
        work_completed=MOMENT,
        created=MOMENT,
        modified=MOMENT,
        user_key=key,
        results=list(results),
        comment="Köln ±",
    )


def _result(value: float) -> Result:
    return Result("a", "simple", 1, value=value, attachment=Attachment(3, "a.txt", "a_1.txt", 3, "ab"))


def test_ids_count_sessions_and_results() -> None:
    store = SessionStore()
    store.add(_session("a", _result(1), _result(2)))
    second = store.add(_session("b", _result(3)))
    assert (second.id, second.results[0].id) == (2, 3)
    assert store.get(2) is second
    assert store.with_key("b") is second
    assert store.get(0) is store.get(3) is store.with_key("c") is None


def test_a_key_is_unique_also_the_empty_one_and_none_is_no_key() -> None:
    store = SessionStore()
    for key in ("a", "A", "", None, None):
        store.add(_session(key))
    for key in ("a", ""):
        with pytest.raises(KeyTaken):
            store.add(_session(key))
    assert len(store.all()) == 5


def test_of_many_at_once_with_one_key_exactly_one_is_stored() -> None:
    store, start, outcomes = SessionStore(), threading.Barrier(8), []

    def post() -> None:
        start.wait()
        try:
            outcomes.append(store.add(_session("same")).id)
        except KeyTaken:
            outcomes.append(0)

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0] * 7 + [1]


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "sessions.jsonl"
    store = SessionStore(path)
    store.add(_session("a", _result(1.5)))
    store.add(_session(None))
    before = store.all()
    store.close()
    again = SessionStore(path)
    assert again.all() == before
    assert again.new_file_id() == 4
    with pytest.raises(KeyTaken):
        again.add(_session("a"))
    assert again.add(_session("b", _result(2))).results[0].id == 2
    again.close()


def test_a_change_is_there_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "sessions.jsonl"
    store = SessionStore(path)
    store.add(_session("a"))
    store.add(_session("b"))
    store.change(1, lambda session: setattr(session, "comment", "mended"))
    store.close()
    again = SessionStore(path)
    assert [session.comment for session in again.all()] == ["mended", "Köln ±"]
    found = again.with_key("a")
    assert found is not None
    assert found.comment == "mended"
    again.close()


@settings(max_examples=40)
@given(st.data())
def test_cut_off_anywhere_whole_sessions_stay_and_new_ones_fit(tmp_path_factory, data) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("store") / "sessions.jsonl"
    store = SessionStore(path)
    for key in ("a", "b", "c"):
        store.add(_session(key, _result(1)))
    store.close()
    content = path.read_bytes()
    cut = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:cut])
    whole = content[:cut].count(b"\n")
    again = SessionStore(path)
    assert [session.user_key for session in again.all()] == ["a", "b", "c"][:whole]
    again.add(_session("d"))
    again.close()
    third = SessionStore(path)
    assert [session.user_key for session in third.all()] == [*["a", "b", "c"][:whole], "d"]
    third.close()
