"""The pump types that can be offered, and what kept others from being offered."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qcpump_qt.engine.config.calling import described
from qcpump_qt.engine.config.secrecy import hide
from qcpump_qt.engine.config.sections import Section
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import PumpError, PumpTypeError
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.pumps.base import BasePump, source_file


@dataclass(frozen=True, kw_only=True)
class PumpType:
    """One pump type that can be offered.

    Args:
        key: what stands as ``type`` in a pump's configuration: the class name, unless two share one.
        cls: the class.
        display_name: what people see.
        help_url: a page that explains it; "" without one.
        sections: its sections, the common one first.
        source: the user's file it comes from; None for a built-in type.
    """

    key: str
    cls: type[BasePump]
    display_name: str
    help_url: str
    sections: tuple[Section, ...]
    source: Path | None = None

    def create(self, configuration: Configuration, host: PumpHost) -> BasePump:
        """Make a pump of this type.

        Raises:
            PumpError: the type's own ``__init__`` failed, or did not call the one of BasePump.
        """
        try:
            pump = self.cls(configuration, host)
        except PumpError:
            raise
        except (Exception, SystemExit) as error:
            text = (
                f"A pump of the type {self.key} could not be made: {described(error, source_file(self.cls))}."
            )
            raise PumpTypeError(hide(text, configuration.secrets()), subject=self.key) from error
        if getattr(pump, "pump_host", None) is not host:
            raise PumpTypeError(
                f"A pump of the type {self.key} could not be made: its __init__ must call "
                "super().__init__(*args, **kwargs).",
                subject=self.key,
            )
        return pump


@dataclass
class Catalogue:
    """All pump types.

    Args:
        types: what can be offered, by key.
        problems: what could not be loaded, or was loaded under another key; each names its file.
    """

    types: dict[str, PumpType] = field(default_factory=dict)
    problems: list[PumpTypeError] = field(default_factory=list)

    def get(self, key: str) -> PumpType:
        """The pump type of this key.

        Raises:
            PumpTypeError: there is none; the message says where pump types come from.
        """
        found = self.types.get(key)
        if found is None:
            raise PumpTypeError(
                f"There is no pump type '{key}'. If it is one of your own, see that the folder above its "
                "folder is listed under PUMP_DIRECTORIES in settings.json, and that its file loads.",
                title="Pump type unknown",
                subject=key,
            )
        return found
