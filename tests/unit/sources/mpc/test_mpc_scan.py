"""Where check folders lie: fast search, search everywhere, troubles, and how little is asked of the share."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, SourceUnavailable
from qcpump_qt.sources.mpc import scan
from qcpump_qt.sources.mpc.names import sift
from qcpump_qt.sources.mpc.scan import MachineListing, MachineTrouble, list_machines
from shared_data import shared

STEM = "NDS-WKS-SN1234-2020-11-06-09-59-21-0009-"
SIX = STEM + "BeamCheckTemplate6x"
TEN = STEM + "BeamCheckTemplate10x"


def make(*folders: Path) -> None:
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "Results.csv").write_bytes(b"")


def find(tds: Path, fast_search: bool = True) -> dict[str, list[str]]:
    """Every listing by its base, with sorted names; troubles fail."""
    found: dict[str, list[str]] = {}
    for listing in list_machines(tds, fast_search, CancelToken()):
        assert isinstance(listing, MachineListing)
        assert listing.folder == (tds / listing.base if listing.base else tds)
        assert listing.base not in found
        found[listing.base] = sorted(listing.names)
    return found


def test_fast_search_finds_every_machine_and_its_strays(tmp_path: Path) -> None:
    make(
        tmp_path / "H1/MPCChecks" / SIX, tmp_path / "H1/MPCChecks/New folder", tmp_path / "H2/MPCChecks" / TEN
    )
    make(tmp_path / TEN, tmp_path / "H3/Other" / SIX, tmp_path / "H4", tmp_path / "H5/deeper/MPCChecks" / SIX)
    (tmp_path / "notes.txt").write_text("not a machine", encoding="utf-8")
    assert find(tmp_path) == {"H1/MPCChecks": [SIX, "New folder"], "H2/MPCChecks": [TEN]}


def test_fast_search_in_a_tds_with_checks_of_its_own(tmp_path: Path) -> None:
    make(tmp_path / "MPCChecks" / SIX, tmp_path / "H1/MPCChecks" / TEN)
    assert find(tmp_path) == {"MPCChecks": [SIX], "H1/MPCChecks": [TEN]}


@pytest.mark.parametrize("fast_search", [True, False])
def test_a_tds_that_is_itself_the_checks_folder(tmp_path: Path, fast_search: bool) -> None:
    make(tmp_path / "MPCChecks" / SIX, tmp_path / "MPCChecks" / TEN)
    assert find(tmp_path / "MPCChecks", fast_search) == {"": sorted([SIX, TEN])}


def test_a_drive_made_for_the_checks_folder() -> None:
    names = ["desktop.ini", SIX]
    assert scan._is_checks_folder(PureWindowsPath("M:\\"), names)
    assert scan._is_checks_folder(PureWindowsPath(r"\\server\checks"), names)
    assert not scan._is_checks_folder(PureWindowsPath("I:\\"), ["H1", "H2"])
    assert not scan._is_checks_folder(PureWindowsPath(r"I:\TDS"), names)
    assert scan._is_checks_folder(PureWindowsPath(r"I:\TDS\H1\mpcchecks"), [])


def test_ids_are_relative_with_forward_slashes() -> None:
    assert (
        MachineListing(Path("T/H1/MPCChecks"), [], b"", "H1/MPCChecks").run_id(SIX) == f"H1/MPCChecks/{SIX}"
    )
    assert MachineListing(Path("T"), [], b"").run_id(SIX) == SIX


def test_the_digest_changes_with_the_names_alone(tmp_path: Path) -> None:
    def digest() -> bytes:
        (listing,) = list_machines(tmp_path, True, CancelToken())
        assert isinstance(listing, MachineListing)
        return listing.digest

    make(tmp_path / "H1/MPCChecks" / SIX)
    before = digest()
    (tmp_path / "H1/MPCChecks" / SIX / "Results.csv").write_bytes(b"more")
    assert digest() == before
    make(tmp_path / "H1/MPCChecks" / TEN)
    assert digest() != before


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="names there are always text")
@pytest.mark.parametrize("fast_search", [True, False])
def test_names_that_are_no_text(tmp_path: Path, fast_search: bool) -> None:
    odd = os.fsdecode(SIX.encode() + b"\xff")
    make(tmp_path / "H1/MPCChecks" / odd)
    assert find(tmp_path, fast_search) == {"H1/MPCChecks": [odd]}


def test_the_real_morning() -> None:
    tds = shared("data", "mpc-real", "TDS")
    fast = find(tds)
    assert list(fast) == ["H196543/MPCChecks"]
    assert len(fast["H196543/MPCChecks"]) == 6
    assert find(tds, fast_search=False) == fast


def test_search_everywhere(tmp_path: Path) -> None:
    make(tmp_path / "H1/MPCChecks" / SIX, tmp_path / "H2/Old results/2019" / TEN, tmp_path / SIX)
    (tmp_path / "H3/empty").mkdir(parents=True)
    assert find(tmp_path, fast_search=False) == {
        "H1/MPCChecks": [SIX],
        "H2/Old results/2019": [TEN],
        "": [SIX],
    }


def test_search_everywhere_reports_a_result_in_a_folder_of_another_name(tmp_path: Path) -> None:
    make(tmp_path / "H1/MPCChecks" / SIX, tmp_path / "H1/MPCChecks/New folder", tmp_path / "H2/copy")
    make(tmp_path / "H1/MPCChecks/New folder/within" / TEN)
    assert find(tmp_path, fast_search=False) == {
        "H1/MPCChecks": sorted([SIX, "New folder"]),
        "H1/MPCChecks/New folder/within": [TEN],
        "H2": ["copy"],
    }


def test_search_everywhere_does_not_go_into_check_folders(tmp_path: Path) -> None:
    make(tmp_path / "H1/MPCChecks" / SIX / "MPCChecks" / TEN)
    assert find(tmp_path, fast_search=False) == {"H1/MPCChecks": [SIX]}


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_search_everywhere_follows_no_link(tmp_path: Path) -> None:
    make(tmp_path / "TDS/H1/MPCChecks" / SIX, tmp_path / "outside/MPCChecks" / TEN)
    (tmp_path / "TDS/out").symlink_to(tmp_path / "outside")
    (tmp_path / "TDS/H1/round").symlink_to(tmp_path / "TDS")
    assert find(tmp_path / "TDS", fast_search=False) == {"H1/MPCChecks": [SIX]}


class JunctionEntry:
    """A folder entry as Windows shows a junction to Python 3.10 and 3.11."""

    def __init__(self, tag: int) -> None:
        self._tag = tag

    def stat(self, *, follow_symlinks: bool) -> Any:
        assert not follow_symlinks
        return type("Stat", (), {"st_reparse_tag": self._tag})


def test_junctions_are_links_on_windows() -> None:
    is_junction: Callable[[Any, str], bool] = scan._is_junction
    assert is_junction(JunctionEntry(0xA0000003), "nt")
    assert not is_junction(JunctionEntry(0), "nt")
    assert not is_junction(None, "posix")


@pytest.mark.parametrize("fast_search", [True, False])
def test_a_missing_tds_means_wait(tmp_path: Path, fast_search: bool) -> None:
    tds = tmp_path / "TDS"
    with pytest.raises(SourceUnavailable) as caught:
        list(list_machines(tds, fast_search, CancelToken()))
    assert caught.value.message == (
        f"The TDS directory “{tds}” does not exist or its share is not connected. "
        "Check the path and the network share. Results wait until then."
    )


@pytest.mark.parametrize("fast_search", [True, False])
def test_a_tds_that_is_a_file(tmp_path: Path, fast_search: bool) -> None:
    tds = tmp_path / "TDS"
    tds.write_bytes(b"")
    with pytest.raises(SourceUnavailable, match="is a file, not a folder"):
        list(list_machines(tds, fast_search, CancelToken()))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs root to become nobody")
@pytest.mark.parametrize("fast_search", [True, False])
def test_a_tds_that_may_not_be_listed(tmp_path: Path, fast_search: bool) -> None:
    tmp_path.chmod(0o700)
    os.seteuid(65534)
    try:
        with pytest.raises(SourceUnavailable, match="may not be listed by this account"):
            list(list_machines(tmp_path, fast_search, CancelToken()))
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_one_machine_that_cannot_be_listed_does_not_stop_the_others(tmp_path: Path) -> None:
    make(tmp_path / "H1/MPCChecks" / SIX, tmp_path / "H3/MPCChecks" / TEN)
    (tmp_path / "H2").mkdir()
    (tmp_path / "H2/MPCChecks").symlink_to("MPCChecks")
    first, trouble, last = list_machines(tmp_path, True, CancelToken())
    assert isinstance(first, MachineListing)
    assert isinstance(last, MachineListing)
    assert (first.names, last.names) == ([SIX], [TEN])
    assert trouble == MachineTrouble(
        tmp_path / "H2/MPCChecks",
        f"The folder “{tmp_path}/H2/MPCChecks” cannot be listed now (Too many levels of symbolic links). "
        "Check the network share. Results wait until then.",
    )


def test_a_folder_that_vanishes_during_the_search_everywhere(tmp_path: Path) -> None:
    make(tmp_path / "H1/MPCChecks" / SIX)
    (tmp_path / "H2/gone").mkdir(parents=True)
    found = list_machines(tmp_path, False, CancelToken())
    first = next(found)
    (tmp_path / "H2/gone").rmdir()
    (tmp_path / "H2").rmdir()
    (trouble,) = found
    assert isinstance(first, MachineListing)
    assert isinstance(trouble, MachineTrouble)
    assert trouble.folder == tmp_path / "H2"
    assert "does not exist or its share is not connected" in trouble.message


def test_a_share_lost_on_the_way_is_not_taken_for_empty(tmp_path: Path) -> None:
    tds = tmp_path / "TDS"
    make(tds / "H1/MPCChecks" / SIX, tds / "H2/MPCChecks" / TEN)
    found = list_machines(tds, True, CancelToken())
    assert isinstance(next(found), MachineListing)
    tds.rename(tmp_path / "away")
    with pytest.raises(SourceUnavailable, match="does not exist or its share is not connected"):
        list(found)


@pytest.mark.parametrize("fast_search", [True, False])
def test_a_search_can_be_stopped_between_two_folders(tmp_path: Path, fast_search: bool) -> None:
    make(tmp_path / "H1/MPCChecks" / SIX, tmp_path / "H2/MPCChecks" / TEN)
    cancel = CancelToken()
    found = list_machines(tmp_path, fast_search, cancel)
    next(found)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(found)


@pytest.mark.parametrize("fast_search", [True, False])
def test_no_system_call_for_a_check_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fast_search: bool
) -> None:
    """Counts what is asked of the share: the machines decide, not their check folders."""
    for machine in ("H1", "H2"):
        for at in range(20):
            make(tmp_path / machine / "MPCChecks" / f"NDS-WKS-SN1-2020-11-06-09-59-{at:02}-0009-6x-Beam")
    asked: Counter[str] = Counter()
    for call in ("listdir", "scandir", "stat", "lstat", "open"):
        monkeypatch.setattr(os, call, _counted(call, getattr(os, call), asked))
    listings = list(list_machines(tmp_path, fast_search, CancelToken()))
    assert [len(sift(each.names, "2021")) for each in listings if isinstance(each, MachineListing)] == [0, 0]
    monkeypatch.undo()
    assert asked == ({"listdir": 3} if fast_search else {"scandir": 5})


def _counted(name: str, call: Callable[..., Any], asked: Counter[str]) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        asked[name] += 1
        return call(*args, **kwargs)

    return counted
