"""Rows of pumps for tests of what shows them."""

from __future__ import annotations

from typing import Any

from qcpump_qt.models.rows import PumpRow, PumpState


def pump(pump_id: str, kind: str = "Varian MPC", **given: Any) -> PumpRow:
    """A pump that is idle, unless something else is given."""
    values = {"name": f"Pump {pump_id}", "type_key": kind, "type_name": kind, "state": PumpState.IDLE}
    return PumpRow(id=pump_id, **{**values, **given})
