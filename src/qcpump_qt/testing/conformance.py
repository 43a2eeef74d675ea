"""The checks themselves: a class that the author of a pump type makes a test of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.records import KEY_LIMIT
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.qatrack_api import SECTION, QATrackAPIMixin
from qcpump_qt.testing import stopping, validators
from qcpump_qt.testing.clinic import TOKEN, Clinic
from qcpump_qt.testing.requiring import require, require_none, skip
from qcpump_qt.testing.trees import differences, tree_digest

NO_SERVER = "This pump type talks to no QATrack+ server."


class Conformance:
    """What every pump type has to keep to.

    A subclass whose name begins with ``Test`` says which type it is about and how a small clinic looks; pytest
    then runs every check on a clinic of its own. Override `values` and, where the pump type has a source,
    `make_source`; where it posts to QATrack+, `set_up_server` too.
    """

    pump_type: ClassVar[str | type[BasePump]]
    """The pump type's class, or the name of its class in `file`."""

    file: ClassVar[Path | None] = None
    """The file of the pump type, in its own folder below a pump directory."""

    seconds_to_stop: ClassVar[float] = 2.0
    """How long a cycle may go on after it was stopped."""

    reads_only: ClassVar[bool] = True
    """False for a type whose cycles are meant to change the source, such as one that moves files."""

    # --- what the author says ----------------------------------------------------------------------

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        """The pump's configuration: section to values, or to a list of values for a multiple section.

        `clinic.source` is the folder of the source, `clinic.api` the section *QATrack+ API*.
        """
        raise NotImplementedError

    def make_source(self, clinic: Clinic) -> None:
        """Fill `clinic.source` (or a database of your own) with at least two records; nothing unless overridden."""

    def set_up_server(self, world: World) -> None:
        """Set up units, test lists and assignments for those records; nothing unless overridden."""

    def add_more(self, clinic: Clinic) -> None:  # noqa: ARG002 - a hook
        """Add one more record to the source, as the next day does; the check is left out unless overridden."""
        skip("The test says not how the source gets one more record (add_more).")

    def source_digest(self, clinic: Clinic) -> Any:
        """What the source holds; override it where the source is not `clinic.source`."""
        return tree_digest(clinic.source)

    def take_source_away(self, clinic: Clinic) -> None:
        """Make the source unreachable, as a share is that is not connected; override it for a database."""
        clinic.source.rename(clinic.source.with_name("away"))

    def bring_source_back(self, clinic: Clinic) -> None:
        """Undo `take_source_away`."""
        clinic.source.with_name("away").rename(clinic.source)

    # --- the checks ----------------------------------------------------------------------------------

    def test_its_configuration_is_sound(self, tmp_path: Path) -> None:
        """It is offered, every field says what it is for, and the test's own values are in order."""
        with self.clinic(tmp_path) as clinic:
            require_none(
                (
                    f"section '{section.name}', field '{field.name}'"
                    for section in clinic.offered.sections[1:]
                    for field in section.fields
                    if not field.help.strip()
                ),
                "Every field needs a 'help' that tells what it is for; these have none:",
            )
            report = clinic.program.validate(clinic.pump, CancelToken())
            wrong = [f"{entry.section}: {entry.message}" for entry in report.sections if not entry.valid]
            require_none(wrong, "The values of this test have to be in order, and the program says of them:")

    def test_its_validators_answer_whatever_is_entered(self, tmp_path: Path) -> None:
        """Two items, or a PumpError; nothing else for blank, long, wrong or foreign values."""
        with self.clinic(tmp_path) as clinic:
            require_none(validators.validator_faults(clinic), "Validation methods fail on odd values:")

    def test_its_choices_are_texts_also_when_the_server_is_away(self, tmp_path: Path) -> None:
        """A list of texts, or a PumpError that tells why there is none."""
        with self.clinic(tmp_path) as clinic:
            require_none(validators.choice_faults(clinic), "Live choices are not as they should be:")
            clinic.server.faults.add("drop-before", method="ANY", times=None)
            require_none(
                validators.choice_faults(clinic), "Live choices fail badly while the server is away:"
            )

    def test_a_cycle_ends_well(self, tmp_path: Path) -> None:
        """And a second one, right after it, too."""
        with self.clinic(tmp_path) as clinic:
            for _ in range(2):
                _require_ok(clinic.run())

    def test_the_same_records_have_the_same_ids_and_others_have_others(self, tmp_path: Path) -> None:
        """In two fetches, and in one more after the program was started anew."""
        with self.delivering_clinic(tmp_path) as clinic:
            first, again = clinic.found(), clinic.found()
            clinic.reopen()
            later = clinic.found()
            require(
                len(first) >= 2,
                f"The source of this test gave {len(first)} records; at least two are needed to tell ids apart.",
            )
            twice = sorted({key for key in first if first.count(key) > 1})
            require(not twice, f"Two records have one id, so only one of them would arrive: {twice}")
            changed = sorted(({*first} ^ {*again}) | ({*first} ^ {*later}))
            require(not changed, f"These ids were not the same in every fetch: {changed}")
            long = [key for key in first if not 0 < len(key) <= KEY_LIMIT]
            require(not long, f"Ids have 1 to {KEY_LIMIT} characters; these have not: {long}")

    def test_each_record_arrives_exactly_once(self, tmp_path: Path) -> None:
        """And the next cycle sends nothing."""
        with self.delivering_clinic(tmp_path) as clinic:
            wanted = clinic.found()
            _require_ok(clinic.run())
            clinic.judge(wanted)
            posts = clinic.server.counts.requests("POST")
            _require_ok(clinic.run())
            clinic.judge(wanted)
            more = clinic.server.counts.requests("POST") - posts
            require(not more, f"A cycle with nothing new posted {more} times.")

    def test_a_record_whose_answer_was_lost_is_not_sent_twice(self, tmp_path: Path) -> None:
        """The server stored it, and the line broke before it could say so."""
        with self.delivering_clinic(tmp_path) as clinic:
            wanted = clinic.found()
            clinic.server.faults.add("drop-after", times=1)
            for _ in range(2):
                clinic.run()
            clinic.judge(wanted)

    def test_what_comes_later_is_delivered_too(self, tmp_path: Path) -> None:
        """Ids do not depend on what else is there."""
        with self.delivering_clinic(tmp_path) as clinic:
            before = clinic.uploads()
            _require_ok(clinic.run())
            self.add_more(clinic)
            after = clinic.uploads()
            new = [key for key in after if key not in before]
            require(len(new) == 1, f"add_more has to add one record; it gave these new ids: {new}")
            moved = [key for key, upload in after.items() if key in before and before[key] != upload]
            require(
                not moved,
                f"With one more record at the source, these ids stood for other results than before: {moved}. "
                "An id must say what a record is, whatever else is there.",
            )
            _require_ok(clinic.run())
            clinic.judge([*before, *new])

    def test_it_stops_when_it_is_asked_to(self, tmp_path: Path) -> None:
        """Within `seconds_to_stop`, at any moment; what was not finished goes on in the next cycle."""
        with self.clinic(tmp_path) as clinic:
            wanted = clinic.found()
            stopping.stop_at_every_moment(clinic, self.seconds_to_stop)
            _require_ok(clinic.run())
            clinic.judge(wanted)

    def test_it_stops_while_the_server_is_silent(self, tmp_path: Path) -> None:
        """Within `seconds_to_stop`; nothing is lost by it."""
        with self.delivering_clinic(tmp_path) as clinic:
            wanted = clinic.found()
            stopping.stop_while_the_server_is_silent(clinic, self.seconds_to_stop)
            _require_ok(clinic.run())
            clinic.judge(wanted)

    def test_it_works_on_after_the_server_was_away(self, tmp_path: Path) -> None:
        """The cycle tells that it could not be reached; everything arrives once it can."""
        with self.delivering_clinic(tmp_path) as clinic:
            wanted = clinic.found()
            clinic.server.faults.add("drop-before", method="ANY", times=None)
            report = clinic.run()
            require(
                report.outcome is CycleOutcome.UNREACHABLE and report.reason,
                f"With the server away a cycle has to end as unreachable and say why; it ended {_told(report)}",
            )
            clinic.server.faults.clear()
            _require_ok(clinic.run())
            clinic.judge(wanted)

    def test_a_source_that_is_away_is_told_and_nothing_is_lost(self, tmp_path: Path) -> None:
        """A share that is not connected must never look like one with nothing new on it."""
        with self.delivering_clinic(tmp_path) as clinic:
            wanted = clinic.found()
            self.take_source_away(clinic)
            report = clinic.run()
            self.bring_source_back(clinic)
            require(
                report.outcome is not CycleOutcome.OK and report.reason,
                "The source was away and the cycle ended as if nothing was new. Raise SourceUnavailable (from "
                "qcpump_qt.engine.errors) when the source cannot be reached.",
            )
            _require_ok(clinic.run())
            clinic.judge(wanted)

    def test_looking_leaves_the_source_as_it_was(self, tmp_path: Path) -> None:
        """Validation and preview change nothing; a cycle neither, unless the type is made for that."""
        with self.clinic(tmp_path) as clinic:
            before = self.source_digest(clinic)
            clinic.program.validate(clinic.pump, CancelToken())
            clinic.program.preview(clinic.pump, CancelToken())
            require_none(
                _changes(before, self.source_digest(clinic)), "Validation or preview changed the source:"
            )
            if self.reads_only:
                clinic.run()
                require_none(_changes(before, self.source_digest(clinic)), "A cycle changed the source:")

    def test_no_secret_is_written_down(self, tmp_path: Path) -> None:
        """Neither into logs nor into the ledger nor beside them."""
        with self.clinic(tmp_path) as clinic:
            secrets = {*clinic.configuration().secrets(), TOKEN}
            clinic.run()
            clinic.server.faults.add("500", method="ANY", times=None)
            clinic.run()
            home = clinic.program.places.root
        found = [
            f"{path.relative_to(home)}"
            for path in sorted(home.rglob("*"))
            if path.is_file() and any(secret.encode() in path.read_bytes() for secret in secrets)
        ]
        require_none(found, "A token or password stands in these files of the program:")

    # --- the clinic ------------------------------------------------------------------------------------

    @contextmanager
    def clinic(self, folder: Path) -> Iterator[Clinic]:
        """A clinic with the server, the source and the pump of this test, for checks of your own too."""
        world = World()
        self.set_up_server(world)
        world.add_user("pump under test", TOKEN)
        with StandIn(world) as server, Clinic(folder, server, self.pump_type, self.file) as clinic:
            require(clinic.offered, "The pump type is not offered.")
            self.make_source(clinic)
            clinic.add_pump(self.values(clinic))
            yield clinic

    @contextmanager
    def delivering_clinic(self, folder: Path) -> Iterator[Clinic]:
        """The same, for checks of deliveries; types that do not post to QATrack+ are left out."""
        with self.clinic(folder) as clinic:
            posts = any(section.name == SECTION for section in clinic.offered.sections)
            if not (posts and issubclass(clinic.offered.cls, QATrackAPIMixin)):
                skip(NO_SERVER)
            yield clinic


def _require_ok(report: CycleReport) -> None:
    require(report.outcome is CycleOutcome.OK, f"A cycle has to end ok here; it ended {_told(report)}")


def _told(report: CycleReport) -> str:
    return " ".join([f"{report.outcome.value}.", *(message.text for message in report.messages)])


def _changes(before: Any, after: Any) -> list[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return differences(before, after)
    return [] if before == after else ["it is not the same as before"]
