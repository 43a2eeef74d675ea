"""Files that are being written, locked, empty or gone; servers, shares and destinations that are away."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from integration.uploads.department import (
    LINAC_1,
    LINAC_2,
    OLD,
    Department,
    sent,
    write,
)
from qcpump_qt.engine.records import WaitingFor

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def texts(department: Department) -> list[str]:
    return [message.text for message in department.run().messages]


def test_a_file_that_was_written_just_now_waits(department: Department) -> None:
    file = write(department.source / "a.csv", "half", time.time())
    report = department.run()
    assert (report.outcome.value, report.counts["waiting"]) == ("ok", 1)
    (record,) = department.records().values()
    assert record.reason == "It was written to just now; it goes in the next cycle if it is complete then."
    assert record.waiting_for is WaitingFor.TIME
    write(file, "half and the other half", time.time())
    department.run()
    department.check()
    write(file, "half and the other half", OLD)
    department.run()
    department.check(sent(LINAC_1, "a.csv", "half and the other half"))
    assert department.states() == {"delivered": 1}


def test_a_file_with_a_time_in_the_future_goes_when_it_looked_the_same_for_long_enough(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime, timedelta, timezone

    now = datetime.now(timezone.utc)
    monkeypatch.setattr("qcpump_qt.engine.clock.now", lambda: now)
    write(department.source / "a.csv", "a", now.timestamp() + 1800)
    department.run()
    now += timedelta(seconds=9)
    department.run()
    department.check()
    now += timedelta(seconds=1)
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"))


def test_an_unread_file_that_vanishes_is_told_and_struck_out(department: Department) -> None:
    file = write(department.source / "a.csv", "half", time.time())
    department.run()
    file.unlink()
    assert texts(department) == ["a.csv: the file has vanished before it could be read."]
    assert department.records() == {}
    assert texts(department) == []


def test_a_file_that_vanishes_while_it_waits_is_told_and_sent_if_it_comes_back(
    department: Department,
) -> None:
    file = write(department.source / "a.csv", "a")
    department.hold_back()
    assert department.states() == {"waiting": 1}
    file.unlink()
    assert texts(department) == [
        "a.csv: skipped. The file is not in its directory any more, and it was not sent before. If it comes back, it "
        "is sent."
    ]
    assert department.states() == {"skipped": 1}
    department.check()
    assert texts(department) == []
    write(file, "a")
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"))


def test_a_file_that_is_written_anew_while_it_waits_is_sent_once_as_it_is_then(
    department: Department,
) -> None:
    file = write(department.source / "a.csv", "wrong")
    department.hold_back()
    write(file, "right", OLD + 60)
    department.run()
    department.check(sent(LINAC_1, "a.csv", "right"))
    assert department.states() == {"delivered": 1}


def test_a_file_that_only_gets_a_new_time_while_it_waits_keeps_its_record(department: Department) -> None:
    file = write(department.source / "a.csv", "a")
    department.hold_back()
    (key,) = department.records()
    os.utime(file, (OLD + 60, OLD + 60))
    department.run()
    assert list(department.records()) == [key]
    department.check(sent(LINAC_1, "a.csv", "a"))


def test_another_unit_while_it_waits(department: Department) -> None:
    write(department.source / "a.csv", "a")
    department.hold_back()
    department.configure("Directories", department.row(LINAC_2))
    department.run()
    department.check(sent(LINAC_2, "a.csv", "a"))
    assert department.states() == {"delivered": 1}


def test_an_empty_text_waits_ten_minutes_and_goes(text_department: Department) -> None:
    department = text_department
    write(department.source / "a.csv", "", time.time() - 300)
    department.run()
    (record,) = department.records().values()
    assert record.reason == "It is empty; it waits ten minutes for somebody to write something into it."
    os.utime(department.source / "a.csv", (OLD, OLD))
    department.run()
    department.check(sent(LINAC_1, "a.csv", ""))


def test_an_empty_file_that_is_no_text_is_not_sent(department: Department) -> None:
    file = write(department.source / "a.tif", "")
    assert texts(department) == [
        "a.tif: skipped. It is empty, and QATrack+ takes no empty file of this kind. It is sent once something is "
        "written into it."
    ]
    assert texts(department) == []
    department.check()
    write(file, "a", OLD + 60)
    department.run()
    department.check(sent(LINAC_1, "a.tif", "a"))
    assert department.lying_in(department.source) == {}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("5 °C", "5 °C"),
        (b"\xff\xfe5\x00 \x00\xb0\x00C\x00", "5 °C"),
        (b"5\x00 \x00\xb0\x00C\x00", "5 °C"),
        (b"\xef\xbb\xbf5 \xc2\xb0C", "5 °C"),
        (b"5 \xb0C", "5 °C"),
    ],
)
def test_texts_in_every_charset(text_department: Department, data: bytes | str, text: str) -> None:
    write(text_department.source / "a.csv", data)
    text_department.run()
    text_department.check(sent(LINAC_1, "a.csv", text))


def test_a_file_that_is_no_text_stops_no_other(text_department: Department) -> None:
    department = text_department
    write(department.source / "a.csv", b"\x00\x81\x00")
    write(department.source / "b.csv", "b")
    assert (
        "a.csv: skipped. “a.csv” is not a text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8, or send files of "
        "this kind with the pump type for binary files."
    ) in " ".join(texts(department)).replace("a.csv: “", "a.csv: skipped. “")
    department.check(sent(LINAC_1, "b.csv", "b"))
    assert set(department.lying_in(department.source)) == {"a.csv"}
    assert texts(department) == []


@pytest.mark.skipif(AS_ROOT or os.name == "nt", reason="nothing is forbidden to root")
def test_a_locked_file_waits(department: Department) -> None:
    file = write(department.source / "a.csv", "a")
    file.chmod(0)
    assert department.run().outcome.value == "unreachable"
    file.chmod(0o600)
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"))


def test_a_file_that_cannot_be_opened_waits(department: Department, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that another program holds open on Windows, where the system says so with error 32."""
    file = write(department.source / "a.csv", "a")
    write(department.source / "b.csv", "b")
    opened = Path.open

    def held(path: Path, *more: Any, **named: Any) -> Any:
        if path == file:
            error = PermissionError(13, "The process cannot access the file")
            error.winerror = 32  # type: ignore[attr-defined, unused-ignore]
            raise error
        return opened(path, *more, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", held)
        report = department.run()
    assert report.outcome.value == "unreachable"
    reason = "The file cannot be read now (another program holds it open); it waits."
    assert f"a.csv: {reason}" in [message.text for message in report.messages]
    department.check(sent(LINAC_1, "b.csv", "b"))
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"), sent(LINAC_1, "b.csv", "b"))


def test_a_directory_that_is_away_keeps_no_other_from_being_sent(department: Department) -> None:
    away = department.folder / "share"
    department.configure("Directories", department.row(source=away), department.row(LINAC_2))
    write(department.source / "a.csv", "a")
    report = department.run()
    assert report.outcome.value == "unreachable"
    assert [message.text for message in report.messages if message.level == "warning"] == [
        f"“{away}” does not exist or its share is not connected. Check the path and the network share. What is in it "
        "waits until then."
    ]
    department.check(sent(LINAC_2, "a.csv", "a"))
    write(away / "b.csv", "b")
    department.run()
    department.check(sent(LINAC_2, "a.csv", "a"), sent(LINAC_1, "b.csv", "b"))


def test_a_directory_that_held_files_and_is_empty_is_told_once(department: Department) -> None:
    department.leave_in_place()
    write(department.source / "a.csv", "a")
    department.run()
    (department.source / "a.csv").rename(department.folder / "a.csv")
    report = department.run()
    assert report.outcome.value == "unreachable"
    assert [message.text for message in report.messages] == [
        f"“{department.source}” is empty, although files were left there before. Is its share connected? If the files "
        "were removed on purpose, nothing has to be done; this is told once."
    ]
    assert texts(department) == []
    (department.folder / "a.csv").rename(department.source / "a.csv")
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"))


def test_a_destination_that_is_away_is_caught_up_with_without_a_second_upload(department: Department) -> None:
    write(department.source / "below" / "a.csv", "a")
    department.destination.rmdir()
    report = department.run()
    assert report.outcome.value == "attention"
    told = (
        "below/a.csv: delivered, but the step after it failed "
        f"({department.destination}: Destination cannot be written to: "
        f"The destination {department.destination} is not there. See whether its share is connected; the file stays "
        "where it is until then.)."
    )
    assert told.replace(f"({department.destination}: ", "(") in [message.text for message in report.messages]
    department.check(sent(LINAC_1, "a.csv", "a"))
    assert department.run().outcome.value == "attention"
    department.destination.mkdir()
    assert department.run().outcome.value == "ok"
    department.check(sent(LINAC_1, "a.csv", "a"))
    assert department.lying_in(department.source) == {}
    assert department.lying_in(department.destination) == {"below/a.csv": b"a"}


def test_a_file_that_changes_after_it_was_sent_stays_and_is_sent_anew(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qcpump_qt.pumps.uploads.moving import Mover

    file = write(department.source / "a.csv", "first")
    move = Mover.move

    def changed_before(mover: Mover, upload: Any) -> None:
        write(file, "second", OLD + 60)
        move(mover, upload)

    with monkeypatch.context() as patch:
        patch.setattr(Mover, "move", changed_before)
        assert "a.csv was changed after it was sent. It stays and is sent anew." in texts(department)
    assert department.lying_in(department.source) == {"a.csv": b"second"}
    department.run()
    department.check(sent(LINAC_1, "a.csv", "first"), sent(LINAC_1, "a.csv", "second"))
    assert sorted(department.lying_in(department.destination).values()) == [b"first", b"second"][1:]


def test_a_rejected_file_is_asked_for_again(department: Department) -> None:
    write(department.source / "a.csv", "a")
    department.configure("Test List", {"name": "Profiles", "slug": "no_such_test"})
    assert department.run().outcome.value == "attention"
    assert department.states() == {"rejected": 1}
    department.configure("Test List", {"name": "Profiles", "slug": "profile"})
    department.run()
    department.check()
    department.program.ledger.deliveries.retry_rejected(department.pump.id)
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"))
    assert department.lying_in(department.source) == {}


def test_a_rejected_file_that_is_written_anew_replaces_the_record(department: Department) -> None:
    file = write(department.source / "a.csv", "a")
    department.configure("Test List", {"name": "Profiles", "slug": "no_such_test"})
    department.run()
    department.configure("Test List", {"name": "Profiles", "slug": "profile"})
    write(file, "mended", OLD + 60)
    department.run()
    department.check(sent(LINAC_1, "a.csv", "mended"))
    assert department.states() == {"delivered": 1}


def test_an_answer_that_was_lost_is_asked_for(department: Department) -> None:
    department.standin.faults.add("drop-after", times=3)
    write(department.source / "a.csv", "a")
    department.run()
    department.standin.faults.clear()
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"))
    assert department.lying_in(department.destination) == {"a.csv": b"a"}


def test_a_file_in_doubt_that_changes_is_first_asked_for(department: Department) -> None:
    department.standin.faults.add("drop-after", times=None)
    department.standin.faults.add("503", method="GET", times=None, path="testlistinstances")
    file = write(department.source / "a.csv", "first")
    department.run()
    assert department.states() == {"sending": 1}
    write(file, "second", OLD + 60)
    department.run()
    assert department.states() == {"sending": 1}
    department.standin.faults.clear()
    department.run()
    department.check(sent(LINAC_1, "a.csv", "first"), sent(LINAC_1, "a.csv", "second"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no names that are not text")
def test_a_name_that_is_no_text(department: Department) -> None:
    write(department.source / os.fsdecode(b"f\xfflm.tif"), "film")
    department.run()
    department.check(sent(LINAC_1, "f?lm.tif", "film"))
    assert department.lying_in(department.source) == {}
    department.leave_in_place()
    write(department.source / os.fsdecode(b"f\xfflm.tif"), "film", OLD + 60)
    for _ in range(2):
        department.run()
    assert len(department.on_server()) == 1
    assert len(department.standin.sessions()) == 2


def test_a_name_that_is_too_long_for_a_key(department: Department) -> None:
    for ending in ("a", "b"):
        write(department.source / f"{'long ' * 48}{ending}.tif", ending)
    department.run()
    assert {len(key) for key in department.keys_on_server()} == {255}
    assert len(department.keys_on_server()) == 2


def test_a_destination_that_is_chosen_later_gets_what_was_sent_before(department: Department) -> None:
    department.leave_in_place()
    write(department.source / "a.csv", "a")
    department.run()
    department.configure("Directories", department.row())
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"))
    assert department.lying_in(department.destination) == {"a.csv": b"a"}


def test_a_directory_that_goes_away_while_files_are_sent(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qcpump_qt.engine.errors import SourceUnavailable
    from qcpump_qt.pumps.uploads.looking import files_of

    other = department.folder / "other"
    write(department.source / "a.csv", "a")
    write(other / "b.csv", "b")
    department.configure("Directories", department.row(), department.row(LINAC_2, other))

    def away(place: Any, *more: Any) -> Any:
        if place.source == department.source:
            raise SourceUnavailable("The share went away.")
        return files_of(place, *more)

    with monkeypatch.context() as patch:
        patch.setattr("qcpump_qt.pumps.uploads.cycle_files.files_of", away)
        report = department.run()
    assert report.outcome.value == "unreachable"
    assert "The share went away." in [message.text for message in report.messages]
    department.check(sent(LINAC_2, "b.csv", "b"))
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"), sent(LINAC_2, "b.csv", "b"))


def test_a_file_that_is_written_or_vanishes_before_its_turn_waits(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qcpump_qt.pumps.uploads.records import RecordMaker

    a, b = (write(department.source / name, name) for name in ("a.csv", "b.csv"))
    ready = RecordMaker._upload

    def too_late(maker: RecordMaker, file: Any) -> Any:
        if file.name == "a.csv":
            write(a, "written anew", OLD + 60)
        else:
            b.unlink()
        return ready(maker, file)

    with monkeypatch.context() as patch:
        patch.setattr(RecordMaker, "_upload", too_late)
        report = department.run()
    assert report.outcome.value == "unreachable"
    assert [message.text for message in report.messages] == [
        "a.csv: “a.csv” is being written to just now; it goes when it is complete.",
        "b.csv: The file has vanished before it could be sent. The next cycle sees whether it comes back.",
    ]
    department.run()
    department.check(sent(LINAC_1, "a.csv", "written anew"))
    assert department.states() == {"delivered": 1, "skipped": 1}


def test_a_link_out_of_the_directory_is_told_and_left(department: Department) -> None:
    secret = write(department.folder / "elsewhere.csv", "not ours")
    try:
        (department.source / "link.csv").symlink_to(secret)
    except OSError:
        pytest.skip("this account may not make links")
    link = department.source / "link.csv"
    assert texts(department) == [
        f"“{link}” is a link that leads out of “{department.source}”. It is left alone; put the files themselves there "
        "if they are wanted."
    ]
    department.check()


def test_a_time_in_the_future_waits_where_it_becomes_that_of_the_session(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime, timedelta, timezone

    now = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
    monkeypatch.setattr("qcpump_qt.engine.clock.now", lambda: now)
    department.types(use_file_modified_time=True)
    ahead = now + timedelta(hours=3)
    write(department.source / "a.csv", "a", ahead.timestamp())
    department.run()
    now += timedelta(seconds=10)
    report = department.run()
    assert report.outcome.value == "attention"
    (record,) = department.records().values()
    assert record.waiting_for is WaitingFor.CLOCK
    assert record.reason == (
        f"Its time, {ahead.astimezone():%Y-%m-%d %H:%M}, lies in the future. It waits until then; look at the clocks "
        "(and time zones) of this computer and of the one that wrote the file."
    )
    now += timedelta(hours=2)
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a"))


def test_a_cycle_that_is_stopped_is_gone_on_with(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qcpump_qt.engine.cancel import CancelToken
    from qcpump_qt.pumps.uploads.moving import Mover

    for number in range(30):
        write(department.source / f"{number}.csv", f"{number}")
    move, moved = Mover.move, list[str]()

    def stopping(mover: Mover, file: Any) -> None:
        moved.append(file.name)
        if len(moved) == 10:
            department.cancel.cancel()
        move(mover, file)

    with monkeypatch.context() as patch:
        patch.setattr(Mover, "move", stopping)
        report = department.run()
    assert report.outcome.value == "stopped"
    assert not [message for message in report.messages if message.level == "error"]
    assert len(department.lying_in(department.destination)) == 9
    department.cancel = CancelToken()
    assert department.run().outcome.value == "ok"
    department.check(*(sent(LINAC_1, f"{number}.csv", f"{number}") for number in range(30)))
    assert department.lying_in(department.source) == {}
    assert len(department.lying_in(department.destination)) == 30
