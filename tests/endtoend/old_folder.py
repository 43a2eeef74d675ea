"""Writes configuration folders as QCPump 0.3 leaves them (compatibility reference, section 2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qcpump_qt.demo.clinic import TOKEN

Sections = Mapping[str, Mapping[str, Any]]

QUICK_SETTINGS = {"HTTP_CONNECT_TIMEOUT": 2.0, "HTTP_READ_TIMEOUT": 2.0}
"""So that a test does not wait half a minute for a server that hangs."""


def write_old_folder(folder: Path, settings: Mapping[str, Any] | None = None) -> Path:
    """An old configuration folder without pumps."""
    (folder / "pumps").mkdir(parents=True)
    (folder / "settings.json").write_text(json.dumps(settings or QUICK_SETTINGS), encoding="utf-8")
    return folder


def write_old_pump(folder: Path, name: str, type_: str, sections: Sections) -> Path:
    """One pump; its folder's name is only a number, as names may have any character."""
    number = len(list((folder / "pumps").iterdir()))
    state = {
        section: {
            "config_name": section,
            "subsections": [[{"config_name": field, "value": value} for field, value in fields.items()]],
        }
        for section, fields in sections.items()
    }
    document = {"type": type_, "name": name, "version": "v0.3.17", "state": state}
    path = folder / "pumps" / f"pump{number:03}" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def mpc_sections(tds: Path, url: str, *, token: str = TOKEN, **changes: Mapping[str, Any]) -> Sections:
    """The sections of an MPC pump.

    Args:
        tds: the TDS directory.
        url: the API of the server.
        token: its token.
        changes: values on top; the name of a section is given as ``pump``, ``mpc``, ``api`` or ``lists``.
    """
    return {
        "Pump": {"interval (s)": 1, "log level": "debug", "active": True, **changes.get("pump", {})},
        "MPC": {"tds directory": str(tds), "history days": 400, **changes.get("mpc", {})},
        "QATrack+ API": {"api url": url, "auth token": token, "throttle": 0.0, **changes.get("api", {})},
        "Test List": {"name": "MPC: {{ check_type }}", **changes.get("lists", {})},
    }
