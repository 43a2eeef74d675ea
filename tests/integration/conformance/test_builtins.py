"""Every built-in pump type passes the conformance kit that authors of own types are given.

One class a type: what is at its source comes from a file beside this one.
"""

from __future__ import annotations

from integration.conformance.sources_dqa3 import Dqa3Source
from integration.conformance.sources_files import Copies, MovedUploads, Moves, Uploads
from integration.conformance.sources_mpc import MpcSource
from integration.dqa3 import clinic as dqa3
from qcpump_qt.pumps.builtin import BUILTIN
from qcpump_qt.pumps.movers.pump import FileMover, SimpleFileMover
from qcpump_qt.pumps.mpc.pump import QATrackMPCPump
from qcpump_qt.pumps.uploads.pump import QATrackGenericBinaryFileUploader, QATrackGenericTextFileUploader
from qcpump_qt.testing import Conformance


class TestMPC(MpcSource, Conformance):
    pump_type = QATrackMPCPump


class TestFirebirdDQA3(Dqa3Source, Conformance):
    pump_type, version = dqa3.LiteOne, "01.04"


class TestFirebirdGroupedDQA3(Dqa3Source, Conformance):
    pump_type, version = dqa3.LiteGrouped, "01.03"


class TestSQLServerDQA3(Dqa3Source, Conformance):
    pump_type, version = dqa3.LiteServerOne, "01.06"


class TestSQLServerGroupedDQA3(Dqa3Source, Conformance):
    pump_type, version = dqa3.LiteServerGrouped, "01.06"


class TestAtlasDQA3(Dqa3Source, Conformance):
    pump_type, version = dqa3.LiteAtlasOne, "1.5"


class TestAtlasGroupedDQA3(Dqa3Source, Conformance):
    pump_type, version = dqa3.LiteAtlasGrouped, "1.5"


class TestTextFiles(Uploads, Conformance):
    pump_type = QATrackGenericTextFileUploader


class TestTextFilesThatAreMoved(MovedUploads, Conformance):
    pump_type = QATrackGenericTextFileUploader


class TestBinaryFiles(Uploads, Conformance):
    pump_type = QATrackGenericBinaryFileUploader


class TestBinaryFilesThatAreMoved(MovedUploads, Conformance):
    pump_type = QATrackGenericBinaryFileUploader


class TestSimpleCopies(Copies, Conformance):
    pump_type, section = SimpleFileMover, "SimpleFileMover"


class TestSimpleMoves(Moves, Conformance):
    pump_type, section = SimpleFileMover, "SimpleFileMover"


class TestCopies(Copies, Conformance):
    pump_type, section = FileMover, "FileMover"


class TestMoves(Moves, Conformance):
    pump_type, section = FileMover, "FileMover"


def test_no_built_in_type_is_left_out() -> None:
    checked = [
        each.pump_type
        for each in globals().values()
        if isinstance(each, type) and issubclass(each, Conformance) and each is not Conformance
    ]
    for built_in in BUILTIN:
        assert any(isinstance(kind, type) and issubclass(kind, built_in) for kind in checked), built_in
