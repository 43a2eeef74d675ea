"""Runs every benchmark, one after the other, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run them all; the exit code is that of the first one that failed."""
    for script in sorted(HERE.glob("*.py")):
        if script.name != Path(__file__).name and not script.name.startswith("_"):
            print(f"== {script.stem}", flush=True)
            code = subprocess.run([sys.executable, str(script)], check=False).returncode
            if code:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
