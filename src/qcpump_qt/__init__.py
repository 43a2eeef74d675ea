"""QCPump-Qt: fetches radiotherapy QC results and delivers each one, exactly once, to QATrack+."""

from qcpump_qt.version import VERSION

__version__ = VERSION
