"""What QCPump 0.3 uploaded is recognised under its key and never sent again."""

from __future__ import annotations

from integration.uploads.department import LINAC_1, LINAC_2, OLD, Department, write


def test_a_file_that_qcpump_sent_is_there_already_and_is_moved(text_department: Department) -> None:
    department = text_department
    file = write(department.source / "profile.csv", "1;2;3", OLD + 0.123456)
    key = department.uploaded_by_qcpump(LINAC_1, file)
    report = department.run()
    assert (report.outcome.value, report.counts["already_there"]) == ("ok", 1)
    assert department.keys_on_server() == {key}
    assert len(department.standin.sessions()) == 1
    assert department.lying_in(department.destination) == {"profile.csv": b"1;2;3"}


def test_binary_files_have_the_same_key(department: Department) -> None:
    key = department.uploaded_by_qcpump(LINAC_1, write(department.source / "film.tif", "film"))
    assert department.run().counts["already_there"] == 1
    assert department.keys_on_server() == {key}


def test_a_file_left_where_it_is_costs_one_question(department: Department) -> None:
    department.leave_in_place()
    department.uploaded_by_qcpump(LINAC_1, write(department.source / "film.tif", "film"))
    department.run()
    before = department.requests()
    department.run()
    assert department.requests() == before


def test_what_it_sent_for_another_unit_is_sent_for_this_one(department: Department) -> None:
    file = write(department.source / "film.tif", "film")
    department.uploaded_by_qcpump(LINAC_2, file)
    department.run()
    assert len(department.standin.sessions()) == 2


def test_a_file_that_it_took_for_the_same_is_sent_after_all(department: Department) -> None:
    """It had one key for both, and sent the one that was there first."""
    department.leave_in_place()
    first = write(department.source / "z.csv", "first")
    department.uploaded_by_qcpump(LINAC_1, first)
    write(department.source / "z.abc", "second")
    report = department.run()
    assert (report.counts["already_there"], report.counts["delivered"]) == (1, 1)
    names = [each["tests"]["profile"]["filename"] for each in department.standin.sessions()]
    assert names == ["z", "z.abc"]


def test_new_files_have_the_key_that_qcpump_gives_them(department: Department) -> None:
    """So that it recognises them as well, where both run for a while."""
    file = write(department.source / "film.tif", "film")
    copy = department.folder / "film.tif"
    write(copy, "film")
    department.run()
    assert not file.exists()
    (key,) = department.keys_on_server()
    assert key.startswith(f"QCPump/GenericTextFileUploader/{LINAC_1}/2026-03-10T")
    assert key.endswith(":00:01.250000/film")
