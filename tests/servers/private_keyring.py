"""A real keyring for tests: a message bus and a gnome-keyring of their own, in a home of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")
BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
"""A bus that starts no program by itself: a keyring that it started would be locked for good."""
WHY_NOT = "needs a keyring that can be started for the test alone: apt install gnome-keyring dbus"


def can_be_started() -> bool:
    """Whether everything is installed that a private keyring needs."""
    return all(shutil.which(program) for program in PROGRAMS)


class PrivateKeyring:
    """An unlocked keyring; ended with the `with` block.

    gnome-keyring crashes now and then when several processes use it at once; it is started anew then, with
    all it had kept.

    Args:
        folder: where its home is made; nothing outside of it is touched.
    """

    def __init__(self, folder: Path) -> None:
        self.home = folder / "user"
        self._data = self.home / ".local" / "share"
        self._runtime = folder / "run"
        for each in (self.home, self._data, self._runtime):
            each.mkdir(parents=True, exist_ok=True)
            each.chmod(0o700)
        self._ending = threading.Event()
        self._address = ""
        self._bus = self._start_bus(folder)
        self._keyring = self._start_keyring()
        self._guard = threading.Thread(target=self._start_anew, name="guard of the keyring", daemon=True)
        self._guard.start()

    @property
    def environment(self) -> dict[str, str]:
        """The variables through which a process finds this keyring, on top of those that any process needs."""
        return {
            **plain_environment(os.environ),
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self._data),
            "XDG_RUNTIME_DIR": str(self._runtime),
            "DBUS_SESSION_BUS_ADDRESS": self._address,
        }

    def stop(self) -> None:
        """End keyring and bus; may be called more than once."""
        self._ending.set()
        self._end(self._keyring)
        self._guard.join(timeout=30)
        self._end(self._keyring)
        self._end(self._bus)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()

    def _start_anew(self) -> None:
        while not self._ending.is_set():
            self._keyring.wait()
            if not self._ending.is_set():
                self._end(self._keyring)
                self._keyring = self._start_keyring()

    def __enter__(self) -> PrivateKeyring:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_bus(self, folder: Path) -> subprocess.Popen[bytes]:
        config = folder / "bus.conf"
        config.write_text(BUS.format(folder=tempfile.gettempdir()), encoding="utf-8")
        process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )
        assert process.stdout is not None
        self._address = process.stdout.readline().decode("ascii").strip()
        return process

    def _start_keyring(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"the keyring's own password")
        process.stdin.close()
        # It tells its variables once it listens.
        process.stdout.readline()
        return process


def plain_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What of our own variables a child may see: nothing of proxies, desktops or this program."""
    kept = (
        *("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "TZ"),
        *("VIRTUAL_ENV", "PYTHONPATH", "COVERAGE_PROCESS_START"),
    )
    return {name: environ[name] for name in kept if name in environ}
