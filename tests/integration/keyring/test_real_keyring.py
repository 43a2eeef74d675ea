"""A real gnome-keyring on a D-Bus session of its own, in a private HOME."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
MISSING = [name for name in NEEDED if shutil.which(name) is None]

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (Debian: gnome-keyring, dbus)"
)

CANARY = "canary-4711-ünd 'x' \\"
UNLOCK = (
    'printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; '
)
RUN = 'exec "$0" -c "$1" "$2"'

Session = Callable[..., str]

PRELUDE = """
import sys
from pathlib import Path
from qcpump_qt.engine.errors import SecretError
from qcpump_qt.engine.secrets import KeyringSecrets
canary, secrets = sys.argv[1], KeyringSecrets()
def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\\n")
"""


@pytest.fixture
def private(tmp_path: Path) -> Path:
    for name in ("data", "run", "config"):
        (tmp_path / name).mkdir(mode=0o700)
    return tmp_path


@pytest.fixture
def session(private: Path) -> Session:
    """Runs Python code in a session with a keyring; the daemon ends with its bus."""
    environ = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "HOME": str(private),
        "XDG_DATA_HOME": str(private / "data"),
        "XDG_CONFIG_HOME": str(private / "config"),
        "XDG_RUNTIME_DIR": str(private / "run"),
        "KEYRING_PASSWORD": "of the login",
    }

    def run(code: str, *, unlocked: bool = True, bus: bool = True) -> str:
        command = ["sh", "-c", (UNLOCK if unlocked else "") + RUN, sys.executable, PRELUDE + code, CANARY]
        whole = ["dbus-run-session", "--", *command] if bus else command
        done = subprocess.run(whole, env=environ, cwd=private, capture_output=True, timeout=120, check=False)
        output = done.stdout.decode()
        assert done.returncode == 0, output + done.stderr.decode(errors="replace")
        return output

    return run


def everything_below(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_unlocked_keyring_keeps_secrets_over_sessions(session: Session, private: Path) -> None:
    first = session(
        """
secrets.check()
say(secrets.get("id/section/0/token"))
secrets.set("id/section/0/token", "former")
secrets.set("id/section/0/token", canary)
secrets.set("id/section/1/token", "other")
say(secrets.get("id/section/0/token") == canary)
"""
    )
    assert first == "None\nTrue\n"
    second = session(
        """
say(secrets.get("id/section/0/token") == canary)
secrets.delete("id/section/0/token")
secrets.delete("id/section/0/token")
say(secrets.get("id/section/0/token"), secrets.get("id/section/1/token"))
"""
    )
    assert second == "True\nNone other\n"
    assert list((private / "data" / "keyrings").iterdir())
    assert b"canary" not in everything_below(private)


def test_a_check_leaves_nothing_in_the_keyring(session: Session) -> None:
    output = session(
        """
secrets.check()
import secretstorage
bus = secretstorage.dbus_init()
say(len(list(secretstorage.get_default_collection(bus).get_all_items())))
bus.close()
"""
    )
    assert output == "0\n"


def test_a_locked_keyring_is_told_in_words(session: Session) -> None:
    output = session(
        """
for call in (secrets.check, lambda: secrets.set("a", canary), lambda: secrets.get("a")):
    try:
        call()
        say("no error")
    except SecretError as error:
        say(error.message)
""",
        unlocked=False,
    )
    told = output.splitlines()
    assert len(told) == 3
    for line in told:
        assert line == (
            "The keyring of this system is locked, or cannot be opened without somebody to ask. Unlock it "
            "(log in to the desktop, or unlock the keyring with its own program) and try again."
        )


def test_no_session_bus_is_told_in_words(session: Session) -> None:
    output = session(
        """
try:
    secrets.check()
except SecretError as error:
    say(error)
""",
        unlocked=False,
        bus=False,
    )
    assert output.startswith("Keyring not usable: This system has no keyring that QCPump-Qt can use")
    assert "install and start a keyring (gnome-keyring or KWallet)" in output


def test_pumps_keep_their_tokens_in_it(session: Session, private: Path) -> None:
    code = """
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.store import PumpStore
store = PumpStore(Places(Path("home")), secrets)
"""
    values = '{"QATrack+ API": [{"auth token": canary, "api url": "https://qa/api"}]}'
    assert session(code + f'store.add("TB", "T", {values})') == ""
    assert session(code + f'say(store.with_secrets(store.find("TB")) == {values})') == "True\n"
    assert b"canary" not in everything_below(private)
    output = session(
        code
        + """
pump = store.find("TB")
store.delete(pump)
say(secrets.get(pump.id + "/QATrack+ API/0/auth token"))
"""
    )
    assert output == "None\n"


def test_the_null_and_fail_backends_are_refused_as_the_library_gives_them(session: Session) -> None:
    for backend, words in (
        ("null", "The keyring is switched off"),
        ("fail", "has no keyring that QCPump-Qt can use"),
    ):
        output = session(
            f"""
import os
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.{backend}.Keyring"
try:
    secrets.check()
except SecretError as error:
    say(error)
"""
        )
        assert words in output
