"""Sections of the file movers, and configurations as QCPump 0.3 kept them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.pumps.base import is_pump_type
from qcpump_qt.pumps.movers.pair import Pair
from qcpump_qt.pumps.movers.pump import FileMover, SimpleFileMover, _Mover
from qcpump_qt.sources.files.transfer import Clash


@pytest.mark.parametrize(
    ("kind", "section", "fields"),
    [
        (SimpleFileMover, "SimpleFileMover", ["source", "destination", "mode", "existing files"]),
        (
            FileMover,
            "FileMover",
            [
                *("source", "destination", "mode", "recursive", "pattern", "ignore pattern"),
                *("keep folders", "existing files"),
            ],
        ),
    ],
)
def test_names_are_those_of_qcpump(kind: type[_Mover], section: str, fields: list[str]) -> None:
    """Compatibility reference, section 3; what is new comes last."""
    common, own = kind.sections()
    assert (common.name, own.name, own.multiple) == ("Pump", section, True)
    assert [field.name for field in own.fields] == fields
    assert kind.__name__ == section


def test_what_is_offered() -> None:
    assert SimpleFileMover.display_name() == "FileMover: Simple"
    assert FileMover.display_name() == "FileMover: Advanced"
    assert is_pump_type(SimpleFileMover)
    assert is_pump_type(FileMover)
    assert not is_pump_type(_Mover)


def test_an_old_configuration_keeps_folders_and_overwrites_nothing() -> None:
    old = {"source": "/in", "destination": "/out", "mode": "Copy", "recursive": True, "pattern": "*.dcm"}
    (values,) = Configuration(FileMover.sections(), {"FileMover": [old]}).values("FileMover")
    assert Pair.from_values(values) == Pair(
        Path("/in"), Path("/out"), True, True, "*.dcm", "", keep_folders=True, clash=Clash.NUMBER
    )


def test_a_simple_mover_takes_all_files_of_one_folder() -> None:
    old = {"source": "/in", "destination": "/out", "mode": "Move"}
    (values,) = Configuration(SimpleFileMover.sections(), {"SimpleFileMover": [old]}).values(
        "SimpleFileMover"
    )
    assert Pair.from_values(values) == Pair(Path("/in"), Path("/out"))


def test_a_blank_pattern_is_no_pattern() -> None:
    values: dict[str, Any] = {"source": "/in", "destination": "/out", "mode": "Move", "pattern": None}
    assert Pair.from_values(values).pattern == "*"


@pytest.mark.parametrize(
    ("choice", "clash"), [("Number", "number"), ("Skip", "skip"), ("Replace", "replace")]
)
def test_each_choice_has_its_meaning(choice: str, clash: str) -> None:
    values = {"source": "/in", "destination": "/out", "mode": "Move", "existing files": choice}
    assert Pair.from_values(values).clash is Clash(clash)
    (row,) = Configuration(FileMover.sections(), {"FileMover": [values]}).values("FileMover")
    assert row["existing files"] == choice
