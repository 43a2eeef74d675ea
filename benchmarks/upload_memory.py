"""How much memory it takes to upload a large file.

    python benchmarks/upload_memory.py [--megabytes 200] [--rounds 3]

The whole way: a user's pump type of the kind `QATrackFetchAndPostBinaryFile`, ledger, client; pump and QATrack+
stand-in are processes of their own. Printed is the pump's peak of resident memory, above what it held before its
first cycle (with all the modules that a cycle loads) and above what it held after the upload of a small file.
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
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from qcpump_qt.app import Program
from qcpump_qt.demo.clinic import TOKEN
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.pumps.base import DIRECTORY, BasePump
from qcpump_qt.pumps.post_files import QATrackFetchAndPostBinaryFile
from qcpump_qt.pumps.qatrack_api import QATRACK_API_CONFIG
from servers.standin import StandInProcess

MEGABYTE = 2**20
LIST = "Upload"
INCUMBENT = "800 MB for a file of 200 MB"
"""QCPump 0.3.17 (reference faults-of-the-incumbent)."""


class FolderPump(QATrackFetchAndPostBinaryFile, BasePump):
    """Uploads each file of a folder, as a user's own pump type would."""

    DISPLAY_NAME = "Benchmark: files of a folder"
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        {
            "name": "Folder",
            "multiple": False,
            "fields": [{"name": "folder", "type": DIRECTORY, "required": True, "help": "The files."}],
        },
        QATRACK_API_CONFIG,
    ]

    def fetch_records(self) -> Iterable[Path]:
        return sorted(Path(str(self.get_config_value("Folder", "folder"))).iterdir())

    def id_for_record(self, record: Path) -> str:
        return record.name

    def test_list_for_record(self, record: Path) -> str:  # noqa: ARG002 - a hook
        return LIST

    def qatrack_unit_for_record(self, record: Path) -> str:  # noqa: ARG002 - a hook
        return "Main Campus: Linac 1"

    def work_datetimes_for_record(self, record: Path) -> tuple[datetime, datetime]:  # noqa: ARG002 - a hook
        started = local_now().replace(tzinfo=None)
        return started, started

    def slug_and_filename_for_record(self, record: Path) -> tuple[str, Path]:
        return "upload", record


def make_world() -> World:
    world = World()
    world.add_site("Main Campus")
    world.add_unit("Linac 1", 1, "Main Campus", "1001")
    world.add_test_list(LIST, {"upload": "upload"})
    world.assign(LIST, 1)
    world.add_user("pump", TOKEN)
    return world


def make_file(path: Path, size: int) -> None:
    """Bytes that no compression makes small."""
    with path.open("wb") as file:
        for _ in range(size // MEGABYTE):
            file.write(os.urandom(MEGABYTE))


def digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(MEGABYTE):
            found.update(chunk)
    return found.hexdigest()


def memory(name: str) -> float:
    """MiB of this process as Linux tells it: ``VmRSS`` now, ``VmHWM`` at most."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"{name} is not told by this system.")


def child(url: str, folder: Path, home: Path) -> None:
    """The pump's process: a small file first, then the large one; prints two peaks in MiB, and seconds."""
    small, large = folder / "small", folder / "large"
    with Program(Places(home), MemorySecrets(), builtin=[FolderPump]) as program:
        start = memory("VmRSS")
        for source in (small, large):
            values: dict[str, list[dict[str, Any]]] = {
                "Pump": [{"active": True}],
                "Folder": [{"folder": str(source)}],
                "QATrack+ API": [{"api url": url, "auth token": TOKEN, "throttle": 0.0}],
            }
            pump = program.store.add(source.name, "FolderPump", values, program.secret_fields("FolderPump"))
            idle = memory("VmRSS")
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts from here
            started = time.perf_counter()
            report = program.run(pump, "command line", CancelToken())
            seconds = time.perf_counter() - started
            if report.counts.get("delivered") != 1:
                raise SystemExit(f"Not delivered: {[each.text for each in report.messages]}")
    peak = memory("VmHWM")
    print(f"{peak - start:.1f} {peak - idle:.1f} {seconds:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=3, metavar=("URL", "FOLDER", "HOME"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        url, folder, home = chosen.child
        child(url, Path(folder), Path(home))
        return
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        for source, size in (("small", 1), ("large", chosen.megabytes)):
            (top / source).mkdir()
            make_file(top / source / f"{source}.dcm", size * MEGABYTE)
        rounds = [one_round(top, number) for number in range(chosen.rounds)]
    above_start, above_idle, seconds = (statistics.median(each) for each in zip(*rounds, strict=True))
    print(f"upload of {chosen.megabytes} MiB, medians of {chosen.rounds} rounds")
    print(f"  peak above the start  {above_start:6.1f} MiB")
    print(f"  peak above idle       {above_idle:6.1f} MiB")
    print(f"  cycle                 {seconds:6.2f} s")
    print(f"  QCPump 0.3.17         {INCUMBENT}")


def one_round(top: Path, number: int) -> tuple[float, ...]:
    server, home = top / f"server{number}", top / f"home{number}"
    server.mkdir()
    with StandInProcess(make_world(), server) as standin:
        command = [sys.executable, str(Path(__file__)), "--child", standin.url, str(top), str(home)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        stored = {session["user_key"]: session["tests"]["upload"] for session in standin.sessions()}
    if stored["large.dcm"]["sha256"] != digest(top / "large" / "large.dcm"):
        raise SystemExit("The server has something else than what was sent.")
    return tuple(float(each) for each in done.stdout.split())


if __name__ == "__main__":
    main()
