"""The clinic of the kit, and its judge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qcpump_qt.testing import TOKEN, Clinic, StandIn, World
from unit.testing.faulty_types import Sound
from unit.testing.test_kit_conformance import Films


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with Films().clinic(tmp_path) as made:
        yield made


def test_the_pump_leads_to_the_stand_in_and_keeps_no_token_on_disk(clinic: Clinic) -> None:
    assert clinic.configuration().value("QATrack+ API", "api url") == clinic.server.url
    assert clinic.configuration().value("QATrack+ API", "auth token") == TOKEN
    document = (clinic.program.places.pumps / clinic.pump.id / "config.json").read_text(encoding="utf-8")
    assert TOKEN not in document


def test_looking_for_records_sends_nothing(clinic: Clinic) -> None:
    assert clinic.found() == ["Films/1", "Films/2"]
    assert [upload["tests"]["dose"] for upload in clinic.uploads().values()] == [
        {"value": 1.5},
        {"value": 2.5},
    ]
    assert clinic.server.sessions() == []
    assert clinic.records() == {}


def test_a_clinic_that_was_started_anew_knows_what_it_has_done(clinic: Clinic) -> None:
    clinic.run()
    before = clinic.program
    clinic.reopen()
    assert clinic.program is not before
    assert clinic.run().counts["delivered"] == 0
    clinic.judge(["Films/1", "Films/2"])


def test_the_judge_is_content_when_everything_arrived_once(clinic: Clinic) -> None:
    clinic.run()
    clinic.judge(["Films/1", "Films/2"])


def test_the_judge_tells_what_is_missing_and_why(clinic: Clinic) -> None:
    clinic.server.world.units.clear()
    clinic.run()
    with pytest.raises(AssertionError) as caught:
        clinic.judge(["Films/1", "Films/3"])
    first, second, third = str(caught.value).splitlines()
    assert first == "Not every record arrived exactly once."
    assert second.startswith("- Films/1 has not arrived; it is waiting. ")
    assert third == "- Films/3 has not arrived; it is not in the ledger"


def test_the_judge_tells_of_what_is_nowhere_at_the_source(clinic: Clinic) -> None:
    clinic.run()
    with pytest.raises(AssertionError, match=r"- Films/2 is on the server and not at the source$"):
        clinic.judge(["Films/1"])


def test_the_judge_tells_of_a_ledger_that_knows_nothing(clinic: Clinic, tmp_path: Path) -> None:
    clinic.run()
    with Clinic(tmp_path / "other", clinic.server, Sound) as other:
        other.add_pump(Films().values(other))
        with pytest.raises(AssertionError, match=r"- Films/1 arrived, and the ledger does not say so"):
            other.judge(["Films/1", "Films/2"])


def test_a_clinic_without_a_pump_says_so(tmp_path: Path) -> None:
    with (
        StandIn(World()) as server,
        Clinic(tmp_path, server, Sound) as made,
        pytest.raises(AssertionError, match=r"^No pump was added to the clinic yet\.$"),
    ):
        _ = made.pump


def test_what_arrived_is_found_by_its_id(clinic: Clinic) -> None:
    clinic.run()
    found = {key: session["tests"]["dose"]["value"] for key, session in clinic.sessions().items()}
    assert found == {"Films/1": 1.5, "Films/2": 2.5}
