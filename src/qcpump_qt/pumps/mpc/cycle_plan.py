"""Everything one cycle of an MPC pump is going to say about the share, as records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.memory import Item, SourceMemory
from qcpump_qt.engine.records import DeliveryState, Record, Upload
from qcpump_qt.pumps.mpc.copies import copies
from qcpump_qt.pumps.mpc.findings import Findings, folder_of
from qcpump_qt.pumps.mpc.keys import fixed_from, states_near
from qcpump_qt.pumps.mpc.payload import Wishes, make_upload
from qcpump_qt.pumps.mpc.plan import (
    Timing,
    folder_record,
    session_record,
    sessions_in_history,
    stranger_records,
    there_record,
)
from qcpump_qt.pumps.mpc.readings import Kind, Reading, read_all
from qcpump_qt.pumps.mpc.republished import facts_of, republished
from qcpump_qt.pumps.mpc.takeover import Compared, Takeover
from qcpump_qt.sources.mpc.sessions import Run, Session, group


class CyclePlan:
    """What is new or still open, made into records.

    Args:
        tds: the TDS directory.
        findings: check folders worth a look.
        timing: the times that decide.
        wishes: what the configuration says about the upload.
        memory: what the ledger knows.
        cancel: ends the reading.
    """

    def __init__(
        self,
        tds: Path,
        findings: Findings,
        timing: Timing,
        wishes: Wishes,
        memory: SourceMemory,
        cancel: CancelToken,
    ) -> None:
        self._tds = tds
        self._findings = findings
        self._timing = timing
        self._wishes = wishes
        self._open_items = {_item_id(item): item for item in memory.open_items()}
        self._open_records = memory.open_records()
        self._kept = self._kept_records()
        self._states = states_near(memory, findings.runs.values(), timing.window, self._kept)
        runs = self._runs_of_interest()
        self.readings: dict[str, Reading] = read_all(tds, runs, findings, cancel)
        self.records: list[Record] = []
        self.readings.update(republished(self.readings, findings, memory))
        self.readings.update(copies(self.readings, memory))
        self._usable = [run for run in runs if self.readings[run.id].kind.in_a_session]

    def make_records(self, takeover: Takeover | None) -> None:
        """Fill `records`.

        Args:
            takeover: compares with what an earlier program delivered; None while the server is away.
        """
        sessions = group(self._usable, self._timing.window, fixed_from(self._states))
        compared = takeover.compare(sessions, self.readings, self._states) if takeover else Compared(sessions)
        self.records = [
            *stranger_records(self._findings),
            *self._folder_records(),
            *(there_record(key, runs) for key, runs in compared.there.items()),
            *(
                session_record(session, self.readings, self._timing, self._preparer(session))
                for session in compared.sessions
            ),
        ]

    def items(self) -> list[Item]:
        """Which folder belongs to which record; where a folder is in two, the later one counts."""
        found: dict[str, Item] = {}
        for record in self.records:
            for run_id in record.source:
                container, _, name = run_id.rpartition("/")
                found[run_id] = Item(container, name, record.key, self._facts(run_id))
        return list(found.values())

    def gone_keys(self) -> list[str]:
        """Open records of earlier cycles whose folders have all gone into other records now."""
        current = {record.key for record in self.records}
        covered = {run_id for record in self.records for run_id in record.source}
        present = covered | set(self._findings.runs)
        return [
            key
            for key, ids in self._members(DeliveryState.WAITING, DeliveryState.REJECTED).items()
            if key not in current and key not in self._kept and ids & present and ids & present <= covered
        ]

    def _members(self, *states: DeliveryState) -> dict[str, set[str]]:
        """The folders of each record that is in one of these states."""
        members: dict[str, set[str]] = {}
        for run_id, item in self._open_items.items():
            if item.record is not None and item.state in states:
                members.setdefault(item.record, set()).add(run_id)
        return members

    def _kept_records(self) -> set[str]:
        """Waiting records whose content is kept and of whose folders one has vanished: sent as they were kept."""
        drafted = {item.record for item in self._open_items.values() if item.drafted}
        present = set(self._findings.runs)
        waiting = self._members(DeliveryState.WAITING)
        return {key for key, ids in waiting.items() if key in drafted and not ids <= present}

    def _runs_of_interest(self) -> list[Run]:
        """Runs of sessions in the history.

        Left out are those whose record is on its way and cannot be asked about now, and those whose record is
        sent as it was kept in the ledger.
        """
        apart = {
            run_id
            for run_id, item in self._open_items.items()
            if item.state is DeliveryState.SENDING or item.record in self._kept
        }
        runs = [run for run_id, run in self._findings.runs.items() if run_id not in apart]
        open_ids = set(self._open_items)
        sessions = sessions_in_history(runs, self._timing, self._open_records, fixed_from(self._states))
        wanted = {run.id for session in sessions for run in session.runs}
        return [run for run in runs if run.id in wanted or run.id in open_ids]

    def _folder_records(self) -> Iterator[Record]:
        for run_id, reading in self.readings.items():
            if not reading.kind.in_a_session and reading.kind is not Kind.UNCHANGED:
                yield folder_record(self._findings.places[run_id], reading, self._timing)

    def _preparer(self, session: Session) -> Callable[[], Upload]:
        def prepare() -> Upload:
            readings = [self.readings[run.id] for run in session.runs]
            return make_upload(session, readings, self._folder, self._wishes)

        return prepare

    def _folder(self, run_id: str) -> Path:
        return folder_of(self._tds, self._findings.places[run_id])

    def _facts(self, run_id: str) -> dict[str, str]:
        reading = self.readings.get(run_id)
        return facts_of(reading) if reading else {}


def _item_id(item: Item) -> str:
    return f"{item.container}/{item.name}" if item.container else item.name
