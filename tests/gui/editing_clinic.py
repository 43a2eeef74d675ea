"""A home with a pump type that asks a server which the test can hang, break and mend; and a desk to edit it at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from qcpump_qt.app import Program
from qcpump_qt.controllers.editing import Editing
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.errors import SecretError, ServerUnavailable
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.models.form_model import ChoicesState, FormModel, FormRole
from qcpump_qt.pumps.base import BOOLEAN, INT, MULTCHOICE, STRING, BasePump
from qcpump_qt.pumps.builtin import BUILTIN

TYPE = "ClinicPump"
PATIENCE = 20_000
WORD = "sesame"


class Server:
    """What the pump type asks; the test says how it answers."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.answers.set()
        self.deaf = False
        """A check that hangs does not hear that it should end."""
        self.away = False
        self.checks: list[dict[str, Any]] = []
        self.machines = ["TB1", "TB2", "Phantom"]
        self.units = ["Main: TrueBeam 1", "Main: TrueBeam 2"]
        self.asked: list[str] = []
        self.waiting = 0
        self._lock = threading.Lock()

    def check(self, pump: BasePump, values: Mapping[str, Any]) -> tuple[bool, str]:
        self.checks.append(dict(values))
        self._answer(pump)
        if values["host"] == "wrong":
            return False, "The host is wrong."
        return True, f"Connected to {values['host']}."

    def list(self, pump: BasePump, name: str) -> list[str]:
        self.asked.append(f"{name} of {pump.get_config_value('Reader', 'host')}")
        self._answer(pump)
        return list(getattr(self, name))

    def _answer(self, pump: BasePump) -> None:
        self._count(1)
        try:
            while not self.answers.wait(0.005):
                if not self.deaf:
                    pump.pump_host.cancel.check()
        finally:
            self._count(-1)
        if self.away:
            raise ServerUnavailable("The server does not answer. Try again later.")

    def _count(self, step: int) -> None:
        with self._lock:
            self.waiting += step


def clinic_type(server: Server) -> type[BasePump]:
    class ClinicPump(BasePump):
        DISPLAY_NAME = "Clinic results"
        HELP_URL = "https://example.com/clinic"
        CONFIG = [  # noqa: RUF012 - as the manual shows it
            {
                "name": "Reader",
                "validation": "check_reader",
                "fields": [
                    {"name": "host", "type": STRING, "required": True, "default": "server"},
                    {"name": "password", "type": STRING, "required": False},
                    {"name": "port", "type": INT, "required": True, "default": 3050},
                    {"name": "secure", "type": BOOLEAN, "required": True, "default": True},
                ],
            },
            {
                "name": "Unit",
                "multiple": True,
                "dependencies": ["Reader"],
                "fields": [
                    {"name": "dqa3 name", "type": MULTCHOICE, "required": False, "choices": "get_machines"},
                    {"name": "unit name", "type": MULTCHOICE, "required": False, "choices": "get_units"},
                ],
            },
        ]

        def check_reader(self, values: Mapping[str, Any]) -> tuple[bool, str]:
            return server.check(self, values)

        def get_machines(self) -> list[str]:
            return server.list(self, "machines")

        def get_units(self) -> list[str]:
            return server.list(self, "units")

        def pump(self) -> None:
            """Does nothing; it is only configured here."""

    return ClinicPump


class LockableSecrets(MemorySecrets):
    """A keyring that can be locked, and that can hang."""

    def __init__(self) -> None:
        super().__init__()
        self.locked = False
        self.answers = threading.Event()
        self.answers.set()
        self.asking = 0

    def get(self, name: str) -> str | None:
        self._look()
        return super().get(name)

    def set(self, name: str, value: str) -> None:
        self._look()
        super().set(name, value)

    def _look(self) -> None:
        self.asking += 1
        self.answers.wait(PATIENCE / 1000)
        if self.locked:
            raise SecretError("The keyring is locked. Unlock it, then try again.")


class Desk:
    """An `Editing` over a real home, and everything that it told."""

    def __init__(self, folder: Path, qtbot: QtBot, *, attended: bool = True) -> None:
        self.qtbot = qtbot
        self.server = Server()
        self.secrets = LockableSecrets()
        types = [clinic_type(self.server), *BUILTIN]
        self.program = Program(Places(folder / "home"), secrets=self.secrets, builtin=types)
        self.tasks = Tasks(4)
        self.editing = Editing(self.program, self.tasks)
        self.opened: list[str] = []
        self.checked: list[tuple[str, str, str]] = []
        self.verdicts: list[tuple[str, object, str]] = []
        self.saved: list[StoredPump] = []
        self.added: list[tuple[str, StoredPump]] = []
        self.renamed: list[tuple[str, str]] = []
        self.unsaved: list[tuple[str, bool]] = []
        self.saving: list[tuple[str, bool]] = []
        self.mappings: list[tuple[str, str, Any]] = []
        self.not_opened: list[tuple[str, str, str]] = []
        self.failures: list[tuple[str, str]] = []
        self._listen()
        if attended:
            self.editing.attend()

    def _listen(self) -> None:
        editing = self.editing
        editing.opened.connect(lambda pump, _model: self.opened.append(pump))
        editing.checked.connect(lambda *told: self.checked.append((told[0], told[1].value, told[2])))
        editing.verdict.connect(lambda *told: self.verdicts.append(told))
        editing.saved.connect(self.saved.append)
        editing.added.connect(lambda *told: self.added.append(told))
        editing.renamed.connect(lambda *told: self.renamed.append(told))
        editing.unsaved_changed.connect(lambda *told: self.unsaved.append(told))
        editing.saving.connect(lambda *told: self.saving.append(told))
        editing.mapping_ready.connect(lambda *told: self.mappings.append(told))
        editing.not_opened.connect(lambda *told: self.not_opened.append(told))
        editing.failed.connect(lambda *told: self.failures.append(told))

    # --- a home ----------------------------------------------------------------------------------

    def pump(self, name: str = "Linac", **reader: Any) -> StoredPump:
        """A saved pump with a password in the keyring."""
        values = {
            "Reader": [{"host": "server", "password": WORD, "port": 1, "secure": True, **reader}],
            "Unit": [{"dqa3 name": "TB1", "unit name": ""}],
        }
        return self.program.store.add(name, TYPE, values, self.program.secret_fields(TYPE))

    def on_disk(self, pump_id: str) -> StoredPump:
        return next(pump for pump in self.program.pumps()[0] if pump.id == pump_id)

    # --- what people do --------------------------------------------------------------------------

    def open(self, pump: StoredPump) -> FormModel:
        """Open a pump and wait for the end of its first validation."""
        self.editing.open(pump)
        return self.form(pump.id)

    def form(self, pump_id: str) -> FormModel:
        self.until(lambda: self.editing.model(pump_id))
        self.settled(pump_id)
        model = self.editing.model(pump_id)
        assert model is not None
        return model

    def quiet(self, model: FormModel) -> None:
        """Wait until the choices that follow the first validation are there."""
        asking = (ChoicesState.NOT_ASKED, ChoicesState.ASKING)
        fields = ("dqa3 name", "unit name")
        self.until(lambda: not any(self.at(model, each, FormRole.CHOICES_STATE) in asking for each in fields))

    def hanging(self, count: int) -> None:
        """Wait until the server keeps so many waiting."""
        self.until(lambda: self.server.waiting == count)

    def type(
        self, model: FormModel, field: str, value: object, section: str = "Reader", row: int = 0
    ) -> None:
        assert model.setData(model.field_index(section, row, field), value)

    def at(self, model: FormModel, field: str, role: FormRole, section: str = "Unit", row: int = 0) -> Any:
        return model.field_index(section, row, field).data(role)

    # --- waiting ---------------------------------------------------------------------------------

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=PATIENCE)

    def settled(self, pump_id: str) -> tuple[str, str]:
        """Wait until a validation has ended; its status and summary."""
        self.until(lambda: self.editing.state(pump_id)[0].value not in ("unchecked", "checking"))
        status, summary = self.editing.state(pump_id)
        return status.value, summary

    def close(self) -> None:
        self.server.answers.set()
        self.secrets.answers.set()
        self.editing.close()
        self.tasks.cancel()
        assert self.editing.wait(PATIENCE / 1000)
        assert self.tasks.wait(PATIENCE / 1000)
        self.program.close()
