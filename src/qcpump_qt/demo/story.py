"""What has to become of generated MPC results, as plain data for tests and for the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from qcpump_qt.demo.arrivals import Arrival, expected
from qcpump_qt.demo.clinic import list_name


class Fate(str, Enum):
    """What has to become of a folder."""

    USED = "its values are uploaded"
    REPLACED = "a later complete run of the same check counts instead"
    INCOMPLETE = "broken off: a later run has more rows"
    EMPTY = "no rows below the header"
    NO_RESULTS = "aborted before results were written"
    BASELINE = "sets a new baseline, is no check"
    NO_CHECK = "no MPC check folder"


@dataclass(frozen=True)
class StoryFolder:
    """One folder below `MPCChecks` and what has to become of it; `path` is relative, with slashes."""

    path: str
    serial: str
    fate: Fate
    template: str = ""
    started: datetime | None = None


@dataclass(frozen=True)
class StorySession:
    """Results that belong together and arrive as one record.

    Args:
        serial: the machine's serial number.
        unit: the number of the unit, None when no unit has the serial number.
        check_type: the check type.
        started: time of the first result, local.
        newest: time of the newest result, local.
        folders: the folders whose values count, as relative paths.
        tests: macro name to value; None where the result has no number, so that it is skipped.
    """

    serial: str
    unit: int | None
    check_type: str
    started: datetime
    newest: datetime
    folders: tuple[str, ...]
    tests: dict[str, float | None]

    @property
    def test_list(self) -> str:
        """The test list that takes it."""
        return list_name(self.check_type)

    @property
    def user_key(self) -> str:
        """The key it has on the server (qcpump-0.3-compatibility, section 4)."""
        return f"QCPump/MPC/{self.serial}/{self.started:%Y-%m-%d-%H-%M}/{self.check_type}"

    @property
    def arrival(self) -> Arrival:
        """How it has to arrive.

        Raises:
            ValueError: no unit has its serial number, so it has not to.
        """
        if self.unit is None:
            raise ValueError(f"{self.user_key} has no unit and does not arrive.")
        return expected(self.unit, self.test_list, self.started, self.tests)


@dataclass(frozen=True)
class TdsStory:
    """Everything that was written, and what has to become of it."""

    root: Path
    today: date
    folders: tuple[StoryFolder, ...]
    sessions: tuple[StorySession, ...]

    @property
    def delivered(self) -> tuple[StorySession, ...]:
        """The sessions that have a unit, so that they arrive."""
        return tuple(session for session in self.sessions if session.unit is not None)

    @property
    def without_unit(self) -> tuple[StorySession, ...]:
        """The sessions that wait because no unit has the serial number."""
        return tuple(session for session in self.sessions if session.unit is None)

    def with_fate(self, fate: Fate) -> tuple[StoryFolder, ...]:
        """The folders that this has to become of."""
        return tuple(folder for folder in self.folders if folder.fate is fate)
