"""A clinic on this computer for one test: a source, a QATrack+ stand-in, and a program with one pump."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from qcpump_qt.app import Program
from qcpump_qt.compat.catalogue import PumpType
from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine import jsontext
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.records import Ready, Record, Sighting
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.testing.collecting import CollectingHost
from qcpump_qt.testing.requiring import require

TOKEN = "5afe0123456789abcdef0123456789abcdef5afe"  # noqa: S105 - opens only the stand-in of a test
"""The token of the pump's user on the stand-in."""

SETTINGS = {"DB_CONNECT_TIMEOUT": 2, "HTTP_CONNECT_TIMEOUT": 2.0, "HTTP_READ_TIMEOUT": 5.0}


class Clinic:
    """Everything that one check needs.

    Args:
        folder: an empty folder; source and home are made in it.
        server: a running stand-in for QATrack+.
        pump_type: the pump type's class, or its name.
        file: the file that the pump type stands in; None for a class.
    """

    def __init__(
        self, folder: Path, server: StandIn, pump_type: str | type[BasePump], file: Path | None = None
    ) -> None:
        self.server = server
        self.source = folder / "source"
        """The folder for the source; there and empty in the beginning."""
        self.source.mkdir(parents=True)
        places = Places(folder / "home")
        places.ensure()
        directories = [str(file.absolute().parents[1])] if file else []
        text = jsontext.to_text({**SETTINGS, "PUMP_DIRECTORIES": directories})
        places.settings_file.write_text(text, encoding="utf-8")
        self._builtin = (pump_type,) if isinstance(pump_type, type) else None
        self.program = Program(places, secrets=MemorySecrets(), builtin=self._builtin)
        self.type_name = pump_type if isinstance(pump_type, str) else pump_type.__name__
        self._file = file
        self._pump: StoredPump | None = None

    def __enter__(self) -> Clinic:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.program.close()

    def reopen(self) -> None:
        """As if the program was ended and started again: pump types are loaded anew, the ledger stays."""
        self.program.close()
        self.program = Program(self.program.places, secrets=self.program.secrets, builtin=self._builtin)

    # --- the pump --------------------------------------------------------------------------------

    @property
    def api(self) -> dict[str, Any]:
        """The values of the section *QATrack+ API* that lead to the stand-in."""
        return {"api url": self.server.url, "auth token": TOKEN, "throttle": 0.0}

    @property
    def offered(self) -> PumpType:
        """The pump type as the program offers it; an AssertionError tells why it is not."""
        found = self.program.catalogue.types.get(self.type_name)
        problems = [str(problem) for problem in self.program.catalogue.problems if self._concerns(problem)]
        told = " ".join(problems) or f"No class of that name is in {self._file}."
        require(found is not None and not problems, f"{self.type_name} is not offered as it is. {told}")
        return self.program.catalogue.get(self.type_name)

    @property
    def pump(self) -> StoredPump:
        """The pump as it is kept."""
        require(self._pump is not None, "No pump was added to the clinic yet.")
        return self._pump  # type: ignore[return-value] # told above

    def add_pump(self, values: Mapping[str, Any]) -> None:
        """Configure the pump: section to one dict of values, or to a list of them for a multiple section."""
        rows = {
            name: [dict(row) for row in found] if isinstance(found, Sequence) else [dict(found)]
            for name, found in values.items()
        }
        secret = self.program.secret_fields(self.offered.key)
        self._pump = self.program.store.add("Pump under test", self.type_name, rows, secret)

    def configuration(self) -> Configuration:
        """The values of the pump, secrets included."""
        return self.program.configuration(self.pump)

    def host(self) -> CollectingHost:
        """A host that delivers nothing and keeps what it is given."""
        store, ledger = self.program.store, self.program.ledger
        return CollectingHost(
            self.pump.id,
            self.pump.name,
            store.folder_of(self.pump.id),
            self.program.settings,
            CancelToken(),
            lambda: ledger,
            lambda _level, _text: None,
        )

    def found(self) -> list[str]:
        """The ids of the records that the pump finds at the source now, in its order; nothing is sent."""
        return [record.key for record in self._looked_for()]

    def uploads(self) -> dict[str, Any]:
        """What would be sent for each record that is ready, by id; nothing is sent."""
        found = self._looked_for()
        return {
            record.key: record.prepare().payload for record in found if isinstance(record.standing, Ready)
        }

    def run(self, cancel: CancelToken | None = None) -> CycleReport:
        """One cycle."""
        return self.program.run(self.pump, "manual", cancel or CancelToken())

    # --- what came of it ---------------------------------------------------------------------------

    def records(self) -> dict[str, Sighting]:
        """What the ledger says of each record, by id."""
        return {each.key: each for each in self.program.ledger.deliveries.sightings(Page(pump=self.pump.id))}

    def sessions(self) -> dict[str, dict[str, Any]]:
        """What arrived on the server, by id; several records go at once, so the order of arrival says nothing."""
        return {str(session["user_key"]): session for session in self.server.sessions()}

    def arrived(self) -> Counter[str]:
        """How often each id is on the server."""
        return Counter(str(session["user_key"]) for session in self.server.sessions())

    def judge(self, wanted: Sequence[str]) -> None:
        """Source = ledger = server: each of these arrived once, the ledger says so, and nothing else is there."""
        arrived, records = self.arrived(), self.records()
        complaints = [f"{key} is on the server {n} times" for key, n in arrived.items() if n > 1]
        complaints += [f"{key} is on the server and not at the source" for key in arrived.keys() - {*wanted}]
        for key in wanted:
            record = records.get(key)
            if key not in arrived:
                state = f"{record.state.value}. {record.reason}" if record else "not in the ledger"
                complaints.append(f"{key} has not arrived; it is {state}")
            elif record is None or not record.state.arrived:
                complaints.append(f"{key} arrived, and the ledger does not say so")
        require(not complaints, "\n- ".join(["Not every record arrived exactly once.", *complaints]))

    def _looked_for(self) -> list[Record]:
        host = self.host()
        self.program.make(self.pump, host).pump()
        errors = [text for level, text in host.lines if level >= logging.ERROR]
        require(not errors, f"Reading the source of the test failed: {' '.join(errors)}")
        return host.found

    def _concerns(self, problem: Exception) -> bool:
        return self._file is None or str(self._file.absolute().parent) in str(problem)
