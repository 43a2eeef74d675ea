"""A zip that tells those who help what is the matter: versions, settings, pumps, logs and how the ledger stands.

No secret gets into it: documents have marks in their place, and whatever looks like one is hidden once more.
What cannot be read is told in the zip itself, so that a broken home can be reported too.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from qcpump_qt.engine import files
from qcpump_qt.engine.config.secrecy import has_credentials, looks_secret
from qcpump_qt.engine.document_shape import MARK
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.logs.redaction import HIDDEN, Redactor
from qcpump_qt.engine.paths import Places

MOST_OF_A_LOG = 5_000_000
"""Bytes of each log that are taken, the newest ones."""

CYCLES = 50
"""Cycles of each pump that are listed, the newest ones."""

_LOG = re.compile(r".+\.log(\.\d+)?")


def write_bundle(places: Places, target: Path, versions: Mapping[str, str], redactor: Redactor) -> list[str]:
    """Write the zip; takes seconds where there are many logs.

    Args:
        places: the home that it is about.
        target: the zip, over a former one.
        versions: name and version of the program and of what it uses.
        redactor: knows the secrets of this process.

    Returns:
        what could not be put into it and why, as whole sentences; they stand in the zip as well.

    Raises:
        ConfigurationError: the zip itself cannot be written; a former one is as it was.
    """
    with (
        files.replacing(target) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
    ):
        bundle = _Bundle(archive, redactor)
        bundle.put("versions.json", lambda: _as_text(versions))
        bundle.put("settings.json", lambda: _document(places.settings_file))
        for pump in bundle.names(places.pumps):
            bundle.put(f"pumps/{pump}/config.json", partial(_document, places.pumps / pump / "config.json"))
        for name in filter(_LOG.fullmatch, bundle.names(places.logs)):
            bundle.put(f"logs/{name}", partial(_end_of, places.logs / name))
        bundle.put("ledger.json", lambda: _ledger(places.ledger_file))
        bundle.put("notes.txt", lambda: "\n".join(bundle.notes) + "\n")
    return bundle.notes


@dataclass
class _Bundle:
    archive: zipfile.ZipFile
    redactor: Redactor
    notes: list[str] = field(default_factory=list)

    def put(self, name: str, content: Callable[[], str]) -> None:
        """Put one file in; what keeps it out is noted."""
        try:
            text = content()
        except PumpError as error:
            self.note(name, error.message)
        except Exception as fault:  # noqa: BLE001 - the report of a broken home must not fail on what is broken
            self.note(name, f"{type(fault).__name__}: {fault}")
        else:
            data = self.redactor.redact(text).encode("utf-8", "backslashreplace")
            self.archive.writestr(name.encode("utf-8", "backslashreplace").decode("utf-8"), data)

    def names(self, folder: Path) -> list[str]:
        """What is in a folder; nothing, and a note, where it cannot be read."""
        try:
            return files.names_in(folder)
        except PumpError as error:
            self.note(folder.name, error.message)
            return []

    def note(self, name: str, reason: str) -> None:
        """Tell what is not in the zip."""
        self.notes.append(self.redactor.redact(f"{name} is not in this report. {reason}"))


def _as_text(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, default=str)


def _document(path: Path) -> str:
    """A document of ours without secrets; one that is not JSON is not quoted, as nobody knows what stands where."""
    return _as_text(_hidden(files.read_json(path), secret=False))


def _hidden(value: Any, *, secret: bool) -> Any:
    """The value with what is secret in it replaced.

    Args:
        value: what a document holds.
        secret: the name of the field says that it is a secret; whatever stands there is hidden whole then.
    """
    if secret:
        return value if _says_nothing(value) else HIDDEN
    if isinstance(value, dict):
        return {key: _hidden(each, secret=looks_secret(str(key))) for key, each in value.items()}
    if isinstance(value, list):
        return [_hidden(each, secret=False) for each in value]
    return HIDDEN if isinstance(value, str) and has_credentials(value) else value


def _says_nothing(value: Any) -> bool:
    """True for a blank, a yes or no, and the mark of a secret that is in the keyring."""
    return value is None or isinstance(value, bool) or value in ("", MARK)


def _end_of(log: Path) -> str:
    data = files.read_end(log, MOST_OF_A_LOG + 1)
    if len(data) > MOST_OF_A_LOG:
        data = data[data.find(b"\n") + 1 :]  # half of a line tells nothing, and might hide half of a secret
    return data.decode("utf-8", "replace")


def _ledger(file: Path) -> str:
    from qcpump_qt.engine.ledger.ledger import Ledger  # noqa: PLC0415 - loads a library that takes its time
    from qcpump_qt.engine.ledger.shown import VERSION  # noqa: PLC0415 - as above

    if not files.exists(file):
        return _as_text({"version": None, "pumps": {}})
    ledger = Ledger.at(file)
    try:
        pumps = {
            pump: {
                "counts": {state.value: number for state, number in found.counts.items()},
                "waiting with trouble": found.trouble,
                "last success": found.last_success,
                "cycles": [vars(cycle) for cycle in ledger.cycles.latest(pump, CYCLES)],
            }
            for pump, found in ledger.browse.summary().items()
        }
    finally:
        ledger.close()
    return _as_text({"version": VERSION, "bytes": file.stat().st_size, "pumps": pumps})
