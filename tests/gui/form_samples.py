"""Forms for the tests of the views: a pump type with a field of every kind, on the real model."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from qcpump_qt.engine.config.report import Report, SectionReport
from qcpump_qt.engine.pump_document import KeptSecret
from qcpump_qt.models.form_model import FormModel
from qcpump_qt.pumps.base import (
    BOOLEAN,
    DIRECTORY,
    FILE,
    FLOAT,
    INT,
    MULTCHOICE,
    SECRET,
    STRING,
    UINT,
    BasePump,
)
from qcpump_qt.views.form.form_view import FormView

EVERY_KIND: list[dict[str, Any]] = [
    {
        "name": "Source",
        "fields": [
            {"name": "title", "type": STRING, "help": "What it is called."},
            {"name": "folder", "type": DIRECTORY, "required": True, "help": "Where the results are."},
            {"name": "template", "type": FILE},
            {"name": "days", "type": INT, "label": "Days", "validation": {"min": 0, "max": 30}, "default": 5},
            {"name": "size", "type": UINT},
            {"name": "pause", "type": FLOAT, "validation": {"min": 0.0, "max": 2.0}, "default": 0.5},
            {"name": "deep", "type": BOOLEAN, "default": True},
            {"name": "kind", "type": MULTCHOICE, "choices": ["All", "Photons"], "default": "All"},
        ],
    },
    {
        "name": "Server",
        "fields": [
            {"name": "address", "type": STRING, "required": True},
            {"name": "token", "type": SECRET, "required": True, "help": "The token of the API."},
        ],
    },
    {
        "name": "Unit",
        "multiple": True,
        "dependencies": ["Server"],
        "fields": [
            {"name": "machine", "type": MULTCHOICE, "required": True, "choices": "machines"},
            {"name": "unit name", "type": MULTCHOICE, "required": True, "choices": "units"},
        ],
    },
]


class EveryKindPump(BasePump):
    """Has a field of every kind."""

    CONFIG = EVERY_KIND

    def machines(self) -> list[str]:
        return ["TB1", "TB2"]

    def units(self) -> list[str]:
        return ["North: TrueBeam 1", "North: TrueBeam 2"]

    def pump(self) -> None:
        """Do nothing."""


def saved_values() -> dict[str, list[dict[str, Any]]]:
    """What is on disk."""
    return {
        "Pump": [
            {
                "type": "EveryKindPump",
                "name": "Morning",
                "interval (s)": 300,
                "log level": "info",
                "active": True,
            }
        ],
        "Source": [{"title": "Bunker", "folder": "/data/results", "days": 5, "pause": 0.5, "kind": "All"}],
        "Server": [{"address": "https://qa.example.org/api", "token": KeptSecret("token-1")}],
        "Unit": [{"machine": "TB1", "unit name": "North: TrueBeam 1"}],
    }


def form_model(
    values: dict[str, list[dict[str, Any]]] | None = None, parent: QObject | None = None
) -> FormModel:
    """The model of such a pump."""
    return FormModel(EveryKindPump.sections(), saved_values() if values is None else values, parent)


def report_of(*sections: SectionReport) -> Report:
    """A report that says that all is well but for these sections."""
    told = {entry.section for entry in sections}
    rest = tuple(
        SectionReport(section=section.name, index=0 if section.multiple else None, valid=True)
        for section in EveryKindPump.sections()
        if section.name not in told
    )
    return Report(sections=(*sections, *rest), valid=all(entry.valid for entry in sections))


def shown_view(qtbot: QtBot, model: FormModel) -> FormView:
    """A form that is on the screen, with every field built."""
    view = FormView()
    qtbot.addWidget(view)
    view.resize(640, 900)
    view.set_model(model)
    bring_up(qtbot, view)
    qtbot.waitUntil(view.is_complete)
    return view


def bring_up(qtbot: QtBot, widget: QWidget) -> None:
    """Show a window and give it the keyboard."""
    with qtbot.waitExposed(widget):
        widget.show()

    def active() -> bool:
        if not widget.isActiveWindow():
            widget.activateWindow()  # again, as the window of the test before may just be going
        return widget.isActiveWindow()

    qtbot.waitUntil(active)


def part(within: QWidget, kind: type[Any], name: str = "") -> Any:
    """The child of this kind and object name; there has to be exactly one."""
    found = within.findChildren(kind, name) if name else within.findChildren(kind)
    assert len(found) == 1, f"{len(found)} children are called {name!r}"
    return found[0]
