"""The six Daily QA3 pump types, by database and by whether a test list takes one beam or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.pumps.dqa3.config import (
    ELECTRONS,
    NAME_SECTION,
    PHOTONS,
    READER,
    TEMPLATE_SECTION,
    TEST_LIST,
    UNIT_SECTION,
    firebird_reader,
    sqlserver_reader,
)
from qcpump_qt.pumps.dqa3.names import TestListNames, check_template
from qcpump_qt.pumps.dqa3.pump import DQA3Pump
from qcpump_qt.pumps.dqa3.style import OneBeam, SeveralBeams
from qcpump_qt.pumps.dqa3.takeover import Takeover
from qcpump_qt.pumps.qatrack_api import QATRACK_API_CONFIG
from qcpump_qt.sources.databases.connection import Kind
from qcpump_qt.sources.dqa3.dialects import ATLAS, FIREBIRD, SQL_SERVER, Dialect
from qcpump_qt.sources.dqa3.measurements import BEAM_TYPES, ELECTRON, FFF, PHOTON

if TYPE_CHECKING:
    from qcpump_qt.qatrack.server import QATrackServer

_ONE = "Sends each beam measured with Daily QA3 to the test list of that beam in QATrack+; reads {}."
_SEVERAL = "Sends all beams of a morning with Daily QA3 to one test list in QATrack+; reads {}."
_FIREBIRD = "the Firebird database of DQA3 1.3 and 1.4"
_SQL_SERVER = "the SQL Server database of DQA3 1.6"
_ATLAS = "the Atlas database (1.5) on a SQL Server"


class OneBeamDQA3(DQA3Pump):
    """Each beam has a test list of its own, found by a template."""

    INTERNAL: ClassVar[bool] = True

    def style(self) -> OneBeam:
        """Each measurement by itself."""
        return OneBeam(TestListNames(str(self.get_config_value(TEST_LIST, "name"))), self.include_comment)

    def validate_test_list(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """The template is usable and never gives an empty name."""
        names = check_template(str(values["name"]))
        return True, (
            f"The test lists are called, for example: {'; '.join(names)}. A preview tells whether they are assigned to "
            "the units."
        )


class SeveralBeamsDQA3(DQA3Pump):
    """All beams of a morning go to one test list."""

    INTERNAL: ClassVar[bool] = True
    compares: ClassVar[bool] = True

    def style(self) -> SeveralBeams:
        """What was measured within the grouping window of a first beam."""
        return SeveralBeams(
            test_list=self._test_list,
            window=timedelta(minutes=float(self.get_config_value(READER, "grouping window"))),
            wait=timedelta(minutes=float(self.get_config_value(READER, "wait time"))),
            comments=self.include_comment,
        )

    def takeover(self, server: QATrackServer) -> Takeover:
        """QCPump may have cut a morning otherwise."""
        return Takeover(self.pump_host.memory, server, self._test_list)

    def beam_types(self) -> Sequence[str]:
        """Photons with FFF, electrons, or all."""
        chosen = self.get_config_value(READER, "beam types")
        if chosen == PHOTONS:
            return (PHOTON, FFF)
        return (ELECTRON,) if chosen == ELECTRONS else BEAM_TYPES

    def validate_test_list(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """The name is a plain one."""
        name = str(values["name"]).strip()
        if not name or "{{" in name or "{%" in name:
            raise ConfigurationError(
                "All beams go to one test list, so its name is taken as it is: write it exactly as in QATrack+, "
                "without {{ }}. For a test list for each beam choose a pump type with one beam per test list.",
                subject=TEST_LIST,
            )
        return True, f"The test list is called: {name}. A preview tells whether it is assigned to the units."

    @property
    def _test_list(self) -> str:
        return str(self.get_config_value(TEST_LIST, "name")).strip()


class FirebirdDQA3(OneBeamDQA3):
    """Firebird, one beam per test list."""

    DISPLAY_NAME = "DQA3: Firebird: One Beam Per Test List"
    DESCRIPTION = _ONE.format(_FIREBIRD)
    DIALECT: ClassVar[Dialect] = FIREBIRD
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        firebird_reader(grouped=False),
        QATRACK_API_CONFIG,
        TEMPLATE_SECTION,
        UNIT_SECTION,
    ]


class SQLServerDQA3(OneBeamDQA3):
    """SQL Server, one beam per test list."""

    DISPLAY_NAME = "DQA3: SQL Server: One Beam Per Test List"
    DESCRIPTION = _ONE.format(_SQL_SERVER)
    KIND: ClassVar[Kind] = "sqlserver"
    DIALECT: ClassVar[Dialect] = SQL_SERVER
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        sqlserver_reader(r"localhost\DailyQA", grouped=False),
        QATRACK_API_CONFIG,
        TEMPLATE_SECTION,
        UNIT_SECTION,
    ]


class AtlasDQA3(OneBeamDQA3):
    """Atlas, one beam per test list."""

    DISPLAY_NAME = "DQA3: Atlas: One Beam Per Test List"
    DESCRIPTION = _ONE.format(_ATLAS)
    KIND: ClassVar[Kind] = "sqlserver"
    DIALECT: ClassVar[Dialect] = ATLAS
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        sqlserver_reader("localhost", grouped=False),
        QATRACK_API_CONFIG,
        TEMPLATE_SECTION,
        UNIT_SECTION,
    ]


class FirebirdGroupedDQA3(SeveralBeamsDQA3):
    """Firebird, several beams per test list."""

    DISPLAY_NAME = "DQA3: Firebird: Multiple Beams Per Test List"
    DESCRIPTION = _SEVERAL.format(_FIREBIRD)
    DIALECT: ClassVar[Dialect] = FIREBIRD
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        firebird_reader(grouped=True),
        QATRACK_API_CONFIG,
        NAME_SECTION,
        UNIT_SECTION,
    ]


class SQLServerGroupedDQA3(SeveralBeamsDQA3):
    """SQL Server, several beams per test list."""

    DISPLAY_NAME = "DQA3: SQL Server: Multiple Beams Per Test List"
    DESCRIPTION = _SEVERAL.format(_SQL_SERVER)
    KIND: ClassVar[Kind] = "sqlserver"
    DIALECT: ClassVar[Dialect] = SQL_SERVER
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        sqlserver_reader(r"localhost\DailyQA", grouped=True),
        QATRACK_API_CONFIG,
        NAME_SECTION,
        UNIT_SECTION,
    ]


class AtlasGroupedDQA3(SeveralBeamsDQA3):
    """Atlas, several beams per test list."""

    DISPLAY_NAME = "DQA3: Atlas: Multiple Beams Per Test List"
    DESCRIPTION = _SEVERAL.format(_ATLAS)
    KIND: ClassVar[Kind] = "sqlserver"
    DIALECT: ClassVar[Dialect] = ATLAS
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        sqlserver_reader("localhost", grouped=True),
        QATRACK_API_CONFIG,
        NAME_SECTION,
        UNIT_SECTION,
    ]


DQA3_TYPES: tuple[type[DQA3Pump], ...] = (
    FirebirdDQA3,
    SQLServerDQA3,
    AtlasDQA3,
    FirebirdGroupedDQA3,
    SQLServerGroupedDQA3,
    AtlasGroupedDQA3,
)
"""All six, in the order in which they are offered."""
