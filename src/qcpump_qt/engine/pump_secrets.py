"""Takes the secrets out of a pump's values into the keyring, and puts them in again for a cycle."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qcpump_qt.engine.config.secrecy import has_credentials, looks_secret
from qcpump_qt.engine.document_shape import MARK
from qcpump_qt.engine.errors import SecretError
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.pump_document import KeptSecret, StoredPump, Values
from qcpump_qt.engine.secrets import SecretStore, secret_name

Wanted = Mapping[str, str | None]
"""What the keyring should hold, by name; None for nothing."""


@dataclass(frozen=True)
class Place:
    """Where a value stands in a pump.

    Args:
        section: the section's name.
        index: which sub-section, from 0.
        field: the field's name.
    """

    section: str
    index: int
    field: str

    def __str__(self) -> str:
        number = f" (sub-section {self.index + 1})" if self.index else ""
        return f"section {self.section}{number}, field {self.field}"


def places_in(values: Values) -> Iterator[tuple[Place, Any]]:
    """Each value with its place."""
    for section, subsections in values.items():
        for index, fields in enumerate(subsections):
            for field, value in fields.items():
                yield Place(section, index, field), value


def put(values: Values, changes: Mapping[Place, Any]) -> dict[str, list[dict[str, Any]]]:
    """A copy of the values with some of them changed."""
    changed = {section: [dict(fields) for fields in subsections] for section, subsections in values.items()}
    for place, value in changes.items():
        changed[place.section][place.index][place.field] = value
    return changed


def is_secret(place: Place, value: object, secret_fields: Collection[tuple[str, str]]) -> bool:
    """Whether a value has to go to the keyring.

    Args:
        place: where it stands.
        value: blank texts, true, false and None are never secret.
        secret_fields: (section, field) of those declared secret; names and addresses that look secret count too.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return False
    declared = (place.section, place.field) in secret_fields or looks_secret(place.field)
    return declared or (isinstance(value, str) and has_credentials(value))


class PumpSecrets:
    """The secrets of pumps.

    Args:
        store: where they are kept.
        redactor: is told each secret that passes through.
    """

    def __init__(self, store: SecretStore, redactor: Redactor) -> None:
        self._store = store
        self._redactor = redactor

    def taken_out(
        self, pump: StoredPump, secret_fields: Collection[tuple[str, str]]
    ) -> tuple[StoredPump, dict[str, str | None]]:
        """The pump with `KeptSecret`s in the places of its secrets, and what the keyring should hold for it.

        A `KeptSecret` that stands elsewhere than it was kept (its sub-section moved up) is moved along.
        """
        changes: dict[Place, KeptSecret] = {}
        wanted: dict[str, str | None] = {}
        for place, value in places_in(pump.values):
            name = secret_name(pump.id, place.section, place.index, place.field)
            if isinstance(value, KeptSecret):
                if value.name != name:
                    wanted[name] = self._store.get(value.name)
            elif is_secret(place, value, secret_fields):
                wanted[name] = str(value)
            elif value != MARK:
                continue
            changes[place] = KeptSecret(name)
        self._redactor.add(*(value for value in wanted.values() if value))
        return pump.changed(values=put(pump.values, changes)), wanted

    @contextlib.contextmanager
    def written(self, wanted: Wanted) -> Iterator[None]:
        """Make the keyring hold what is wanted; as it was before when that or the block fails."""
        former: dict[str, str | None] = {}
        try:
            for name, value in wanted.items():
                former[name] = self._store.get(name)
                self._put(name, value)
            yield
        except BaseException:
            # The first error is the one to tell; where the keyring now refuses to go back as well, a
            # secret without a pump is left in it, which nobody reads.
            with contextlib.suppress(SecretError):
                for name, value in former.items():
                    self._put(name, value)
            raise

    def forget(self, names: Collection[str], of: str) -> None:
        """Delete secrets that no pump uses any more.

        Args:
            names: their names in the keyring.
            of: what was done, as the beginning of a sentence for the error ("The pump X was deleted").

        Raises:
            SecretError: the keyring refuses; names those that are left.
        """
        left = sorted(names)
        try:
            while left:
                self._store.delete(left[0])
                left.pop(0)
        except SecretError as error:
            raise SecretError(
                f"{of}, but these secrets of it are still in the keyring: {', '.join(left)}. {error.message}"
            ) from error

    def filled(self, pump: StoredPump) -> dict[str, list[dict[str, Any]]]:
        """The pump's values with its secrets in clear.

        Raises:
            SecretError: the keyring refuses, or lacks one; names pump, section, field and what to type.
        """
        found: dict[Place, str] = {}
        missing: list[Place] = []
        for place, value in places_in(pump.values):
            if not isinstance(value, KeptSecret):
                continue
            secret = self._store.get(value.name)
            if secret is None:
                missing.append(place)
            else:
                found[place] = secret
        self._redactor.add(*found.values())
        if missing:
            raise _missing(pump, missing)
        return put(pump.values, found)

    def fill_missing(self, pump: StoredPump, values: Values) -> list[Place]:
        """Keep those of the secrets in `values` that the pump should have and the keyring lacks; tells which."""
        offered = dict(places_in(values))
        filled = []
        for place, value in places_in(pump.values):
            offer = offered.get(place)
            if isinstance(value, KeptSecret) and is_secret(place, offer, {(place.section, place.field)}):
                self._redactor.add(str(offer))
                if self._store.get(value.name) is None:
                    self._store.set(value.name, str(offer))
                    filled.append(place)
        return filled

    def check(self) -> None:
        """See whether secrets can be kept; raises `SecretError` in words when not."""
        self._store.check()

    def _put(self, name: str, value: str | None) -> None:
        if value is None:
            self._store.delete(name)
        else:
            self._store.set(name, value)


def names_of(pump: StoredPump) -> set[str]:
    """The names in the keyring of all secrets of a pump."""
    return {value.name for _, value in places_in(pump.values) if isinstance(value, KeptSecret)}


def secret_command(pump: str, place: Place) -> str:
    """What to type to give a pump one of its secrets."""
    number = f" --subsection {place.index + 1}" if place.index else ""
    return f'qcpump-qt secret set "{pump}" "{place.section}" "{place.field}"{number}'


def _missing(pump: StoredPump, places: list[Place]) -> SecretError:
    which = "; ".join(str(place) for place in places)
    commands = "\n".join(secret_command(pump.name, place) for place in places)
    return SecretError(
        f"The keyring of this user on this computer has no secret for the pump {pump.name!r}: {which}. "
        f"Type it into the pump's configuration, or run:\n{commands}",
        title="Secret is missing",
        subject=pump.name,
    )
