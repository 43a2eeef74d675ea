# A pump type as users of QCPump 0.3 write them: no type hints, names and imports as in its manual.
# mypy: ignore-errors
import json
from pathlib import Path

import helpers
from qcpump.core.db import sqlite_query
from qcpump.core.json import QCPumpJSONEncoder
from qcpump.pumps.base import BOOLEAN, DIRECTORY, FLOAT, INT, MULTCHOICE, STRING, UINT, BasePump
from qcpump.settings import Settings

settings = Settings()


class WaterTankPump(BasePump):
    DISPLAY_NAME = "Water Tank"
    HELP_URL = "https://example.com/water-tank"

    CONFIG = [  # noqa: RUF012 - as the manual shows it
        {
            "name": "Scanner",
            "validation": "validate_scanner",
            "fields": [
                {"name": "database", "type": STRING, "required": True, "help": "The scanner's database"},
                {"name": "password", "type": STRING, "required": False},
                {"name": "port", "type": INT, "required": True, "default": 3050, "validation": {"min": 1}},
                {"name": "depth (cm)", "type": FLOAT, "required": True, "default": 10},
                {"name": "history days", "type": UINT, "required": False, "default": 1},
            ],
        },
        {
            "name": "Machine",
            "multiple": True,
            "dependencies": ["Scanner"],
            "validation": "validate_machine",
            "fields": [
                {
                    "name": "machine",
                    "label": "Linac",
                    "type": MULTCHOICE,
                    "required": True,
                    "choices": "get_machines",
                },
                {"name": "destination", "type": DIRECTORY, "required": False},
                {"name": "enabled", "type": BOOLEAN, "required": True, "default": True},
            ],
        },
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rounds = 0
        self.host = "a name that a user may well have chosen"

    def setup(self):
        self.log_debug(f"Set up with {helpers.GREETING}")

    def get_machines(self):
        rows = sqlite_query(
            {"database": self.get_config_value("Scanner", "database")},
            "SELECT DISTINCT Machine FROM Scans ORDER BY Machine",
            fetch_method="fetchallmap",
        )
        return [row["machine"] for row in rows]

    def validate_scanner(self, values):
        valid = Path(values["database"]).exists()
        return [valid, "Found the database" if valid else "You must give the path of the database"]

    def validate_machine(self, values):
        if values["machine"].startswith("Old"):
            return False, f"{values['machine']} was scrapped"
        return True, "OK"

    def pump(self):
        self.rounds += 1
        machines = [row for row in self.get_config_values("Machine") if row["enabled"]]
        for number, machine in enumerate(machines):
            if self.should_terminate():
                self.log_warning("Stopped early")
                return
            scans = sqlite_query(
                {"database": self.get_config_value("Scanner", "database")},
                "SELECT Machine, Dose FROM Scans WHERE Machine = ?",
                (machine["machine"],),
                "fetchallmap",
            )
            self.update_progress(100 * number / len(machines), machine["machine"])
            with open(self.get_pump_path("last.json"), "w") as last:  # noqa: PTH123 - users write it so
                json.dump(scans, last, cls=QCPumpJSONEncoder)
            self.log_info(helpers.describe(machine["machine"], scans))
        import late  # as 0.3 types do to start faster

        self.log_info(f"{late.WORDS}, debug is {settings.DEBUG}")
