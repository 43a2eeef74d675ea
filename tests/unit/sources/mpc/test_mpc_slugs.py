"""Macro names: every row of the compatibility tables and of the manual."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.sources.mpc import slugs
from qcpump_qt.sources.mpc.names import parse_name

STEM = "NDS-WKS-SN1234-2020-12-01-01-00-00-0009-"


@pytest.mark.parametrize(
    ("template", "csv_name", "slug"),
    [
        # reference qcpump-0.3-compatibility, section 6
        ("BeamCheckTemplate6x", "BeamGroup/BeamOutputChange [%]", "beamgroup_beamoutputchange_per_6x"),
        ("BeamCheckTemplate6xFFF", "BeamGroup/BeamCenterShift [mm]", "beamgroup_beamcentershift_mm_6fff"),
        (
            "BeamCheckTemplate6eHDTSE",
            "BeamGroup/BeamOutputChange [%]",
            "beamgroup_beamoutputchange_per_6hdtse",
        ),
        ("BeamCheckTemplate2.5x", "BeamGroup/BeamOutputChange [%]", "beamgroup_beamoutputchange_per_2_5x"),
        (
            "GeometryCheckTemplate6xMVkV",
            "GantryGroup/GantryAbsolute [°]",
            "gantrygroup_gantryabsolute_deg_6x",
        ),
        # manual, Varian MPC Pumps (its "isocentresize" is a slip of the pen)
        (
            "GeometryCheckTemplate6xMVkV",
            "IsoCenterGroup/IsoCenterSize [mm]",
            "isocentergroup_isocentersize_mm_6x",
        ),
        (
            "GeometryCheckTemplate6xMVkV",
            "BeamGroup/BeamOutputChange [%]",
            "beamgroup_beamoutputchange_per_6x",
        ),
        ("10x-Beam", "BeamGroup/BeamOutputChange [%]", "beamgroup_beamoutputchange_per_10x"),
        # release note 0.3.9: a degree sign decoded the wrong way
        ("6x-Geometry", "GantryGroup/GantryAbsolute [Â°]", "gantrygroup_gantryabsolute_deg_6x"),
    ],
)
def test_test_slugs(template: str, csv_name: str, slug: str) -> None:
    assert slugs.test_slug(csv_name, parse_name(STEM + template)) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("", ""),
        ("a/b c.d-e", "a_b_c_d_e"),
        ("dose_6 MV EDW60", "dose_6_mv_edw60"),
        ("a__/__b", "a_b"),
        ("_- a -_", "a"),
        ("6 MV", "_6_mv"),
        ("12", "_12"),
        ("Höhe [cm²]", "hohe_cm2"),
        ("日本", ""),
        ("a\tb", "a-b"),
        ("x [mm] y [°] z [%]", "x_mm_y_deg_z_per"),
        ("[ mm ]", "mm"),
        ("°%", ""),
        ("ÂA", "a"),
        ("A\u0302", "a"),
    ],
)
def test_the_general_rule_in_its_order(text: str, slug: str) -> None:
    assert slugs.slugify(text) == slug


@given(st.text())
def test_any_text_becomes_a_macro_name_or_nothing(text: str) -> None:
    slug = slugs.slugify(text)
    assert re.fullmatch(r"(?![0-9])[a-z0-9_-]*", slug)
    assert "__" not in slug
