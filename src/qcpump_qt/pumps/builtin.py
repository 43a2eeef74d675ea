"""The list of built-in pump types."""

from __future__ import annotations

from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.dqa3.types import DQA3_TYPES
from qcpump_qt.pumps.movers.pump import FileMover, SimpleFileMover
from qcpump_qt.pumps.mpc.pump import QATrackMPCPump
from qcpump_qt.pumps.uploads.pump import QATrackGenericBinaryFileUploader, QATrackGenericTextFileUploader

BUILTIN: tuple[type[BasePump], ...] = (
    QATrackMPCPump,
    *DQA3_TYPES,
    QATrackGenericTextFileUploader,
    QATrackGenericBinaryFileUploader,
    SimpleFileMover,
    FileMover,
)
