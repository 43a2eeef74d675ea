"""The installed program as its own process: how tests start it, and what it said when it ended."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds after which a command that has not ended is a failure."""


def executable() -> str:
    """The command `qcpump-qt` of the environment that runs the tests."""
    found = shutil.which("qcpump-qt", path=str(Path(sys.executable).parent))
    assert found is not None, "qcpump-qt is not installed beside the Python that runs the tests"
    return found


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    raw_out: bytes
    raw_err: bytes

    @property
    def out(self) -> str:
        return self.raw_out.decode("utf-8").replace("\r\n", "\n")

    @property
    def err(self) -> str:
        return self.raw_err.decode("utf-8").replace("\r\n", "\n")

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON object on stdout; fails when anything stands before, after or instead of it."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def pump(self) -> dict[str, Any]:
        """The only pump of the document."""
        (pump,) = self.document["pumps"]
        assert isinstance(pump, dict)
        return pump

    @property
    def texts(self) -> list[str]:
        """All messages of the document, about pumps and about the home."""
        document = self.document
        messages = [message for pump in document.get("pumps", []) for message in pump["messages"]]
        return [message["text"] for message in [*messages, *document.get("messages", [])]]


class Installed:
    """The program with one home.

    Args:
        home: what ``--home`` names.
        environment: the variables of its processes.
    """

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self.home = home
        self.environment = dict(environment)
        self._started: list[subprocess.Popen[bytes]] = []

    def close(self) -> None:
        """End what a test that failed has left running."""
        for process in self._started:
            process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def command(self, *arguments: str) -> list[str]:
        """The whole command line."""
        return [executable(), "--home", str(self.home), *arguments]

    def run(
        self, *arguments: str, typed: str | bytes = b"", env: Mapping[str, str] | None = None, **more: Any
    ) -> Done:
        """Run a command to its end.

        Args:
            arguments: what comes after ``--home``.
            typed: what stands on standard input.
            env: variables on top of the usual ones.
            more: for `subprocess.run`.
        """
        done = subprocess.run(
            self.command(*arguments),
            input=typed.encode("utf-8") if isinstance(typed, str) else typed,
            capture_output=True,
            env={**self.environment, **(env or {})},
            timeout=PATIENCE,
            check=False,
            **more,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(
        self, *arguments: str, env: Mapping[str, str] | None = None, **more: Any
    ) -> subprocess.Popen[bytes]:
        """Start a command and let it run; the caller ends it."""
        streams: dict[str, Any] = {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "stdin": subprocess.DEVNULL,
        }
        process = subprocess.Popen(
            self.command(*arguments), env={**self.environment, **(env or {})}, **{**streams, **more}
        )
        self._started.append(process)
        return process

    def files(self) -> list[Path]:
        """Every file below the home."""
        return [path for path in self.home.rglob("*") if path.is_file()]


def ended(process: subprocess.Popen[bytes], seconds: float = PATIENCE) -> Done:
    """Wait for the end of a process that was started; it is killed when that takes longer than `seconds`."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Done(process.returncode, out or b"", err or b"")
