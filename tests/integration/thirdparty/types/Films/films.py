# Two pump types that post files, as users of QCPump 0.3 write them.
# mypy: ignore-errors
import datetime
import shutil
from pathlib import Path

from qcpump.pumps.base import DIRECTORY, BasePump
from qcpump.pumps.common.qatrack import QATrackFetchAndPostBinaryFile, QATrackFetchAndPostTextFile

SECTION = {
    "name": "Films",
    "fields": [
        {"name": "source", "type": DIRECTORY, "required": True},
        {"name": "done", "type": DIRECTORY, "required": False},
    ],
}


class Files:
    def fetch_records(self):
        return sorted(Path(self.get_config_value("Films", "source")).iterdir())

    def id_for_record(self, record):
        return f"Films/{record.name}"

    def test_list_for_record(self, record):
        return "Films"

    def qatrack_unit_for_record(self, record):
        return "Main Campus: Linac 1"

    def work_datetimes_for_record(self, record):
        start = datetime.datetime(2026, 3, 10, 8, 0)  # noqa: DTZ001 - users write it so
        return start, start + datetime.timedelta(seconds=1)

    def slug_and_filename_for_record(self, record):
        return "film", record

    def post_process(self, record):
        done = self.get_config_value("Films", "done")
        if done:
            shutil.move(record, done)


class TextFilmPump(Files, QATrackFetchAndPostTextFile, BasePump):
    DISPLAY_NAME = "Films as text"
    CONFIG = [QATrackFetchAndPostTextFile.QATRACK_API_CONFIG, SECTION]  # noqa: RUF012 - as the manual shows it


class BinaryFilmPump(Files, QATrackFetchAndPostBinaryFile, BasePump):
    DISPLAY_NAME = "Films"
    CONFIG = [QATrackFetchAndPostBinaryFile.QATRACK_API_CONFIG, SECTION]  # noqa: RUF012 - as the manual shows it
