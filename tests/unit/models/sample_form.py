"""Sections and values that the tests of the form share, and what Qt's own checker of models watches."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.config.sections import Section
from qcpump_qt.engine.pump_document import KeptSecret
from qcpump_qt.models.form_model import FormModel, FormRole

MAIN = Section(
    name="Main",
    fields=(
        Field(name="name", type=FieldType.STRING, readonly=True),
        Field(name="host", type=FieldType.STRING, required=True, help="The server's address."),
        Field(name="token", type=FieldType.SECRET, required=True),
        Field(name="port", type=FieldType.INT, required=True, default=80, minimum=1, maximum=65535),
        Field(name="throttle", type=FieldType.FLOAT, minimum=0, maximum=60, unit="s"),
        Field(name="secure", type=FieldType.BOOLEAN, default=True),
        Field(name="level", type=FieldType.MULTCHOICE, choices=("low", "high"), default="low"),
        Field(name="folder", type=FieldType.DIRECTORY),
        Field(name="key file", type=FieldType.FILE),
        Field(name="count", type=FieldType.UINT, minimum=0),
    ),
)
UNIT = Section(
    name="Unit",
    multiple=True,
    dependencies=("Main",),
    fields=(
        Field(name="dqa3 name", type=FieldType.MULTCHOICE, choices_method="machines", required=True),
        Field(name="unit name", type=FieldType.MULTCHOICE, choices_method="units", required=True),
        Field(name="password", type=FieldType.STRING),
    ),
)
SECTIONS = (MAIN, UNIT)
KEPT = KeptSecret("p-1/Main/0/token")


def values(**main: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "Main": [{"name": "Linac", "host": "server", "token": KEPT, "port": 8080, **main}],
        "Unit": [row("A/TB1", "TrueBeam 1"), row("A/TB2", "TrueBeam 2"), row("B/TB3", "TrueBeam 3")],
    }


def row(machine: str, unit: str, **more: Any) -> dict[str, Any]:
    return {"dqa3 name": machine, "unit name": unit, "password": "", **more}


class Form:
    """A form under Qt's checker, with short ways to do what a view does."""

    def __init__(self, saved: dict[str, list[dict[str, Any]]] | None = None) -> None:
        self.model = FormModel(SECTIONS, values() if saved is None else saved)
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.edits = 0
        self.flips: list[bool] = []
        self.told: list[tuple[str, str, int, str]] = []
        self.model.edited.connect(self._count)
        self.model.changed_state.connect(self.flips.append)
        self.model.dataChanged.connect(self._tell)

    def type(self, field: str, value: object, section: str = "Main", number: int = 0) -> bool:
        return self.model.setData(self.model.field_index(section, number, field), value)

    def at(self, field: str, role: FormRole | None = None, section: str = "Main", number: int = 0) -> Any:
        wanted = Qt.ItemDataRole.EditRole if role is None else role
        return self.model.field_index(section, number, field).data(wanted)

    def section(self, role: FormRole, section: str = "Main") -> Any:
        return self.model.section_index(section).data(role)

    def row(self, role: FormRole, number: int, section: str = "Unit") -> Any:
        return self.row_index(section, number).data(role)

    def add(self, section: str = "Unit") -> None:
        assert self.model.add_row(self.model.section_index(section)).isValid()

    def remove(self, number: int, section: str = "Unit") -> None:
        self.model.remove_row(self.row_index(section, number))

    def row_index(self, section: str, number: int) -> QModelIndex:
        return self.model.index(number, 0, self.model.section_index(section))

    @property
    def machines(self) -> list[str]:
        return [each["dqa3 name"] for each in self.model.values()["Unit"]]

    def undo_all(self) -> None:
        while self.model.undo_stack.canUndo():
            self.model.undo_stack.undo()

    def redo_all(self) -> None:
        while self.model.undo_stack.canRedo():
            self.model.undo_stack.redo()

    def _count(self) -> None:
        self.edits += 1

    def _tell(self, first: Any, _last: Any, _roles: Any) -> None:
        roles = (FormRole.KIND, FormRole.SECTION, FormRole.ROW_NUMBER, FormRole.NAME)
        kind, section, number, name = (first.data(role) for role in roles)
        self.told.append((kind, section, number or 0, name or ""))
