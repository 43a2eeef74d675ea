"""Pump types with one fault each, and one without: what the conformance kit has to tell apart."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from qcpump_qt.engine.errors import SourceUnavailable
from qcpump_qt.pumps.base import DIRECTORY, INT, MULTCHOICE, STRING, BasePump
from qcpump_qt.pumps.fetch_and_post import QATrackFetchAndPost

_counter = itertools.count()


def config(**more: Any) -> list[dict[str, Any]]:
    """A section with a folder, a number and a unit; `more` goes into the section."""
    section = {
        "name": "Films",
        "validation": "validate_films",
        "fields": [
            {"name": "folder", "type": DIRECTORY, "required": True, "help": "Where the films lie."},
            {"name": "dose", "type": INT, "default": 2, "help": "In Gy."},
            {"name": "comment", "type": STRING, "help": "Goes with every film."},
            {
                "name": "list",
                "type": MULTCHOICE,
                "choices": "lists",
                "default": "Films",
                "help": "The test list.",
            },
        ],
        **more,
    }
    return [QATrackFetchAndPost.QATRACK_API_CONFIG, section]


class Sound(QATrackFetchAndPost, BasePump):
    CONFIG: ClassVar[Any] = config()

    def validate_films(self, values: Mapping[str, Any]) -> Any:
        return bool(values["folder"]), "Films are read."

    def lists(self) -> Any:
        return self.get_test_list_choices()

    @property
    def folder(self) -> Path:
        return Path(self.get_config_value("Films", "folder"))

    def fetch_records(self) -> Iterable[Any]:
        try:
            files = sorted(self.folder.iterdir())
        except OSError as error:
            raise SourceUnavailable("The films cannot be read now.") from error
        return [json.loads(path.read_text(encoding="utf-8")) for path in files]

    def id_for_record(self, record: Any) -> str:
        return f"Films/{record['film']}"

    def test_list_for_record(self, record: Any) -> str | None:
        return "Films"

    def qatrack_unit_for_record(self, record: Any) -> str | None:
        return "Linac 1"

    def work_datetimes_for_record(self, record: Any) -> tuple[datetime, datetime]:
        start = datetime(2026, 3, 10, 7, 41)  # noqa: DTZ001 - times of sources have no zone
        return start, start + timedelta(minutes=1)

    def test_values_from_record(self, record: Any) -> Mapping[str, Any]:
        return {"dose": {"value": record["dose"]}}


class WithoutHelp(Sound):
    CONFIG: ClassVar[Any] = [*config(), {"name": "More", "fields": [{"name": "x", "type": STRING}]}]


class WithMistakes(Sound):
    CONFIG: ClassVar[Any] = config(multiple="yes")


class RaisesOnLongText(Sound):
    def validate_films(self, values: Mapping[str, Any]) -> Any:
        if len(values["comment"]) > 255:
            raise ValueError("too long")
        return True, ""


class RaisesOnBlankNumber(Sound):
    def validate_films(self, values: Mapping[str, Any]) -> Any:
        return values["dose"] > 0, ""


class AnswersWithOneItem(Sound):
    def validate_films(self, values: Mapping[str, Any]) -> Any:
        return (True,)


class AnswersNoText(Sound):
    def validate_films(self, values: Mapping[str, Any]) -> Any:
        return True, None


class EndsTheProgram(Sound):
    def validate_films(self, values: Mapping[str, Any]) -> Any:
        if values["comment"].strip() == "x":
            raise SystemExit(3)
        return True, ""


class SaysNoToItself(Sound):
    def validate_films(self, values: Mapping[str, Any]) -> Any:
        return False, "Never."


class ChoicesFail(Sound):
    def lists(self) -> Any:
        found: dict[str, Any] = {}
        return found["lists"]


class ChoicesAreText(Sound):
    def lists(self) -> Any:
        return "Films"


class ChoicesAreNumbers(Sound):
    def lists(self) -> Any:
        return [1, 2]


class ChoicesTwice(Sound):
    def lists(self) -> Any:
        return ["Films", "Films"]


class ChoicesFailWithoutServer(Sound):
    def lists(self) -> Any:
        try:
            return self.get_test_list_choices()
        except Exception as error:
            raise RuntimeError("no lists") from error


class IdsChange(Sound):
    def id_for_record(self, record: Any) -> str:
        return f"Films/{next(_counter)}"


class IdsMeet(Sound):
    def id_for_record(self, record: Any) -> str:
        return "Films/the one"


class IdsTooLong(Sound):
    def id_for_record(self, record: Any) -> str:
        return f"Films/{record['film']}/{'x' * 300}"


class IdsCount(Sound):
    """The ids are places in the list, so a film that comes before the others moves them all."""

    def fetch_records(self) -> Iterable[Any]:
        return [{**record, "film": number} for number, record in enumerate(super().fetch_records())]


class Writes(Sound):
    def fetch_records(self) -> Iterable[Any]:
        found = list(super().fetch_records())
        mark = self.folder / "lock"
        mark.write_text("mine", encoding="utf-8")
        mark.unlink()
        return found


class WritesWhenChecked(Sound):
    def validate_films(self, values: Mapping[str, Any]) -> Any:
        if Path(values["folder"]).is_dir():
            (Path(values["folder"]) / "1.json").touch()
        return True, ""


class Moves(Sound):
    def post_process(self, record: Any) -> None:
        (self.folder / f"{record['film']}.json").unlink()


class Deaf(Sound):
    """Goes on for a while whatever it is asked."""

    def fetch_records(self) -> Iterator[Any]:
        self.should_terminate()
        time.sleep(0.4)
        yield from super().fetch_records()


class StopsWithAnError(Sound):
    def pump(self) -> None:
        if self.should_terminate():
            raise RuntimeError("stopped")
        super().pump()


class DeafToSilence(Sound):
    """Asks the server in its own way and waits as long as it likes."""

    def fetch_records(self) -> Iterable[Any]:
        import contextlib
        import urllib.request

        with contextlib.suppress(OSError):
            urllib.request.urlopen(self.construct_api_url("qa/units"), timeout=1.5)
        return super().fetch_records()


class TakesAbsenceForNothing(Sound):
    def fetch_records(self) -> Iterable[Any]:
        return super().fetch_records() if self.folder.is_dir() else []


class SwallowsAnAbsentServer(Sound):
    def pump(self) -> None:
        from qcpump_qt.engine.errors import PumpError

        try:
            self.get_test_list_choices()
        except PumpError:
            return
        super().pump()


class TellsItsToken(Sound):
    def fetch_records(self) -> Iterable[Any]:
        token = self.get_config_value("QATrack+ API", "auth token")
        self.get_pump_path("notes.txt").write_text(f"used {token}", encoding="utf-8")
        return super().fetch_records()


class Fails(Sound):
    def fetch_records(self) -> Iterable[Any]:
        raise RuntimeError("the scanner is on fire")


class PostsTwice(Sound):
    """Forgets what it did, and asks for it once more in its own way."""

    def pump(self) -> None:
        super().pump()
        self.get_qatrack_session().post(self.construct_api_url("qa/testlistinstances"), json={}, timeout=5)


class Quiet(BasePump):
    """Talks to no server and has no source."""

    CONFIG: ClassVar[Any] = [
        {
            "name": "Say",
            "fields": [{"name": "what", "type": STRING, "default": "hello", "help": "What is said."}],
        }
    ]

    def pump(self) -> None:
        self.log_info(self.get_config_value("Say", "what"))
