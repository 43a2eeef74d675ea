"""Whatever happens in whatever order: source = ledger = server, after every step."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qcpump_qt.engine.errors import Cancelled, LedgerError
from qcpump_qt.engine.records import DeliveryState, Record
from unit.engine.delivery.memory_server import (
    BROKEN,
    LOST,
    NO_TOKEN,
    Fault,
    QuickToken,
    Scene,
    ledger_at,
    record,
    refusal,
    throttled,
)

FAULTS = {
    "lost": Fault(LOST),
    "stored and lost": Fault(LOST, stored=True),
    "500": Fault(BROKEN),
    "stored and 500": Fault(BROKEN, stored=True),
    "429": Fault(throttled(1.0)),
    "long 429": Fault(throttled(3600.0)),
    "401": Fault(NO_TOKEN),
    "400": Fault(refusal()),
    "fine": None,
}


class PowerCut(BaseException):
    """The process dies at this write."""


class DeliveryMachine(RuleBasedStateMachine):
    """Cycles, crashes, retries and changes at the source against a server that errs at random."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.scene = Scene(ledger_at(Path(self.folder.name)))
        self.scene.server.wants = {"a", "b"}
        self.source: dict[str, int] = {}
        self.ever: set[str] = set()
        self.met: set[str] = set()
        self.settled: list[str] = []
        self.finals: dict[str, DeliveryState] = {}

    def teardown(self) -> None:
        self.scene.ledger.close()
        self.folder.cleanup()

    @rule(key=st.sampled_from([f"k{n}" for n in range(8)]), version=st.integers(0, 3))
    def source_has(self, key: str, version: int) -> None:
        self.source[key] = version
        self.ever.add(key)

    @precondition(lambda self: self.source)
    @rule(data=st.data())
    def source_forgets(self, data: Any) -> None:
        """Only what the ledger can send by itself may vanish without a loss."""
        kept = {
            key
            for key, each in self.scene.sightings().items()
            if each.state is not DeliveryState.WAITING or each.payload is not None
        }
        able = sorted(kept & set(self.source))
        if able:
            del self.source[data.draw(st.sampled_from(able))]

    @rule(
        posts=st.lists(st.sampled_from(sorted(FAULTS)), max_size=8),
        finds=st.lists(st.sampled_from([LOST, BROKEN, NO_TOKEN]), max_size=3),
        autoskip=st.sampled_from([True, True, True, False]),
    )
    def cycle(self, posts: list[str], finds: list[Any], autoskip: bool) -> None:
        self.scene.server.faults = [FAULTS[name] for name in posts]
        self.scene.server.find_faults = list(finds)
        self.scene.cycle(self.found(), autoskip=autoskip)
        self.met |= set(self.source)

    @rule(posts=st.lists(st.sampled_from(sorted(FAULTS)), max_size=6), at=st.integers(1, 8))
    def crash(self, posts: list[str], at: int) -> None:
        """The process dies before the nth write of the cycle."""
        self.scene.server.faults = [FAULTS[name] for name in posts]
        self.scene.server.find_faults = []
        book, write, left = self.scene.ledger.deliveries, self.scene.ledger.deliveries.write, [at]

        def write_or_die(*args: Any, **options: Any) -> None:
            left[0] -= 1
            if left[0] <= 0:
                raise PowerCut
            write(*args, **options)

        book.write = write_or_die  # type: ignore[method-assign]
        try:
            self.scene.cycle(self.found())
            self.met |= set(self.source)
        except PowerCut:
            pass
        finally:
            book.write = write  # type: ignore[method-assign]

    @rule(at=st.integers(1, 5))
    def stop(self, at: int) -> None:
        """Somebody stops the cycle while the nth request is under way."""
        self.scene.server.faults, self.scene.server.find_faults = [], []
        left = [at]

        def count(_payload: Any) -> None:
            left[0] -= 1
            if left[0] == 0:
                self.scene.cancel.cancel()

        self.scene.server.on_post = count
        try:
            self.scene.cycle(self.found())
            self.met |= set(self.source)
        except Cancelled:
            pass
        self.scene.server.on_post = lambda _payload: None
        self.scene.cancel = QuickToken()

    @rule()
    def full_disk(self) -> None:
        write = self.scene.ledger.deliveries.write

        def refuse(*_args: Any, **_options: Any) -> None:
            raise LedgerError("The disk is full.")

        self.scene.ledger.deliveries.write = refuse  # type: ignore[method-assign]
        try:
            self.scene.cycle(self.found())
            self.met |= set(self.source)
        except LedgerError:
            pass
        finally:
            self.scene.ledger.deliveries.write = write  # type: ignore[method-assign]

    @rule(data=st.data())
    def retry(self, data: Any) -> None:
        sightings = sorted(self.scene.sightings().values(), key=lambda each: each.number)
        if sightings:
            chosen = data.draw(st.sampled_from(sightings))
            self.scene.ledger.deliveries.retry(chosen.number)
            if chosen.state is DeliveryState.REJECTED:
                self.finals.pop(chosen.key, None)

    @rule()
    def calm_cycles_bring_everything_there(self) -> None:
        """When all is well again, two cycles are enough, and a third one asks nothing."""
        self.scene.server.faults, self.scene.server.find_faults = [], []
        for _ in range(2):
            self.scene.cycle(self.found())
        self.met |= set(self.source)
        open_ones = {key: state for key, state in self.scene.states().items() if not state.final}
        assert set(open_ones) == set()
        before = self.scene.server.requests()
        self.scene.cycle(self.found())
        assert self.scene.server.requests() == before

    @invariant()
    def source_ledger_and_server_agree(self) -> None:
        self.scene.check(self.met)
        states = self.scene.states()
        assert set(states) <= self.ever
        rejected = {key for key, state in states.items() if state is DeliveryState.REJECTED}
        assert not rejected & set(self.scene.server.stored)
        for key, state in self.finals.items():
            if state.arrived:
                assert states[key] is state
        self.finals = {key: state for key, state in states.items() if state.final}
        assert all(self.settled.count(key) <= 1 for key in self.ever)

    def found(self) -> list[Record]:
        return [
            record(
                key,
                {"a": {"value": float(version)}},
                fingerprint=str(version),
                settled=lambda key=key: self.settled.append(key),
            )
            for key, version in sorted(self.source.items())
        ]


TestDeliveryMachine = DeliveryMachine.TestCase
TestDeliveryMachine.settings = settings(
    max_examples=40,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
