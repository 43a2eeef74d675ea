"""What goes wrong with QCPump 0.3.17 in practice, fault by fault: none of it may happen here.

Those that need more than one test have their own files beside this one; faults of the uploading mixins are in
``tests/integration/thirdparty``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.mpc.clinic import PHOTON, Clinic, Run
from qcpump_qt.app import Program
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome

# --- wrong or lost results -----------------------------------------------------------------------


def test_the_grouping_window_does_not_fall_to_zero_after_a_couch_or_mlc_check(clinic: Clinic) -> None:
    couch = clinic.add("03-10 07:40", "GeometryCheckTemplate6xMVkVEnhancedCouch")
    mlc = clinic.add("03-10 07:40:30", "EnhancedMLCCheckTemplate6x")
    first = clinic.morning()[0]
    clinic.run()
    assert set(clinic.sessions()) == {couch.key, mlc.key, first.key}
    clinic.judge()


def test_beams_do_not_go_up_again_when_a_couch_check_appears(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.run()
    couch = clinic.add("03-10 07:39", "GeometryCheckTemplate6xMVkVEnhancedCouch")
    clinic.run()
    assert set(clinic.sessions()) == {first.key, couch.key}
    clinic.judge()


def test_a_beam_that_arrives_after_its_session_was_uploaded_is_sent(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    clinic.add("03-10 07:55", "BeamCheckTemplate15x")
    clinic.run()
    clinic.judge()


def test_a_session_over_midnight_at_the_history_cut_off_is_not_uploaded_in_two_halves(clinic: Clinic) -> None:
    """Day by day, as the cut-off moves over the session."""
    clinic.configure(history_days=1)
    first = clinic.add("03-10 23:55")
    clinic.add("03-11 00:05", "BeamCheckTemplate10x")
    for day in (11, 12, 13):
        clinic.now = clinic.now.replace(day=day)
        clinic.run()
        assert set(clinic.sessions()) == {first.key}
    clinic.judge()


def test_two_units_with_one_serial_number_are_told_and_get_nothing(clinic: Clinic) -> None:
    clinic.standin.world.units[1].serial_number = "2101"
    clinic.morning()
    report = clinic.run()
    assert clinic.sessions() == {}
    assert "There are 2 units with the serial number '2101' in QATrack+" in report.messages[0].text


def test_a_header_only_file_is_no_session_with_everything_skipped(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41")
    run.csv.write_text("Name [Unit], Value, Threshold, Evaluation Result\n", encoding="utf-8")
    clinic.run()
    assert clinic.sessions() == {}
    run.finish()
    clinic.run()
    clinic.judge()


def test_a_repeat_measurement_does_not_overwrite_the_first_without_a_trace(clinic: Clinic) -> None:
    first, repeat = clinic.add("03-10 07:41"), clinic.add("03-10 07:45")
    report = clinic.run()
    assert clinic.values(first.key) == repeat.tests
    assert any(first.name in m.text and "It was repeated; the newer run" in m.text for m in report.messages)
    again = clinic.add("03-10 07:50")
    clinic.run()
    assert clinic.values(first.key) == repeat.tests
    assert clinic.values(f"{first.key}/late-1") == again.tests


# --- one bad item stops everything -----------------------------------------------------------------


def _unknown_name(clinic: Clinic, _run: Run) -> None:
    (clinic.checks() / "Kopie von MPC").mkdir()


def _stray_csv(clinic: Clinic, _run: Run) -> None:
    (clinic.checks() / "Results.csv").write_text("stray", encoding="utf-8")


def _impossible_date(clinic: Clinic, run: Run) -> None:
    (clinic.checks() / run.name.replace("03-10", "13-41")).mkdir()


def _empty(_clinic: Clinic, run: Run) -> None:
    run.csv.write_bytes(b"")


def _truncated(_clinic: Clinic, run: Run) -> None:
    run.csv.write_text(run.text[:-20], encoding="utf-8")


def _something_else(_clinic: Clinic, run: Run) -> None:
    run.csv.write_bytes(bytes(range(256)))


def _folder_in_its_place(_clinic: Clinic, run: Run) -> None:
    run.csv.unlink()
    run.csv.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [_unknown_name, _stray_csv, _impossible_date, _empty, _truncated, _something_else, _folder_in_its_place],
)
def test_one_bad_folder_or_file_does_not_stop_the_others(
    clinic: Clinic, spoil: Callable[[Clinic, Run], None]
) -> None:
    bad = clinic.add("03-10 07:30", "BeamCheckTemplate20e")
    good = clinic.morning()
    other = clinic.morning(serial="2102")
    spoil(clinic, bad)
    for _cycle in range(2):
        clinic.run()
    beside = (_unknown_name, _stray_csv, _impossible_date)
    clinic.judge(not_sent=[] if spoil in beside else [bad])
    assert all(len(clinic.holding(run)) == 1 for run in (*good, *other))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n", "\n\n   \n"),
        ("%", "°"),
        ("2, Pass", "N/A, Pass"),
        ("Pass", "Pass, with remarks"),
        ("Pass", '"Pass, with remarks"'),
    ],
    ids=["blank lines", "cp1252 degree sign", "N/A", "comma in the text", "comma in quotes"],
)
def test_an_odd_line_does_not_stop_anything(clinic: Clinic, before: str, after: str) -> None:
    run = clinic.add("03-10 07:41")
    other = clinic.add("03-10 07:42", "BeamCheckTemplate10x")
    lines = run.text.splitlines(keepends=True)
    lines[2] = lines[2].replace(before, after)
    run.csv.write_bytes("".join(lines).encode("cp1252"))
    clinic.run()
    sent = clinic.values(run.key)
    assert {
        slug: value for slug, value in run.tests.items() if "uniformity" not in slug
    }.items() <= sent.items()
    assert other.tests.items() <= sent.items()
    if after != "°":
        clinic.judge()


def test_a_nan_is_not_sent_as_invalid_json(clinic: Clinic) -> None:
    run = clinic.add("03-10 07:41", texts={PHOTON[0]: "NaN"})
    assert clinic.run().counts["delivered"] == 1
    clinic.judge()
    assert "beamgroup_beamoutputchange_per_6fff" not in clinic.values(run.key)


# --- duplicates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500", "html", "503", "drop-before"])
def test_nothing_is_uploaded_when_the_server_cannot_be_asked_whether_it_is_there(
    clinic: Clinic, fault: str
) -> None:
    """A session whose answer was lost, and a server that cannot say whether it has it."""
    clinic.add("03-10 05:00")
    clinic.run()
    run = clinic.morning()[0]
    clinic.standin.faults.add("drop-after", times=1)
    clinic.standin.faults.add(fault, method="GET", path="testlistinstances", times=None)
    clinic.run()
    posts = clinic.standin.counts.requests("POST")
    clinic.run()
    assert clinic.standin.counts.requests("POST") == posts
    assert clinic.state(run.key) is DeliveryState.SENDING
    clinic.standin.faults.clear()
    clinic.run()
    assert clinic.state(run.key) is DeliveryState.DELIVERED
    clinic.judge()


def test_stop_and_start_while_a_request_hangs(clinic: Clinic) -> None:
    first = clinic.morning()[0]
    clinic.standin.faults.add("hang-after", times=1, seconds=2.0)
    cancel = CancelToken()
    cycle = threading.Thread(target=lambda: clinic.program.run(clinic.pump, "manual", cancel))
    cycle.start()
    for _ in range(200):
        if clinic.standin.counts.requests("POST"):
            break
        time.sleep(0.01)
    cancel.cancel()
    second = clinic.run()
    cycle.join()
    if second.outcome is CycleOutcome.BUSY:
        second = clinic.run()
    clinic.run()
    assert set(clinic.sessions()) == {first.key}
    clinic.judge()


def test_two_copies_of_the_program(clinic: Clinic) -> None:
    for day in range(1, 10):
        clinic.morning(f"03-0{day}")
    clinic.configure(history_days=30)
    with Program(clinic.program.places, secrets=clinic.program.secrets) as other:
        cycles = [
            threading.Thread(target=lambda program=program: program.run(clinic.pump, "manual", CancelToken()))
            for program in (clinic.program, other)
        ]
        for cycle in cycles:
            cycle.start()
        for cycle in cycles:
            cycle.join()
    clinic.run()
    assert len(clinic.sessions()) == 9
    assert clinic.keys(DeliveryState.DELIVERED) == set(clinic.sessions())
    clinic.judge()


# --- network, configuration ------------------------------------------------------------------------


def test_no_pause_and_no_request_for_records_known_to_be_uploaded(clinic: Clinic) -> None:
    clinic.configure("QATrack+ API", throttle=0.5)
    clinic.configure(history_days=100)
    for day in range(1, 10):
        clinic.add(f"03-0{day} 07:41")
    clinic.configure("QATrack+ API", throttle=0.0)
    clinic.run()
    clinic.configure("QATrack+ API", throttle=0.5)
    clinic.standin.counts.reset()
    began = time.monotonic()
    clinic.run()
    assert time.monotonic() - began < 0.5
    assert clinic.standin.counts.requests() == 0


def test_few_connections_for_many_records(clinic: Clinic) -> None:
    clinic.configure(history_days=100)
    for day in range(1, 10):
        clinic.add(f"03-0{day} 07:41")
    clinic.run()
    assert clinic.standin.counts.connections <= 5


def test_a_test_list_template_cannot_run_any_python(clinic: Clinic, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    clinic.configure(
        "Test List",
        name="{{ check_type }}{{ cycler.__init__.__globals__.os.mkdir('" + trace.as_posix() + "') }}",
    )
    clinic.morning()
    assert clinic.run().outcome is CycleOutcome.INVALID
    assert not trace.exists()


def test_history_that_was_delivered_is_never_opened_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QCPump: 20,000 opens and 40,000 directory reads for 10,000 folders, each cycle."""
    clinic.morning("03-09")
    clinic.run()
    new = clinic.add("03-10 09:00")
    opened: list[str] = []
    real = open

    def counting(file: object, *args: object, **more: object) -> object:
        opened.append(str(file))
        return real(file, *args, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", counting)
        clinic.run()
    results = [path for path in opened if "MPCChecks" in path]
    assert {Path(path).parent.name for path in results} == {new.name}
