"""The second round of checks on a posted session: how its fields fit each other and the test list.

The order of the complaints and their wording are those of the recorded server (qatrack-api, "POST
/api/qa/testlistinstances/"); several are joined by newlines into one text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.fields import PostedFields
from qcpump_qt.demo.sessions import Attachment, Result, Session
from qcpump_qt.demo.things import CALCULATED_TYPES, Cycle, Test, TestList
from qcpump_qt.demo.uploads import UploadCrash, attachment_of, decoded
from qcpump_qt.demo.values import Crash, is_skipped, stored, wrong_type


class Misfit(Exception):  # noqa: N818 - reads as what the fields are
    """The fields do not fit; the text goes into `non_field_errors`."""


class SessionCheck:
    """Turns checked fields into a session, or says why not.

    Args:
        fields: what passed the first round.
        clock: the server's time.
        new_file_id: gives an id for an uploaded file.
    """

    def __init__(self, fields: PostedFields, clock: ServerClock, new_file_id: Callable[[], int]) -> None:
        self._new_file_id = new_file_id
        self._fields = fields
        self._clock = clock
        self._given: dict[str, Mapping[str, Any]] = dict(fields.tests)
        self._files: dict[str, Attachment] = {}
        self._contents: dict[str, bytes] = {}

    def session(self, user_id: int) -> Session:
        """The session as it would be stored (without ids).

        Raises:
            Misfit: something does not fit.
            Crash: the real server would fall over this.
        """
        test_list = self._test_list()
        self._read_uploads(test_list.tests)
        calculated = self._calculate(test_list.tests)
        complaints = [*self._complaints(test_list.tests, calculated)]
        if complaints:
            raise Misfit("\n".join(complaints))
        self._given.update(calculated)
        return self._make(test_list, user_id)

    def _test_list(self) -> TestList:
        days, day = self._fields.assignment.days, self._fields.day
        if day is None and isinstance(self._fields.assignment.tests_object, Cycle):
            raise Misfit("You must include the 'day' key when performing a Test List Cycle")
        if not 0 <= (day or 0) < len(days):
            raise Misfit(
                f"'{day}' is not a valid day for this Test Collection.  "
                f"Day must be between 0 & {len(days) - 1}"
            )
        return days[day or 0]

    def _read_uploads(self, tests: Iterable[Test]) -> None:
        for test in tests:
            if test.type != "upload":
                continue
            given = self._given.get(test.slug, {})
            # Also when it is absent or skipped: the real server knows no way round a file (qatrack-api).
            if not given.get("filename"):
                raise Misfit(f"{test.slug} is missing the filename field")
            try:
                content = decoded(given)
            except ValueError as error:
                raise Misfit(str(error)) from error
            except UploadCrash as error:
                raise Crash(str(error)) from error
            self._contents[test.slug] = content
            self._files[test.slug] = attachment_of(
                self._new_file_id(), str(given["filename"]), content, self._clock.now()
            )

    def _calculate(self, tests: Iterable[Test]) -> dict[str, Mapping[str, Any]]:
        values: dict[str, Any] = {slug: given.get("value") for slug, given in self._given.items()}
        values.update(self._contents)
        results: dict[str, Mapping[str, Any]] = {}
        for test in tests:
            if test.type == "constant":
                values[test.slug] = test.constant
                results[test.slug] = {"value": test.constant}
        for test in tests:
            if test.calculation is not None and not is_skipped(self._given.get(test.slug, {})):
                values[test.slug] = _computed(test, values)
                results[test.slug] = {"value": values[test.slug]}
        return results

    def _complaints(self, tests: tuple[Test, ...], calculated: Mapping[str, Any]) -> Iterable[str]:
        missing = [test.slug for test in tests if test.slug not in self._given | dict(calculated)]
        if missing:
            yield "Missing data for tests: " + ", ".join(missing)
        wrong = [test.slug for test in tests if self._wrong(test, calculated)]
        if wrong:
            example = ", ".join(f"'{slug}': {{'skipped': True}}" for slug in wrong)
            yield (
                f"Wrong value type (number/string) for tests: {', '.join(wrong)}\n"
                "If these are composite tests with missing dependencies, they should be marked as "
                f"skipped in your request (e.g. {{'tests': {{{example}}}}})"
            )
        yield from self._value_complaints(tests)
        if self._fields.work_completed < self._fields.work_started:
            yield "work_completed date must be after work_started"

    def _wrong(self, test: Test, calculated: Mapping[str, Any]) -> bool:
        given = calculated.get(test.slug, self._given.get(test.slug))
        return given is not None and wrong_type(test, given)

    def _value_complaints(self, tests: Iterable[Test]) -> Iterable[str]:
        valued = {slug for slug, given in self._given.items() if given.get("value") is not None}
        automatic = [test.slug for test in tests if test.type in CALCULATED_TYPES and test.slug in valued]
        if automatic:
            yield (
                "The following tests are calculated automatically and should not have values provided: "
                + ", ".join(automatic)
            )
        for test in tests:
            constant = test.type == "constant" and test.slug in valued
            if constant and self._given[test.slug]["value"] != test.constant:
                yield f"Incorrect constant value passed for {test.slug}"

    def _make(self, test_list: TestList, user_id: int) -> Session:
        fields = self._fields
        completed = fields.work_completed
        if completed == fields.work_started:
            completed += timedelta(seconds=60)
        show, now = self._clock.show, self._clock.show(self._clock.now())
        return Session(
            assignment_id=fields.assignment.id,
            test_list_id=test_list.id,
            user_id=user_id,
            modified_by_id=user_id,
            work_started=show(fields.work_started),
            work_completed=show(completed),
            created=now,
            modified=now,
            user_key=fields.user_key,
            results=self._results(test_list),
            day=fields.day or 0,
            comment=fields.comment or None,
            in_progress=fields.in_progress,
            include_for_scheduling=fields.include_for_scheduling,
            status_id=fields.status_id or 1,
            attachments=fields.attachments,
        )

    def _results(self, test_list: TestList) -> list[Result]:
        assignment = self._fields.assignment
        first = assignment.first_info_id
        for day in assignment.days[: self._fields.day or 0]:
            first += len(day.tests)
        return [
            stored(test, self._given[test.slug], number, self._clock, self._files.get(test.slug))
            for number, test in enumerate(test_list.tests, start=first)
        ]


def _computed(test: Test, values: Mapping[str, Any]) -> Any:
    if test.calculation is None:
        raise ValueError(f"{test.slug} is not calculated.")
    try:
        return test.calculation(values)
    except KeyError as error:
        raise Misfit(
            f'Error with {test.slug} test: Invalid Test Procedure: {test.slug}", line 1, in {test.slug}\n'
            f"NameError: name '{error.args[0]}' is not defined\n"
        ) from error
    except ValueError as error:
        raise Misfit(f"Error with {test.slug} test: Invalid Test Procedure: {error}") from error
    except (TypeError, ArithmeticError):
        # The real server leaves the result empty, which is then a wrong value type.
        return None
