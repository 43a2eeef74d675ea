"""Tokens and passwords: kept in the operating system's keyring and nowhere else.

There is no plain-text fallback: where no keyring works that is said in words, and nothing is kept.
A keyring is judged by a round trip and never by its class, since a locked one looks fine until it is
called (environment reference, row on keyrings).
"""

from __future__ import annotations

import queue
import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from qcpump_qt.engine.errors import SecretError
from qcpump_qt.engine.logs.redaction import Redactor

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "qcpump-qt"
LIMIT = 2560
"""Most bytes (as UTF-16) that the Windows Credential Manager keeps; held everywhere, so that a
configuration that works on one computer works on the next."""

T = TypeVar("T")


def secret_name(pump_id: str, section: str, index: int, field: str) -> str:
    """The name of one secret in the keyring.

    Args:
        pump_id: the pump's stable id.
        section: the section's name.
        index: which sub-section, from 0.
        field: the field's name.
    """
    parts = (part.replace("%", "%25").replace("/", "%2F") for part in (pump_id, section, str(index), field))
    return "/".join(parts)


class SecretStore(Protocol):
    """Somewhere that keeps secrets by name. All methods may raise `SecretError`."""

    def get(self, name: str) -> str | None:
        """The secret of that name, None when there is none."""

    def set(self, name: str, value: str) -> None:
        """Keep a secret under a name, over a former one."""

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is fine."""

    def check(self) -> None:
        """See whether secrets can be kept; the error says why not and what to do."""


class MemorySecrets:
    """Secrets for the demonstration and for tests; gone when the process ends."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """The secret of that name, None when there is none."""
        return self._values.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret under a name, over a former one."""
        refuse_long(name, value)
        self._values[name] = value

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is fine."""
        self._values.pop(name, None)

    def check(self) -> None:
        """Always fine."""


class KeyringSecrets:
    """Secrets in the operating system's keyring.

    Args:
        service: the name under which all of them stand there.
        backend: gives the keyring; left out, the `keyring` library chooses (loaded at the first use only).
        patience: seconds a call may take; longer than a check, as the system may be asking for a password.
        check_patience: seconds a call of `check` may take.
    """

    def __init__(
        self,
        service: str = SERVICE,
        *,
        backend: Callable[[], KeyringBackend] | None = None,
        patience: float = 60.0,
        check_patience: float = 5.0,
    ) -> None:
        self._service = service
        self._backend = backend or _usual_backend
        self._patience = patience
        self._check_patience = check_patience
        self._stuck: threading.Thread | None = None
        # gnome-keyring is known to crash when one process calls it from several threads at once.
        self._one_at_a_time = threading.Lock()

    def get(self, name: str) -> str | None:
        """The secret of that name, None when there is none."""
        return self._get(name, self._patience)

    def set(self, name: str, value: str) -> None:
        """Keep a secret under a name, over a former one."""
        refuse_long(name, value)
        self._set(name, value, self._patience)

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is fine."""
        self._delete(name, self._patience)

    def check(self) -> None:
        """Keep a random value, read it, compare it and forget it again.

        Raises:
            SecretError: in words why the keyring cannot be used and what to do.
        """
        name, value = f"check/{uuid.uuid4().hex}", uuid.uuid4().hex
        # Nothing is deleted after a set that failed: a locked keyring would ask its owner a second time.
        self._set(name, value, self._check_patience)
        found = self._get(name, self._check_patience)
        self._delete(name, self._check_patience)
        if found != value:
            raise SecretError(
                "The keyring of this system accepted a test value and did not give it back. "
                "It cannot be trusted with tokens and passwords; set up another keyring."
            )

    def _get(self, name: str, patience: float) -> str | None:
        return self._call(lambda keyring: keyring.get_password(self._service, name), "read", patience)

    def _set(self, name: str, value: str, patience: float) -> None:
        self._call(
            lambda keyring: keyring.set_password(self._service, name, value), "written", patience, value
        )

    def _delete(self, name: str, patience: float) -> None:
        def forget(keyring: KeyringBackend) -> None:
            # Asked first, because the libraries differ in what they raise for a name that is not there.
            if keyring.get_password(self._service, name) is not None:
                keyring.delete_password(self._service, name)

        self._call(forget, "deleted", patience)

    def _call(self, call: Callable[[KeyringBackend], T], doing: str, patience: float, value: str = "") -> T:
        """Let the keyring do something, for so long and no longer, and tell its troubles in words."""
        if not self._one_at_a_time.acquire(timeout=patience):
            raise SecretError(_HANGS.format(seconds=f"{patience:g}"))
        try:
            answer = self._answer(call, patience)
        finally:
            self._one_at_a_time.release()
        if isinstance(answer, SecretError):
            raise answer
        if isinstance(answer, Exception):
            # The cause is cut off: a backend's own text might quote the value.
            raise SecretError(why(answer, doing, value)) from None
        return answer

    def _answer(self, call: Callable[[KeyringBackend], T], patience: float) -> T | Exception:
        if self._stuck is not None and self._stuck.is_alive():
            return SecretError(_HANGS.format(seconds=f"{patience:g}"))
        self._stuck = None
        answers: queue.Queue[T | Exception] = queue.Queue()

        def work() -> None:
            try:
                answers.put(call(acceptable(self._backend())))
            except Exception as error:  # noqa: BLE001 - backends raise their libraries' own kinds; told in words
                answers.put(error)

        thread = threading.Thread(target=work, name="keyring", daemon=True)
        thread.start()
        try:
            return answers.get(timeout=patience)
        except queue.Empty:
            self._stuck = thread
            return SecretError(_HANGS.format(seconds=f"{patience:g}"))


_HANGS = (
    "The keyring of this system did not answer within {seconds} seconds. It may be waiting for its password "
    "in another window, or there is nobody to ask: unlock it (log in to the desktop) and try again."
)


def _usual_backend() -> KeyringBackend:
    import keyring  # noqa: PLC0415 - looks for its backends when imported, which the window need not wait for

    return keyring.get_keyring()


def acceptable(backend: KeyringBackend) -> KeyringBackend:
    """The backend to use: itself, or the best member of a chain.

    Raises:
        SecretError: there is none, or it would keep secrets in plain text or not at all.
    """
    members = getattr(backend, "backends", None)
    if members is None:
        _refuse_unsafe(backend)
        return backend
    refusal: SecretError | None = None
    for member in members:
        try:
            _refuse_unsafe(member)
        except SecretError as error:
            refusal = refusal or error
        else:
            chosen: KeyringBackend = member
            return chosen
    raise refusal or SecretError(_NO_BACKEND)


_NO_BACKEND = (
    "This system has no keyring that QCPump-Qt can use, so tokens and passwords cannot be kept. "
    "On Linux, install and start a keyring (gnome-keyring or KWallet) in your session; "
    "on Windows and macOS, run QCPump-Qt in a normal user session."
)


def _refuse_unsafe(backend: KeyringBackend) -> None:
    module, kind = type(backend).__module__, type(backend).__name__
    if module == "keyring.backends.fail":
        raise SecretError(_NO_BACKEND)
    if module == "keyring.backends.null":
        raise SecretError(
            "The keyring is switched off (the null backend keeps nothing). "
            "Take it out of keyringrc.cfg or of the variable PYTHON_KEYRING_BACKEND."
        )
    if module.split(".")[:2] == ["keyrings", "alt"] or "plaintext" in kind.lower():
        raise SecretError(
            f"The keyring backend {kind} keeps secrets in a file that anybody with access to it can read. "
            "QCPump-Qt does not use it; set up the keyring of the operating system."
        )


def why(error: Exception, doing: str, value: str = "") -> str:
    """What a backend's exception means and what to do, never with the secret in it.

    Args:
        error: what the backend raised.
        doing: what was asked of it, as a participle ("read").
        value: the secret that was handed over, taken out of the text.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "NoKeyringError" in kinds:
        return _NO_BACKEND
    if kinds & {"KeyringLocked", "InitError", "LockedException", "PromptDismissedException"}:
        return (
            "The keyring of this system is locked, or cannot be opened without somebody to ask. "
            "Unlock it (log in to the desktop, or unlock the keyring with its own program) and try again."
        )
    if "ImportError" in kinds:
        return "The program's library keyring is missing or damaged. Install QCPump-Qt anew."
    text = " ".join(str(error).split())
    text = Redactor([value]).redact(text)
    said = f" ({type(error).__name__}: {text})" if text else f" ({type(error).__name__})"
    return f"The secret could not be {doing}, as the keyring of this system refused{said}. Try again, or unlock it."


def refuse_long(name: str, value: str) -> None:
    """Raise `SecretError` for a value that the Windows Credential Manager would not keep."""
    size = len(value.encode("utf-16-le", errors="surrogatepass"))
    if size > LIMIT:
        raise SecretError(
            f"The secret {name} is {len(value)} characters long; at most {LIMIT // 2} can be kept in a keyring. "
            "See whether something else was pasted into the field."
        )
