"""The class that every pump type is made of: what it can ask and tell, for built-in and users' types alike.

These are the members of manual chapter 7 and of the compatibility reference, section 7; a pump type
that was written for QCPump 0.3 runs on them unmodified.
"""

from __future__ import annotations

import inspect
import logging
import math
import sys
from pathlib import Path
from typing import Any, ClassVar

from qcpump_qt.engine.config.fields import FieldType
from qcpump_qt.engine.config.sections import Section, read_config
from qcpump_qt.engine.config.validation import is_active
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.oserror_words import in_words

STRING = FieldType.STRING
BOOLEAN = FieldType.BOOLEAN
INT = FieldType.INT
UINT = FieldType.UINT
FLOAT = FieldType.FLOAT
MULTCHOICE = FieldType.MULTCHOICE
DIRECTORY = FieldType.DIRECTORY
SECRET = FieldType.SECRET
FILE = FieldType.FILE


class BasePump:
    """One configured pump.

    Made as ``cls(configuration, host)``; a subclass that has an ``__init__(self, *args, **kwargs)`` of
    its own hands both on to ``super().__init__``.
    """

    DISPLAY_NAME: ClassVar[str] = ""
    """What people see where pump types are listed; the class name where it is left out."""

    DESCRIPTION: ClassVar[str] = ""
    """What the pump type is for, in a sentence or two for those who choose one."""

    HELP_URL: ClassVar[str] = ""
    """A page that explains the pump type."""

    CONFIG: ClassVar[Any] = []
    """The sections, as in manual chapter 7.5; the common section *Pump* comes by itself."""

    INTERNAL: ClassVar[bool] = False
    """True in a class that is only there to be built upon, so that it is not offered itself."""

    configuration: Configuration
    pump_host: PumpHost

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        configuration, host = _parts(type(self), *args, **kwargs)
        self.configuration = configuration
        self.pump_host = host
        self._qcpump_redactor = Redactor(configuration.secrets())

    @classmethod
    def sections(cls) -> tuple[Section, ...]:
        """The sections of this pump type, the common one first.

        Raises:
            PumpTypeError: CONFIG has mistakes; the message names each.
        """
        found: tuple[Section, ...] | None = cls.__dict__.get("_qcpump_sections")
        if found is None:
            found = read_config(cls.CONFIG, owner=cls, file=source_file(cls))
            cls._qcpump_sections = found  # type: ignore[attr-defined]
        return found

    @classmethod
    def display_name(cls) -> str:
        """What people see where pump types are listed."""
        name = cls.DISPLAY_NAME
        return name.strip() if isinstance(name, str) and name.strip() else cls.__name__

    @property
    def name(self) -> str:
        """The name that its users gave the pump."""
        return self.pump_host.pump_name

    @property
    def active(self) -> bool:
        """False when the pump was switched off in its section *Pump*."""
        return is_active(self.configuration)

    @property
    def valid(self) -> bool:
        """True when no field is blank or wrong, as far as can be said without asking any server."""
        return not self.configuration.problems()

    @property
    def previewing(self) -> bool:
        """True in a preview, which calls `pump` as a cycle does: whatever changes something must not do it then."""
        return self.pump_host.previewing

    def setup(self) -> None:
        """Called once at the beginning of each cycle, before `pump`; nothing unless a pump type does something."""

    def pump(self) -> Any:
        """Do one cycle; every pump type has its own."""
        raise NotImplementedError(f"{type(self).__name__} has no pump method of its own.")

    def get_config_value(self, section: str, field: str, subsection_index: int | None = None) -> Any:
        """One value; of the first sub-section where no index is given.

        Raises:
            ConfigurationError: there is no such section, sub-section or field.
        """
        return self.configuration.value(section, field, subsection_index)

    def get_config_values(self, section: str) -> list[dict[str, Any]]:
        """The values of each sub-section.

        Raises:
            ConfigurationError: there is no such section.
        """
        return self.configuration.values(section)

    def should_terminate(self) -> bool:
        """True once the cycle should end; a pump that loops asks this in every round."""
        return self.pump_host.cancel.cancelled

    def update_progress(self, percent: float, message: str = "") -> None:
        """Tell how far the cycle is, from 0 to 100, and what it is doing."""
        number = float(percent)
        bounded = min(100.0, max(0.0, number)) if math.isfinite(number) else 0.0
        self.pump_host.progress(bounded, self._without_secrets(message))

    def log_debug(self, message: object) -> None:
        """Write a line for those who look for a fault."""
        self._log(logging.DEBUG, message)

    def log_info(self, message: object) -> None:
        """Write a line about the normal run of things."""
        self._log(logging.INFO, message)

    def log_warning(self, message: object) -> None:
        """Write a line about something that may need looking at."""
        self._log(logging.WARNING, message)

    def log_error(self, message: object) -> None:
        """Write a line about something that went wrong."""
        self._log(logging.ERROR, message)

    def log_critical(self, message: object) -> None:
        """Write a line about something that stops the pump."""
        self._log(logging.CRITICAL, message)

    def get_pump_path(self, filename: str = "") -> Path:
        """The pump's own folder, or a file in it; the folder is there afterwards.

        Raises:
            ConfigurationError: the folder cannot be made.
        """
        folder = self.pump_host.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(in_words(error, "made", folder), subject=self.name) from error
        return folder / filename if filename else folder

    def _log(self, level: int, message: object) -> None:
        self.pump_host.log(level, self._without_secrets(message))

    def _without_secrets(self, message: object) -> str:
        return self._qcpump_redactor.redact(str(message))


def source_file(cls: type) -> str:
    """The file that a class stands in, or its module's name where there is no file."""
    module = sys.modules.get(cls.__module__)
    return str(getattr(module, "__file__", None) or cls.__module__)


def is_pump_type(candidate: object) -> bool:
    """True for a class that can be offered: a BasePump with a `pump` of its own, neither private,
    nor internal, nor abstract.
    """
    if not (isinstance(candidate, type) and issubclass(candidate, BasePump)):
        return False
    if candidate.__name__.startswith("_") or candidate.__dict__.get("INTERNAL", False):
        return False
    return candidate.pump is not BasePump.pump and not inspect.isabstract(candidate)


def _parts(
    cls: type, configuration: object = None, host: PumpHost | None = None, *rest: object, **more: object
) -> tuple[Configuration, PumpHost]:
    if not isinstance(configuration, Configuration) or host is None or rest or more:
        raise TypeError(f"{cls.__name__} is made with a configuration and a host, and nothing else.")
    return configuration, host
