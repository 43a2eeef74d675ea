"""What the dialog *About* shows, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LICENCE = "QCPump-Qt is free software under the MIT licence. Copyright (c) 2026 The QCPump-Qt authors."


@dataclass(frozen=True)
class LibraryRow:
    """One library: its name, its version, its licence in a few words."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class FolderRow:
    """One folder of the program: what people call it, and its path."""

    label: str
    path: str


@dataclass(frozen=True, kw_only=True)
class AboutFacts:
    """Everything that is known without looking at the disk.

    Args:
        version: of this program.
        python, qt, system: what it runs on.
        folders: where it keeps things.
    """

    version: str
    python: str
    qt: str
    system: str
    folders: Sequence[FolderRow]


def as_text(facts: AboutFacts, libraries: Sequence[LibraryRow]) -> str:
    """All of it as lines, for an e-mail to those who help."""
    lines = [
        f"QCPump-Qt {facts.version}",
        f"Python {facts.python}, Qt {facts.qt}, {facts.system}",
        *(f"{folder.label}: {folder.path}" for folder in facts.folders),
        *(f"{row.name} {row.version} ({row.licence})" for row in libraries),
    ]
    return "\n".join(lines) + "\n"
