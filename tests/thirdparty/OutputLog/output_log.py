# Two pump types in one file, one made from the other, and a helper class that is no pump type.
# mypy: ignore-errors
from qcpump.pumps.base import STRING, BasePump

from .helpers import GREETING


class Formatter:
    def pump(self):
        return "not a pump type"


class OutputLog(BasePump):
    CONFIG = [{"name": "Log", "fields": [{"name": "text", "type": STRING, "default": GREETING}]}]  # noqa: RUF012 - as the manual shows it

    def pump(self):
        self.log_info(self.get_config_value("Log", "text"))


class LoudOutputLog(OutputLog):
    DISPLAY_NAME = "Output Log (loud)"

    def log_info(self, message):
        super().log_info(message.upper())
