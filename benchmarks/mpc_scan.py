"""How long it takes to scan, sift and group a share with years of MPC results.

    python benchmarks/mpc_scan.py [--machines 10] [--folders 5000] [--rounds 5]

A temporary tree is made: machines with check folders that hold a small Results.csv each. Medians of
several rounds are printed, beside what QCPump 0.3.17 needs for the same number of folders.
"""

from __future__ import annotations

import argparse
import gc
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.sources.mpc.names import minute_text, parse_name, sift
from qcpump_qt.sources.mpc.scan import MachineListing, list_machines, look
from qcpump_qt.sources.mpc.sessions import Run, group

TEMPLATES = (
    "BeamCheckTemplate6x",
    "BeamCheckTemplate6xFFF",
    "BeamCheckTemplate10x",
    "BeamCheckTemplate15x",
    "BeamCheckTemplate6e",
    "BeamCheckTemplate12e",
    "GeometryCheckTemplate6xMVkV",
    "GeometryCheckTemplate6xMVkVEnhancedCouch",
)
CSV = "Name [Unit], Value, Threshold, Evaluation Result\nBeamGroup/BeamOutputChange [%], 0.1, 2, Pass\n"
INCUMBENT_SECONDS = 1.4
"""QCPump 0.3.17 on 50,000 check folders with one day of history (reference faults-of-the-incumbent)."""
INCUMBENT_FOLDERS = 50_000
INCUMBENT_CALLS = 6
"""Its system calls for one old folder: 20,000 opens and 40,000 directory reads for 10,000 folders."""
WINDOW_MINUTES = 20


def make_tree(tds: Path, machines: int, folders: int) -> None:
    """Make check folders, one morning of eight a day, with a csv in each."""
    for machine in range(machines):
        checks = tds / f"H{machine:03}" / "MPCChecks"
        checks.mkdir(parents=True)
        for at in range(folders):
            day, number = divmod(at, len(TEMPLATES))
            moment = datetime(2018, 1, 2, 7, 1, 30) + timedelta(days=day, minutes=number)  # noqa: DTZ001 - as in names
            stamp = f"{minute_text(moment)}-{moment.second:02}"
            folder = checks / f"NDS-WKS-SN{1000 + machine}-{stamp}-{number:04}-{TEMPLATES[number]}"
            folder.mkdir()
            (folder / "Results.csv").write_text(CSV, encoding="utf-8")


def listings(tds: Path, fast_search: bool = True) -> list[MachineListing]:
    found = list(list_machines(tds, fast_search, CancelToken()))
    return [listing for listing in found if isinstance(listing, MachineListing)]


def scan_old(tds: Path) -> int:
    """A cycle in which every folder is older than the history."""
    return sum(len(sift(listing.names, "2100-01-01-00-00")) for listing in listings(tds))


def scan_known(tds: Path, known: dict[Path, frozenset[str]]) -> int:
    """A cycle in which every folder is within the history and settled already."""
    return sum(len(sift(listing.names, "", known[listing.folder])) for listing in listings(tds))


def scan_all(tds: Path) -> int:
    """A cycle in which every folder is new: all names parsed, all runs grouped."""
    runs = [
        Run(parse_name(name), listing.run_id(name))
        for listing in listings(tds)
        for name in sift(listing.names, "")
    ]
    return len(group(runs, WINDOW_MINUTES))


def scan_and_look(tds: Path) -> int:
    """The same, with a look at every result file."""
    sessions = scan_all(tds)
    for listing in listings(tds):
        for name in listing.names:
            look(f"{listing.folder}/{name}")
    return sessions


def median(work: Callable[[], object], rounds: int) -> float:
    """Median of several rounds in seconds, after one to warm up."""
    work()
    taken = []
    for _ in range(rounds):
        gc.collect()
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def count_calls(tds: Path, folders: int) -> str:
    """System calls on files for each old folder, counted by strace: a full tree less an empty one."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed, system calls were not counted"
    with tempfile.TemporaryDirectory() as empty:
        calls = [_traced(strace, place) for place in (tds, Path(empty))]
    extra = calls[0] - calls[1]
    return (
        f"{extra / folders:.4f} file system calls per old folder ({extra} for {folders} folders); "
        f"QCPump 0.3.17: {INCUMBENT_CALLS}"
    )


def _traced(strace: str, tds: Path) -> int:
    command = [
        strace,
        "-f",
        "-c",
        "-e",
        "trace=%file,%desc",
        sys.executable,
        __file__,
        "--only-scan",
        str(tds),
    ]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    total = re.search(r"^\s*100\.00\s.*?(\d+)(?:\s+\d+)?\s+total$", report, re.MULTILINE)
    if total is None:
        raise SystemExit(f"strace gave no total:\n{report}")
    return int(total[1])


def measure(tds: Path, machines: int, folders: int, rounds: int) -> None:
    count = machines * folders
    known = {listing.folder: frozenset(listing.names) for listing in listings(tds)}
    works: dict[str, Callable[[], object]] = {
        "list and sift, all old": lambda: scan_old(tds),
        "list and sift, all known": lambda: scan_known(tds, known),
        "list, parse and group everything": lambda: scan_all(tds),
        "the same with a look at every file": lambda: scan_and_look(tds),
        "list all without fast search": lambda: listings(tds, fast_search=False),
    }
    incumbent = INCUMBENT_SECONDS * count / INCUMBENT_FOLDERS
    print(f"{count} check folders of {machines} machines, {scan_all(tds)} sessions, {rounds} rounds")
    for name, work in works.items():
        seconds = median(work, rounds)
        print(
            f"{name:36} {seconds * 1000:8.1f} ms  {incumbent / seconds:6.1f} times as fast as QCPump's scan"
        )
    print(
        f"{'QCPump 0.3.17, one day of history':36} {incumbent * 1000:8.1f} ms  (scaled from its 50,000 folders)"
    )
    print(count_calls(tds, count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--machines", type=int, default=10)
    parser.add_argument("--folders", type=int, default=5000, help="check folders of each machine")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only-scan", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only_scan:
        scan_old(asked.only_scan)
        return
    with tempfile.TemporaryDirectory(prefix="mpc-scan-") as place:
        make_tree(Path(place), asked.machines, asked.folders)
        measure(Path(place), asked.machines, asked.folders, asked.rounds)


if __name__ == "__main__":
    main()
