# A pump type that posts to QATrack+, as users of QCPump 0.3 write them on top of its mixins.
# mypy: ignore-errors
import csv
import datetime
from pathlib import Path

from qcpump.pumps.base import DIRECTORY, STRING, BasePump
from qcpump.pumps.common.qatrack import QATrackFetchAndPost, slugify


class LinacOutput(QATrackFetchAndPost, BasePump):
    DISPLAY_NAME = "Linac Output"

    CONFIG = [  # noqa: RUF012 - as the manual shows it
        QATrackFetchAndPost.QATRACK_API_CONFIG,
        {
            "name": "Output",
            "validation": "validate_output",
            "dependencies": ["QATrack+ API"],
            "fields": [
                {"name": "folder", "type": DIRECTORY, "required": True},
                {"name": "test list", "type": STRING, "required": True, "default": "Output"},
            ],
        },
    ]

    autoskip = False

    def validate_output(self, values):
        return bool(values["test list"]), ""

    def pump(self):
        self.qatrack_unit_names_to_ids = {"TB1": 7}
        return super().pump()

    def fetch_records(self):
        records = []
        for path in sorted(Path(self.get_config_value("Output", "folder")).glob("*.csv")):
            with open(path, newline="") as file:  # noqa: PTH123 - users write it so
                records.extend(csv.DictReader(file))
        return records

    def id_for_record(self, record):
        return f"Output/{record['machine']}/{record['when']}"

    def test_list_for_record(self, record):
        return self.get_config_value("Output", "test list")

    def qatrack_unit_for_record(self, record):
        return record["machine"]

    def work_datetimes_for_record(self, record):
        started = datetime.datetime.strptime(record["when"], "%Y-%m-%d %H:%M")  # noqa: DTZ007 - users write it so
        return started, started + datetime.timedelta(minutes=1)

    def test_values_from_record(self, record):
        return {slugify(f"Output [%] {record['beam']}"): {"value": float(record["output"])}}

    def comment_for_record(self, record):
        return f"measured by {record['who']}"
