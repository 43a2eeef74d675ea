"""Names of generated results: shape of the checks, and the rule for macro names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.demo.mpc_names import (
    ENHANCED_COUCH,
    beam_check,
    couch_check,
    devices_check,
    geometry_check,
    macro_name,
    mlc_check,
)
from shared_data import shared


@pytest.mark.parametrize(
    ("row", "beam", "slug"),
    [
        ("BeamGroup/BeamOutputChange [%]", "6x", "beamgroup_beamoutputchange_per_6x"),
        ("BeamGroup/BeamCenterShift [mm]", "6xFFF", "beamgroup_beamcentershift_mm_6fff"),
        ("BeamGroup/BeamOutputChange [%]", "6eHDTSE", "beamgroup_beamoutputchange_per_6hdtse"),
        ("BeamGroup/BeamOutputChange [%]", "2.5x", "beamgroup_beamoutputchange_per_2_5x"),
        ("GantryGroup/GantryAbsolute [°]", "6x", "gantrygroup_gantryabsolute_deg_6x"),
        ("GantryGroup/GantryAbsolute [Â°]", "6x", "gantrygroup_gantryabsolute_deg_6x"),
        ("6MV", "6x", "_6mv_6x"),
    ],
)
def test_macro_names(row: str, beam: str, slug: str) -> None:
    assert macro_name(row, beam) == slug


@given(st.text(max_size=60), st.sampled_from(["6x", "2.5x", "6eHDTSE"]))
def test_macro_names_are_usable_whatever_the_row(row: str, beam: str) -> None:
    assert re.fullmatch(r"[a-z_][a-z0-9_]*", macro_name(row, beam))


def test_beams_have_two_or_three_rows_and_geometry_about_two_hundred() -> None:
    assert [len(beam_check(beam).rows) for beam in ("6e", "6eHDTSE", "6x", "10xFFF")] == [2, 2, 3, 3]
    for template in (geometry_check(), couch_check(), mlc_check(), devices_check()):
        assert 160 < len(template.rows) < 200
        assert len({row.name for row in template.rows}) == len(template.rows)
        assert len(set(template.values.values())) == len(template.values)


def test_single_leaves_are_not_among_the_values() -> None:
    leaves = [row.name for row in geometry_check().rows if row.is_leaf]
    assert len(leaves) == 160
    assert not set(leaves) & set(geometry_check().values)
    assert "CollimationGroup/MLCGroup/MLCMaxOffsetA [mm]" in geometry_check().values


def test_names_of_templates() -> None:
    assert beam_check("6xFFF").name == "BeamCheckTemplate6xFFF"
    assert beam_check("6xFFF", old_name=True).name == "6xFFF-Beam"
    assert geometry_check().name == "GeometryCheckTemplate6xMVkV"
    assert geometry_check(old_name=True).name == "6x-Geometry"


def test_the_couch_check_has_the_rows_of_a_real_one() -> None:
    (csv,) = shared("data", "mpc-real").glob("TDS/*/MPCChecks/*EnhancedCouch/Results.csv")
    lines = csv.read_text(encoding="utf-8-sig").splitlines()[1:]
    real = [tuple(part.strip() for part in line.split(",")) for line in lines if line.strip()]
    template = couch_check()
    assert template.check_type == ENHANCED_COUCH
    assert {row.name for row in template.rows} == {name for name, *_ in real}
    thresholds = {row.name: row.threshold for row in template.rows}
    assert {name: float(threshold) for name, _, threshold, _ in real} == thresholds
