"""The MPC pump type: looks at the share, groups what is new, has it delivered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.config.marks import online
from qcpump_qt.engine.errors import ConfigurationError, ServerRefused, ServerUnavailable, SourceUnavailable
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.mpc.config import MPC_SECTION, TEST_LIST_SECTION
from qcpump_qt.pumps.mpc.cycle_plan import CyclePlan
from qcpump_qt.pumps.mpc.findings import Findings, Sifter, open_ids
from qcpump_qt.pumps.mpc.payload import Wishes
from qcpump_qt.pumps.mpc.plan import Timing
from qcpump_qt.pumps.mpc.takeover import Takeover, uncompared
from qcpump_qt.pumps.mpc.watch import Watch
from qcpump_qt.pumps.qatrack_api import QATRACK_API_CONFIG, QATrackAPIMixin
from qcpump_qt.pumps.templates import render_name
from qcpump_qt.sources.mpc.names import CheckType
from qcpump_qt.sources.mpc.scan import MachineTrouble, list_machines

if TYPE_CHECKING:
    from qcpump_qt.qatrack.server import QATrackServer

SINCE = "since"
DIGESTS = "digests"


class QATrackMPCPump(QATrackAPIMixin, BasePump):
    """Delivers Varian MPC results; the rules are those of the reference *mpc-results*."""

    DISPLAY_NAME = "MPC: QATrack MPC Pump"
    DESCRIPTION = (
        "Looks on the TDS share of Varian linacs for new results of the Machine Performance Check (MPC), and "
        "sends each session to QATrack+ once."
    )
    CONFIG: ClassVar[list[dict[str, Any]]] = [MPC_SECTION, QATRACK_API_CONFIG, TEST_LIST_SECTION]

    def pump(self) -> None:
        """One cycle: whatever is new or still open, each session once."""
        timing = self._timing()
        watch = Watch(self.pump_host.memory, self.tds, timing.now)
        self.update_progress(5, "Looking at the share")
        try:
            findings = self._look(watch, timing)
        except SourceUnavailable:
            self._deliver_kept()
            raise
        if findings.nothing_new:
            self.log_debug("Nothing new on the share, nothing open in the ledger.")
            watch.keep()
        else:
            with self.qatrack_server() as server:
                self._deliver(findings, timing, watch, server)
        self._keep_digests(findings)
        self.update_progress(100, "Done")

    def _deliver_kept(self) -> None:
        """The share is away; what the ledger has kept of it goes all the same."""
        memory = self.pump_host.memory
        if keys := memory.open_records():
            with self.qatrack_server() as server:
                if not self._known_there(server, uncompared(memory, keys)):
                    self.pump_host.deliver((), server, throttle=self.throttle)

    def _known_there(self, server: QATrackServer, keys: list[str]) -> bool:
        """True when the server has one of these keys, or does not say; then the share is needed to compare."""
        try:
            return any(server.find(key) is not None for key in keys)
        except (ServerUnavailable, ServerRefused) as error:
            self.log_warning(str(error))
            return True

    def _deliver(self, findings: Findings, timing: Timing, watch: Watch, server: QATrackServer) -> None:
        """Make records of what was found and have them delivered."""
        host, memory = self.pump_host, self.pump_host.memory
        open_before = open_ids(memory)
        hold = host.settle_doubts(server)
        # What has just turned out to be delivered is no longer new: taken again, it would go as a late result.
        findings.drop(open_before - open_ids(memory))
        wishes = self.wishes()
        plan = CyclePlan(self.tds, findings, timing, wishes, memory, host.cancel)
        takeover = Takeover(memory, server, wishes, timing.window)
        plan.make_records(takeover if hold is None else None)
        # First of all: a record that is cut off here must not be left with its old content.
        host.forget(plan.gone_keys())
        memory.remember(plan.items())
        read = [(findings.places[run_id], reading) for run_id, reading in plan.readings.items()]
        watch.begin(read)
        noun = "record" if len(plan.records) == 1 else "records"
        self.update_progress(30, f"Delivering {len(plan.records)} {noun}")
        host.deliver(plan.records, server, throttle=self.throttle, hold=hold or takeover.trouble)
        watch.renew(read)
        takeover.keep()

    # --- configuration -----------------------------------------------------------------------

    @property
    def tds(self) -> Path:
        """The TDS directory."""
        return Path(str(self.get_config_value("MPC", "tds directory")))

    @online
    def validate_mpc(self, values: dict[str, Any]) -> tuple[bool, str]:
        """The TDS directory can be listed, and holds machines."""
        machines = 0
        for found in list_machines(
            Path(values["tds directory"]), values["fast search"], self.pump_host.cancel
        ):
            if isinstance(found, MachineTrouble):
                return False, found.message
            machines += 1
        if not machines:
            return False, (
                "No folder called MPCChecks was found below the TDS directory. Choose the folder that holds the "
                "machines' folders, or switch fast search off."
            )
        noun = "machine" if machines == 1 else "machines"
        return True, f"Found the results of {machines} {noun}."

    def validate_test_list(self, values: dict[str, Any]) -> tuple[bool, str]:
        """The template is usable and tells the types of check apart."""
        template = str(values["name"])
        names = {self._render(template, check_type.value) for check_type in CheckType}
        if len(names) < len(CheckType):
            raise ConfigurationError(
                "The name must contain {{ check_type }}: without it all types of check would go to one test list.",
                subject="Test List",
            )
        return True, (
            "The test lists are called: "
            + "; ".join(sorted(names))
            + ". A preview tells whether they are assigned "
            "to the units."
        )

    def wishes(self) -> Wishes:
        """What the configuration says about the upload."""
        template = str(self.get_config_value("Test List", "name"))

        @cache
        def name(check_type: str) -> str:
            return self._render(template, check_type)

        return Wishes(name, self.include_comment, bool(self.get_config_value("MPC", "upload leaves")))

    @staticmethod
    def _render(template: str, check_type: str) -> str:
        return render_name(template, {"check_type": check_type})

    def _timing(self) -> Timing:
        now = local_now().replace(tzinfo=None)
        since = self._since(now.date())
        return Timing(
            window=float(self.get_config_value("MPC", "grouping window")),
            wait=timedelta(minutes=float(self.get_config_value("MPC", "wait time"))),
            now=now,
            since=datetime.combine(since, datetime.min.time()),
        )

    def _since(self, today: date) -> date:
        """The first day of the history: set by the first cycle, only ever moved back (design, section 4.7)."""
        memory = self.pump_host.memory
        wanted = today - timedelta(days=int(self.get_config_value("MPC", "history days")))
        kept = memory.mark(SINCE)
        if kept is not None and date.fromisoformat(kept) <= wanted:
            return date.fromisoformat(kept)
        memory.set_mark(SINCE, wanted.isoformat())
        return wanted

    # --- the share ---------------------------------------------------------------------------

    def _look(self, watch: Watch, timing: Timing) -> Findings:
        sifter = Sifter(self.pump_host.memory, timing.since.date(), watch.changed())
        findings = Findings()
        listed: list[str] = []
        fast = bool(self.get_config_value("MPC", "fast search"))
        for found in list_machines(self.tds, fast, self.pump_host.cancel):
            if isinstance(found, MachineTrouble):
                findings.incomplete = True
                self.pump_host.unreachable(found.message)
                continue
            listed.append(found.base)
            if not found.names and sifter.held_before(found.base):
                self.pump_host.unreachable(
                    f"“{found.folder}” is empty, although it held results before. Is the share connected?"
                )
            else:
                sifter.take(found, findings)
        if not findings.digests and sifter.any_before():
            raise SourceUnavailable(
                f"“{self.tds}” holds no machine, although results were found there before. Is the share connected?",
                subject=str(self.tds),
            )
        if not findings.incomplete:
            self._tell_gone(sifter.gone(listed), findings)
        return findings

    def _tell_gone(self, containers: list[str], findings: Findings) -> None:
        """Said once: a machine may have been retired, and a pump must not complain of that for ever."""
        for container in containers:
            findings.gone.append(container)
            self.pump_host.unreachable(
                f"“{self.tds / container}” held results before and is not there any more. If the machine was "
                "not retired, check the share; what comes back is looked at as before."
            )

    def _keep_digests(self, findings: Findings) -> None:
        """Remember what every folder held, now that all of it has its state."""
        memory = self.pump_host.memory
        before = memory.mark(DIGESTS) or {}
        after = {
            name: seen for name, seen in {**before, **findings.digests}.items() if name not in findings.gone
        }
        if after != before:
            memory.set_mark(DIGESTS, after)
