"""What the page on members says of each error holds, for one record and for a whole cycle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from docs.pages import PAGES, words_in_code
from qcpump_qt.engine.errors import ConfigurationError, ItemError, MappingError, PumpError, SourceUnavailable
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome
from unit.testing.faulty_types import Sound
from unit.testing.test_kit_conformance import Films


class InOne(Sound):
    """Fails on the first film."""

    error: ClassVar[Exception]

    def test_values_from_record(self, record: Any) -> Mapping[str, Any]:
        if record["film"] == 1:
            raise self.error
        return super().test_values_from_record(record)


class InAll(Sound):
    """Fails before there is any film."""

    error: ClassVar[Exception]

    def fetch_records(self) -> Iterable[Any]:
        raise self.error


def failing(kind: type[Sound], error: Exception) -> Films:
    films = Films()
    films.__dict__["pump_type"] = type(kind.__name__, (kind,), {"error": error})
    return films


@pytest.mark.parametrize(
    ("error", "state", "reason", "outcome"),
    [
        (PumpError("It is torn.", title="Film"), "rejected", "Film: It is torn.", CycleOutcome.ATTENTION),
        (ItemError("It is blank."), "skipped", "It is blank.", CycleOutcome.OK),
        (MappingError("Whose is it?"), "waiting", "Whose is it?", CycleOutcome.ATTENTION),
        (SourceUnavailable("It is locked."), "waiting", "It is locked.", CycleOutcome.UNREACHABLE),
        (
            KeyError("dose"),
            "rejected",
            "The pump type failed on this record (KeyError: 'dose').",
            CycleOutcome.ATTENTION,
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_of_one_record(
    error: Exception, state: str, reason: str, outcome: CycleOutcome, tmp_path: Path
) -> None:
    with failing(InOne, error).clinic(tmp_path) as clinic:
        report = clinic.run()
        first, second = clinic.records().values()
    assert (first.state.value, first.reason) == (state, reason)
    assert second.state is DeliveryState.DELIVERED
    assert report.outcome is outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (SourceUnavailable("The share is away."), CycleOutcome.UNREACHABLE),
        (ConfigurationError("Choose a folder."), CycleOutcome.INVALID),
        (PumpError("No."), CycleOutcome.FAILED),
        (ValueError("no film"), CycleOutcome.FAILED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_of_a_cycle(error: Exception, outcome: CycleOutcome, tmp_path: Path) -> None:
    with failing(InAll, error).clinic(tmp_path) as clinic:
        report = clinic.run()
    assert report.outcome is outcome
    assert str(error) in report.reason


def test_the_page_names_them() -> None:
    (page,) = (page for page in PAGES if page.name == "members.md")
    errors = (PumpError, ItemError, MappingError, SourceUnavailable, ConfigurationError)
    assert {error.__name__ for error in errors} <= words_in_code(page)
