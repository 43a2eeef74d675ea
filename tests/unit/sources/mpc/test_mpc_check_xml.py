"""`Check.xml`: the real ones, broken ones, and ones that mean harm."""

from __future__ import annotations

import codecs
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.sources.mpc.check_xml import LARGEST, CheckInfo, read_check
from shared_data import shared

CHICAGO = timezone(timedelta(hours=-5))
SPACE = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://www.varian.com/MPC"'


def check(inner: str, space: str = SPACE) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><Check {space}>{inner}</Check>'.encode()


def said(inner: str) -> CheckInfo:
    info = read_check(check(inner))
    assert info is not None
    return info


def test_the_real_couch_check() -> None:
    name = "NDS-WKS-SN6543-2025-09-19-07-41-49-0008-GeometryCheckTemplate6xMVkVEnhancedCouch"
    path = shared("data", "mpc-real", "TDS", "H196543", "MPCChecks", name, "Check.xml")
    assert read_check(path.read_bytes()) == CheckInfo(
        date=datetime(2025, 9, 19, 7, 41, 49, 88137, CHICAGO),
        serial="6543",
        template_id="GeometryCheckTemplate6xMVkVEnhancedCouch",
        is_baseline=False,
        baseline_date=datetime(2025, 5, 6, 7, 55, 28, 252224, CHICAGO),
        evaluation="Pass",
        uuid="0ba3b6c6-0d4a-4bd3-ac27-b10d5c426b33",
        completed=True,
    )


def test_all_the_real_ones_agree_with_their_folders() -> None:
    checks = shared("data", "mpc-real", "TDS", "H196543", "MPCChecks")
    for folder in checks.iterdir():
        info = read_check((folder / "Check.xml").read_bytes())
        assert info is not None
        assert folder.name.endswith(f"-{info.template_id}")
        assert f"-SN{info.serial}-" in folder.name
        assert info.date is not None
        assert f"{info.date:%Y-%m-%d-%H-%M-%S}" in folder.name


def test_a_check_that_says_nothing() -> None:
    assert said("") == CheckInfo(None, "", "", False, None, "", "", None)


@pytest.mark.parametrize("space", ["", SPACE, 'xmlns="http://www.varian.com/MPC/2"'])
@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
def test_any_namespace_and_a_bom(space: str, bom: bytes) -> None:
    data = check("<MachineSerialNumber> 77 </MachineSerialNumber><Template><ID>T6x</ID></Template>", space)
    info = read_check(bom + data)
    assert info is not None
    assert (info.serial, info.template_id) == ("77", "T6x")


def test_utf_16() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><Check><UUID>é</UUID></Check>'
    info = read_check(text.encode("utf-16"))
    assert info is not None
    assert info.uuid == "é"


@pytest.mark.parametrize(
    ("text", "baseline"),
    [
        ("true", True),
        ("True", True),
        ("1", True),
        (" true ", True),
        ("false", False),
        ("0", False),
        ("", False),
    ],
)
def test_a_baseline_is_no_check(text: str, baseline: bool) -> None:
    assert said(f"<IsBaseline>{text}</IsBaseline>").is_baseline is baseline


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-09-19T07:41:49.0219614-05:00", datetime(2025, 9, 19, 7, 41, 49, 21961, CHICAGO)),
        ("2025-09-19T07:41:49.041-05:00", datetime(2025, 9, 19, 7, 41, 49, 41000, CHICAGO)),
        ("2025-09-19T07:41:49-05:00", datetime(2025, 9, 19, 7, 41, 49, 0, CHICAGO)),
        ("2025-09-19T07:41:49Z", datetime(2025, 9, 19, 7, 41, 49, 0, timezone.utc)),
        ("2025-09-19T07:41:49", None),
        ("2025-02-30T07:41:49Z", None),
        ("2025-09-19T07:41:49+99:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(text: str, date: datetime | None) -> None:
    assert said(f"<Date>{text}</Date>").date == date
    assert said(f"<BaselineDateTime>{text}</BaselineDateTime>").baseline_date == date


@pytest.mark.parametrize(
    ("states", "completed"),
    [
        ([], None),
        (["Completed"], True),
        (["Completed", " Completed "], True),
        (["Completed", "Aborted"], False),
        ([""], False),
    ],
)
def test_beams_completed(states: list[str], completed: bool | None) -> None:
    beams = "".join(f"<Beam><Status><BeamState>{state}</BeamState></Status></Beam>" for state in states)
    assert said(f"<Beams>{beams}</Beams>").completed is completed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        codecs.BOM_UTF8,
        b"not xml",
        check("<Date>2025")[:60],
        check("<Date></Check>"),
        check("")[:-3],
        b"<Results/>",
        b'<?xml version="1.0" encoding="no-such-code"?><Check/>',
        b'<?xml version="1.0" encoding="utf-8"?><Check>\xff</Check>',
        b"<Check>&undeclared;</Check>",
        b"<Check/>" + b" " * LARGEST,
    ],
)
def test_broken_or_something_else(data: bytes) -> None:
    assert read_check(data) is None


def test_entities_are_never_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    bomb = f'<!DOCTYPE Check [<!ENTITY l0 "ha">{laughs}]><Check><UUID>&l9;</UUID></Check>'
    assert read_check(bomb.encode()) is None
    outside = '<!DOCTYPE Check [<!ENTITY x SYSTEM "file:///etc/hostname">]><Check><UUID>&x;</UUID></Check>'
    assert read_check(outside.encode()) is None
    assert read_check(b"<!DOCTYPE Check><Check/>") is None


def test_deep_nesting_is_no_trouble() -> None:
    assert said("<a>" * 50_000 + "</a>" * 50_000).completed is None


WHOLE = check("<Date>2025-09-19T07:41:49Z</Date><IsBaseline>true</IsBaseline><Template><ID>A</ID></Template>")


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda junk: b"<Check>" + junk + b"</Check>"))
def test_any_bytes_are_a_check_or_none(data: bytes) -> None:
    info = read_check(data)
    assert info is None or isinstance(info, CheckInfo)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_check_cut_anywhere_says_nothing(length: int) -> None:
    assert read_check(WHOLE) is not None
    assert read_check(WHOLE[:length]) is None
