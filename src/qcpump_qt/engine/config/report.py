"""What a validation found, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class SectionReport:
    """What was found in one sub-section.

    Args:
        section: the section's name.
        index: which sub-section, from 0; None for a section that has just one, or that was not looked at.
        valid: True when all is right.
        message: what to tell about it; may be set when valid, too ("Connected to …").
        fields: what is wrong with single fields.
        blocked_by: names of sections that must be right first; set means that this one was not looked at.
        transient: True when trying again later may help: a server or share could not be reached.
    """

    section: str
    index: int | None
    valid: bool
    message: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    blocked_by: tuple[str, ...] = ()
    transient: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was found in one pump.

    Args:
        sections: one entry for each sub-section, in the order of the form.
        valid: True when everything was looked at and is right; False for an inactive pump.
        inactive: True when the pump is not active, so that nothing was looked at.
    """

    sections: tuple[SectionReport, ...]
    valid: bool
    inactive: bool = False

    def of(self, section: str) -> tuple[SectionReport, ...]:
        """The entries of one section."""
        return tuple(entry for entry in self.sections if entry.section == section)

    def is_valid(self, section: str) -> bool:
        """True when the section was looked at and every sub-section of it is right."""
        entries = self.of(section)
        return bool(entries) and all(entry.valid for entry in entries)

    @property
    def summary(self) -> str:
        """The whole report in a sentence, for a list of pumps and for the command line."""
        if self.inactive:
            return "The pump is not active, so its configuration was not checked."
        if self.valid:
            return "The configuration is in order."
        bad = dict.fromkeys(entry.section for entry in self.sections if not entry.valid)
        return f"Not in order: {', '.join(bad)}."
