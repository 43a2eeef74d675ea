# A pump type as users of QCPump 0.3 write them: every hook and member of the mixin, no type hints.
# mypy: ignore-errors
import datetime
import json
from pathlib import Path

from qcpump.pumps.base import BOOLEAN, DIRECTORY, STRING, BasePump
from qcpump.pumps.common.qatrack import QATrackFetchAndPost, slugify


class ChamberPump(QATrackFetchAndPost, BasePump):
    DISPLAY_NAME = "Ion Chamber"
    HELP_URL = "https://example.com/chamber"

    CONFIG = [  # noqa: RUF012 - as the manual shows it
        QATrackFetchAndPost.QATRACK_API_CONFIG,
        {
            "name": "Chamber",
            "validation": "validate_chamber",
            "dependencies": ["QATrack+ API"],
            "fields": [
                {"name": "folder", "type": DIRECTORY, "required": True},
                {"name": "test list", "type": STRING, "required": True, "default": "Output"},
                {"name": "autoskip", "type": BOOLEAN, "required": True, "default": True},
            ],
        },
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.calls = []

    def setup(self):
        self.calls.append("setup")

    @property
    def autoskip(self):
        return self.get_config_value("Chamber", "autoskip")

    def validate_chamber(self, values):
        return values["test list"].startswith("Output"), "The list is called Output"

    def pump(self):
        self.calls.append("pump")
        result = super().pump()
        with open(self.get_pump_path("calls.json"), "w") as file:  # noqa: PTH123 - users write it so
            json.dump(self.calls, file)
        return result

    def fetch_records(self):
        self.calls.append("fetch_records")
        folder = Path(self.get_config_value("Chamber", "folder"))
        return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]

    def id_for_record(self, record):
        self.calls.append("id_for_record")
        return f"Chamber/{record['serial']}"

    def test_list_for_record(self, record):
        self.calls.append("test_list_for_record")
        return record.get("list", self.get_config_value("Chamber", "test list"))

    def qatrack_unit_for_record(self, record):
        self.calls.append("qatrack_unit_for_record")
        return record["unit"]

    def work_datetimes_for_record(self, record):
        self.calls.append("work_datetimes_for_record")
        start = datetime.datetime.fromisoformat(record["when"])
        return start, start + datetime.timedelta(minutes=2)

    def test_values_from_record(self, record):
        self.calls.append("test_values_from_record")
        return {
            slugify(f"Output [%]/{beam}"): {"value": value, "comment": "by chamber"}
            for beam, value in record["beams"].items()
        }

    def comment_for_record(self, record):
        self.calls.append("comment_for_record")
        return record.get("comment", "")

    def cycle_day_for_record(self, record):
        self.calls.append("cycle_day_for_record")
        return record.get("day", 0)

    def post_process(self, record):
        self.calls.append("post_process")
        if record.get("post process") == "fails":
            raise OSError("the archive is full")


class NumberedChamberPump(ChamberPump):
    """Fills the dictionary itself, as 0.3 types with a table of their own do."""

    DISPLAY_NAME = "Ion Chamber (own table)"

    def pump(self):
        self.qatrack_unit_names_to_ids = {"TB1": 1, "TB2": 2}
        return super().pump()


class AddingChamberPump(ChamberPump):
    """Adds to the dictionary, and asks the server through it."""

    DISPLAY_NAME = "Ion Chamber (added)"

    def pump(self):
        self.qatrack_unit_names_to_ids["TB1"] = self.qatrack_unit_names_to_ids["Main Campus: Linac 1"]
        self.qatrack_unit_names_to_ids.update({"TB2": 2})
        return super().pump()


class StreamingChamberPump(ChamberPump):
    """A generator; it may fail on the way."""

    DISPLAY_NAME = "Ion Chamber (generator)"

    def fetch_records(self):
        for record in super().fetch_records():
            if record.get("fetch") == "fails":
                raise ValueError("the chamber was disconnected")
            yield record

    def id_for_record(self, record):
        return "" if record.get("id") == "blank" else super().id_for_record(record)


class CheckedChamberPump(ChamberPump):
    """Asks the server when it is validated, and that is before each cycle too."""

    DISPLAY_NAME = "Ion Chamber (checked)"

    def validate_chamber(self, values):
        return values["test list"] in self.get_test_list_choices(), "Choose a test list of the server"
