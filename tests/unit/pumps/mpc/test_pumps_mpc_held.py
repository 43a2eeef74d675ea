"""Which runs a server's sessions hold: by values, and only in their own time."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.pumps.mpc.held import Held, holders
from qcpump_qt.pumps.mpc.keys import read_key
from qcpump_qt.pumps.mpc.readings import Kind, Reading
from qcpump_qt.sources.mpc.files import Sight
from qcpump_qt.sources.mpc.names import CheckType, parse_name
from qcpump_qt.sources.mpc.results import read_results
from qcpump_qt.sources.mpc.sessions import Run, Session, session_key

START = datetime.fromisoformat("2026-03-10 07:41:30")
HEADER = "Name [Unit], Value, Threshold, Evaluation Result\n"


class Morning:
    """Runs with their values; `slug` is what the server calls the only one of each."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.readings: dict[str, Reading] = {}

    def run(self, minute: int, beam: str, value: str, *, rows: str = "A [mm]") -> Run:
        moment = START + timedelta(minutes=minute)
        name = f"NDS-WKS-SN1-{moment:%Y-%m-%d-%H-%M-%S}-0000-BeamCheckTemplate{beam}"
        run = Run(parse_name(name), f"H/{name}")
        text = HEADER + "".join(f"{row}, {value}, 1, Pass\n" for row in rows.split(";"))
        results = read_results(text.encode())
        self.runs.append(run)
        self.readings[run.id] = Reading(run, Kind.RESULTS, Sight(True), results)
        return run

    def holders(self, *held: Held, reach: float = 20.0) -> list[str | None]:
        kind = CheckType.BEAM_AND_GEOMETRY
        key = session_key("1", self.runs[0].name.time, kind)
        found = holders(Session(key, "1", kind, tuple(self.runs)), self.readings, held, reach)
        assert list(found) == self.runs
        return [None if key is None else key.split("/")[3][-5:] for key in found.values()]


def held(minute: int, values: dict[str, float | None], *, lasts: int = 1, late: str = "") -> Held:
    start = START + timedelta(minutes=minute)
    key = read_key(session_key("1", start, CheckType.BEAM_AND_GEOMETRY) + late)
    assert key is not None
    end = start + timedelta(minutes=lasts)
    return Held.of(
        key, {"work_started": f"{start.isoformat()}-05:00", "work_completed": end.isoformat()}, values
    )


def test_each_run_has_its_own_holder() -> None:
    day = Morning()
    for minute, beam in enumerate(("6x", "10x", "15x")):
        day.run(minute, beam, f"{minute}.5")
    there = [held(0, {"a_mm_6x": 0.5, "a_mm_10x": None}), held(1, {"a_mm_10x": 1.5, "a_mm_15x": None})]
    assert day.holders(*there) == ["07-41", "07-42", None]


def test_a_value_that_differs_is_another_result() -> None:
    day = Morning()
    day.run(0, "6x", "0.5")
    assert day.holders(held(0, {"a_mm_6x": 0.6})) == [None]
    assert day.holders(held(0, {"a_mm_6x": 0.5 + 1e-12})) == ["07-41"]


def test_all_common_values_have_to_be_the_same() -> None:
    day = Morning()
    day.run(0, "6x", "0.5", rows="A [mm];B [mm]")
    assert day.holders(held(0, {"a_mm_6x": 0.5, "b_mm_6x": None})) == [None]
    assert day.holders(held(0, {"a_mm_6x": 0.5, "c_mm_6x": 3.0})) == ["07-41"]


def test_a_session_of_another_time_holds_nothing() -> None:
    day = Morning()
    day.run(0, "6x", "0.5")
    values: dict[str, float | None] = {"a_mm_6x": 0.5}
    assert day.holders(held(1, values)) == [None]
    assert day.holders(held(-20, values)) == ["07-21"]
    assert day.holders(held(-22, values)) == [None]
    assert day.holders(held(-22, values, lasts=22)) == ["07-19"]
    assert day.holders(held(-2, values), reach=0.0) == [None]


def test_the_sessions_own_key_comes_first_and_then_the_nearest() -> None:
    day = Morning()
    day.run(0, "6x", "0.5")
    values: dict[str, float | None] = {"a_mm_6x": 0.5}
    assert day.holders(held(-5, values), held(0, values), held(-3, values)) == ["07-41"]
    assert day.holders(held(-5, values), held(-3, values)) == ["07-38"]


def test_a_run_that_was_replaced_goes_where_the_newer_one_goes() -> None:
    day = Morning()
    day.run(0, "6x", "0.5")
    day.run(1, "6x", "0.7")
    assert day.holders(held(0, {"a_mm_6x": 0.7}, lasts=2)) == ["07-41", "07-41"]
    assert day.holders(held(0, {"a_mm_6x": 0.5}, lasts=2)) == [None, None]


def test_values_that_the_server_has_no_tests_for_are_not_missed() -> None:
    day = Morning()
    day.run(0, "6x", "0.5")
    day.run(1, "10x", "1.5")
    assert day.holders(held(0, {"a_mm_6x": 0.5})) == ["07-41", "07-41"]
    assert day.holders(held(0, {})) == ["07-41", "07-41"]
    assert day.holders() == [None, None]


def test_blank_values_go_with_the_others() -> None:
    day = Morning()
    day.run(0, "6x", "0.5")
    day.run(1, "10x", "")
    assert day.holders(held(0, {"a_mm_6x": 0.5, "a_mm_10x": None})) == ["07-41", "07-41"]
    assert day.holders(held(0, {"a_mm_6x": 9.0, "a_mm_10x": None})) == [None, None]


def test_times_that_cannot_be_read_leave_the_key() -> None:
    key = read_key("QCPump/MPC/1/2026-03-10-07-41/Beam and Geometry Checks/late-2")
    assert key is not None
    there = Held.of(key, {"work_started": "soon"}, {})
    assert there.start == there.end == datetime.fromisoformat("2026-03-10 07:41")
    assert there.key == "QCPump/MPC/1/2026-03-10-07-41/Beam and Geometry Checks/late-2"
    assert there.base == "QCPump/MPC/1/2026-03-10-07-41/Beam and Geometry Checks"


@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_what_is_there_is_found_and_what_is_not_is_missing(order: list[int], there: set[int]) -> None:
    beams = ("6x", "10x", "15x", "18x", "6e", "9e")
    day = Morning()
    for number, beam in enumerate(beams):
        day.run(number, beam, f"{number}.25")
    slugs = [f"a_mm_{beam}" for beam in beams]
    sessions = [
        held(number, {slug: number + 0.25 if at == number else None for at, slug in enumerate(slugs)})
        for number in order
        if number in there
    ]
    expected = [f"07-{41 + number}" if number in there else None for number in range(6)]
    assert day.holders(*sessions) == expected
