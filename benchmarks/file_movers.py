"""How long the file mover takes, beside what the system's own tools take for the same files.

    python benchmarks/file_movers.py [--files 10000] [--megabytes 1024] [--rounds 3] [--other /dev/shm]

Small files within one file system: whole cycles of a pump with its ledger, against `mv` called for each file and
`mv` called once for all of them. One large file to another file system: against `cp`, `sync` of the copy and
`rm`. And a cycle with nothing new over a folder whose files were all copied before.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.cycle import CycleOrder, run_cycle
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.engine.settings import Settings
from qcpump_qt.pumps.movers.pump import FileMover

LONG_AGO = 1_600_000_000
PER_FOLDER = 1000


class Bench:
    """A source, a destination and a home, made anew for each round."""

    def __init__(self, base: Path, other: Path) -> None:
        self.source = base / "source"
        self.destination = base / "destination"
        self.home = base / "home"
        self.other = other

    def clear(self) -> None:
        """Empty everything."""
        for folder in (self.source, self.destination, self.home, self.other):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        (self.home / "locks").mkdir()

    def small_files(self, number: int) -> list[Path]:
        """Small files in folders of a thousand."""
        self.clear()
        files = []
        for at in range(number):
            folder = self.source / f"{at // PER_FOLDER:03}"
            folder.mkdir(exist_ok=True)
            (self.destination / folder.name).mkdir(exist_ok=True)
            file = folder / f"{at:06}.txt"
            file.write_bytes(b"x" * 200)
            os.utime(file, (LONG_AGO, LONG_AGO))
            files.append(file)
        return files

    def large_file(self, megabytes: int) -> Path:
        """One large file, on the disk and not in the cache alone."""
        self.clear()
        file = self.source / "large.bin"
        with file.open("wb") as stream:
            for _ in range(megabytes):
                stream.write(os.urandom(2**20))
            os.fsync(stream.fileno())
        os.utime(file, (LONG_AGO, LONG_AGO))
        return file

    def cycle(self, destination: Path, mode: str = "Move") -> None:
        """One cycle of a file mover."""
        pair = {"source": str(self.source), "destination": str(destination), "mode": mode, "recursive": True}
        configuration = Configuration(FileMover.sections(), {"FileMover": [pair]})
        with (self.home / "log").open("a", encoding="utf-8") as log:
            order = CycleOrder(
                pump_id="mover",
                name="Mover",
                type="FileMover",
                folder=self.home / "mover",
                trigger="manual",
                settings=Settings(),
                make=lambda host: FileMover(configuration, host),
                log=lambda level, text: print(level, text, file=log),
            )
            ledger = Ledger.at(self.home / "ledger.sqlite3")
            report = run_cycle(order, ledger, self.home / "locks", CancelToken())
            ledger.close()
        assert report.outcome is CycleOutcome.OK, report


def median(prepare: Callable[[], object], work: Callable[[], object], rounds: int) -> float:
    """Median of several rounds in seconds; what is prepared does not count."""
    taken = []
    for _ in range(rounds):
        prepare()
        os.sync()
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True)


def mv_each(bench: Bench) -> None:
    """`mv` of each file, as a script would do it."""
    for file in sorted(bench.source.rglob("*.txt")):
        run("mv", "-n", file, bench.destination / file.parent.name / file.name)


def mv_folders(bench: Bench) -> None:
    """`mv` called once for the files of each folder."""
    for folder in sorted(bench.source.iterdir()):
        run("mv", "-n", "-t", bench.destination / folder.name, *sorted(folder.iterdir()))


def cp_sync_rm(bench: Bench, target: Path) -> None:
    """What a careful person does with a large file."""
    run("cp", bench.source / "large.bin", target / "large.bin")
    run("sync", target / "large.bin")
    run("rm", bench.source / "large.bin")


def small(bench: Bench, files: int, rounds: int) -> None:
    def prepare() -> None:
        bench.small_files(files)

    pump = median(prepare, lambda: bench.cycle(bench.destination), rounds)
    assert sum(1 for _ in bench.destination.rglob("*.txt")) == files
    each = median(prepare, lambda: mv_each(bench), 1)
    once = median(prepare, lambda: mv_folders(bench), rounds)
    print(
        f"move {files} small files: {pump:.2f} s; mv of each {each:.2f} s ({pump / each:.2f} of that); ",
        end="",
    )
    print(f"mv of all at once {once:.2f} s ({pump / once:.1f} times that)")
    other = median(prepare, lambda: bench.cycle(bench.other), rounds)
    print(f"move {files} small files to another file system: {other:.2f} s")
    copy = median(prepare, lambda: bench.cycle(bench.destination, "Copy"), rounds)
    again = median(lambda: None, lambda: bench.cycle(bench.destination, "Copy"), rounds)
    print(f"copy {files} small files: {copy:.2f} s; next cycle with nothing new: {again:.3f} s")


def large(bench: Bench, megabytes: int, rounds: int) -> None:
    def prepare() -> None:
        bench.large_file(megabytes)

    for name, target in (("another file system", bench.other), ("the same disk", bench.destination)):
        mode = "Copy" if target == bench.destination else "Move"
        pump = median(prepare, lambda t=target, m=mode: bench.cycle(t, m), rounds)  # type: ignore[misc]
        tool = median(prepare, lambda t=target: cp_sync_rm(bench, t), rounds)  # type: ignore[misc]
        print(f"{mode.lower()} {megabytes} MB to {name}: {pump:.2f} s, {megabytes / pump:.0f} MB/s; ", end="")
        print(f"cp, sync, rm {tool:.2f} s ({pump / tool:.2f} times that)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--other", type=Path, default=Path("/dev/shm"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as base, tempfile.TemporaryDirectory(dir=options.other) as other:
        bench = Bench(Path(base), Path(other) / "destination")
        small(bench, options.files, options.rounds)
        large(bench, options.megabytes, options.rounds)


if __name__ == "__main__":
    main()
