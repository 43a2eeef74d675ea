"""Names of check folders: both styles, every template of the field, strays, and quick sifting."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.sources.mpc.names import (
    CheckName,
    CheckType,
    minute_text,
    name_time,
    parse_name,
    shown,
    sift,
)
from shared_data import shared

BEAMS = CheckType.BEAM_AND_GEOMETRY
COUCH = CheckType.ENHANCED_COUCH
MLC = CheckType.ENHANCED_MLC
DEVICES = CheckType.COLLIMATION_DEVICES
at = datetime.fromisoformat
STEM = "NDS-WKS-SN1234-2020-11-06-09-59-21-0009-"


def test_every_part_of_a_current_name() -> None:
    folder = "NDS-WKS-SN1234-2020-11-06-09-59-21-0009-GeometryCheckTemplate6xMVkV"
    assert parse_name(folder) == CheckName(
        folder=folder,
        prefix="NDS-WKS",
        serial="1234",
        time=at("2020-11-06 09:59:21"),
        number=9,
        template="GeometryCheckTemplate6xMVkV",
        energy="6",
        beam_type="x",
        check_type=BEAMS,
        forced_baseline=False,
    )


@pytest.mark.parametrize(
    ("template", "suffix", "check_type"),
    [
        ("BeamCheckTemplate6x", "6x", BEAMS),
        ("BeamCheckTemplate10x", "10x", BEAMS),
        ("BeamCheckTemplate2.5x", "2.5x", BEAMS),
        ("BeamCheckTemplate6xFFF", "6FFF", BEAMS),
        ("BeamCheckTemplate10xFFF", "10FFF", BEAMS),
        ("BeamCheckTemplate20e", "20e", BEAMS),
        ("BeamCheckTemplate6eHDTSE", "6HDTSE", BEAMS),
        ("GeometryCheckTemplate6xMVkV", "6x", BEAMS),
        ("GeometryCheckTemplate6xFFFMVkV", "6FFF", BEAMS),
        ("GeometryCheckTemplate6xMVkVEnhancedCouch", "6x", COUCH),
        ("EnhancedMLCCheckTemplate6x", "6x", MLC),
        ("GeometryCheckTemplate6xMVkVEnhancedMLC", "6x", MLC),
        ("CollimationDevicesCheckTemplate6x", "6x", DEVICES),
        ("GeometryCheckTemplate6xMVkVCollimationDevices", "6x", DEVICES),
        ("6x-Beam", "6x", BEAMS),
        ("6xFFF-Beam", "6FFF", BEAMS),
        ("2.5x-Beam", "2.5x", BEAMS),
        ("6eHDTSE-Beam", "6HDTSE", BEAMS),
        ("6x-Geometry", "6x", BEAMS),
        ("6xMVkV-Geometry", "6x", BEAMS),
        ("6x-GeometryEnhancedCouch", "6x", COUCH),
        ("6x-EnhancedMLC", "6x", MLC),
    ],
)
def test_templates_of_the_field(template: str, suffix: str, check_type: CheckType) -> None:
    name = parse_name(STEM + template)
    assert (name.template, name.suffix, name.check_type) == (template, suffix, check_type)
    assert not name.forced_baseline


def test_style_of_before_2019() -> None:
    name = parse_name("NDS-WKS-SN4321-2019-02-12-20-42-27-0000-6xFFF-Beam")
    assert (name.serial, name.number, name.suffix) == ("4321", 0, "6FFF")
    assert name.time == at("2019-02-12 20:42:27")


def test_time_without_seconds_as_in_release_note_0_3_11() -> None:
    name = parse_name("NDS-WKS-SN1234-2015-01-01-00-00-0001-10x-Beam")
    assert (name.time, name.number, name.suffix) == (at("2015-01-01 00:00"), 1, "10x")


@pytest.mark.parametrize(
    ("stamp", "time", "number"),
    [
        ("2015-01-02-03-04-05-0001", at("2015-01-02 03:04:05"), 1),
        ("2015-01-02-03-04-05", at("2015-01-02 03:04:05"), None),
        ("2015-01-02-03-04-0017", at("2015-01-02 03:04"), 17),
        ("2015-01-02-03-04", at("2015-01-02 03:04"), None),
        ("2015-01-02-03-04-05-12345", at("2015-01-02 03:04:05"), 12345),
    ],
)
@pytest.mark.parametrize("template", ["BeamCheckTemplate10x", "10x-Beam"])
def test_seconds_and_number_may_be_missing(
    stamp: str, time: datetime, number: int | None, template: str
) -> None:
    name = parse_name(f"NDS-WKS-SN1234-{stamp}-{template}")
    assert (name.time, name.number, name.template) == (time, number, template)


def test_halcyon() -> None:
    name = parse_name("HAL-TRT-SN1234-2023-10-20-10-20-30-0000-GeometryCheckTemplate6xFFFMVkV")
    assert (name.prefix, name.suffix, name.check_type) == ("HAL-TRT", "6FFF", BEAMS)


def test_serial_numbers_are_word_characters() -> None:
    assert parse_name("NDS-WKS-SNH19_a-2020-11-06-09-59-21-0009-BeamCheckTemplate6x").serial == "H19_a"


@pytest.mark.parametrize(
    ("template", "suffix"),
    [
        ("BeamCheckTemplate6xForcedBaseline", "6x"),
        ("ForcedBaselineGeometryCheckTemplate6xMVkV", "6x"),
        ("BeamForcedBaselineTemplate6xFFF", "6FFF"),
    ],
)
def test_a_forced_baseline_is_no_check(template: str, suffix: str) -> None:
    name = parse_name(STEM + template)
    assert name.forced_baseline
    assert name.suffix == suffix


@pytest.mark.parametrize(
    "stray",
    [
        "",
        "New folder",
        "Results.csv",
        "desktop.ini",
        "Copy of NDS-WKS-SN1234-2020-11-06-09-59-21-0009-BeamCheckTemplate6x",
        "SN1234-2020-11-06-09-59-21-0009-BeamCheckTemplate6x",
        "NDS-WKS-1234-2020-11-06-09-59-21-0009-BeamCheckTemplate6x",
        "NDS-WKS-SN12 34-2020-11-06-09-59-21-0009-BeamCheckTemplate6x",
        "NDS-WKS-SN1234-2020-11-06-0009-BeamCheckTemplate6x",
        "NDS-WKS-SN1234-٢٠٢٠-11-06-09-59-21-0009-BeamCheckTemplate6x",
    ],
)
def test_stray_names_are_told_apart_in_words(stray: str) -> None:
    with pytest.raises(ItemError) as caught:
        parse_name(stray)
    assert caught.value.message == (
        "Its name is not built like "
        "NDS-WKS-SN1234-2020-11-06-09-59-21-0009-BeamCheckTemplate6x, so it is no MPC check folder. "
        "Nothing in it is uploaded."
    )
    assert caught.value.subject == stray


@pytest.mark.parametrize(
    "time", ["2021-02-30-07-41-49", "2021-13-01-00-00", "0000-01-01-00-00-00", "2021-01-01-24-00"]
)
def test_impossible_date(time: str) -> None:
    folder = f"NDS-WKS-SN1234-{time}-0009-BeamCheckTemplate6x"
    with pytest.raises(ItemError) as caught:
        parse_name(folder)
    assert caught.value.message == (
        f"The time in its name, {time}, does not exist. Nothing in it is uploaded."
    )


@pytest.mark.parametrize(
    "template",
    [
        "FutureCheckTemplate6x",
        "BeamCheckTemplate",
        "BeamCheckTemplate6",
        "BeamCheckTemplate6p",
        "BeamCheckTemplate6x - Copy",
        "BeamCheckTemplate6x (2)",
        "BeamCheckTemplate6xNew",
        "GeometryCheckTemplate6xMVkVEnhancedGantry",
        "6x-Table",
        "6x-GeometryEnhancedGantry",
        "EnhancedCouch",
        "ForcedBaseline",
    ],
)
def test_unknown_template(template: str) -> None:
    with pytest.raises(ItemError) as caught:
        parse_name(STEM + template)
    assert caught.value.message == (
        f"This version does not know the template “{template}”. Nothing in it is uploaded."
    )


def test_a_name_that_is_no_text_can_still_be_printed() -> None:
    with pytest.raises(ItemError) as caught:
        parse_name("odd\udcff")
    caught.value.message.encode("utf-8")
    assert caught.value.subject == "odd?"
    assert shown("Gerät °") == "Gerät °"


def test_the_real_morning() -> None:
    checks = shared("data", "mpc-real", "TDS", "H196543", "MPCChecks")
    names = [parse_name(folder.name) for folder in sorted(checks.iterdir())]
    assert [(name.number, name.suffix) for name in names] == [
        (1, "6FFF"),
        (3, "15x"),
        (4, "6e"),
        (6, "12e"),
        (7, "16e"),
        (8, "6x"),
    ]
    assert {name.serial for name in names} == {"6543"}
    assert {name.time for name in names} == {at("2025-09-19 07:41:49")}
    assert [name.check_type for name in names] == [BEAMS] * 5 + [COUCH]


def test_titles_of_the_check_types() -> None:
    assert [kind.value for kind in CheckType] == [
        "Beam and Geometry Checks",
        "Enhanced Couch Checks",
        "Enhanced MLC Checks",
        "Collimation Devices Checks",
    ]
    assert [kind.windowed for kind in CheckType] == [True, False, False, False]


def test_the_time_in_a_name() -> None:
    assert name_time(STEM + "BeamCheckTemplate6x") == "2020-11-06-09-59-21"
    assert name_time("NDS-WKS-SN1234-2015-01-01-00-00-0001-10x-Beam") == "2015-01-01-00-00"
    assert name_time(STEM + "FutureTemplate") == "2020-11-06-09-59-21"
    assert name_time("New folder") is None


def test_sifting_by_cut_off() -> None:
    before = "NDS-WKS-SN1-2025-09-17-23-59-59-0000-BeamCheckTemplate6x"
    first = "NDS-WKS-SN1-2025-09-18-00-00-00-0000-BeamCheckTemplate6x"
    minutes_only = "NDS-WKS-SN1-2025-09-18-00-00-0000-6x-Beam"
    stray = "New folder"
    cut_off = minute_text(at("2025-09-18 00:00"))
    assert cut_off == "2025-09-18-00-00"
    assert sift([before, first, minutes_only, stray], cut_off) == [first, minutes_only, stray]
    assert sift([before, first, stray], "") == [before, first, stray]


def test_sifting_leaves_out_what_is_known() -> None:
    assert sift(["a", "b", "c"], "2025-09-18-00-00", frozenset({"a", "c"})) == ["b"]


MOMENTS = st.datetimes(min_value=at("2000-01-01 00:00"), max_value=at("2099-12-31 00:00")).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(
    prefix=st.sampled_from(["NDS-WKS", "HAL-TRT", "X"]),
    serial=st.from_regex(r"\w{1,20}", fullmatch=True),
    time=MOMENTS,
    number=st.none() | st.integers(0, 99_999),
    energy=st.sampled_from(["2.5", "6", "10", "22"]),
    beam=st.sampled_from(["x", "e", "xFFF", "eHDTSE"]),
)
def test_any_name_comes_back_part_by_part(
    prefix: str, serial: str, time: datetime, number: int | None, energy: str, beam: str
) -> None:
    stamp = f"{minute_text(time)}-{time.second:02}" + ("" if number is None else f"-{number:04}")
    name = parse_name(f"{prefix}-SN{serial}-{stamp}-BeamCheckTemplate{energy}{beam}")
    assert (name.prefix, name.serial, name.time, name.number) == (prefix, serial, time, number)
    assert (name.energy, "FFF" in beam, "HDTSE" in beam) == (
        energy,
        name.beam_type == "FFF",
        name.beam_type == "HDTSE",
    )


PIECES = st.sampled_from(
    [
        "NDS-WKS",
        "-SN",
        "12",
        "-",
        "2020-11-06-09-59",
        "-21",
        "-0009",
        "-BeamCheckTemplate",
        "6x",
        "FFF",
        "°",
        "\0",
    ]
)


def parsed(text: str) -> CheckName | ItemError:
    try:
        return parse_name(text)
    except ItemError as error:
        return error


@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_a_name_or_an_item_error(text: str) -> None:
    found = parsed(text)
    if isinstance(found, ItemError):
        assert found.message.endswith(". Nothing in it is uploaded.")
        assert found.subject == found.subject.encode("utf-8", "replace").decode("utf-8")
        found.message.encode("utf-8")
    else:
        assert found.folder == text
        assert re.fullmatch(r"[0-9.]+(x|e|FFF|HDTSE)", found.suffix)
        assert name_time(text) is not None


@given(MOMENTS, MOMENTS)
def test_times_compare_as_text(one: datetime, other: datetime) -> None:
    minute = other.replace(second=0)
    assert (f"{minute_text(one)}-{one.second:02}" >= minute_text(minute)) == (one >= minute)


def test_a_name_is_shown_without_control_characters() -> None:
    assert shown("\x1b[31mred\nfolder é") == "\\x1b[31mred\\nfolder é"
