"""The pumps on disk, and their secrets in the keyring.

One broken pump never hides the others (faults-of-the-incumbent: "one broken configuration file keeps all
pumps from loading"), and no secret ever stands in a file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from qcpump_qt.engine import files, jsontext
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.pump_document import (
    BrokenPump,
    KeptSecret,
    StoredPump,
    Values,
    check_keepable,
    clean_name,
    document_of,
    in_step,
    new_id,
    pump_from,
)
from qcpump_qt.engine.pump_secrets import Place, PumpSecrets, names_of, put
from qcpump_qt.engine.secrets import SecretStore

__all__ = ["BrokenPump", "KeptSecret", "PumpStore", "SecretFields", "StoredPump", "Values"]

CONFIG_FILE = "config.json"

SecretFields = Iterable[tuple[str, str]]
"""(section, field) of each field that holds a secret."""


class PumpStore:
    """Reads and writes the configured pumps.

    Args:
        places: where they are kept.
        secrets: where their tokens and passwords are kept.
        redactor: is told each secret that passes through, so that none gets into a log.
    """

    def __init__(self, places: Places, secrets: SecretStore, redactor: Redactor | None = None) -> None:
        self._places = places
        self._secrets = PumpSecrets(secrets, redactor or Redactor())

    def folder_of(self, pump_id: str) -> Path:
        """The pump's own folder."""
        return self._places.pumps / pump_id

    def load_all(self) -> tuple[list[StoredPump], list[BrokenPump]]:
        """All pumps by name, and those that cannot be used with the reason; nothing is changed on disk.

        Raises:
            ConfigurationError: the folder of the pumps cannot be read at all.
        """
        pumps: list[StoredPump] = []
        broken: list[BrokenPump] = []
        for name in self._names():
            try:
                if self._is_pump(name):
                    pumps.append(self._read(name))
            except ConfigurationError as error:
                path = self._document_path(name)
                broken.append(BrokenPump(name, path, _naming(path, error.message)))
        return sorted(pumps, key=lambda pump: (pump.name.casefold(), pump.id)), broken

    def find(self, name_or_id: str) -> StoredPump:
        """The pump of exactly this name or id, or else the only one that differs in case alone.

        Raises:
            ConfigurationError: there is none, it is broken, or several would fit; the message lists names.
        """
        wanted = unicodedata.normalize("NFC", name_or_id).strip()
        pumps, broken = self.load_all()
        for fits in _candidates(pumps, wanted):
            if len(fits) == 1:
                return fits[0]
            if fits:
                listed = ", ".join(f"{pump.name} ({pump.id})" for pump in fits)
                raise ConfigurationError(f"Several pumps fit {wanted!r}: {listed}. Give the id of one.")
        for unusable in broken:
            if unusable.id == wanted:
                raise ConfigurationError(unusable.reason, subject=wanted)
        names = ", ".join(pump.name for pump in pumps)
        known = f"The pumps are: {names}." if names else "No pump is configured yet."
        raise ConfigurationError(f"There is no pump {wanted!r}. {known}", subject=wanted)

    def add(
        self,
        name: str,
        type: str,  # noqa: A002 - the field's word, always given by position or in full
        values: Values,
        secret_fields: SecretFields = (),
        *,
        origin: str = "",
    ) -> StoredPump:
        """Keep a new pump.

        Args:
            name: what its users call it.
            type: the class name of its pump type.
            values: the fields' values with secrets in clear, which go to the keyring.
            secret_fields: which fields are secret beside those that look it.
            origin: the folder that it was imported from.

        Raises:
            ConfigurationError: the name is taken or not usable, a value cannot be kept, or the disk refuses.
            SecretError: the keyring refuses.
            BusyError: another process is changing the pumps. In all cases nothing is kept.
        """
        with self._alone():
            name = self._free_name(name)
            pump = in_step(StoredPump(self._free_id(name), type, name, values, origin))
            check_keepable(pump)
            pump, wanted = self._secrets.taken_out(pump, set(secret_fields))
            folder = self.folder_of(pump.id)
            with self._secrets.written(wanted):
                files.make_folder(folder)
                try:
                    self._write(pump)
                except ConfigurationError:
                    files.remove_folder(folder)
                    raise
        return pump

    def save(self, pump: StoredPump, secret_fields: SecretFields = ()) -> StoredPump:
        """Keep changed values or another name of a pump.

        Args:
            pump: with new secrets in clear, and `KeptSecret`s for those that stay as they are.
            secret_fields: which fields are secret beside those that look it.

        Returns:
            the pump as it is kept, without secrets.

        Raises:
            ConfigurationError: the pump is gone, the name is taken, a value cannot be kept, or the disk refuses.
            SecretError: the keyring refuses; nothing is changed, unless the message says that it was.
            BusyError: another process is changing the pumps.
        """
        with self._alone():
            former = self._former(pump)
            pump = in_step(pump.changed(name=self._free_name(pump.name, but=pump.id)))
            check_keepable(pump)
            pump, wanted = self._secrets.taken_out(pump, set(secret_fields))
            with self._secrets.written(wanted):
                self._write(pump)
            unused = names_of(former) - names_of(pump) if former else set()
            self._secrets.forget(unused, f"The pump {pump.name!r} was saved")
        return pump

    def rename(self, pump: StoredPump, name: str) -> StoredPump:
        """Give a pump another name; its id, folder, log and secrets stay. Raises as `save`."""
        return self.save(pump.changed(name=name))

    def delete(self, pump: StoredPump) -> None:
        """Remove a pump with everything in its folder, and its secrets.

        Raises:
            ConfigurationError: something in the folder cannot be removed.
            SecretError: the pump is deleted, but the keyring refuses to forget its secrets.
            BusyError: another process is changing the pumps.
        """
        with self._alone():
            files.remove_folder(self.folder_of(pump.id))
            self._secrets.forget(names_of(pump), f"The pump {pump.name!r} was deleted")

    def with_secrets(self, pump: StoredPump) -> dict[str, list[dict[str, Any]]]:
        """The pump's values with its secrets in clear, for a cycle.

        Raises:
            SecretError: the keyring refuses, or lacks one; names pump, section, field and what to type.
        """
        return self._secrets.filled(pump)

    def set_secret(
        self, pump: StoredPump, section: str, field: str, value: str, *, index: int = 0
    ) -> StoredPump:
        """Keep one secret of a pump, whatever the field looks like.

        Args:
            pump: as it was loaded.
            section: the section's name.
            field: the field's name.
            value: the secret.
            index: which sub-section, from 0.

        Raises:
            ConfigurationError: the pump has no such section or sub-section; otherwise as `save`.
        """
        rows = pump.values.get(section, [])
        if not 0 <= index < len(rows):
            known = ", ".join(pump.values) or "none"
            raise ConfigurationError(
                f"The pump {pump.name!r} has no section {section!r} with a sub-section {index + 1}. "
                f"Its sections are: {known}.",
                subject=pump.name,
            )
        changed = pump.changed(values=put(pump.values, {Place(section, index, field): value}))
        return self.save(changed, {(section, field)})

    def fill_missing_secrets(self, pump: StoredPump, values: Values) -> list[Place]:
        """Keep those secrets in `values` that the pump should have and the keyring lacks; tells which."""
        return self._secrets.fill_missing(pump, values)

    def check_secrets(self) -> None:
        """See whether secrets can be kept; raises `SecretError` in words when not."""
        self._secrets.check()

    def _document_path(self, pump_id: str) -> Path:
        return self.folder_of(pump_id) / CONFIG_FILE

    def _names(self) -> list[str]:
        return files.names_in(self._places.pumps) if files.exists(self._places.pumps) else []

    def _is_pump(self, name: str) -> bool:
        """Whether it is a pump's folder; one with nothing in it is what a save that was cut off left."""
        folder = self.folder_of(name)
        return files.is_folder(folder) and any(
            not inside.startswith(".") for inside in files.names_in(folder)
        )

    def _read(self, pump_id: str) -> StoredPump:
        return pump_from(files.read_json(self._document_path(pump_id)), pump_id)

    def _former(self, pump: StoredPump) -> StoredPump | None:
        """The pump as it stands on disk; a document that cannot be read is set aside, not lost."""
        path = self._document_path(pump.id)
        if not files.exists(path):
            raise ConfigurationError(
                f"The pump {pump.name!r} is no longer there ({path}). It was deleted meanwhile; add it anew.",
                subject=pump.name,
            )
        try:
            return self._read(pump.id)
        except ConfigurationError:
            files.set_aside(path)
            return None

    def _write(self, pump: StoredPump) -> None:
        files.write_atomically(self._document_path(pump.id), jsontext.to_text(document_of(pump)))

    def _free_name(self, name: str, *, but: str = "") -> str:
        """The name as it is kept, if no other pump has it."""
        name = clean_name(name)
        for other in self.load_all()[0]:
            if other.id != but and clean_name(other.name) == name:
                raise ConfigurationError(
                    f"There is a pump {name!r} already. Choose another name.", subject=name
                )
        return name

    def _free_id(self, name: str) -> str:
        while files.exists(self.folder_of(pump_id := new_id(name))):
            pass
        return pump_id

    def _alone(self) -> AbstractContextManager[None]:
        files.make_folder(self._places.pumps)
        files.make_folder(self._places.locks)
        return files.held(self._places.locks / "pumps.lock", doing="changing the pumps")


def _candidates(pumps: list[StoredPump], wanted: str) -> Iterator[list[StoredPump]]:
    """The pumps that fit a name or id, from the strictest way of comparing to the loosest."""
    tests: tuple[Callable[[StoredPump], bool], ...] = (
        lambda pump: pump.name == wanted,
        lambda pump: pump.id == wanted,
        lambda pump: wanted.casefold() in (pump.name.casefold(), pump.id.casefold()),
    )
    for fits in tests:
        yield [pump for pump in pumps if fits(pump)]


def _naming(path: Path, message: str) -> str:
    return message if str(path) in message else f"{path}: {message}"
