"""Brings pumps, settings and secrets over from QCPump 0.3; the old folder is only ever read.

A clinic that switches types nothing anew: types keep their class names, fields their values; tokens and
passwords, which stood there in clear text, go to the keyring.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from qcpump_qt.compat.import_report import ImportReport, Outcome, PumpOutcome
from qcpump_qt.compat.import_settings import import_settings
from qcpump_qt.compat.old_config import OldPump, OldValues, read_old_folder
from qcpump_qt.engine.document_shape import MARK
from qcpump_qt.engine.errors import PumpError, SecretError
from qcpump_qt.engine.pump_secrets import Place, is_secret, places_in, put, secret_command
from qcpump_qt.engine.store import KeptSecret, PumpStore, StoredPump

SecretFieldsOf = Callable[[str], Collection[tuple[str, str]]]


def import_folder(
    path: Path,
    store: PumpStore,
    settings_file: Path,
    *,
    known_types: Callable[[], Collection[str]] | None = None,
    secret_fields: SecretFieldsOf = lambda _: (),
) -> ImportReport:
    """Import a configuration folder of QCPump 0.3 (compatibility reference, sections 1 to 3).

    Doing it twice doubles nothing. A pump that is already there stays as it is; only secrets that the
    keyring lacks are filled in.

    Args:
        path: the folder, its `pumps` folder, or the folder that it lies in.
        store: where the pumps go.
        settings_file: our own settings.
        known_types: gives the class names of the pump types that are here, once the settings (and with them the
            folders of own pump types) have come over; pumps of others come over and are noted.
        secret_fields: gives (section, field) of the secret fields of a type, beside those that look secret.

    Raises:
        ConfigurationError: there is no such folder, or our own pumps cannot be read.
    """
    old = read_old_folder(path)
    report = ImportReport(old.path, unusable=list(old.unusable))
    import_settings(old, settings_file, report)
    run = _Run(store, report, known_types() if known_types else None, secret_fields)
    for pump in old.pumps:
        report.pumps.append(run.take(pump))
    return report


@dataclass(frozen=True)
class _Slot:
    """Where a pump goes: a name that is free, or the pump that is there already."""

    name: str
    there: StoredPump | None = None


class _Run:
    """One import under way."""

    def __init__(
        self,
        store: PumpStore,
        report: ImportReport,
        known_types: Collection[str] | None,
        secret_fields: SecretFieldsOf,
    ) -> None:
        self._store = store
        self._report = report
        self._known_types = known_types
        self._secret_fields = secret_fields
        self._seen: set[str] = set()
        self._keyring_trouble: SecretError | None = None
        self._keyring_checked = False

    def take(self, old: OldPump) -> PumpOutcome:
        """Bring one pump over; whatever happens to it is in the outcome."""
        name = _usable_name(old.name)
        try:
            slot = self._slot(old, name)
            self._seen.add(slot.name)
            if slot.there:
                return self._already_there(old, slot.there)
            return self._added(old, slot.name)
        except PumpError as error:
            return PumpOutcome(Outcome.FAILED, old.path, name, old.type, "", (*old.notes, error.message))

    def _slot(self, old: OldPump, name: str) -> _Slot:
        """The first of ``name``, ``name (2)`` and so on that is free or already is this pump."""
        pumps = self._store.load_all()[0]
        for pump in pumps:
            if pump.origin == str(old.path.parent) and pump.type == old.type:
                return _Slot(pump.name, pump)
        by_name = {pump.name: pump for pump in pumps}
        number, candidate = 1, name
        while True:
            there = by_name.get(candidate)
            if candidate not in self._seen and (there is None or there.type == old.type):
                return _Slot(candidate, there)
            number += 1
            candidate = f"{name} ({number})"

    def _added(self, old: OldPump, name: str) -> PumpOutcome:
        declared = set(self._secret_fields(old.type))
        secrets = _secret_places(old.values, declared)
        notes = [*old.notes, *self._type_notes(old.type)]
        if name != old.name:
            notes.append(f"It was called {old.name!r} and is called {name!r} here, as names have to differ.")
        pump, trouble = self._kept(old, name, secrets, declared)
        if trouble:
            notes += _to_type(name, secrets, trouble)
        elif secrets:
            noun = "secret" if len(secrets) == 1 else "secrets"
            notes.append(f"{len(secrets)} {noun} went to the keyring.")
        return PumpOutcome(Outcome.IMPORTED, old.path, name, old.type, pump.id, tuple(notes))

    def _kept(
        self, old: OldPump, name: str, secrets: list[Place], declared: Collection[tuple[str, str]]
    ) -> tuple[StoredPump, SecretError | None]:
        """Add the pump, with its secrets or else without them and with the reason."""
        origin = str(old.path.parent)
        trouble = self._trouble() if secrets else None
        if not trouble:
            try:
                return self._store.add(name, old.type, old.values, declared, origin=origin), None
            except SecretError as error:
                trouble = error
        # A mark without a secret: the pump says by itself what is missing until it is typed.
        bare = put(old.values, {place: dict(MARK) for place in secrets})
        return self._store.add(name, old.type, bare, origin=origin), trouble

    def _already_there(self, old: OldPump, there: StoredPump) -> PumpOutcome:
        notes = ["It was left as it is here."]
        lacking = [place for place, value in places_in(there.values) if isinstance(value, KeptSecret)]
        trouble = self._trouble() if lacking else None
        if trouble:
            notes.append(f"Whether its secrets are in the keyring could not be seen. {trouble.message}")
        else:
            filled = self._store.fill_missing_secrets(there, old.values)
            notes += [f"The keyring lacked a secret, which was filled in: {place}." for place in filled]
        return PumpOutcome(Outcome.ALREADY_THERE, old.path, there.name, old.type, there.id, tuple(notes))

    def _type_notes(self, pump_type: str) -> Iterable[str]:
        if self._known_types is not None and pump_type not in self._known_types:
            yield (
                f"The pump type {pump_type} is not known here. If it is one of your own, see that "
                "PUMP_DIRECTORIES in the settings names its folder; the pump runs once the type is found."
            )

    def _trouble(self) -> SecretError | None:
        """Why the keyring does not work, asked once for the whole import."""
        if not self._keyring_checked:
            self._keyring_checked = True
            try:
                self._store.check_secrets()
            except SecretError as error:
                self._keyring_trouble = error
        return self._keyring_trouble


def _usable_name(name: str) -> str:
    """The name without line ends and other control characters, which old files may have in them."""
    kept = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in name)
    return unicodedata.normalize("NFC", kept).strip()[:190] or "Pump"


def _secret_places(values: OldValues, declared: Collection[tuple[str, str]]) -> list[Place]:
    return [place for place, value in places_in(values) if is_secret(place, value, declared)]


def _to_type(name: str, places: list[Place], trouble: SecretError) -> list[str]:
    """What is missing because the keyring does not work, and what to do."""
    commands = "\n".join(f"    {secret_command(name, place)}" for place in places)
    return [
        f"Its tokens and passwords were not imported, as the keyring does not work. {trouble.message}",
        f"When it works, import again, or type them with:\n{commands}",
    ]
