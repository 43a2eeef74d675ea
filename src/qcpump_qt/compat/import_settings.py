"""Takes over the settings of QCPump 0.3 that nobody has set here yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qcpump_qt.compat.import_report import ImportReport
from qcpump_qt.compat.old_config import SETTINGS, OldFolder
from qcpump_qt.engine import files
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.settings import Settings, load_settings, save_settings, settings_from


def import_settings(old: OldFolder, settings_file: Path, report: ImportReport) -> None:
    """Bring the old settings over; a setting that was made here already stays as it is.

    Args:
        old: the folder that was read.
        settings_file: our own.
        report: gets the names of what came over, and what did not with the reason.
    """
    if old.settings is None:
        return
    theirs, messages = settings_from(old.settings, old.path / SETTINGS)
    report.messages += messages
    ours, troubles = load_settings(settings_file)
    if troubles:
        report.messages.append(
            f"The settings were not imported, as our own file needs mending first. {' '.join(troubles)}"
        )
        return
    taken = _taken(_as_here(theirs, old.path), ours, report)
    if not taken:
        return
    try:
        files.make_folder(settings_file.parent)
        save_settings(settings_file, ours.changed(**taken))
    except ConfigurationError as error:
        report.messages.append(f"The settings were not imported. {error.message}")
        return
    report.settings += taken


def _as_here(theirs: Settings, old_folder: Path) -> dict[str, Any]:
    """Their settings, with relative folders counted from where their file stands."""
    values = theirs.given
    if theirs.PUMP_DIRECTORIES and "PUMP_DIRECTORIES" in values:
        values["PUMP_DIRECTORIES"] = [str(folder) for folder in theirs.pump_directories(old_folder)]
    return values


def _taken(theirs: dict[str, Any], ours: Settings, report: ImportReport) -> dict[str, Any]:
    """Those of their settings that are new here."""
    taken = {}
    for key, value in theirs.items():
        if key not in ours.given:
            taken[key] = value
        elif getattr(ours, key) != value:
            report.messages.append(f"The setting {key} was made here already and stays as it is.")
    return taken
