"""Which run counts: repeated, broken off, aborted and republished ones, and two that give one macro name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.sources.mpc.choosing import choose
from qcpump_qt.sources.mpc.names import parse_name
from qcpump_qt.sources.mpc.results import HEADER, Results, read_results
from qcpump_qt.sources.mpc.runs import Run, age
from shared_data import shared

OUTPUT = "BeamGroup/BeamOutputChange [%]"
LEAF = "CollimationGroup/MLCGroup/MLCLeavesA/MLCLeaf11 [mm]"
SLUG = "beamgroup_beamoutputchange_per_6x"
GEOMETRY = "GeometryCheckTemplate6xMVkV"


def run(time: str, template: str = "BeamCheckTemplate6x", number: int = 0) -> Run:
    folder = f"NDS-WKS-SN1-2025-09-19-{time}-{number:04}-{template}"
    return Run(parse_name(folder), f"H1/MPCChecks/{folder}")


def results(*values: float, end: str = "\n") -> Results:
    """A file with the output change first, and further tests after it."""
    names = [OUTPUT, *(f"Group/Test{at} [mm]" for at in range(1, len(values)))]
    lines = [f"{name}, {value}, 2, Pass" for name, value in zip(names, values, strict=True)]
    return read_results(("\n".join([HEADER, *lines]) + end).encode())


def values(chosen: object) -> dict[str, float | None]:
    tests = getattr(chosen, "tests")  # noqa: B009 - any result of choose
    return {slug: pick.row.value for slug, pick in tests.items()}


HEADER_ONLY = read_results(f"{HEADER}\n".encode())
CUT_OFF = read_results(f"{HEADER}\n{OUTPUT}, 9, 2, Pass\nGroup/Te".encode())


def test_one_run_counts_as_it_is() -> None:
    only, content = run("07-00-00"), results(0.1, 0.2)
    chosen = choose([(only, content)])
    assert chosen.runs == ((only, content),)
    assert values(chosen) == {SLUG: 0.1, "group_test1_mm_6x": 0.2}
    assert chosen.tests[SLUG].run is only
    assert (chosen.replaced, chosen.unusable, chosen.notes) == ((), (), ())


def test_a_beam_repeated_replaces_the_first_and_leaves_a_trace() -> None:
    """QCPump: a fail of 3.1 % became a pass of 0.1 % without a word."""
    first, again = run("07-00-00"), run("07-10-00")
    chosen = choose([(again, results(0.1)), (first, results(3.1))])
    assert values(chosen) == {SLUG: 0.1}
    assert chosen.replaced == ((first, f"It was repeated; the newer run {again.name.folder} counts."),)


def test_a_result_published_again_is_told_as_such() -> None:
    first, again = run("07-00-00"), run("08-00-00")
    chosen = choose([(first, results(0.5)), (again, results(0.5))])
    assert chosen.replaced == (
        (first, f"It was published again, with the same values, as {again.name.folder}."),
    )


@pytest.mark.parametrize("broken_first", [True, False])
def test_a_truncated_run_never_counts(broken_first: bool) -> None:
    broken, whole = run("07-00-00", GEOMETRY), run("07-10-00", GEOMETRY)
    if not broken_first:
        broken, whole = whole, broken
    chosen = choose([(broken, results(1, 2)), (whole, results(3, 4, 5, 6))])
    assert [member for member, _ in chosen.runs] == [whole]
    assert list(values(chosen).values()) == [3.0, 4.0, 5.0, 6.0]
    assert chosen.replaced == (
        (
            broken,
            "It holds 2 results where another run of the same check holds 4, so it is incomplete.",
        ),
    )


def test_a_run_cut_off_in_mid_row_never_counts() -> None:
    whole, broken = run("07-00-00"), run("07-10-00")
    chosen = choose([(whole, results(0.4)), (broken, CUT_OFF)])
    assert values(chosen) == {SLUG: 0.4}
    assert chosen.replaced == ((broken, "Its result file breaks off in mid-row, so the run is not used."),)


def test_a_header_only_file_never_counts() -> None:
    whole, aborted = run("07-00-00"), run("07-10-00")
    chosen = choose([(whole, results(0.4)), (aborted, HEADER_ONLY)])
    assert values(chosen) == {SLUG: 0.4}
    assert chosen.replaced == (
        (aborted, "Its result file holds no results (an aborted run), so the run is not used."),
    )


def test_a_run_without_results_gives_the_reason_it_came_with() -> None:
    whole, locked = run("07-00-00"), run("07-10-00")
    chosen = choose([(whole, results(0.4)), (locked, "It is locked by another program.")])
    assert values(chosen) == {SLUG: 0.4}
    assert chosen.replaced == ((locked, "It is locked by another program."),)


def test_a_template_without_any_usable_run() -> None:
    good, first, second = run("07-00-00"), run("07-01-00", GEOMETRY), run("07-02-00", GEOMETRY)
    chosen = choose([(good, results(0.4)), (first, HEADER_ONLY), (second, "It is locked.")])
    assert values(chosen) == {SLUG: 0.4}
    assert chosen.replaced == ()
    assert chosen.unusable == (
        (
            GEOMETRY,
            f"{first.name.folder}: Its result file holds no results (an aborted run), so the run is not used. "
            f"{second.name.folder}: It is locked.",
        ),
    )


def test_a_longer_run_that_is_cut_off_makes_the_shorter_one_incomplete() -> None:
    longer = read_results(f"{HEADER}\nA [mm], 1, 2, Pass\nB [mm], 1, 2, Pass\nC".encode())
    chosen = choose([(run("07-00-00"), longer), (run("07-10-00"), results(0.4))])
    assert chosen.runs == ()
    assert [template for template, _ in chosen.unusable] == ["BeamCheckTemplate6x"]


def test_rows_of_two_runs_are_never_mixed() -> None:
    older = read_results(f"{HEADER}\n{OUTPUT}, 1, 2, Pass\nOld [mm], 1, 2, Pass\n".encode())
    newer = read_results(f"{HEADER}\n{OUTPUT}, , 2, Pass\nNew [mm], 1, 2, Pass\n".encode())
    chosen = choose([(run("07-00-00"), older), (run("07-10-00"), newer)])
    assert values(chosen) == {SLUG: None, "new_mm_6x": 1.0}


def test_two_templates_with_one_macro_name() -> None:
    beam, geometry = run("07-00-00", number=1), run("07-00-00", GEOMETRY, 2)
    chosen = choose([(geometry, results(0.7, 0.8)), (beam, results(0.1))])
    assert values(chosen) == {SLUG: 0.7, "group_test1_mm_6x": 0.8}
    assert chosen.tests[SLUG].run is geometry
    assert chosen.replaced == ()
    assert chosen.notes == (
        f"{beam.name.folder} and {geometry.name.folder} both give {SLUG}; "
        "the values of the second, newer one are used.",
    )


def test_many_clashes_are_told_in_one_note() -> None:
    beam, geometry = run("07-05-00"), run("07-00-00", GEOMETRY)
    chosen = choose([(beam, results(1, 1, 1, 1, 1)), (geometry, results(2, 2, 2, 2, 2))])
    assert set(values(chosen).values()) == {1.0}
    assert chosen.notes == (
        f"{geometry.name.folder} and {beam.name.folder} both give {SLUG}, group_test1_mm_6x, "
        "group_test2_mm_6x and 2 more; the values of the second, newer one are used.",
    )


def test_energies_and_beam_types_are_apart() -> None:
    beams = ["6x", "6xFFF", "6e", "6eHDTSE", "10x", "2.5x"]
    chosen = choose([(run("07-00-00", f"BeamCheckTemplate{each}"), results(0.1)) for each in beams])
    assert {slug.rpartition("_per_")[2] for slug in chosen.tests} == {
        "6x",
        "6fff",
        "6e",
        "6hdtse",
        "10x",
        "2_5x",
    }


def test_leaves_only_when_asked_for() -> None:
    content = read_results(f"{HEADER}\n{OUTPUT}, 1, 2, Pass\n{LEAF}, 0.2, 1, Pass\n".encode())
    readings = [(run("07-00-00"), content)]
    assert list(choose(readings).tests) == [SLUG]
    assert list(choose(readings, with_leaves=True).tests) == [
        SLUG,
        "collimationgroup_mlcgroup_mlcleavesa_mlcleaf11_mm_6x",
    ]


def test_notes_of_the_rows_are_handed_on_for_runs_that_count() -> None:
    odd = read_results(f"{HEADER}\n{OUTPUT}, NaN, 2, Fail\n".encode())
    counts, replaced = run("07-10-00"), run("07-00-00")
    chosen = choose([(replaced, odd), (counts, odd)])
    assert chosen.notes == (
        f"{counts.name.folder}: Line 2, {OUTPUT}: its value NaN is not a finite number and is not used.",
    )


def test_nothing_gives_nothing() -> None:
    chosen = choose([])
    assert (chosen.runs, dict(chosen.tests), chosen.unusable) == ((), {}, ())


def test_the_real_beams() -> None:
    checks = shared("data", "mpc-real", "TDS", "H196543", "MPCChecks")
    readings = [
        (Run(parse_name(folder.name), folder.name), read_results(Path(folder) / "Results.csv"))
        for folder in checks.iterdir()
        if "EnhancedCouch" not in folder.name
    ]
    chosen = choose(readings)
    assert len(chosen.runs) == 5
    assert len(chosen.tests) == 3 + 3 + 2 + 2 + 2
    assert values(chosen)["beamgroup_beamcentershift_mm_6fff"] == 0.1
    assert values(chosen)["beamgroup_beamoutputchange_per_12e"] == 0.27
    assert (chosen.replaced, chosen.unusable, chosen.notes) == ((), (), ())


CONTENTS = st.sampled_from(
    [HEADER_ONLY, CUT_OFF, "no file", results(1), results(2), results(3, 3), results(4, 4), results(5, 5, 5)]
)
READINGS = st.lists(
    st.tuples(
        st.builds(
            lambda minute, template, number: run(f"07-{minute:02}-00", template, number),
            st.integers(0, 20),
            st.sampled_from(["BeamCheckTemplate6x", "BeamCheckTemplate10x", GEOMETRY]),
            st.integers(0, 3),
        ),
        CONTENTS,
    ),
    max_size=8,
    unique_by=lambda reading: reading[0].id,
)


@given(READINGS.flatmap(lambda readings: st.tuples(st.just(readings), st.permutations(readings))))
def test_every_run_counts_or_is_told_and_order_does_not_matter(
    both: tuple[list[tuple[Run, Results | str]], list[tuple[Run, Results | str]]],
) -> None:
    readings, shuffled = both
    chosen = choose(readings)
    assert choose(shuffled) == chosen
    counting = [member for member, _ in chosen.runs]
    assert counting == sorted(counting, key=age)
    assert len({member.name.template for member in counting}) == len(counting)
    told = " ".join(why for _, why in chosen.unusable)
    for member, content in readings:
        replaced = any(member is other for other, _ in chosen.replaced)
        unusable = f"{member.name.folder}: " in told
        assert [member in counting, replaced, unusable].count(True) == 1
        if member in counting:
            assert isinstance(content, Results)
            assert content.rows
            assert not content.cut_off
