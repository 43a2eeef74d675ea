"""The sections of the MPC pump type, as in QCPump 0.3 (compatibility reference, section 3)."""

from __future__ import annotations

from typing import Any

from qcpump_qt.pumps.base import BOOLEAN, DIRECTORY, INT, STRING

MPC_SECTION: dict[str, Any] = {
    "name": "MPC",
    "validation": "validate_mpc",
    "fields": [
        {
            "name": "tds directory",
            "type": DIRECTORY,
            "label": "TDS Directory",
            "required": True,
            "help": r"The TDS directory where MPC results are stored, such as I:\TDS or \\YOURSERVER\VA_Transfer\TDS",
        },
        {
            "name": "fast search",
            "type": BOOLEAN,
            "required": True,
            "default": True,
            "help": "Look for results only in folders called MPCChecks, which is Varian's own name for them. Leave "
            "this on unless your results are kept under another name.",
        },
        {
            "name": "history days",
            "type": INT,
            "label": "Days of history",
            "required": True,
            "default": 1,
            "validation": {"min": 0, "max": 36500},
            "help": "How many days a new pump looks back. Results that an outage delayed are delivered however old.",
        },
        {
            "name": "grouping window",
            "type": INT,
            "label": "Results group time interval (min)",
            "required": True,
            "default": 20,
            "validation": {"min": 0, "max": 1440},
            "help": "Beam and geometry checks within this many minutes after the first one belong to one session. "
            "Choose a little more than your morning checks usually take.",
        },
        {
            "name": "wait time",
            "type": INT,
            "label": "Wait for results (min)",
            "required": True,
            "default": 20,
            "validation": {"min": 0, "max": 1440},
            "help": "A session is sent when this many minutes have passed since its newest result.",
        },
        {
            "name": "upload leaves",
            "type": BOOLEAN,
            "label": "Upload MLC leaves",
            "required": True,
            "default": False,
            "help": "Send the results of every single MLC leaf too. Each needs a test of its own in QATrack+.",
        },
    ],
}

TEST_LIST_SECTION: dict[str, Any] = {
    "name": "Test List",
    "dependencies": ["QATrack+ API"],
    "validation": "validate_test_list",
    "fields": [
        {
            "name": "name",
            "type": STRING,
            "required": True,
            "default": "MPC: {{ check_type }}",
            "help": "The name of the test lists in QATrack+. {{ check_type }} stands for the type of check, such as "
            "Beam and Geometry Checks.",
        },
    ],
}
