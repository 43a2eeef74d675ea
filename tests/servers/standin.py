"""Runs the QATrack+ stand-in as a process of its own, for tests that kill it, or the client, on the way."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit

from qcpump_qt.demo.world import World
from qcpump_qt.demo.world_file import write_world


class StandInProcess:
    """A stand-in in its own process, with control paths; killed at the end of the `with` block.

    Args:
        world: what is set up on it.
        folder: where its world file and its sessions are kept.
        zone: its time zone.
        throttle: requests a minute and user, None for no limit.
        lasting: False keeps the sessions in memory only, so that no disk is waited for.
    """

    def __init__(
        self,
        world: World,
        folder: Path,
        *,
        zone: str | None = None,
        throttle: int | None = None,
        lasting: bool = True,
    ) -> None:
        self._world_file = folder / "world.json"
        write_world(world, self._world_file)
        self._options = ["--store", str(folder / "sessions.jsonl")] if lasting else []
        if zone is not None:
            self._options += ["--zone", zone]
        if throttle is not None:
            self._options += ["--throttle", str(throttle)]
        self.url = ""
        self._process = self._start(0)

    @property
    def page_url(self) -> str:
        """The address of the overview page."""
        return self.url.removesuffix("/api")

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        self._process.kill()
        self._end()

    def terminate(self) -> int:
        """Ask it to end; gives its exit status."""
        self._process.terminate()
        return self._end()

    def restart(self) -> None:
        """Start it again after `kill`, on the same port, with what it had stored."""
        self._process = self._start(int(urlsplit(self.url).port or 0))

    def sessions(self) -> list[dict[str, Any]]:
        """What was delivered (see `StandIn.sessions`)."""
        return cast("list[dict[str, Any]]", self._ask("GET", "sessions"))

    def counts(self) -> dict[str, Any]:
        """Its counters (see `Counts.plain`)."""
        return cast("dict[str, Any]", self._ask("GET", "counts"))

    def plan(self, **plan: Any) -> None:
        """Plan troubles: ``plan(add=[{"kind": "drop-after"}], latency_ms=5, clear=True)``."""
        self._ask("POST", "faults", json.dumps(plan))

    def __enter__(self) -> StandInProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.kill()

    def _start(self, port: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "qcpump_qt.demo.server", "--port", str(port), "--control"]
        command += ["--world", str(self._world_file), *self._options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        if not line:
            process.wait()
            process.stdout.close()
            raise RuntimeError(f"The stand-in did not start (exit status {process.returncode}).")
        self.url = line
        return process

    def _end(self) -> int:
        status = self._process.wait(timeout=30)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status

    def _ask(self, method: str, name: str, body: str | None = None) -> Any:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request(method, f"/_standin/{name}", body)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"The stand-in refused {name}: {content.decode('utf-8')}")
        return json.loads(content)
