"""The demonstration in the window: three pumps, set going with one key; everything arrives, and nothing is left."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from endtoend.installed import Installed, executable
from servers.virtual_screen import WHY_NOT, VirtualScreen, can_be_started, until


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[VirtualScreen]:
    if not can_be_started():
        pytest.skip(WHY_NOT)
    with VirtualScreen(tmp_path) as found:
        yield found


def test_three_pumps_deliver_and_nothing_is_left_behind(tmp_path: Path, screen: VirtualScreen) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = {**screen.environment, "TMPDIR": str(temporary), "QT_QPA_PLATFORM": "xcb"}
    process = subprocess.Popen([executable(), "--demonstration"], env=env)
    try:
        screen.wait_for("QCPump-Qt$")
        (folder,) = temporary.glob("qcpump-qt-demo-*")
        demonstration = Installed(folder / "home", env)
        assert len(list(folder.glob("home/pumps/*/config.json"))) == 3
        screen.press("F5")

        def delivered() -> Counter[str]:
            found = demonstration.run("records", "--state", "delivered", "--json").document["records"]
            return Counter(record["pump"] for record in found)

        until(lambda: sum(delivered().values()) == 18, "the delivery of everything", patience=60)
        assert delivered() == {"MPC": 9, "Daily QA3": 6, "Beam profiles": 3}
        until(lambda: len(list(folder.glob("Profiler/in QATrack+/**/*.*"))) == 3, "the files that are moved")
        screen.press("ctrl+q")
        screen.wait_for("Quit QCPump-Qt")
        screen.press("Tab", "space")
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
    assert list(temporary.glob("qcpump-qt-demo-*")) == []
