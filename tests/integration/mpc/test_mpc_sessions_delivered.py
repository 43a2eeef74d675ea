"""Sessions as they arrive: grouping, which run counts, what is never sent."""

from __future__ import annotations

from datetime import datetime

import pytest

from integration.mpc.clinic import (
    BEAM,
    COUCH,
    DEVICES,
    GEOMETRY,
    LEAVES,
    MLC,
    PHOTON,
    Clinic,
    slug_by_the_book,
)
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome


def test_a_morning_arrives_as_one_session(clinic: Clinic) -> None:
    runs = clinic.morning()
    report = clinic.run()
    assert report.outcome is CycleOutcome.OK
    assert report.messages == ()
    assert report.counts["delivered"] == 1
    session = clinic.sessions()[runs[0].key]
    assert (session["work_started"], session["work_completed"]) == (
        "2026-03-10 07:41:00",
        "2026-03-10 07:44:00",
    )
    assert clinic.values(runs[0].key) == {slug: value for run in runs for slug, value in run.tests.items()}
    clinic.judge()


COUCH_TEMPLATE = "GeometryCheckTemplate6xMVkVEnhancedCouch"
BEAMS_OF_THE_MANUAL = (
    *(
        (f"59-21-{number}", name)
        for number, name in (("0009", "GeometryCheckTemplate6xMVkV"), ("0000", "BeamCheckTemplate6xFFF"))
    ),
    *(("59-21-0000", f"BeamCheckTemplate{beam}") for beam in ("10x", "10xFFF")),
    *(("01-21-0000", f"BeamCheckTemplate{beam}") for beam in ("18x", "6e", "9e")),
    *(("02-21-0000", f"BeamCheckTemplate{beam}") for beam in ("12e", "16e", "20e")),
)


def folders_of_the_manual() -> list[tuple[str, str, str]]:
    """Serial number, time with running number, and template, as in the manual's example."""
    folders = [
        ("5678", "2020-06-25-07-10-30-0000", COUCH_TEMPLATE),
        ("5678", "2020-06-25-07-20-30-0000", COUCH_TEMPLATE),
        ("6789", "2020-09-30-09-15-17-0011", "EnhancedMLCCheckTemplate6x"),
    ]
    for hour in (9, 11):
        for rest, template in BEAMS_OF_THE_MANUAL:
            this_hour = hour if rest.startswith("59") else hour + 1
            folders.append(("1234", f"2020-11-06-{this_hour:02d}-{rest}", template))
        folders.append(("1234", f"2020-11-06-{hour + 1:02d}-03-21-0009", COUCH_TEMPLATE))
    return folders


def test_the_manuals_25_folders_give_7_groups(clinic: Clinic) -> None:
    """Manual, chapter "How The MPC Pump Works"."""
    for serial, number in (("1234", 11), ("5678", 12), ("6789", 13)):
        clinic.standin.world.add_unit(f"Linac {serial}", number, "Main Campus", serial)
        for check_type in (BEAM, COUCH, MLC):
            clinic.standin.world.assign(f"MPC: {check_type}", number)
    folders = folders_of_the_manual()
    assert len(folders) == 25
    for serial, rest, template in folders:
        moment = datetime.fromisoformat(f"{rest[:10]} {rest[11:19].replace('-', ':')}")
        clinic.add(moment, template, serial=serial, number=int(rest[20:]))
    clinic.configure(history_days=3650)
    clinic.run()
    assert set(clinic.sessions()) == {
        f"QCPump/MPC/5678/2020-06-25-07-10/{COUCH}",
        f"QCPump/MPC/5678/2020-06-25-07-20/{COUCH}",
        f"QCPump/MPC/6789/2020-09-30-09-15/{MLC}",
        f"QCPump/MPC/1234/2020-11-06-09-59/{BEAM}",
        f"QCPump/MPC/1234/2020-11-06-10-03/{COUCH}",
        f"QCPump/MPC/1234/2020-11-06-11-59/{BEAM}",
        f"QCPump/MPC/1234/2020-11-06-12-03/{COUCH}",
    }
    for key, hours in (("09-59", (9, 10)), ("11-59", (11, 12))):
        group = [run for run in clinic.runs if run.check_type == BEAM and run.moment.hour in hours]
        expected = {slug: value for run in group for slug, value in run.tests.items()}
        assert clinic.values(f"QCPump/MPC/1234/2020-11-06-{key}/{BEAM}") == expected


@pytest.mark.parametrize(
    ("prefix", "template", "check_type"),
    [
        ("NDS-WKS", "6xFFF-Beam", BEAM),
        ("NDS-WKS", "6x-Geometry", BEAM),
        ("HAL-TRT", "GeometryCheckTemplate6xFFFMVkV", BEAM),
        ("NDS-WKS", "CollimationDevicesCheckTemplate6xMVkV", DEVICES),
        ("NDS-WKS", "BeamCheckTemplate2.5x", BEAM),
        ("NDS-WKS", "BeamCheckTemplate6eHDTSE", BEAM),
    ],
)
def test_every_style_of_name_arrives(clinic: Clinic, prefix: str, template: str, check_type: str) -> None:
    run = clinic.add("03-10 07:41:49", template, prefix=prefix)
    clinic.run()
    assert set(clinic.sessions()) == {f"QCPump/MPC/2101/2026-03-10-07-41/{check_type}"}
    assert clinic.values(run.key) == run.tests
    clinic.judge()


def test_halcyon_rows_keep_their_own_group(clinic: Clinic) -> None:
    row = "BeamOutputGroup/BeamOutputChange [%]"
    slug = "beamoutputgroup_beamoutputchange_per_6fff"
    clinic.standin.world.add_test_list("Halcyon: " + BEAM, {slug: "simple"})
    clinic.standin.world.assign("Halcyon: " + BEAM, 1)
    clinic.configure("Test List", name="Halcyon: {{ check_type }}")
    run = clinic.add("03-10 07:41", "BeamCheckTemplate6xFFF", prefix="HAL-TRT", rows=[row])
    clinic.run()
    assert clinic.values(run.key) == {slug: run.values[row]}


def test_the_newest_complete_run_counts_and_rows_of_two_are_never_mixed(clinic: Clinic) -> None:
    geometry = "GeometryCheckTemplate6xMVkV"
    first = clinic.add("03-10 07:41", geometry)
    second = clinic.add("03-10 07:43", geometry, number=1)
    broken_off = clinic.add("03-10 07:45", geometry, number=2, rows=rows_start(2))
    report = clinic.run()
    assert clinic.values(first.key) == second.tests
    clinic.judge(not_sent=[first, broken_off])
    said = " ".join(message.text for message in report.messages)
    assert f"{first.name} is not used. It was repeated; the newer run {second.name} counts." in said
    assert (
        f"{broken_off.name} is not used. It holds 2 results where another run of the same check holds 8"
        in said
    )


def rows_start(number: int) -> list[str]:
    return list(GEOMETRY[:number])


def test_leaves_are_sent_only_when_asked_for(clinic: Clinic) -> None:
    slugs = [slug_by_the_book(row, "6x") for row in LEAVES]
    clinic.standin.world.add_test_list("Leaves: " + BEAM, dict.fromkeys(slugs, "simple"))
    clinic.standin.world.assign("Leaves: " + BEAM, 1)
    clinic.configure("Test List", name="Leaves: {{ check_type }}")
    one = clinic.add("03-10 07:41", "GeometryCheckTemplate6xMVkV")
    clinic.run()
    assert clinic.values(one.key) == {}
    clinic.configure(upload_leaves=True)
    two = clinic.add("03-10 09:41", "GeometryCheckTemplate6xMVkV")
    clinic.run()
    assert clinic.values(two.key) == {slug: two.values[row] for slug, row in zip(slugs, LEAVES, strict=True)}


@pytest.mark.parametrize("text", ["", "NaN", "∞", "1,5"])
def test_a_blank_value_is_sent_as_skipped(clinic: Clinic, text: str) -> None:
    run = clinic.add("03-10 07:41", texts={PHOTON[1]: text})
    clinic.run()
    session = clinic.sessions()[run.key]
    skipped = session["tests"][slug_by_the_book(PHOTON[1], "6xFFF")]
    assert (skipped["skipped"], skipped["value"]) == (True, None)
    assert clinic.values(run.key) == run.tests
    assert clinic.state(run.key) is DeliveryState.DELIVERED


def test_a_cp1252_degree_sign_gives_the_same_test(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41", "GeometryCheckTemplate6xMVkV", encoding="cp1252")
    clinic.run()
    assert (
        clinic.values(run.key)["gantrygroup_gantryabsolute_deg_6x"]
        == run.values["GantryGroup/GantryAbsolute [°]"]
    )
    clinic.judge()


def test_comments_say_threshold_and_result_and_name_the_files(clinic: Clinic) -> None:
    thresholds = {PHOTON[0]: "", PHOTON[1]: "N/A", PHOTON[2]: "0.5"}
    run = clinic.add("03-10 07:41", thresholds=thresholds, evaluation="Fail")
    later = clinic.add("03-10 07:42", "BeamCheckTemplate10x")
    clinic.run()
    session = clinic.sessions()[run.key]
    comments = [session["tests"][slug_by_the_book(row, "6xFFF")]["comment"] for row in PHOTON]
    assert comments == [
        "Threshold: N/A,Result: Fail",
        "Threshold: N/A,Result: Fail",
        "Threshold: 0.500,Result: Fail",
    ]
    assert session["comment"] == f"Fileset:\n\t{run.csv}\n\t{later.csv}"


def test_without_comments_nothing_is_said(clinic: Clinic) -> None:
    clinic.configure("QATrack+ API", include_comment=False)
    run = clinic.add("03-10 07:41")
    clinic.run()
    session = clinic.sessions()[run.key]
    assert not session["comment"]
    assert not any(test["comment"] for test in session["tests"].values())


def test_a_baseline_is_told_and_not_sent(clinic: Clinic) -> None:
    marked = clinic.add("03-10 07:41", baseline=True)
    named = clinic.add("03-10 07:42", "BeamCheckTemplate10xForcedBaseline")
    good = clinic.add("03-10 07:43", "BeamCheckTemplate15x")
    report = clinic.run()
    assert clinic.values(good.key) == good.tests
    clinic.judge(not_sent=[marked, named])
    for run in (marked, named):
        assert any(
            run.name in message.text and "set a new baseline and is no check" in message.text
            for message in report.messages
        )


def test_a_session_waits_until_its_time_is_over(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41")
    clinic.now = datetime.fromisoformat("2026-03-10 08:00:59")
    report = clinic.run()
    assert (report.outcome, report.counts["waiting"]) == (CycleOutcome.OK, 1)
    assert clinic.records()[run.key].reason == "Waits until 08:01 for more results of this session."
    clinic.judge(not_sent=[run])
    clinic.now = datetime.fromisoformat("2026-03-10 08:01")
    clinic.run()
    clinic.judge()


def test_a_run_from_the_future_waits_with_its_date(clinic: Clinic) -> None:
    run = clinic.add("03-12 07:41")
    report = clinic.run()
    words = (
        "Its time, 2026-03-12 07:41, lies in the future. It waits until then; look at the clocks (and time zones) of "
        "the machine and of this computer."
    )
    assert clinic.records()[run.key].reason == words
    assert report.outcome is CycleOutcome.ATTENTION
    assert any(words in message.text for message in report.messages)
    clinic.judge(not_sent=[run])


def test_two_machines_go_to_their_own_units(clinic: Clinic) -> None:
    one, two = clinic.morning(serial="2101"), clinic.morning(serial="2102")
    clinic.run()
    assert clinic.sessions()[one[0].key]["unit"] == 1
    assert clinic.sessions()[two[0].key]["unit"] == 2
    clinic.judge()
