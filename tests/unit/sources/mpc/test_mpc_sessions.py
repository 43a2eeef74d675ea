"""Grouping: the manual's example, what QCPump got wrong, late results, and what holds for any runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.sources.mpc.files import Sight
from qcpump_qt.sources.mpc.names import CheckType, minute_text, parse_name
from qcpump_qt.sources.mpc.runs import Run
from qcpump_qt.sources.mpc.sessions import Fixed, Session, group, growing, session_key
from shared_data import shared

at = datetime.fromisoformat
BEAMS = CheckType.BEAM_AND_GEOMETRY
COUCH = CheckType.ENHANCED_COUCH


def run(folder: str) -> Run:
    return Run(parse_name(folder), f"H1/MPCChecks/{folder}")


def beam(time: str, template: str = "BeamCheckTemplate6x", number: int = 0, serial: str = "1") -> Run:
    """A run on 2025-09-19 at `time` (``HH-MM-SS``)."""
    return run(f"NDS-WKS-SN{serial}-2025-09-19-{time}-{number:04}-{template}")


def couch(time: str) -> Run:
    return beam(time, "GeometryCheckTemplate6xMVkVEnhancedCouch", 8)


def times(sessions: Sequence[Session]) -> list[list[str]]:
    return [[f"{member.name.time:%H:%M:%S}" for member in session.runs] for session in sessions]


MORNING = (
    "59-21-0009-GeometryCheckTemplate6xMVkV",
    "59-21-0000-BeamCheckTemplate6xFFF",
    "59-21-0000-BeamCheckTemplate10x",
    "59-21-0000-BeamCheckTemplate10xFFF",
)
REST = (
    "01-21-0000-BeamCheckTemplate18x",
    "01-21-0000-BeamCheckTemplate6e",
    "01-21-0000-BeamCheckTemplate9e",
    "02-21-0000-BeamCheckTemplate12e",
    "02-21-0000-BeamCheckTemplate16e",
    "02-21-0000-BeamCheckTemplate20e",
)
COUCH_AT_THREE = "03-21-0009-GeometryCheckTemplate6xMVkVEnhancedCouch"


def test_the_example_of_the_manual() -> None:
    """25 folders, 7 groups; where the manual's comments and its folder names differ, the names rule."""
    fives = [
        f"NDS-WKS-SN5678-2020-06-25-07-{minute}-30-0000-GeometryCheckTemplate6xMVkVEnhancedCouch"
        for minute in (10, 20)
    ]
    six = "NDS-WKS-SN6789-2020-09-30-09-15-17-0011-EnhancedMLCCheckTemplate6x"
    stem = "NDS-WKS-SN1234-2020-11-06-"
    first = [f"{stem}09-{name}" for name in MORNING] + [f"{stem}10-{name}" for name in REST]
    second = [f"{stem}11-{name}" for name in MORNING] + [f"{stem}12-{name}" for name in REST]
    couches = [f"{stem}10-{COUCH_AT_THREE}", f"{stem}12-{COUCH_AT_THREE}"]
    folders = [*fives, six, *first, couches[0], *second, couches[1]]
    assert len(folders) == 25

    sessions = group(map(run, folders), 20)

    assert [(session.key, {member.name.folder for member in session.runs}) for session in sessions] == [
        ("QCPump/MPC/5678/2020-06-25-07-10/Enhanced Couch Checks", {fives[0]}),
        ("QCPump/MPC/5678/2020-06-25-07-20/Enhanced Couch Checks", {fives[1]}),
        ("QCPump/MPC/6789/2020-09-30-09-15/Enhanced MLC Checks", {six}),
        ("QCPump/MPC/1234/2020-11-06-09-59/Beam and Geometry Checks", set(first)),
        ("QCPump/MPC/1234/2020-11-06-10-03/Enhanced Couch Checks", {couches[0]}),
        ("QCPump/MPC/1234/2020-11-06-11-59/Beam and Geometry Checks", set(second)),
        ("QCPump/MPC/1234/2020-11-06-12-03/Enhanced Couch Checks", {couches[1]}),
    ]
    assert all(session.late_of is None for session in sessions)


def test_the_real_morning() -> None:
    checks = shared("data", "mpc-real", "TDS", "H196543", "MPCChecks")
    beams, enhanced = group((run(folder.name) for folder in checks.iterdir()), 20)
    assert beams.key == "QCPump/MPC/6543/2025-09-19-07-41/Beam and Geometry Checks"
    assert [member.name.number for member in beams.runs] == [1, 3, 4, 6, 7]
    assert enhanced.key == "QCPump/MPC/6543/2025-09-19-07-41/Enhanced Couch Checks"
    assert len(enhanced.runs) == 1


def test_the_grouping_window_does_not_fall_to_zero_after_a_couch_check() -> None:
    runs = [
        beam("07-40-00"),
        couch("07-42-00"),
        beam("07-45-00", "BeamCheckTemplate10x"),
        beam("07-46-00", "EnhancedMLCCheckTemplate6x"),
        beam("07-50-00", "BeamCheckTemplate6e"),
    ]
    assert [(session.check_type.value, times([session])[0]) for session in group(runs, 20)] == [
        ("Beam and Geometry Checks", ["07:40:00", "07:45:00", "07:50:00"]),
        ("Enhanced Couch Checks", ["07:42:00"]),
        ("Enhanced MLC Checks", ["07:46:00"]),
    ]


def test_the_window_counts_from_the_first_result_and_includes_its_end() -> None:
    runs = [beam("07-00-30"), beam("07-15-00"), beam("07-20-30"), beam("07-20-31"), beam("07-35-00")]
    assert times(group(runs, 20)) == [["07:00:30", "07:15:00", "07:20:30"], ["07:20:31", "07:35:00"]]


@pytest.mark.parametrize("window", [0, -5])
def test_a_window_of_nothing_means_the_same_minute(window: int) -> None:
    sessions = group([beam("07-00-01"), beam("07-00-59"), beam("07-01-00")], window)
    assert times(sessions) == [["07:00:01", "07:00:59"], ["07:01:00"]]
    assert len({session.key for session in sessions}) == 2


@pytest.mark.parametrize(
    "template",
    [
        "GeometryCheckTemplate6xMVkVEnhancedCouch",
        "EnhancedMLCCheckTemplate6x",
        "CollimationDevicesCheckTemplate6x",
    ],
)
def test_couch_mlc_and_device_checks_stand_on_their_own_minute(template: str) -> None:
    runs = [beam(time, template) for time in ("07-00-10", "07-00-50", "07-01-00", "07-09-00")]
    assert times(group(runs, 20)) == [["07:00:10", "07:00:50"], ["07:01:00"], ["07:09:00"]]


def test_machines_are_never_put_together() -> None:
    sessions = group([beam("07-00-00", serial="A"), beam("07-01-00", serial="B")], 20)
    assert [session.serial for session in sessions] == ["A", "B"]


def test_a_session_over_midnight_stays_whole() -> None:
    runs = [
        run("NDS-WKS-SN1-2025-09-18-23-55-00-0000-BeamCheckTemplate6x"),
        run("NDS-WKS-SN1-2025-09-19-00-05-00-0000-BeamCheckTemplate10x"),
    ]
    (session,) = group(runs, 20)
    assert session.key == "QCPump/MPC/1/2025-09-18-23-55/Beam and Geometry Checks"


def test_runs_within_a_session_go_by_time_then_number_then_place() -> None:
    same = "NDS-WKS-SN1-2025-09-19-07-00-00-0001-BeamCheckTemplate6x"
    no_number = run("NDS-WKS-SN1-2025-09-19-07-00-00-BeamCheckTemplate6x")
    copies = [Run(parse_name(same), f"{machine}/{same}") for machine in ("H1", "H2")]
    later, second = beam("07-05-00"), beam("07-00-00", number=2)
    (session,) = group([later, second, copies[1], no_number, copies[0]], 20)
    assert session.runs == (no_number, copies[0], copies[1], second, later)


def fixed(start: str = "2025-09-19 07:40", late: int = 0, check_type: CheckType = BEAMS) -> Fixed:
    return Fixed(session_key("1", at(start), check_type), at(start), "1", check_type, late)


def test_late_results_of_one_session_make_one_record() -> None:
    delivered = fixed()
    (session,) = group([beam("07-45-00"), beam("08-00-59"), beam("07-40-05")], 20, [delivered])
    assert session.key == "QCPump/MPC/1/2025-09-19-07-40/Beam and Geometry Checks/late-1"
    assert session.late_of == delivered.key
    assert (session.serial, session.check_type) == ("1", BEAMS)
    assert times([session]) == [["07:40:05", "07:45:00", "08:00:59"]]


def test_the_next_late_record_has_the_next_number() -> None:
    (session,) = group([beam("07-45-00")], 20, [fixed(late=2)])
    assert session.key.endswith("/Beam and Geometry Checks/late-3")


def test_a_late_first_result_does_not_change_the_key() -> None:
    """QCPump made a new key of it and uploaded the whole session again."""
    (session,) = group([beam("07-20-00"), beam("07-39-59")], 20, [fixed()])
    assert session.late_of == fixed().key


@pytest.mark.parametrize("time", ["07-19-59", "08-01-00", "12-00-00"])
def test_what_is_not_late_is_grouped_as_if_delivered_ones_were_gone(time: str) -> None:
    (session,) = group([beam(time)], 20, [fixed()])
    assert session.late_of is None
    assert session.key == f"QCPump/MPC/1/2025-09-19-{time[:5]}/Beam and Geometry Checks"


def test_late_and_new_results_at_once() -> None:
    late, new = group([beam("07-55-00"), beam("08-05-00"), beam("08-20-00")], 20, [fixed()])
    assert times([late, new]) == [["07:55:00"], ["08:05:00", "08:20:00"]]
    assert (late.late_of, new.late_of) == (fixed().key, None)


def test_between_two_delivered_sessions_the_one_before_comes_first() -> None:
    delivered = [fixed("2025-09-19 08:10"), fixed("2025-09-19 07:40")]
    first, second = group([beam("08-00-00"), beam("08-01-00"), beam("08-12-00")], 20, delivered)
    assert (first.late_of, times([first])) == (delivered[1].key, [["08:00:00"]])
    assert (second.late_of, times([second])) == (delivered[0].key, [["08:01:00", "08:12:00"]])


def test_a_late_couch_check_goes_by_its_minute() -> None:
    delivered = fixed(check_type=COUCH)
    late, new = group([couch("07-40-30"), couch("07-41-00")], 20, [delivered])
    assert (late.late_of, new.late_of) == (delivered.key, None)
    assert late.key == "QCPump/MPC/1/2025-09-19-07-40/Enhanced Couch Checks/late-1"


def test_delivered_sessions_of_others_do_not_count() -> None:
    other_machine = Fixed("k", at("2025-09-19 07:40"), "2", BEAMS)
    other_type = fixed(check_type=COUCH)
    (session,) = group([beam("07-45-00")], 20, [other_machine, other_type])
    assert session.late_of is None


def test_nothing_gives_nothing() -> None:
    assert group([], 20, [fixed()]) == []


def test_growing() -> None:
    before = Sight(True, 10, 5)
    assert not growing(before, Sight(True, 10, 5))
    assert growing(before, Sight(True, 11, 5))
    assert growing(before, Sight(True, 10, 6))
    assert growing(Sight(False, problem="no file"), before)
    assert not growing(Sight(False, problem="one reason"), Sight(False, problem="another"))


DAY = at("2025-09-19 00:00")
TEMPLATES = st.sampled_from(
    [
        "BeamCheckTemplate6x",
        "GeometryCheckTemplate6xMVkV",
        "EnhancedMLCCheckTemplate6x",
        "6x-GeometryEnhancedCouch",
    ]
)


@st.composite
def runs_of_a_day(draw: st.DrawFn) -> list[Run]:
    """Distinct runs of two machines within three hours."""
    drawn = draw(
        st.lists(
            st.tuples(st.sampled_from("AB"), st.integers(0, 3 * 3600), TEMPLATES, st.integers(0, 3)),
            max_size=25,
            unique=True,
        )
    )
    runs = []
    for serial, second, template, number in drawn:
        time = DAY + timedelta(seconds=second)
        runs.append(run(f"N-SN{serial}-{minute_text(time)}-{time.second:02}-{number:04}-{template}"))
    return runs


FIXED = st.lists(
    st.builds(
        lambda serial, minute, kind, late: Fixed(
            session_key(serial, DAY + timedelta(minutes=minute), kind),
            DAY + timedelta(minutes=minute),
            serial,
            kind,
            late,
        ),
        st.sampled_from("AB"),
        st.integers(0, 180),
        st.sampled_from(CheckType),
        st.integers(0, 3),
    ),
    max_size=4,
    unique_by=lambda session: session.key,
)


@given(runs_of_a_day(), st.integers(0, 60), FIXED)
def test_every_run_is_in_exactly_one_session_of_its_kind(
    runs: list[Run], window: int, delivered: list[Fixed]
) -> None:
    sessions = group(runs, window, delivered)
    assert sorted(member.id for session in sessions for member in session.runs) == sorted(r.id for r in runs)
    assert len({session.key for session in sessions}) == len(sessions)
    assert not {session.key for session in sessions} & {session.key for session in delivered}
    for session in sessions:
        kinds = {(member.name.serial, member.name.check_type) for member in session.runs}
        assert kinds == {(session.serial, session.check_type)}
        moments = [member.name.time for member in session.runs]
        assert moments == sorted(moments)


@given(runs_of_a_day(), st.integers(0, 60))
def test_no_session_is_longer_than_the_window_nor_could_take_more(runs: list[Run], window: int) -> None:
    before: dict[tuple[str, CheckType], Session] = {}
    for session in group(runs, window):
        first, last = session.runs[0].name.time, session.runs[-1].name.time
        reach = timedelta(minutes=window) if session.check_type.windowed else timedelta(0)
        assert last - first <= max(reach, timedelta(seconds=59))
        previous = before.get((session.serial, session.check_type))
        if previous is not None:
            assert first - previous.runs[0].name.time > reach
        before[session.serial, session.check_type] = session


@given(runs_of_a_day().flatmap(lambda runs: st.tuples(st.just(runs), st.permutations(runs))), FIXED)
def test_the_order_of_the_runs_does_not_matter(
    both: tuple[list[Run], list[Run]], delivered: list[Fixed]
) -> None:
    runs, shuffled = both
    assert group(runs, 20, delivered) == group(shuffled, 20, list(reversed(delivered)))


@given(runs_of_a_day(), st.integers(1, 60))
def test_what_was_delivered_once_is_late_and_never_new(runs: list[Run], window: int) -> None:
    """However the runs of a morning are spread over cycles, no key is ever used twice."""
    delivered = [
        Fixed(each.key, each.runs[0].name.time.replace(second=0), each.serial, each.check_type)
        for each in group(runs, window)
    ]
    for again in group(runs, window, delivered):
        assert again.late_of in {each.key for each in delivered}
