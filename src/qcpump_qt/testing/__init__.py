"""The conformance kit: what a pump type has to keep to, as tests that its author runs with pytest.

Made for users' own pump types (docs/own-pump-types/testing.md); the built-in ones have to pass it too. In a
file below the pump type's folder, such as ``LinacOutput/tests/test_linac_output.py``::

    class TestLinacOutput(Conformance):
        file = Path(__file__).parents[1] / "linac_output.py"
        pump_type = "LinacOutputPump"

        def set_up_server(self, world): ...
        def make_source(self, clinic): ...
        def values(self, clinic): ...
"""

from __future__ import annotations

from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.testing.clinic import TOKEN, Clinic
from qcpump_qt.testing.conformance import Conformance
from qcpump_qt.testing.trees import tree_digest

__all__ = ["TOKEN", "Clinic", "Conformance", "StandIn", "World", "tree_digest"]
