"""The list of built-in pump types."""

from __future__ import annotations

from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.mpc.pump import QATrackMPCPump

BUILTIN: tuple[type[BasePump], ...] = (QATrackMPCPump,)
