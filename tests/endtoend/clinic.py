"""A small clinic for end-to-end tests: results on a share, a server, a program, and the one invariant.

The invariant is the design's: source = ledger = server. The source is known here by what was written, the
ledger is asked through ``records --json``, the server through its control path.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from endtoend.installed import Done, Installed
from endtoend.old_folder import mpc_sections, write_old_folder, write_old_pump
from qcpump_qt.demo.clinic import SERIALS
from qcpump_qt.demo.mpc_folder import Run
from qcpump_qt.demo.mpc_names import couch_check, devices_check
from servers.standin import StandInProcess

PUMP = "TrueBeam MPC"
TYPE = "QATrackMPCPump"
TOKEN_FIELD = ("QATrack+ API", "auth token")


class Share:
    """A TDS folder to which sessions are added one by one, each a record of its own.

    Args:
        root: the folder.
        today: the day after the newest results.
    """

    def __init__(self, root: Path, today: date | None = None) -> None:
        self.root = root
        self.keys: list[str] = []
        self._today = today or date.today()  # noqa: DTZ011 - folders carry the machine's local time

    def at(self, days_ago: int, hour: int, minute: int) -> datetime:
        """A local time, as folders' names have it."""
        return datetime.combine(self._today - timedelta(days=days_ago), time(hour, minute))

    def add(self, count: int = 1) -> None:
        """Add sessions that belong to no other, each newer than the one before, as machines make them."""
        for _ in range(count):
            number = len(self.keys)
            started = self.at(100, 7, 0) + timedelta(minutes=41 * number)
            self.add_at(started, SERIALS[number % 2], devices=bool(number % 3))

    def add_at(self, started: datetime, serial: str = SERIALS[0], *, devices: bool = True) -> str:
        """Add one session of this time; gives its key."""
        template = devices_check() if devices else couch_check()
        Run(serial, started, 0, template).write(self.root / f"H19{serial}" / "MPCChecks")
        self.keys.append(f"QCPump/MPC/{serial}/{started:%Y-%m-%d-%H-%M}/{template.check_type}")
        return self.keys[-1]


class Clinic:
    """Share, server and program, with a pump that was brought over from QCPump 0.3.

    Args:
        folder: for everything.
        program: with an empty home.
        server: the stand-in.
    """

    def __init__(self, folder: Path, program: Installed, server: StandInProcess) -> None:
        self.folder = folder
        self.program = program
        self.server = server
        self.share = Share(folder / "TDS")

    def import_pump(self, name: str = PUMP, **changes: Any) -> Done:
        """Write an old folder with one MPC pump and import it; changes as `mpc_sections`."""
        old = write_old_folder(self.folder / f"old{len(list(self.folder.glob('old*')))}")
        write_old_pump(old, name, TYPE, mpc_sections(self.share.root, self.server.url, **changes))
        done = self.program.run("import", str(old))
        assert done.code == 0, done.out + done.err
        return done

    def records(self, **wanted: str) -> list[dict[str, Any]]:
        """The ledger, as ``records --json`` tells it."""
        options = [part for name, value in wanted.items() for part in (f"--{name}", value)]
        done = self.program.run("records", "--json", *options)
        assert done.code == 0, done.err
        found: list[dict[str, Any]] = done.document["records"]
        return found

    def on_the_server(self) -> list[str]:
        """The keys of everything that was delivered."""
        return [str(session["user_key"]) for session in self.server.sessions()]

    def check_nothing_twice(self) -> set[str]:
        """What holds at any moment: everything on the server is of the source, and there once; gives its keys."""
        there = Counter(self.on_the_server())
        assert [key for key, number in there.items() if number > 1] == []
        assert set(there) - set(self.share.keys) == set()
        return set(there)

    def check_all_equal(self) -> None:
        """What holds when all is done: source = ledger = server."""
        source = sorted(self.share.keys)
        assert sorted(self.on_the_server()) == source
        ledger = [record["key"] for record in self.records(state="delivered")]
        assert sorted(ledger) == source
