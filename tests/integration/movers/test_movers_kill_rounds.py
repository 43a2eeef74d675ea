"""A file mover is killed at random moments, a hundred times for each way of moving, and no file is lost or doubled."""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from integration.movers.mover_process import MoverProcesses, one_cycle
from integration.movers.mover_scene import write
from qcpump_qt.sources.files.walk import PART_PREFIX

KILLS = 100
LARGEST = 2_000_000


class Files:
    """Files that tell by themselves whether they are whole."""

    def __init__(self, source: Path, chance: random.Random) -> None:
        self._source = source
        self._chance = chance
        self.made: list[str] = []

    def add(self, number: int) -> None:
        """Files of many sizes; some names come again, with other content."""
        for _ in range(number):
            body = os.urandom(int(LARGEST * self._chance.random() ** 4))
            digest = hashlib.sha256(body).hexdigest()
            folder = self._chance.choice(("", "a/", "a/b/"))
            file = self._source / f"{folder}{self._chance.randrange(10**9)}.bin"
            write(file, digest.encode() + body)
            self.made.append(digest)


def digests(folder: Path) -> list[str]:
    """What each file holds; fails for one that is not whole. Copies on their way do not count."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith(PART_PREFIX):
            data = path.read_bytes()
            assert hashlib.sha256(data[64:]).hexdigest() == data[:64].decode(), f"{path} is not whole"
            found.append(data[:64].decode())
    return found


def parts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.startswith(PART_PREFIX)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "where", "flat"),
    [("Move", "same", False), ("Move", "other", True), ("Copy", "same", True), ("Copy", "other", False)],
)
def test_a_hundred_kills(
    tmp_path: Path, mode: str, where: str, flat: bool, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(f"{mode} {where} {flat}")
    source = tmp_path / "source"
    source.mkdir()
    destination = tmp_path / "destination"
    if where == "other":
        destination = request.getfixturevalue("elsewhere")
    destination.mkdir(exist_ok=True)
    pair: dict[str, Any] = {
        "source": str(source),
        "destination": str(destination),
        "mode": mode,
        "recursive": True,
        "keep folders": not flat,
    }
    files, processes, cut_off = Files(source, chance), MoverProcesses(), 0
    with processes.running(tmp_path / "home", pair):
        pass  # the first one takes longer, as it loads everything
    for _ in range(KILLS):
        files.add(chance.randrange(3, 10))
        with processes.running(tmp_path / "home", pair):
            time.sleep(chance.uniform(0.02, 0.15))
        here, there = Counter(digests(source)), Counter(digests(destination))
        assert set(here) | set(there) == set(files.made), "a file is lost"
        assert not [digest for digest, number in there.items() if number > 1], "a file is there twice"
        cut_off += bool(parts(destination)) or bool(set(here) & set(there)) or 0 < len(here) < len(files.made)
    assert cut_off > KILLS // 10, "hardly a kill has hit a transfer: the rounds prove nothing"

    one_cycle(tmp_path / "home", pair)
    one_cycle(tmp_path / "home", pair)
    assert sorted(digests(destination)) == sorted(files.made)
    assert sorted(digests(source)) == (sorted(files.made) if mode == "Copy" else [])
    assert parts(destination) == []
