"""Start at login on Linux and other systems with freedesktop sessions: a file in the autostart folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qcpump_qt.engine import files, jsontext
from qcpump_qt.engine.autostart.desktop_exec import exec_line, exec_words
from qcpump_qt.engine.autostart.entry import NAME, AutostartState, state_of, unknown
from qcpump_qt.engine.autostart.removing import remove_file
from qcpump_qt.engine.errors import ConfigurationError

FILE = "qcpump-qt.desktop"
_GROUP = "Desktop Entry"


def autostart_folder(environ: Mapping[str, str], home: Path) -> Path:
    """Where the session looks: below ``XDG_CONFIG_HOME`` if that is an absolute path, else ``~/.config``."""
    named = environ.get("XDG_CONFIG_HOME", "")
    base = Path(named) if named and Path(named).is_absolute() else home / ".config"
    return base / "autostart"


class XdgAutostart:
    """A ``.desktop`` file that the session starts.

    Args:
        folder: the autostart folder; made when it is needed.
        command: what this program would enter.
    """

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self.file = folder / FILE
        self._command = tuple(command)

    def state(self) -> AutostartState:
        """What the file says."""
        try:
            entry = _entry(files.read_bytes(self.file))
        except files.FileMissing:
            return state_of((), self._command)
        except ConfigurationError as error:
            return unknown(error.message)
        except ValueError:
            return unknown(f"{self.file} cannot be understood. Switch it on here to write it anew.")
        if entry.get("Hidden", "false") == "true":
            return state_of(_words(entry), self._command, off_because=_OFF_THERE)
        if entry.get("X-GNOME-Autostart-enabled", "true") == "false":
            return state_of(_words(entry), self._command, off_because=_OFF_THERE)
        return state_of(_words(entry), self._command)

    def switch_on(self, command: Sequence[str]) -> None:
        """Write the file."""
        files.make_folder(self.file.parent)
        files.write_atomically(self.file, desktop_file(command))

    def switch_off(self) -> None:
        """Remove the file."""
        remove_file(self.file)


_OFF_THERE = (
    "It is entered, and was switched off in the settings of this desktop. Switch it on here to undo that."
)


def desktop_file(command: Sequence[str]) -> str:
    """The file's text.

    Raises:
        ConfigurationError: an argument holds a character that such a file cannot hold.
    """
    return (
        f"[{_GROUP}]\n"
        "Type=Application\n"
        f"Name={NAME}\n"
        "Comment=Delivers QC results to QATrack+\n"
        f"Exec={exec_line(command)}\n"
        "Terminal=false\n"
        "X-GNOME-Autostart-enabled=true\n"
    )


def _entry(data: bytes) -> Mapping[str, str]:
    """The keys of such a file; raises `ValueError` where it is none."""
    import configparser  # noqa: PLC0415 - most have no such file, and the window need not wait for it

    reader = configparser.RawConfigParser(
        delimiters=("=",), comment_prefixes=("#",), strict=False, empty_lines_in_values=False
    )
    reader.optionxform = str  # type: ignore[assignment, method-assign]  # keys are told apart by their case
    try:
        reader.read_string(jsontext.decode_utf8(data))
    except configparser.Error as error:
        raise ValueError(str(error)) from error
    return reader[_GROUP] if reader.has_section(_GROUP) else {}


def _words(entry: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(exec_words(entry.get("Exec", "")))
