"""Everything that can go wrong, in words: each error carries a title, a message and what it is about.

One border per library turns that library's exceptions into these; window, log, command line and
notification all show the same words.
"""

from __future__ import annotations

from typing import Any, ClassVar


class PumpError(Exception):
    """Base of all errors that are meant to be read by a physicist.

    Args:
        message: what happened and what to do about it, as whole sentences.
        title: the trouble in a few words; the class's own title where it is left out.
        subject: the item the error is about (a folder, a test list, a section's name).
    """

    title: str = "Something went wrong"
    transient: ClassVar[bool] = False
    """True when trying again later may help without anybody doing anything."""

    def __init__(self, message: str, *, title: str | None = None, subject: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.title = title or type(self).title
        self.subject = subject

    def __str__(self) -> str:
        text = f"{self.title}: {self.message}"
        return text if not self.subject or self.subject in text else f"{self.subject}: {text}"


class Cancelled(PumpError):  # noqa: N818 - it is a request that was honoured, not an error
    """The user asked for an end; whatever was under way was left in a state that can be resumed."""

    title = "Stopped"


class ConfigurationError(PumpError):
    """A setting, a pump's configuration or a pump type's CONFIG is not usable."""

    title = "Configuration not usable"


class PumpTypeError(ConfigurationError):
    """A pump type could not be loaded or declares something impossible."""

    title = "Pump type not usable"


class SecretError(PumpError):
    """The operating system's keyring cannot keep or give a secret."""

    title = "Keyring not usable"


class LedgerError(PumpError):
    """The ledger cannot be read or written, or was made by a newer version."""

    title = "Ledger not usable"


class BusyError(PumpError):
    """The pump is being run by another process or thread already."""

    title = "Already running"
    transient = True


class SourceUnavailable(PumpError):  # noqa: N818 - reads as the state of the source
    """A share, folder or database cannot be reached now; that means wait, never empty."""

    title = "Source cannot be reached"
    transient = True


class ItemError(PumpError):
    """One item of a source is not usable; the others go on."""

    title = "Item not usable"


class ServerUnavailable(PumpError):  # noqa: N818 - reads as the state of the server
    """The server cannot be reached, does not answer in time, or is in trouble itself.

    Args:
        retry_after: seconds that the server asked to wait, where it said so.
        reached: True when the server did answer (429, 5xx), False when nothing came back.
        status: the HTTP status where there was one.
    """

    title = "Server cannot be reached"
    transient = True

    def __init__(
        self,
        message: str,
        *,
        title: str | None = None,
        subject: str = "",
        retry_after: float | None = None,
        reached: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(message, title=title, subject=subject)
        self.retry_after = retry_after
        self.reached = reached
        self.status = status


class ServerRefused(PumpError):  # noqa: N818 - reads as what the server did
    """The server answered that it will not do this for us at all: token, right, address, TLS."""

    title = "Server refuses"


class MappingError(PumpError):
    """A machine, unit or test list cannot be matched to exactly one on the server."""

    title = "No clear match in QATrack+"


class RecordRejected(PumpError):  # noqa: N818 - reads as what became of the record
    """The server looked at one record and refused it.

    Args:
        answer: the server's own answer (decoded JSON, or text), kept so that it can be looked at.
        status: the HTTP status of that answer.
    """

    title = "Record rejected by the server"

    def __init__(self, message: str, *, answer: Any, status: int, subject: str = "") -> None:
        super().__init__(message, subject=subject)
        self.answer = answer
        self.status = status


class MissingTests(RecordRejected):
    """The server wants tests that the record has no values for; they can be marked as skipped.

    Args:
        slugs: the tests' macro names, as the server listed them.
        alone: True when this was the only complaint.
    """

    title = "Values missing for some tests"

    def __init__(
        self,
        message: str,
        *,
        slugs: tuple[str, ...],
        alone: bool,
        answer: Any,
        status: int,
        subject: str = "",
    ) -> None:
        super().__init__(message, answer=answer, status=status, subject=subject)
        self.slugs = slugs
        self.alone = alone
