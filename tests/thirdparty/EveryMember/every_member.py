# A pump type in the style of QCPump 0.3 that overrides every member which its manual and its users' files know,
# notes that it was used, and goes on as its base does.
# mypy: ignore-errors
import datetime
import json
import os

from qcpump.core.json import QCPumpJSONEncoder
from qcpump.pumps.base import BOOLEAN, DIRECTORY, FLOAT, INT, MULTCHOICE, STRING, UINT, BasePump
from qcpump.pumps.common.qatrack import (
    QATrackFetchAndPost,
    QATrackFetchAndPostBinaryFile,
    QATrackFetchAndPostTextFile,
    slugify,
)
from qcpump.settings import Settings

settings = Settings()
used = []


class Everything:
    """The overrides; goes in front of a mixin and BasePump."""

    HELP_URL = "https://example.com/every-member"

    QATRACK_API_CONFIG = dict(QATrackFetchAndPost.QATRACK_API_CONFIG, validation="validate_api")  # noqa: RUF012

    CONFIG = [  # noqa: RUF012 - as the manual shows it
        QATRACK_API_CONFIG,
        {
            "name": "Source",
            "validation": "validate_source",
            "dependencies": ["QATrack+ API"],
            "fields": [
                {"name": "folder", "type": DIRECTORY, "required": True, "help": "Results"},
                {
                    "name": "extension",
                    "label": "Ending",
                    "type": STRING,
                    "required": True,
                    "default": ".json",
                },
                {
                    "name": "most",
                    "type": INT,
                    "required": True,
                    "default": 10,
                    "validation": {"min": 1, "max": 50},
                },
                {"name": "offset", "type": UINT, "required": False, "default": 0},
                {"name": "factor", "type": FLOAT, "required": True, "default": 2},
                {"name": "loud", "type": BOOLEAN, "required": True, "default": True},
                {"name": "kind", "type": MULTCHOICE, "required": True, "choices": ["a", "b"], "default": "a"},
                {"name": "list", "type": MULTCHOICE, "required": True, "choices": "get_test_list_choices"},
                {"name": "serial", "type": STRING, "readonly": True, "default": "42"},
            ],
        },
        {
            "name": "Unit",
            "multiple": True,
            "dependencies": ["QATrack+ API", "Source"],
            "validation": "validate_unit",
            "fields": [
                {"name": "machine", "type": STRING, "required": True},
                {
                    "name": "unit name",
                    "type": MULTCHOICE,
                    "required": True,
                    "choices": "get_qatrack_unit_choices",
                },
            ],
        },
    ]

    def __init__(self, *args, **kwargs):
        used.append("__init__")
        super().__init__(*args, **kwargs)
        self.seen = []

    def setup(self):
        used.append("setup")
        super().setup()

    # --- what the base asks and tells

    @property
    def name(self):
        used.append("name")
        return super().name

    @property
    def valid(self):
        used.append("valid")
        return super().valid

    @property
    def active(self):
        used.append("active")
        return super().active

    @property
    def autoskip(self):
        used.append("autoskip")
        return True

    def get_config_value(self, section, field, subsection_index=None):
        used.append("get_config_value")
        return super().get_config_value(section, field, subsection_index)

    def get_config_values(self, section):
        used.append("get_config_values")
        return super().get_config_values(section)

    def should_terminate(self):
        used.append("should_terminate")
        return super().should_terminate()

    def update_progress(self, percent, message=""):
        used.append("update_progress")
        super().update_progress(percent, message)

    def log_debug(self, message):
        used.append("log_debug")
        super().log_debug(message)

    def log_info(self, message):
        used.append("log_info")
        super().log_info(message)

    def log_warning(self, message):
        used.append("log_warning")
        super().log_warning(message)

    def log_error(self, message):
        used.append("log_error")
        super().log_error(message)

    def log_critical(self, message):
        used.append("log_critical")
        super().log_critical(message)

    def get_pump_path(self, filename=""):
        used.append("get_pump_path")
        return super().get_pump_path(filename)

    # --- checks and choices

    def validate_api(self, values):
        used.append("validate_api")
        return super().validate_qatrack(values)

    def validate_source(self, values):
        used.append("validate_source")
        return [os.path.isdir(values["folder"]), "Found the folder"]  # noqa: PTH112 - users write it so

    def validate_unit(self, values):
        used.append("validate_unit")
        return bool(values["machine"]), ""

    def get_test_list_choices(self):
        used.append("get_test_list_choices")
        return [name for name in super().get_test_list_choices() if name != "Films"]

    def get_qatrack_unit_choices(self):
        used.append("get_qatrack_unit_choices")
        return super().get_qatrack_unit_choices()

    def get_qatrack_choices(self, endpoint, attribute=None, params=None):
        used.append("get_qatrack_choices")
        return super().get_qatrack_choices(endpoint, attribute, params)

    def construct_api_url(self, end_point):
        used.append("construct_api_url")
        return super().construct_api_url(end_point)

    def get_qatrack_session(self):
        used.append("get_qatrack_session")
        return super().get_qatrack_session()

    # --- one cycle

    def pump(self):
        used.append("pump")
        self.log_debug("debug %s, version %s" % (settings.DEBUG, settings.VERSION))  # noqa: UP031 - users write it so
        if not (self.valid and self.active):
            self.log_critical("not in order")
        numbers = {unit["name"]: unit["number"] for unit in self.get_qatrack_choices("units/units")}
        answer = self.get_qatrack_session().get(self.construct_api_url("qa/testlists"), timeout=10)
        self.log_info("%s knows %s lists" % (self.name, answer.json()["count"]))  # noqa: UP031 - users write it so
        self.qatrack_unit_names_to_ids = {"TB3": numbers["Linac 3"]}
        result = super().pump()
        with open(self.get_pump_path("seen.json"), "w") as file:  # noqa: PTH123 - users write it so
            when = datetime.datetime(2026, 3, 10)  # noqa: DTZ001 - users write it so
            json.dump({"when": when, "seen": self.seen}, file, cls=QCPumpJSONEncoder)
        return result

    def fetch_records(self):
        used.append("fetch_records")
        folder = self.get_config_value("Source", "folder")
        names = sorted(os.listdir(folder))  # noqa: PTH208 - users write it so
        for number, name in enumerate(names):
            if self.should_terminate():
                self.log_warning("stopped")
                return
            self.update_progress(100.0 * number / len(names), name)
            with open(os.path.join(folder, name)) as file:  # noqa: PTH118, PTH123 - users write it so
                yield dict(json.load(file), path=os.path.join(folder, name))  # noqa: PTH118 - users write it so

    def id_for_record(self, record):
        used.append("id_for_record")
        return "EveryMember/%s/%s" % (type(self).__name__, record["serial"])  # noqa: UP031 - users write it so

    def test_list_for_record(self, record):
        used.append("test_list_for_record")
        return self.get_config_value("Source", "list")

    def qatrack_unit_for_record(self, record):
        used.append("qatrack_unit_for_record")
        for row in self.get_config_values("Unit"):
            if row["machine"] == record["machine"]:
                return row["unit name"]
        return record["machine"]

    def work_datetimes_for_record(self, record):
        used.append("work_datetimes_for_record")
        start = datetime.datetime(2026, 3, 10, 8, record["serial"])  # noqa: DTZ001 - users write it so
        return start, start + datetime.timedelta(minutes=1)

    def comment_for_record(self, record):
        used.append("comment_for_record")
        return "serial %s" % record["serial"]  # noqa: UP031 - users write it so

    def cycle_day_for_record(self, record):
        used.append("cycle_day_for_record")
        return 0

    def post_process(self, record):
        used.append("post_process")
        self.seen.append(record["serial"])


class EveryMember(Everything, QATrackFetchAndPost, BasePump):
    DISPLAY_NAME = "Every Member"

    def test_values_from_record(self, record):
        used.append("test_values_from_record")
        factor = self.get_config_value("Source", "factor")
        return {
            slugify("Output [%] " + beam): {"value": factor * value}
            for beam, value in record["beams"].items()
        }


class EveryMemberText(Everything, QATrackFetchAndPostTextFile, BasePump):
    DISPLAY_NAME = "Every Member (text)"

    def slug_and_filename_for_record(self, record):
        used.append("slug_and_filename_for_record")
        return "film", record["path"]


class EveryMemberBinary(Everything, QATrackFetchAndPostBinaryFile, BasePump):
    DISPLAY_NAME = "Every Member (binary)"

    def slug_and_filename_for_record(self, record):
        used.append("slug_and_filename_for_record")
        return "film", record["path"]
