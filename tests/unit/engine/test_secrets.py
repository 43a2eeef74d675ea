from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import keyring.errors
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend

from qcpump_qt.engine.errors import SecretError
from qcpump_qt.engine.secrets import KeyringSecrets, MemorySecrets, SecretStore, acceptable, secret_name, why

CANARY = "canary 'quoted' \\ ünd /+"


class WorkingKeyring(KeyringBackend):
    """A keyring as the library defines one, holding its values in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no types there
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("not there")
        del self.kept[service, username]


class PlaintextKeyring(WorkingKeyring):
    """Called as the one of keyrings.alt."""


class Forgetful(WorkingKeyring):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


class Refusing(WorkingKeyring):
    """Raises what it was given at each call."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error


class Hanging(WorkingKeyring):
    """Waits for a password that nobody types, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.calls = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        self.calls += 1
        self.let_go.wait(30)
        super().set_password(service, username, password)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    backend = Hanging()
    yield backend
    backend.let_go.set()


NoKeyring: Callable[[], KeyringBackend] = fail.Keyring
NullKeyring: Callable[[], KeyringBackend] = null.Keyring


def secrets_of(
    backend: KeyringBackend, *, patience: float = 60.0, check_patience: float = 5.0
) -> KeyringSecrets:
    return KeyringSecrets(backend=lambda: backend, patience=patience, check_patience=check_patience)


STORES: list[Callable[[], SecretStore]] = [MemorySecrets, lambda: secrets_of(WorkingKeyring())]


@pytest.mark.parametrize("make", STORES)
def test_a_secret_is_kept_replaced_and_forgotten(make: Callable[[], SecretStore]) -> None:
    store = make()
    store.check()
    assert store.get("a") is None
    store.set("a", CANARY)
    store.set("b", "other")
    assert store.get("a") == CANARY
    store.set("a", "new")
    assert store.get("a") == "new"
    store.delete("a")
    store.delete("a")
    assert store.get("a") is None
    assert store.get("b") == "other"


@pytest.mark.parametrize("make", STORES)
def test_what_windows_could_not_keep_is_refused_everywhere(make: Callable[[], SecretStore]) -> None:
    store = make()
    store.set("a", "x" * 1280)
    with pytest.raises(SecretError) as caught:
        store.set("a", CANARY * 100)
    assert "The secret a is 2400 characters long; at most 1280 can be kept in a keyring." in str(caught.value)
    assert CANARY not in str(caught.value)
    assert store.get("a") == "x" * 1280


def test_they_stand_under_the_programs_name() -> None:
    backend = WorkingKeyring()
    secrets_of(backend).set("id/QATrack+ API/0/auth token", "t")
    assert backend.kept == {("qcpump-qt", "id/QATrack+ API/0/auth token"): "t"}


def test_names_can_never_collide() -> None:
    assert secret_name("tb-ab12cd", "QATrack+ API", 0, "auth token") == "tb-ab12cd/QATrack+ API/0/auth token"
    parts = [("p", "a/0/b", 0, "c"), ("p", "a", 0, "b/0/c"), ("p", "a%2F0", 0, "b"), ("p", "a/0", 0, "b")]
    assert len({secret_name(*part) for part in parts}) == 4


def test_a_check_leaves_nothing_behind() -> None:
    backend = WorkingKeyring()
    secrets_of(backend).check()
    assert backend.kept == {}


def test_a_keyring_that_forgets_is_found_out() -> None:
    with pytest.raises(SecretError, match="accepted a test value and did not give it back"):
        secrets_of(Forgetful()).check()


def test_no_backend_is_told_with_what_to_do() -> None:
    words = r"has no keyring that QCPump-Qt can use.*On Linux, install and start"
    with pytest.raises(SecretError, match=words):
        secrets_of(NoKeyring()).check()
    with pytest.raises(SecretError, match=words):
        secrets_of(NoKeyring()).set("a", "b")


def test_the_null_backend_is_refused() -> None:
    with pytest.raises(SecretError, match=r"The keyring is switched off .* PYTHON_KEYRING_BACKEND"):
        secrets_of(NullKeyring()).set("a", "b")


def test_plain_text_is_refused_by_its_name_and_by_its_module() -> None:
    backend = PlaintextKeyring()
    with pytest.raises(SecretError, match="PlaintextKeyring keeps secrets in a file that anybody"):
        secrets_of(backend).set("a", CANARY)
    assert backend.kept == {}
    elsewhere = type("EncryptedKeyring", (WorkingKeyring,), {"__module__": "keyrings.alt.file"})
    with pytest.raises(SecretError, match="EncryptedKeyring keeps secrets in a file"):
        secrets_of(elsewhere()).get("a")


class Chain(ChainerBackend):
    """As the library chains all keyrings it finds."""

    members: list[KeyringBackend] = []  # noqa: RUF012 - replaced by each test
    backends = property(lambda self: self.members)


new_chain: Callable[[], Chain] = Chain


def test_of_a_chain_the_first_safe_one_is_used() -> None:
    chain, good, plain = new_chain(), WorkingKeyring(), PlaintextKeyring()
    chain.members = [plain, good]
    assert acceptable(chain) is good
    chain.members = [plain, NullKeyring()]
    with pytest.raises(SecretError, match="PlaintextKeyring"):
        acceptable(chain)
    chain.members = []
    with pytest.raises(SecretError, match="has no keyring"):
        acceptable(chain)


class PromptDismissedException(Exception):  # noqa: N818 - the name that SecretStorage gives it
    pass


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (keyring.errors.NoKeyringError("x"), "has no keyring that QCPump-Qt can use"),
        (keyring.errors.KeyringLocked("x"), "The keyring of this system is locked"),
        (keyring.errors.InitError("x"), "Unlock it (log in to the desktop"),
        (PromptDismissedException("x"), "The keyring of this system is locked"),
        (ModuleNotFoundError("No module named 'keyring'"), "Install QCPump-Qt anew"),
        (keyring.errors.PasswordSetError("Can't store\n it"), "could not be read, as the keyring of this system "
         "refused (PasswordSetError: Can't store it)"),
        (OSError(), "refused (OSError)"),
        (RuntimeError("dbus fell over"), "(RuntimeError: dbus fell over)"),
    ],
)  # fmt: skip
def test_whatever_a_backend_raises_is_told_in_words(error: Exception, words: str) -> None:
    with pytest.raises(SecretError) as caught:
        secrets_of(Refusing(error)).get("a")
    assert words in str(caught.value)
    assert caught.value.message.endswith(".")


def test_a_backends_own_words_never_show_the_secret() -> None:
    error = ValueError(f"cannot keep {CANARY!r} or {CANARY}")
    with pytest.raises(SecretError) as caught:
        secrets_of(Refusing(error)).set("a", CANARY)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "canary" not in why(error, "written", CANARY)


def test_a_call_that_hangs_is_given_up_and_not_repeated(hanging: Hanging) -> None:
    store = secrets_of(hanging, patience=0.05, check_patience=0.05)
    with pytest.raises(SecretError, match=r"did not answer within 0\.05 seconds.*waiting for its password"):
        store.check()
    with pytest.raises(SecretError, match="unlock it"):
        store.set("a", "b")
    assert hanging.calls == 1


def test_a_call_that_hung_and_ended_is_forgiven(hanging: Hanging) -> None:
    store = secrets_of(hanging, check_patience=0.05)
    with pytest.raises(SecretError, match="did not answer"):
        store.check()
    hanging.let_go.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(30)
    store.check()


def test_the_library_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys; from qcpump_qt.engine.secrets import KeyringSecrets; KeyringSecrets();"
        "sys.exit('keyring' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
