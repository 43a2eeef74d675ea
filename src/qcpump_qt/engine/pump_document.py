"""A pump as it stands on disk: `pumps/<id>/config.json`, schema version 1."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qcpump_qt.engine.document_shape import MARK, SCHEMA, Misshapen, check_document, is_mark
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.secrets import secret_name

_ID_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_NAME_LIMIT = 200


@dataclass(frozen=True)
class KeptSecret:
    """Stands for a value that is in the keyring.

    Args:
        name: its name there; it goes along when its sub-section is moved.
    """

    name: str


Values = Mapping[str, list[dict[str, Any]]]
"""Section → one ``{field: value}`` for each sub-section.

Values are texts, numbers, True, False, None or `KeptSecret`s.
"""


@dataclass(frozen=True)
class StoredPump:
    """A configured pump as the store keeps it.

    Args:
        id: stable for ever; also the name of its folder.
        type: the class name of its pump type.
        name: what its users call it.
        values: the fields' values; secrets are `KeptSecret`s.
        origin: the folder of QCPump 0.3 that it was imported from, if it was.
    """

    id: str
    type: str
    name: str
    values: Values
    origin: str = ""

    def changed(self, *, name: str | None = None, values: Values | None = None) -> StoredPump:
        """The same pump with another name or other values."""
        return replace(
            self, name=self.name if name is None else name, values=self.values if values is None else values
        )


@dataclass(frozen=True)
class BrokenPump:
    """A pump whose document cannot be used; it stays where it is.

    Args:
        id: the name of its folder.
        path: the document.
        reason: whole sentences: what is the matter and what to do.
    """

    id: str
    path: Path
    reason: str


def document_of(pump: StoredPump) -> dict[str, Any]:
    """The document of a pump, as plain JSON data; secrets are marks."""
    values = {
        section: [
            {field: MARK if isinstance(value, KeptSecret) else value for field, value in fields.items()}
            for fields in subsections
        ]
        for section, subsections in pump.values.items()
    }
    document = {"schema": SCHEMA, "id": pump.id, "type": pump.type, "name": pump.name, "values": values}
    return document | ({"origin": pump.origin} if pump.origin else {})


def pump_from(raw: object, folder: str) -> StoredPump:
    """The pump that a document describes.

    Args:
        raw: what the JSON held.
        folder: the name of its folder, which has to be the pump's id.

    Raises:
        ConfigurationError: the document is not one, or a newer version wrote it; no value is quoted.
    """
    version = raw.get("schema") if isinstance(raw, dict) else None
    if isinstance(version, int) and version > SCHEMA:
        raise ConfigurationError(
            f"It was written by a newer QCPump-Qt (schema {version}; this one knows {SCHEMA}). "
            "Use the newer version, or add the pump anew."
        )
    document = _checked(raw, "Mend the file, or move its folder away.")
    if document["id"] != folder:
        raise ConfigurationError(
            f"It says that its id is {document['id']!r}, but its folder is called {folder!r}. "
            "A folder that was copied by hand does not make a second pump; add one in the program instead."
        )
    return StoredPump(
        document["id"], document["type"], document["name"], _with_kept(document), document.get("origin", "")
    )


def with_stand_ins(pump: StoredPump) -> StoredPump:
    """The pump with a text in place of each secret that is in the keyring, for a look at its other values."""
    values = {
        section: [
            {
                field: "(in the keyring)" if isinstance(value, KeptSecret) else value
                for field, value in row.items()
            }
            for row in rows
        ]
        for section, rows in pump.values.items()
    }
    return pump.changed(values=values)


def check_keepable(pump: StoredPump) -> None:
    """Raise `ConfigurationError` when the pump could not be read again from its document."""
    _checked(document_of(pump), "Only texts, numbers, true, false and null can be kept.")


def in_step(pump: StoredPump) -> StoredPump:
    """The pump with the read-only fields *type* and *name* of its section *Pump*, where they stand, made right.

    They repeat what the document says (compatibility reference, section 3) and would lag behind a new name.
    """
    rows = pump.values.get("Pump")
    if not rows:
        return pump
    same = {"type": pump.type, "name": pump.name}
    first = {field: same.get(field, value) for field, value in rows[0].items()}
    return pump.changed(values={**pump.values, "Pump": [first, *rows[1:]]})


def _checked(raw: object, what_to_do: str) -> dict[str, Any]:
    try:
        return check_document(raw)
    except Misshapen as error:
        raise ConfigurationError(f"{error} {what_to_do}") from None


def _with_kept(document: dict[str, Any]) -> Values:
    return {
        section: [
            {
                field: KeptSecret(secret_name(document["id"], section, index, field))
                if is_mark(value)
                else value
                for field, value in fields.items()
            }
            for index, fields in enumerate(subsections)
        ]
        for section, subsections in document["values"].items()
    }


def clean_name(name: str) -> str:
    """A pump's name as it is kept: composed Unicode without blanks around it.

    Raises:
        ConfigurationError: it is empty, too long, or has control characters in it.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise ConfigurationError("A pump needs a name. Type one.")
    if len(name) > _NAME_LIMIT:
        raise ConfigurationError(
            f"The name is {len(name)} characters long; at most {_NAME_LIMIT} are possible. Choose a shorter one."
        )
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name):
        raise ConfigurationError(
            f"The name {name!r} has a line end or another control character in it. Type the name anew."
        )
    return name


def new_id(name: str) -> str:
    """A new id: readable from the name, and different at each call.

    It has only small ASCII letters, digits and hyphens and never is one of the names that Windows
    reserves (CON, NUL), as something always follows the hyphen.
    """
    import secrets  # noqa: PLC0415 - brings OpenSSL along, which the window need not wait for

    decomposed = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall("[a-z0-9]+", decomposed.encode("ascii", "ignore").decode("ascii"))
    slug = "-".join(words)[:40].strip("-") or "pump"
    return f"{slug}-{''.join(secrets.choice(_ID_CHARACTERS) for _ in range(6))}"
