"""Values that QATrack+ has no test for are dropped there without a word; here they are told."""

from __future__ import annotations

from integration.mpc.clinic import BEAM, Clinic
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome

LIST = f"MPC: {BEAM}"
OUTPUT = "BeamGroup/BeamOutputChange [%]"


def told(clinic: Clinic) -> list[str]:
    return [message.text for message in clinic.run().messages]


def test_some_values_without_a_test_are_told_once(clinic: Clinic) -> None:
    rows = (OUTPUT, "BeamGroup/BeamFlatness [%]")
    clinic.add("03-09 07:41", rows=rows)
    (text,) = told(clinic)
    assert text == (
        f"SN2101 2026-03-09 07:41 {BEAM}: 1 of its values has no test in '{LIST}', so QATrack+ does not record it: "
        "beamgroup_beamflatness_per_6fff. Add tests with such macro names if you want them recorded; this is told once."
    )
    clinic.add("03-09 08:41", rows=rows)
    assert told(clinic) == []
    clinic.add("03-09 09:41", rows=(*rows, "BeamGroup/BeamSymmetry [%]"))
    (text,) = told(clinic)
    assert "1 of its values has no test" in text
    assert "beamgroup_beamsymmetry_per_6fff" in text


def test_a_session_without_a_single_test_needs_attention_each_time(clinic: Clinic) -> None:
    for hour in (7, 9):
        run = clinic.add(f"03-09 {hour:02}:41", rows=("BeamGroup/BeamFlatness [%]",))
        report = clinic.run()
        assert report.outcome is CycleOutcome.ATTENTION
        assert report.messages[-1].text == (
            f"SN2101 2026-03-09 {hour:02}:41 {BEAM}: its only value does not have a test in '{LIST}', so the session "
            "in QATrack+ holds no value. The macro names that its tests need: beamgroup_beamflatness_per_6fff."
        )
        assert clinic.state(run.key) is DeliveryState.DELIVERED


def test_a_session_without_a_single_number_is_not_sent_as_one_of_skipped_tests(clinic: Clinic) -> None:
    run = clinic.add("03-09 07:41", rows=(OUTPUT,), texts={OUTPUT: "1,5"})
    report = clinic.run()
    assert report.counts["skipped"] == 1
    assert clinic.state(run.key) is DeliveryState.SKIPPED
    assert "None of its runs has results that can be sent." in clinic.records()[run.key].reason
    assert clinic.sessions() == {}
