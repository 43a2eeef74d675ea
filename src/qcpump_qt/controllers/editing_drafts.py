"""What is asked of a pump whose values are being edited; all of it may take its time and belongs on a pool's thread."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from qcpump_qt.controllers.program import HomeProgram
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError, SecretError

if TYPE_CHECKING:
    from qcpump_qt.compat.catalogue import PumpType
    from qcpump_qt.engine.config.report import Report
    from qcpump_qt.engine.config.values import Configuration
    from qcpump_qt.engine.store import StoredPump

NEW = "new-"
"""Ids of pumps that were never saved begin so; those of saved ones end in six characters and never are the same."""

_LONGEST = 190
"""Characters of a copy's name, so that there is room for a number below the limit for names."""


@dataclass(frozen=True)
class Copied:
    """A pump's values for a copy of it.

    Args:
        pump: the copy, with its secrets in clear.
        type: its pump type.
        trouble: why its secrets were left blank; empty when they were not.
    """

    pump: StoredPump
    type: PumpType
    trouble: str = ""


class Drafts:
    """Pumps with values that are not saved.

    Args:
        program: the home.
    """

    def __init__(self, program: HomeProgram) -> None:
        self._program = program

    def type_of(self, key: str) -> PumpType:
        """The pump type of this key.

        Raises:
            PumpTypeError: there is none.
        """
        found: PumpType = self._program.catalogue.get(key)
        return found

    def new(self, temporary_id: str, type_key: str, name: str) -> tuple[StoredPump, PumpType]:
        """A pump that was never saved.

        Raises:
            PumpTypeError: the type is unknown.
            ConfigurationError: the name is not usable.
        """
        from qcpump_qt.engine.pump_document import StoredPump, clean_name  # noqa: PLC0415 - not needed to show a window

        return StoredPump(temporary_id, type_key, clean_name(name), {}), self.type_of(type_key)

    def stored(self, pump_id: str) -> StoredPump:
        """The pump as it stands on disk.

        Raises:
            ConfigurationError: it is not there.
        """
        pumps, _broken = self._program.pumps()
        found = next((pump for pump in pumps if pump.id == pump_id), None)
        if found is None:
            raise ConfigurationError(
                "The pump is no longer there; it was deleted meanwhile.", subject=pump_id
            )
        return found

    def copy(self, source: StoredPump, temporary_id: str, names: Collection[str]) -> Copied:
        """A copy under a name that is free.

        Args:
            source: the pump to copy.
            temporary_id: the copy's id.
            names: names that are taken beside those on disk.

        Raises:
            PumpError: the type is unknown, or the pumps cannot be read.
        """
        taken = {pump.name for pump in self._program.pumps()[0]}.union(names)
        trouble = ""
        try:
            values = self._program.store.with_secrets(source)
        except SecretError as error:
            values, trouble = _blanked(source), error.message
        pump_type = self.type_of(source.type)
        copy = type(source)(temporary_id, source.type, _free(source.name, taken), values)
        return Copied(copy, pump_type, trouble)

    def validate(self, pump: StoredPump, cancel: CancelToken) -> Report:
        """Validate these values, servers and shares included.

        Raises:
            PumpError: they cannot be validated at all.
        """
        from qcpump_qt.engine.config.validation import validate  # noqa: PLC0415 - not needed to show a window

        configuration = self._program.configuration(pump, secrets=self._program.is_active(pump))
        return validate(self._made(pump, configuration, cancel), configuration, cancel=cancel)

    def choices(
        self, pump: StoredPump, section: str, fields: Collection[str], cancel: CancelToken
    ) -> list[list[str]]:
        """The choices of some fields of a section, fetched with these values.

        Raises:
            PumpError: they cannot be had now.
        """
        from qcpump_qt.engine.config.validation import dynamic_choices  # noqa: PLC0415 - as above

        configuration = self._program.configuration(pump)
        built = self._made(pump, configuration, cancel)
        found = []
        for field in fields:
            cancel.check()
            found.append(dynamic_choices(built, configuration, section, field))
        return found

    def _made(self, pump: StoredPump, configuration: Configuration, cancel: CancelToken) -> object:
        from qcpump_qt.engine.preview import PreviewHost  # noqa: PLC0415 - as above

        folder = self._program.store.folder_of(pump.id)
        if pump.id.startswith(NEW):
            folder = self._program.places.state / "drafts" / pump.id
        # Not into the pump's own log: its level would become that of the values being edited.
        log = logging.getLogger("qcpump_qt.validation").debug
        host = PreviewHost(
            pump.id,
            pump.name,
            folder,
            self._program.settings,
            cancel,
            lambda: self._program.ledger,
            lambda _level, message: log("%s", message),
        )
        return self.type_of(pump.type).create(configuration, host)


def _blanked(pump: StoredPump) -> dict[str, list[dict[str, Any]]]:
    from qcpump_qt.engine.pump_document import KeptSecret  # noqa: PLC0415 - not needed to show a window

    return {
        section: [
            {field: "" if isinstance(value, KeptSecret) else value for field, value in row.items()}
            for row in rows
        ]
        for section, rows in pump.values.items()
    }


def _free(name: str, taken: Collection[str]) -> str:
    """Copy of NAME, or Copy of NAME (2) where that is taken."""
    wanted = f"Copy of {name}"[:_LONGEST]
    numbered = (f"{wanted} ({number})" for number in count(2))
    return next(each for each in chain([wanted], numbered) if each not in taken)
