"""Each version of each file arrives once, on the right unit, and goes to its destination afterwards."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from integration.uploads.department import LINAC_1, LINAC_2, LIST, OLD, SLUG, Department, sent, write


def test_files_are_sent_and_moved_with_their_folders(department: Department) -> None:
    for name in ("a.pdf", "week 1/report.pdf", "week 2/report.pdf", "week 2/more/report.pdf"):
        write(department.source / name, f"content of {name}")
    report = department.run()
    assert (report.outcome.value, report.counts["delivered"]) == ("ok", 4)
    department.check(
        *(
            sent(LINAC_1, Path(name).name, f"content of {name}")
            for name in ("a.pdf", "week 1/report.pdf", "week 2/report.pdf", "week 2/more/report.pdf")
        )
    )
    assert department.lying_in(department.source) == {}
    assert department.lying_in(department.destination) == {
        name: f"content of {name}".encode()
        for name in ("a.pdf", "week 1/report.pdf", "week 2/more/report.pdf", "week 2/report.pdf")
    }


def test_what_is_posted(department: Department) -> None:
    write(department.source / "film 1.tif", b"\x00\xff")
    department.types(use_file_modified_time=True)
    department.run()
    (session,) = department.standin.sessions()
    assert session["test_list"] == LIST
    assert session["tests"][SLUG]["filename"] == "film 1.tif"
    assert session["tests"][SLUG]["size"] == 2
    assert session["work_started"].endswith("00:01")
    assert session["work_completed"].endswith("00:02")
    assert session["comment"] is None


def test_nothing_new_sends_no_request(department: Department) -> None:
    department.leave_in_place()
    write(department.source / "a.pdf", "a")
    department.run()
    before = department.requests()
    for _ in range(2):
        report = department.run()
        assert (report.outcome.value, report.counts["found"]) == ("ok", 0)
    department.reopen()
    department.run()
    assert department.requests() == before
    department.check(sent(LINAC_1, "a.pdf", "a"))
    assert department.lying_in(department.source) == {"a.pdf": b"a"}


def test_a_new_version_of_a_file_is_a_record_of_its_own(department: Department) -> None:
    department.leave_in_place()
    write(department.source / "a.pdf", "first")
    department.run()
    write(department.source / "a.pdf", "second", OLD + 60)
    department.run()
    department.run()
    department.check(sent(LINAC_1, "a.pdf", "first"), sent(LINAC_1, "a.pdf", "second"))


def test_a_new_content_with_the_old_time_is_seen_by_its_size(department: Department) -> None:
    department.leave_in_place()
    write(department.source / "a.pdf", "first")
    department.run()
    write(department.source / "a.pdf", "another")
    department.run()
    department.check(sent(LINAC_1, "a.pdf", "first"), sent(LINAC_1, "a.pdf", "another"))


def test_a_file_that_stays_and_only_gets_a_new_time_is_not_sent_again(department: Department) -> None:
    department.leave_in_place()
    write(department.source / "a.pdf", "a")
    department.run()
    os.utime(department.source / "a.pdf", (OLD + 60, OLD + 60))
    before = department.standin.counts.requests("POST")
    department.run()
    department.run()
    assert department.standin.counts.requests("POST") == before
    department.check(sent(LINAC_1, "a.pdf", "a"))


def test_the_same_file_exported_again_after_the_first_was_moved_is_sent(department: Department) -> None:
    write(department.source / "status.txt", "all fine")
    department.run()
    write(department.source / "status.txt", "all fine", OLD + 86400)
    department.run()
    department.check(sent(LINAC_1, "status.txt", "all fine"), sent(LINAC_1, "status.txt", "all fine"))
    assert department.lying_in(department.destination) == {
        "status (2).txt": b"all fine",
        "status.txt": b"all fine",
    }


def test_two_files_with_one_stem_and_time_both_arrive(department: Department) -> None:
    write(department.source / "a.csv", "numbers")
    write(department.source / "a.pdf", "picture")
    write(department.source / "other" / "a.csv", "other numbers")
    department.run()
    department.check(
        sent(LINAC_1, "a.csv", "numbers"),
        sent(LINAC_1, "a.pdf", "picture"),
        sent(LINAC_1, "a.csv", "other numbers"),
    )
    write(department.source / "late" / "a.csv", "late numbers")
    department.run()
    assert len(department.on_server()) == 4


def test_a_copy_of_a_file_is_the_same_record(department: Department) -> None:
    first = write(department.source / "a.csv", "numbers")
    (department.source / "copy").mkdir()
    shutil.copy2(first, department.source / "copy")
    department.run()
    department.check(sent(LINAC_1, "a.csv", "numbers"))
    assert department.lying_in(department.source) == {}
    assert set(department.lying_in(department.destination)) == {"a.csv", "copy/a.csv"}
    assert department.run().counts["found"] == 0


def test_a_destination_never_loses_a_file(department: Department) -> None:
    write(department.destination / "a.pdf", "somebody else's")
    write(department.source / "a.pdf", "ours")
    report = department.run()
    moved = f"a.pdf was moved to {department.destination / 'a (2).pdf'}."
    assert moved in [message.text for message in report.messages]
    assert department.lying_in(department.destination) == {
        "a (2).pdf": b"ours",
        "a.pdf": b"somebody else's",
    }


def test_overlapping_directories_send_each_file_once(department: Department) -> None:
    inner = department.source / "linac 2"
    write(inner / "b.pdf", "b")
    write(department.source / "a.pdf", "a")
    write(department.source / "elsewhere" / "c.pdf", "c")
    department.configure(
        "Directories",
        department.row(LINAC_1),
        department.row(LINAC_2, inner),
        department.row(LINAC_2, department.source),
        department.row(LINAC_2, department.source / "elsewhere" / ".." / "linac 2"),
    )
    department.run()
    department.run()
    department.check(sent(LINAC_1, "a.pdf", "a"), sent(LINAC_2, "b.pdf", "b"), sent(LINAC_1, "c.pdf", "c"))


def test_a_destination_inside_the_source_is_not_watched(department: Department) -> None:
    done = department.source / "done"
    done.mkdir()
    department.configure("Directories", department.row(destination=done))
    write(department.source / "a.pdf", "a")
    for _ in range(3):
        department.run()
    department.check(sent(LINAC_1, "a.pdf", "a"))
    assert department.lying_in(department.source) == {"done/a.pdf": b"a"}


def test_patterns_and_recursion(department: Department) -> None:
    for name in ("a.csv", "draft-b.csv", "c.txt", "below/d.csv"):
        write(department.source / name, name)
    department.types(recursive=False, pattern="*.csv", ignore_pattern="draft-*")
    department.run()
    department.check(sent(LINAC_1, "a.csv", "a.csv"))
    assert set(department.lying_in(department.source)) == {"below/d.csv", "c.txt", "draft-b.csv"}


def test_a_preview_changes_nothing(department: Department) -> None:
    write(department.source / "a.pdf", "a")
    shown = department.preview()
    assert [(each.title, each.fate) for each in shown.records] == [("a.pdf", "would be sent")]
    assert department.records() == {}
    assert department.on_server() == {}
    assert department.lying_in(department.source) == {"a.pdf": b"a"}
    department.run()
    assert department.preview().records == []
    department.check(sent(LINAC_1, "a.pdf", "a"))


def test_a_device_without_a_clock_gives_every_file_the_same_name_time_and_size(
    department: Department,
) -> None:
    contents = ["flatness,0.11", "flatness,0.22", "flatness,0.33"]
    for content in contents:
        write(department.source / "profile.csv", content)
        for _ in range(2):
            assert department.run().outcome.value == "ok"
    department.check(*(sent(LINAC_1, "profile.csv", content) for content in contents))
    assert sorted(department.lying_in(department.destination).values()) == [
        each.encode() for each in contents
    ]
    assert department.lying_in(department.source) == {}


def test_a_file_that_is_put_back_is_moved_again_and_not_sent_again(department: Department) -> None:
    write(department.source / "a.pdf", "a")
    department.run()
    shutil.move(department.destination / "a.pdf", department.source / "a.pdf")
    for _ in range(2):
        assert department.run().outcome.value == "ok"
    department.check(sent(LINAC_1, "a.pdf", "a"))
    assert department.lying_in(department.source) == {}
    assert department.lying_in(department.destination) == {"a.pdf": b"a"}
