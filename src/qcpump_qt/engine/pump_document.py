"""A pump as it stands on disk: `pumps/<id>/config.json`, schema version 1."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.secrets import secret_name

SCHEMA = 1
MARK = {"secret": True}
"""Stands in the document for a value that is in the keyring."""

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


def _whole(text: str) -> str:
    """Refuse half of a character, which no file could hold."""
    text.encode("utf-8")
    return text


def _no_whole_number(value: object) -> object:
    """Keep whole numbers from being taken as fractions: they would be read with another type."""
    if isinstance(value, int):
        raise ValueError("a whole number of that size cannot be kept")  # noqa: TRY004 - pydantic wants this kind
    return value


Text = Annotated[str, AfterValidator(_whole)]
Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""No field needs a larger one, and some of these could not even be written."""
Fraction = Annotated[float, BeforeValidator(_no_whole_number)]


class _Mark(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    secret: Literal[True]


class _Document(BaseModel):
    """The shape of `config.json`.

    Unknown keys are refused: dropping them at the next save would lose what a later version kept there.
    """

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    schema_version: Literal[1] = Field(alias="schema")
    id: str = Field(min_length=1)
    type: Text = Field(min_length=1)
    name: Text = Field(min_length=1)
    origin: Text = ""
    values: dict[Text, list[dict[Text, Text | bool | Whole | Fraction | _Mark | None]]]


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
    if document.id != folder:
        raise ConfigurationError(
            f"It says that its id is {document.id!r}, but its folder is called {folder!r}. "
            "A folder that was copied by hand does not make a second pump; add one in the program instead."
        )
    return StoredPump(document.id, document.type, document.name, _with_kept(document), document.origin)


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


def _checked(raw: object, what_to_do: str) -> _Document:
    try:
        return _Document.model_validate(raw)
    except ValidationError as error:
        raise ConfigurationError(f"{_problem(error)} {what_to_do}") from None


def _with_kept(document: _Document) -> Values:
    return {
        section: [
            {
                field: KeptSecret(secret_name(document.id, section, index, field))
                if isinstance(value, _Mark)
                else value
                for field, value in fields.items()
            }
            for index, fields in enumerate(subsections)
        ]
        for section, subsections in document.values.items()
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
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall("[a-z0-9]+", decomposed.encode("ascii", "ignore").decode("ascii"))
    slug = "-".join(words)[:40].strip("-") or "pump"
    return f"{slug}-{''.join(secrets.choice(_ID_CHARACTERS) for _ in range(6))}"


def _problem(error: ValidationError) -> str:
    """The first thing that is the matter, without quoting a value (it might be a secret)."""
    problem = error.errors(include_input=False, include_url=False)[0]
    location = [str(part) for part in problem["loc"]]
    if not location:
        return "A JSON object is expected."
    if location[0] == "values" and len(location) > 4:
        return f"The value of {' → '.join(location[1:2] + location[3:4])} is of a kind that cannot be kept."
    said = problem["msg"]
    return f"At {' → '.join(location)}: {said[:1].lower()}{said[1:]}."
