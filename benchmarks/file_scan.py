"""How long a cycle of an uploader takes when nothing is new in 100,000 files, and what an upload of 200 MB costs.

    python benchmarks/file_scan.py [--files 100000] [--folders 100] [--rounds 5] [--megabytes 200]

The pump runs as in the program: a ledger, a QATrack+ stand-in in a process of its own, real cycles. For the scan
the files of 100 folders are entered into the ledger as delivered before. For the upload a process of its own
sends one file and moves it to a folder beside; its memory above that of a pump that has nothing to do is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from qcpump_qt.app import Program
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.records import DeliveryState, Record, Upload
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.pumps.uploads.found import UploadFile
from qcpump_qt.pumps.uploads.known import Known, UploadMemory
from qcpump_qt.pumps.uploads.pump import QATrackGenericBinaryFileUploader, QATrackGenericTextFileUploader
from qcpump_qt.pumps.uploads.watched import Watched
from qcpump_qt.sources.files.contents import Stamp
from qcpump_qt.sources.files.walk import FoundFile, walk
from servers.standin import StandInProcess

TOKEN = "0123456789abcdef0123456789abcdef01234567"
UNIT = "Main Campus: Linac 1"
TYPES = (QATrackGenericTextFileUploader, QATrackGenericBinaryFileUploader)
MEGABYTE = 1024 * 1024
LONG_AGO = 1_700_000_000


def make_world() -> World:
    world = World()
    world.add_site("Main Campus")
    world.add_unit("Linac 1", 1, "Main Campus")
    world.add_test_list("Files", {"upload": "upload"})
    world.assign("Files", 1)
    world.add_user("pump", TOKEN)
    return world


def make_pump(program: Program, url: str, kind: str, source: Path, destination: str = "") -> StoredPump:
    values: dict[str, list[dict[str, Any]]] = {
        "QATrack+ API": [{"api url": url, "auth token": TOKEN, "throttle": 0.0}],
        "Test List": [{"name": "Files", "slug": "upload"}],
        "File Types": [{"recursive": True, "pattern": "*"}],
        "Directories": [{"unit name": UNIT, "source": str(source), "destination": destination}],
    }
    return program.store.add(f"{kind} {source.name}", kind, values, program.secret_fields(kind))


def make_files(source: Path, files: int, folders: int) -> None:
    for number in range(folders):
        folder = source / f"week {number:04}"
        folder.mkdir(parents=True)
        for each in range(files // folders):
            path = folder / f"profile {each:05}.csv"
            path.write_bytes(b"x")
            os.utime(path, (LONG_AGO + each, LONG_AGO + each))


def enter_all(program: Program, pump: StoredPump, source: Path) -> None:
    """As if all files had been delivered before."""
    memory = UploadMemory(program.ledger.memory(pump.id))
    place = Watched(UNIT, source)
    found = list(walk(source, recursive=True, pattern="*", ignore="", cancel=CancelToken(), trouble=print))
    known: dict[str, Known] = {}
    for each in found:
        file = UploadFile(place, each, Stamp(each.size, each.mtime_ns), content=each.inner)
        known[file.name] = Known(file.version.own_key, UNIT, file.stamp, content_of(each))
    book = program.ledger.deliveries
    keys = [each.record for each in known.values()]
    for start in range(0, len(keys), 5000):
        part = keys[start : start + 5000]
        book.meet(pump.id, [Record(key=key, title=key, prepare=nothing) for key in part])
        book.write(pump.id, [Entry(key=key, state=DeliveryState.DELIVERED) for key in part])
    memory.remember(str(source), known, {})


def content_of(found: FoundFile) -> str:
    return hashlib.blake2b(found.path.read_bytes(), digest_size=16).hexdigest()


def nothing() -> Upload:
    raise AssertionError("A delivered record is not prepared.")


def timed(program: Program, pump: StoredPump) -> tuple[float, CycleReport]:
    started = time.perf_counter()
    report = program.run(pump, "command line", CancelToken())
    return time.perf_counter() - started, report


def scan(top: Path, files: int, folders: int, rounds: int) -> None:
    source = top / "watched"
    make_files(source, files, folders)
    server = top / "server"
    server.mkdir()
    with (
        StandInProcess(make_world(), server) as standin,
        Program(Places(top / "home"), secrets=MemorySecrets(), builtin=TYPES) as program,
    ):
        pump = make_pump(program, standin.url, "QATrackGenericTextFileUploader", source)
        enter_all(program, pump, source)
        first, report = timed(program, pump)
        if report.counts["found"]:
            raise SystemExit(f"Something was new: {report.counts}")
        before = api_requests(standin)
        idle = memory_kib("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        quiet = statistics.median(timed(program, pump)[0] for _ in range(rounds))
        peak = memory_kib("VmHWM") - idle
        if api_requests(standin) != before:
            raise SystemExit("A cycle with nothing new has sent a request.")
        new = source / "week 0000" / "new.csv"
        new.write_bytes(b"new")
        os.utime(new, (LONG_AGO, LONG_AGO))
        one, report = timed(program, pump)
        if report.counts["delivered"] != 1:
            raise SystemExit(f"Not delivered: {report.counts}")
    print(f"{files} files in {folders} folders, medians of {rounds} rounds")
    print(f"  cycle with nothing new      {quiet:7.3f} s, {peak / 1024:5.1f} MiB (goal 0.5 s), no request")
    print(f"  cycle with one new file     {one:7.3f} s")
    print(f"  first look at all           {first:7.3f} s")


def api_requests(standin: StandInProcess) -> int:
    return sum(each["number"] for each in standin.counts()["requests"] if each["path"].startswith("/api"))


def memory_kib(what: str) -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1])
    raise SystemExit("This benchmark reads /proc and needs Linux.")


def upload(top: Path, megabytes: int) -> None:
    for kind in ("QATrackGenericTextFileUploader", "QATrackGenericBinaryFileUploader"):
        server = top / f"server of {kind}"
        server.mkdir()
        with StandInProcess(make_world(), server) as standin:
            command = [
                sys.executable,
                __file__,
                "--child",
                standin.url,
                str(top / kind),
                kind,
                str(megabytes),
            ]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            if done.returncode:
                raise SystemExit(done.stderr)
        print(f"{kind}, {megabytes} MiB: {done.stdout.strip()}")


def child(url: str, top: Path, kind: str, megabytes: int) -> None:
    source, destination = top / "in", top / "out"
    source.mkdir(parents=True)
    destination.mkdir()
    with Program(Places(top / "home"), secrets=MemorySecrets(), builtin=TYPES) as program:
        pump = make_pump(program, url, kind, source, str(destination))
        for size in (1, megabytes * MEGABYTE):
            path = source / f"{size}.txt"
            with path.open("wb") as file:
                for _ in range(max(1, size // MEGABYTE)):
                    file.write(b"1.234;5.678\n" * (min(size, MEGABYTE) // 12 + 1))
            os.utime(path, (LONG_AGO, LONG_AGO))
            idle = memory_kib("VmRSS")
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts from here
            seconds, report = timed(program, pump)
            if report.counts["delivered"] != 1 or not (destination / path.name).exists():
                raise SystemExit(f"Not delivered and moved: {[each.text for each in report.messages]}")
    print(f"peak above idle {(memory_kib('VmHWM') - idle) / 1024:.1f} MiB, cycle {seconds:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--folders", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--child", nargs=4, metavar=("URL", "FOLDER", "KIND", "MB"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        url, folder, kind, megabytes = chosen.child
        child(url, Path(folder), kind, int(megabytes))
        return
    with tempfile.TemporaryDirectory() as name:
        scan(Path(name), chosen.files, chosen.folders, chosen.rounds)
        upload(Path(name), chosen.megabytes)


if __name__ == "__main__":
    main()
