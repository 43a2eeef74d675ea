"""One clinic's way from QCPump 0.3 to delivered results, by the installed program alone."""

from __future__ import annotations

import urllib.request
from datetime import date
from pathlib import Path

from endtoend.clinic import PUMP, TYPE, Clinic
from endtoend.installed import Installed
from endtoend.old_folder import mpc_sections, write_old_folder, write_old_pump
from qcpump_qt.demo.clinic import TOKEN, demo_world, list_name, mpc_tests
from qcpump_qt.demo.mpc_names import couch_check
from qcpump_qt.demo.tds import write_tds
from qcpump_qt.demo.world import World
from qcpump_qt.demo.world_file import write_world
from servers.standin import StandInProcess

TOKEN_PLACE = (PUMP, "QATrack+ API", "auth token")


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_from_the_old_folder_to_the_page_of_the_server(
    tmp_path: Path, program: Installed, server: StandInProcess
) -> None:
    story = write_tds(tmp_path / "TDS", date.today())  # noqa: DTZ011 - the results carry local time
    old = write_old_folder(tmp_path / "old")
    write_old_pump(old, PUMP, TYPE, mpc_sections(tmp_path / "TDS", server.url))
    before = tree(old)

    imported = program.run("import", str(old), "--json")
    assert imported.code == 0
    assert imported.pump["outcome"] == "imported"
    assert tree(old) == before
    assert all(TOKEN.encode() not in path.read_bytes() for path in program.files())

    valid = program.run("validate")
    assert valid.code == 0
    assert valid.out.startswith(f"{PUMP} ({TYPE}): ok\n")
    assert "There are 3 active units." in valid.out

    preview = program.run("preview", PUMP, "--json")
    would_go = [record for record in preview.pump["records"] if record["fate"] == "would be sent"]
    assert sorted(record["key"] for record in would_go) == sorted(s.user_key for s in story.delivered)
    assert server.sessions() == []
    assert program.run("records", "--json").document["records"] == []

    first = program.run("run", "--once", "--json")
    assert first.code == 1, "a machine without a unit needs somebody's attention"
    assert first.pump["outcome"] == "attention"
    assert (first.pump["delivered"], first.pump["waiting"], first.pump["skipped"]) == (9, 1, 5)
    assert first.pump["found"] == 15
    assert any("no active unit with the serial number '3301'" in text for text in first.texts)

    clinic = Clinic(tmp_path, program, server)
    clinic.share.keys = [session.user_key for session in story.delivered]
    clinic.check_all_equal()
    posted = {session["user_key"]: session for session in server.sessions()}
    for session in story.delivered:
        arrived = posted[session.user_key]
        assert (arrived["unit"], arrived["test_list"]) == (session.unit, session.test_list)
        values = {slug: arrived["tests"][slug]["value"] for slug in session.tests}
        assert values == session.tests
    with urllib.request.urlopen(server.page_url + "/", timeout=10) as answer:
        page = answer.read().decode("utf-8")
    assert all(session.user_key in page for session in story.delivered)

    again = program.run("run", "--once", "--json")
    assert (again.pump["delivered"], again.pump["waiting"]) == (0, 1)
    clinic.check_all_equal()


def world_that_wants_a_report(*, wanted: bool) -> World:
    """The demonstration's world, where the list for couch checks may want a file that no MPC result has."""
    world = World()
    world.add_unit("Linac 1", 1, serial_number="2101")
    couch = couch_check().check_type
    tests = mpc_tests(couch) | ({"report": "upload"} if wanted else {})
    world.add_test_list(list_name(couch), tests)
    world.assign(list_name(couch), 1)
    for test_list in demo_world().test_lists:
        if test_list.name != list_name(couch):
            world.add_test_list(test_list.name, {test.slug: test.type for test in test_list.own_tests})
            world.assign(test_list.name, 1)
    world.add_user("pump", TOKEN)
    return world


def test_a_rejected_record_is_mended_and_sent_again(tmp_path: Path, program: Installed) -> None:
    with StandInProcess(world_that_wants_a_report(wanted=True), tmp_path) as server:
        clinic = Clinic(tmp_path, program, server)
        clinic.import_pump()
        poor = clinic.share.add_at(clinic.share.at(2, 7, 30), devices=False)
        good = clinic.share.add_at(clinic.share.at(2, 9, 30))

        title = f"SN2101 {clinic.share.at(2, 7, 30):%Y-%m-%d %H:%M} Enhanced Couch Checks"

        first = program.run("run", "--once", "--json")
        assert first.code == 1
        assert (first.pump["delivered"], first.pump["rejected"]) == (1, 1)
        assert any(text.startswith(f"{title}: ") and "report" in text for text in first.texts)
        assert clinic.on_the_server() == [good]

        (rejected,) = clinic.records(state="rejected")
        assert rejected["key"] == poor
        assert rejected["answer"]["status"] == 400
        assert rejected["payload"]["user_key"] == poor

        idle = program.run("run", "--once", "--json")
        assert (idle.code, idle.pump["found"]) == (0, 0), "a rejected record is not sent again by itself"

        server.kill()
        write_world(world_that_wants_a_report(wanted=False), tmp_path / "world.json")
        server.restart()
        retried = program.run("retry", str(rejected["id"]))
        assert retried.code == 0
        assert retried.out == f"{rejected['id']}: {title} will be tried again in the next cycle.\n"
        last = program.run("run", "--once", "--json")
        assert (last.code, last.pump["delivered"]) == (0, 1)
        clinic.check_all_equal()


def test_retry_names_what_cannot_be_retried(clinic: Clinic) -> None:
    clinic.program.run("run", "--once")
    number = clinic.records()[0]["id"]
    done = clinic.program.run("retry", str(number), "4711")
    assert done.code == 2
    assert done.out == ""
    assert f"{number}: " in done.err
    assert "is delivered; only rejected records can be retried." in done.err
    assert "There is no record 4711. `qcpump-qt records` lists them." in done.err
    told = clinic.program.run("retry", str(number), "4711", "--json")
    assert told.code == 2
    assert [(each["id"], each["retried"]) for each in told.document["records"]] == [
        (number, False),
        (4711, False),
    ]


def test_a_secret_is_set_checked_and_deleted(clinic: Clinic) -> None:
    run = clinic.program.run
    assert run("secret", "check", *TOKEN_PLACE).out == "It is in the keyring.\n"

    assert run("secret", "delete", *TOKEN_PLACE).out == "Deleted from the keyring.\n"
    assert run("secret", "delete", *TOKEN_PLACE).out == "It was not in the keyring.\n"
    missing = run("secret", "check", *TOKEN_PLACE)
    assert missing.code == 1
    assert missing.out == (
        "Not in the keyring. Keep it there with:\n"
        'qcpump-qt secret set "TrueBeam MPC" "QATrack+ API" "auth token"\n'
    )
    without = run("run", "--once")
    assert without.code == 1
    assert 'qcpump-qt secret set "TrueBeam MPC" "QATrack+ API" "auth token"' in without.out
    assert clinic.on_the_server() == []

    for typed in ("wrong\n", f"  {TOKEN}\r\n"):
        done = run("secret", "set", *TOKEN_PLACE, typed=typed)
        assert (done.code, done.out, done.err) == (0, "Kept in the keyring.\n", "")
    assert run("run", "--once").code == 0
    clinic.check_all_equal()


def test_a_secret_needs_a_field_that_is_one_and_a_value(clinic: Clinic) -> None:
    run = clinic.program.run
    misspelt = run("secret", "set", PUMP, "QATrack+ API", "auth tokn", typed="x\n")
    assert misspelt.code == 2
    assert "has no secret field 'auth tokn' in a section 'QATrack+ API'" in misspelt.err
    assert "QATrack+ API / auth token" in misspelt.err
    blank = run("secret", "set", *TOKEN_PLACE, typed="\n")
    assert blank.code == 2
    assert blank.err == "Configuration not usable: No value was given, so nothing was changed.\n"
    odd = run("secret", "set", *TOKEN_PLACE, typed="ü\n", env={"PYTHONIOENCODING": "ascii", "LANG": "C"})
    assert odd.code == 2
    assert "The value has characters that are not ascii, so nothing was changed." in odd.err
    none = run("secret", "check", *TOKEN_PLACE, "--subsection", "0")
    assert none.code == 2
    assert "0 is no number of a sub-section; they count from 1" in none.err
    assert run("run", "--once").code == 0, "the good token is still there"


def test_importing_twice_doubles_nothing(clinic: Clinic) -> None:
    old = clinic.folder / "old0"
    again = clinic.program.run("import", str(old))
    assert again.code == 0
    assert "pumps 0 imported, 1 already there" in again.out
    assert len(clinic.program.run("validate", "--json").document["pumps"]) == 1
