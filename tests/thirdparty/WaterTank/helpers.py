# Shared by the files of this folder only; the folder beside it has a helpers.py of its own.
# mypy: ignore-errors
GREETING = "water"


def describe(machine, scans):
    return f"{machine}: {len(scans)} scans"
