"""`QATrackFetchAndPost`: the base of user-written types that fetch records and post each to a test list.

The hooks are those of QCPump 0.3 (compatibility reference, section 7); what happens around them is this
program's own delivery: each record once, nothing lost, one bad record never stops the next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from qcpump_qt.engine.errors import ItemError, MappingError, PumpError
from qcpump_qt.engine.records import KEY_LIMIT, Record, UnitBy, UnitRef, Upload
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.qatrack_api import QATrackAPIMixin
from qcpump_qt.pumps.unit_numbers import UnitNumbers

if TYPE_CHECKING:
    _Pump = BasePump
else:
    _Pump = object

PLAIN = (str, int, float, bool, type(None), datetime, date, Decimal, UUID, bytes, PurePath)


class QATrackFetchAndPost(QATrackAPIMixin, _Pump):
    """Fetches records and posts each of them; goes before `BasePump` in the list of bases."""

    autoskip = True
    """Mark tests that the server misses as skipped, and post again."""

    settle_again = False
    """True when `post_process` is also called for records that arrived in an earlier cycle."""

    _unit_numbers: dict[str, int] | None = None

    @property
    def qatrack_unit_names_to_ids(self) -> dict[str, int]:
        """Unit name to unit number. Asked from the server when first needed; a type may fill it itself."""
        if self._unit_numbers is None:
            self._unit_numbers = UnitNumbers(self.qatrack_server)
        return self._unit_numbers

    @qatrack_unit_names_to_ids.setter
    def qatrack_unit_names_to_ids(self, numbers: dict[str, int]) -> None:
        self._unit_numbers = numbers

    # --- hooks, in the order in which they are called ----------------------------------------------

    def fetch_records(self) -> Iterable[Any]:
        """Everything at the source that may have to be posted; a list or a generator."""
        raise NotImplementedError(f"{type(self).__name__} has no fetch_records method.")

    def id_for_record(self, record: Any) -> str:
        """What tells the record from all others for ever; it becomes the `user_key` on the server."""
        raise NotImplementedError(f"{type(self).__name__} has no id_for_record method.")

    def test_list_for_record(self, record: Any) -> str | None:
        """The name of the test list that the record goes to."""
        raise NotImplementedError(f"{type(self).__name__} has no test_list_for_record method.")

    def qatrack_unit_for_record(self, record: Any) -> str | None:
        """The unit that the record goes to, as ``site: unit`` or as named in `qatrack_unit_names_to_ids`."""
        raise NotImplementedError(f"{type(self).__name__} has no qatrack_unit_for_record method.")

    def work_datetimes_for_record(self, record: Any) -> tuple[datetime, datetime]:
        """When the work was started and completed, local time."""
        raise NotImplementedError(f"{type(self).__name__} has no work_datetimes_for_record method.")

    def test_values_from_record(self, record: Any) -> Mapping[str, Any]:
        """Macro name to ``{"value": …}``, with ``"comment"`` or ``"skipped"`` where wanted."""
        raise NotImplementedError(f"{type(self).__name__} has no test_values_from_record method.")

    def comment_for_record(self, record: Any) -> str:  # noqa: ARG002 - a hook
        """The comment of the whole session; none unless a type has one."""
        return ""

    def cycle_day_for_record(self, record: Any) -> int:  # noqa: ARG002 - a hook
        """The day of a test list cycle, counted from 0."""
        return 0

    def post_process(self, record: Any) -> None:
        """Called when the record has arrived; nothing unless a type does something."""

    # --- one cycle -----------------------------------------------------------------------------------

    def pump(self) -> None:
        """Fetch, and have every record delivered."""
        self.update_progress(5, "Fetching records")
        with self.qatrack_server() as server:
            self.pump_host.deliver(self._records(), server, throttle=self.throttle, autoskip=self.autoskip)
        self.update_progress(100, "Done")

    def _records(self) -> Iterator[Record]:
        for number, found in enumerate(self.fetch_records() or (), start=1):
            self.pump_host.cancel.check()
            record = self._record(found, number)
            if record is not None:
                yield record

    def _record(self, found: Any, number: int) -> Record | None:
        """The record with its identity; one whose identity cannot be made is told and left out."""
        try:
            key = _checked_key(self.id_for_record(found))
        except PumpError as error:
            self.log_error(f"Record {number}: {error.message}")
            return None
        except (Exception, SystemExit) as bug:  # noqa: BLE001 - a hook of a user's type; the next record must go on
            self.log_error(f"Record {number}: id_for_record failed ({type(bug).__name__}: {bug}).")
            return None
        return Record(
            key=key,
            title=key,
            prepare=lambda: self._upload(found, key),
            fingerprint=self._fingerprint(found),
            settled=lambda: self.post_process(found),
            settle_again=self.settle_again,
        )

    def _fingerprint(self, found: Any) -> str:
        """Changes when there is something new to be said of the record."""
        return fingerprint(found)

    def _upload(self, found: Any, key: str) -> Upload:
        test_list = self.test_list_for_record(found)
        unit = self.qatrack_unit_for_record(found)
        if not test_list:
            raise MappingError(
                "The pump type knows no test list for it. It waits until it does.", subject=key
            )
        if not unit:
            raise MappingError(
                "The pump type knows no unit in QATrack+ for it. It waits until it does: see to the pump's units.",
                subject=key,
            )
        started, completed = self.work_datetimes_for_record(found)
        payload: dict[str, Any] = {
            "work_started": _local_text(started),
            "work_completed": _local_text(completed),
            "user_key": key,
            "day": self.cycle_day_for_record(found),
            "tests": {slug: _plain_test(test) for slug, test in self.test_values_from_record(found).items()},
        }
        comment = self.comment_for_record(found) if self.include_comment else ""
        if comment:
            payload["comment"] = comment
        return Upload(payload=payload, unit=self._unit_ref(unit), test_list=str(test_list))

    def _unit_ref(self, unit: Any) -> UnitRef:
        """By number where the type has said which; else by the label, which the server has to know exactly once."""
        own = type(self).qatrack_unit_names_to_ids is not QATrackFetchAndPost.qatrack_unit_names_to_ids
        known = self.qatrack_unit_names_to_ids if own else self._unit_numbers
        numbers: Mapping[Any, Any] = known.given if isinstance(known, UnitNumbers) else known or {}
        number = numbers.get(unit)
        if number is None:
            return UnitRef(UnitBy.LABEL, str(unit))
        return UnitRef(UnitBy.NUMBER, str(number))


def fingerprint(found: Any) -> str:
    """Changes with the record's content; blank for records that are no plain data."""
    if not _is_plain(found):
        return ""
    text = json.dumps(found, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain(each) for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return all(_is_plain(each) for each in value)
    return isinstance(value, PLAIN)


def _checked_key(key: Any) -> str:
    text = "" if key is None else str(key).strip()
    if not text:
        raise ItemError("it has no id, so it could not be told from others and is not sent.")
    if len(text) > KEY_LIMIT:
        raise ItemError(
            f"its id is {len(text)} characters long, and QATrack+ takes {KEY_LIMIT}; it is not sent: {text[:60]}…"
        )
    return text


def _local_text(moment: Any) -> str:
    """A time as the server takes it: the clock on the wall, without a zone."""
    if isinstance(moment, datetime):
        local = moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
        return local.strftime("%Y-%m-%d %H:%M:%S")
    return str(moment)


def _plain_test(test: Any) -> dict[str, Any]:
    fields = dict(test) if isinstance(test, Mapping) else {"value": test}
    if "value" in fields:
        fields["value"] = _plain_value(fields["value"])
    return fields


def _plain_value(value: Any) -> Any:
    """Database types as JSON knows them."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return _local_text(value)
    return value.isoformat() if isinstance(value, date) else value
