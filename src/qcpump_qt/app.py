"""Composition: builds the parts below and connects them. The command line and the window both start here.

What a window needs to be shown is imported with this file; what a cycle needs (the ledger's library, the pump
types with theirs) where it is first used.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING

from qcpump_qt.compat.bridge import use_settings
from qcpump_qt.engine.config.sections import COMMON, COMMON_SECTION
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.logs.lines import LEVELS
from qcpump_qt.engine.logs.logs import Logs, PumpLog
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import KeyringSecrets, SecretStore
from qcpump_qt.engine.settings import Settings, load_settings
from qcpump_qt.engine.store import BrokenPump, PumpStore, StoredPump
from qcpump_qt.version import VERSION

if TYPE_CHECKING:
    from qcpump_qt.compat.catalogue import Catalogue
    from qcpump_qt.engine.cancel import CancelToken
    from qcpump_qt.engine.config.report import Report
    from qcpump_qt.engine.host import PumpHost
    from qcpump_qt.engine.ledger.ledger import Ledger
    from qcpump_qt.engine.ledger.shown import PumpSummary
    from qcpump_qt.engine.preview import Preview, PreviewHost
    from qcpump_qt.engine.report import CycleReport
    from qcpump_qt.pumps.base import BasePump

USUAL_INTERVAL = 300.0
"""Seconds between two cycles of a pump whose own interval cannot be used."""


@dataclass
class Program:
    """One home with everything in it.

    Args:
        places: where everything lies.
        secrets: where tokens and passwords are kept; the keyring unless the demonstration runs.
        builtin: the built-in pump types; those of this program where None.
        redactor: takes secrets out of every log line.
    """

    places: Places
    secrets: SecretStore = field(default_factory=KeyringSecrets)
    builtin: Iterable[type[BasePump]] | None = None
    redactor: Redactor = field(default_factory=Redactor)
    _opening: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _loading: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _ledger: Ledger | None = field(default=None, init=False, repr=False)
    _catalogue: Catalogue | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.places.ensure()
        self.with_settings_anew()
        self.logs = Logs(
            self.places.logs,
            self.redactor,
            level=self.settings.LOG_LEVEL,
            console=self.settings.LOG_TO_CONSOLE,
        )
        self.store = PumpStore(self.places, self.secrets, self.redactor)

    def use(self, settings: Settings) -> None:
        """Let these settings count from now on, for pump types of users' own too."""
        self.settings = settings
        use_settings({**settings.as_dict(), "VERSION": VERSION})

    def with_settings_anew(self) -> Program:
        """Read the settings again, and with them the pump types; logs stay as they are."""
        settings, self.setting_messages = load_settings(self.places.settings_file)
        self.use(settings)
        with self._loading:
            self._catalogue = None
        return self

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close ledger and logs."""
        with self._opening:
            ledger, self._ledger = self._ledger, None
        if ledger is not None:
            ledger.close()
        self.logs.close()

    @property
    def ledger(self) -> Ledger:
        """The ledger; opened when it is first needed, once for all threads."""
        from qcpump_qt.engine.ledger.ledger import Ledger  # noqa: PLC0415 - loads a library that takes its time

        with self._opening:
            if self._ledger is None:
                self._ledger = Ledger.at(self.places.ledger_file)
            return self._ledger

    def standing(self) -> Mapping[str, PumpSummary]:
        """How each pump stands that has a record or a cycle, by its id; the ledger is opened only if it has to be.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        from qcpump_qt.engine.ledger.glance import glance  # noqa: PLC0415 - not needed to show a window

        found = glance(self.places.ledger_file)
        return self.ledger.browse.summary() if found is None else found

    @property
    def catalogue(self) -> Catalogue:
        """All pump types, with the problems of those that could not be loaded; loaded once for all threads."""
        from qcpump_qt.compat.loader import load_pump_types  # noqa: PLC0415 - as `pumps.builtin`
        from qcpump_qt.pumps.builtin import BUILTIN  # noqa: PLC0415 - the types bring their libraries along

        with self._loading:
            if self._catalogue is None:
                builtin = BUILTIN if self.builtin is None else self.builtin
                self._catalogue = load_pump_types(builtin, self.settings.pump_directories(self.places.config))
            return self._catalogue

    def pumps(self) -> tuple[list[StoredPump], list[BrokenPump]]:
        """The configured pumps, and those whose document cannot be read."""
        return self.store.load_all()

    def faults(self) -> list[str]:
        """Those of the troubles that are mistakes in this home's own configuration, not in somebody's pump type."""
        _pumps, broken = self.pumps()
        return [*self.setting_messages, *(pump.reason for pump in broken)]

    def troubles(self) -> list[str]:
        """What is not usable in this home: settings, pump types, pump documents."""
        _pumps, broken = self.pumps()
        return [
            *self.setting_messages,
            *(str(problem) for problem in self.catalogue.problems),
            *(pump.reason for pump in broken),
        ]

    # --- one pump --------------------------------------------------------------------------------

    def configuration(self, pump: StoredPump, *, secrets: bool = True) -> Configuration:
        """The pump's values, checked against its type.

        Raises:
            PumpTypeError: its type is unknown.
            SecretError: a secret is not in the keyring.
        """
        sections = self.catalogue.get(pump.type).sections
        values = self.store.with_secrets(pump) if secrets else pump.values
        common = [{**row, "type": pump.type, "name": pump.name} for row in values.get(COMMON) or [{}]]
        return Configuration(sections, {**values, COMMON: common})

    def is_active(self, pump: StoredPump) -> bool:
        """False when the pump was switched off."""
        rows = pump.values.get(COMMON) or [{}]
        return rows[0].get("active") is not False

    def interval(self, pump: StoredPump) -> float:
        """Seconds between two cycles, read by the rules of the common section alone."""
        try:
            common = Configuration((COMMON_SECTION,), {COMMON: pump.values.get(COMMON)})
            value = common.value(COMMON, "interval (s)")
        except ConfigurationError:
            return USUAL_INTERVAL
        return float(value) if isinstance(value, int) and value > 0 else USUAL_INTERVAL

    def make(self, pump: StoredPump, host: PumpHost, *, checked: bool = True) -> BasePump:
        """Build the pump.

        Raises:
            ConfigurationError: its configuration is not in order (what needs no server is checked).
            SecretError: a secret is not in the keyring.
        """
        from qcpump_qt.engine.config.validation import validate  # noqa: PLC0415 - not needed to show a window

        configuration = self.configuration(pump)
        built = self.catalogue.get(pump.type).create(configuration, host)
        if checked:
            report = validate(built, configuration, cancel=host.cancel, online=False)
            # A check that could not reach its server is no mistake: the cycle itself lets its records wait.
            wrong = [
                entry for entry in report.sections if not (entry.valid or entry.transient or entry.blocked_by)
            ]
            if wrong and not report.inactive:
                raise ConfigurationError(" ".join(problems_of(report)), title="Configuration not in order")
        built.setup()
        return built

    def log_of(self, pump: StoredPump) -> PumpLog:
        """The pump's own log; at the usual level where its own is none, as the validation tells."""
        rows = pump.values.get(COMMON) or [{}]
        level = str(rows[0].get("log level") or "info").strip().lower()
        return self.logs.pump(pump.id, level if level in LEVELS else "info")

    def run(
        self,
        pump: StoredPump,
        trigger: str,
        cancel: CancelToken,
        progress: Callable[[float, str], None] = lambda _percent, _message: None,
    ) -> CycleReport:
        """One cycle of the pump; never raises for what happens in it."""
        from qcpump_qt.engine.cycle import CycleOrder, run_cycle  # noqa: PLC0415 - as the ledger

        order = CycleOrder(
            pump_id=pump.id,
            name=pump.name,
            type=pump.type,
            folder=self.store.folder_of(pump.id),
            trigger=trigger,
            settings=self.settings,
            make=lambda host: self.make(pump, host),
            log=self.log_of(pump).log,
            progress=progress,
        )
        return run_cycle(order, self.ledger, self.places.locks, cancel)

    def preview(self, pump: StoredPump, cancel: CancelToken) -> Preview:
        """What a cycle would do; nothing is sent or recorded."""
        return self._preview_host(pump, cancel).preview(lambda host: self.make(pump, host))

    def validate(self, pump: StoredPump, cancel: CancelToken) -> Report:
        """Validate the pump's configuration, servers and shares included.

        Raises:
            PumpTypeError, SecretError: it cannot be validated at all.
        """
        from qcpump_qt.engine.config.validation import validate  # noqa: PLC0415 - not needed to show a window

        configuration = self.configuration(pump, secrets=self.is_active(pump))
        built = self.catalogue.get(pump.type).create(configuration, self._preview_host(pump, cancel))
        return validate(built, configuration, cancel=cancel)

    def validate_values(self, pump: StoredPump, cancel: CancelToken) -> Report:
        """What can be told of the pump's configuration at once, without its secrets and servers.

        Raises:
            PumpTypeError: its type is unknown.
        """
        from qcpump_qt.engine.config.validation import validate_values  # noqa: PLC0415 - as above
        from qcpump_qt.engine.pump_document import with_stand_ins  # noqa: PLC0415 - as above

        return validate_values(self.configuration(with_stand_ins(pump), secrets=False), cancel)

    def _preview_host(self, pump: StoredPump, cancel: CancelToken) -> PreviewHost:
        from qcpump_qt.engine.preview import PreviewHost  # noqa: PLC0415 - as the ledger

        return PreviewHost(
            pump.id,
            pump.name,
            self.store.folder_of(pump.id),
            self.settings,
            cancel,
            lambda: self.ledger,
            self.log_of(pump).log,
        )

    def secret_fields(self, type_key: str) -> Collection[tuple[str, str]]:
        """(section, field) of each secret field of a pump type; none for an unknown type."""
        found = self.catalogue.types.get(type_key)
        if found is None:
            return ()
        return [
            (section.name, each.name) for section in found.sections for each in section.fields if each.secret
        ]


def problems_of(report: Report) -> list[str]:
    """What is not in order, one sentence for each section that is not."""
    found = []
    for entry in report.sections:
        if not entry.valid:
            place = entry.section if entry.index is None else f"{entry.section} {entry.index + 1}"
            found.append(f"{place}: {entry.message}")
    return found
