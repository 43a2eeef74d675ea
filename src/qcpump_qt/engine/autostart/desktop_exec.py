"""The ``Exec`` line of a desktop file: quoted and read as the Desktop Entry Specification says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcpump_qt.engine.errors import ConfigurationError

_RESERVED = set(" \t\n\"'\\><~|&;$*?#()`")
_ESCAPED = set('"`$\\')
_STRING_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def exec_line(command: Sequence[str]) -> str:
    """A command as it stands behind ``Exec=``.

    Raises:
        ConfigurationError: an argument holds a control character, which no desktop file can hold.
    """
    for argument in command:
        if any(ord(character) < 32 for character in argument):
            raise ConfigurationError(
                f"The path {argument!r} holds a line break or another control character, so it cannot be started "
                "at login. Move the program or its home to a folder with a plain name.",
                subject=argument,
            )
    # Two layers: quoting of arguments, then backslashes of the file format.
    return " ".join(_quoted(argument) for argument in command).replace("\\", "\\\\")


def _quoted(argument: str) -> str:
    text = argument.replace("%", "%%")
    if text and not _RESERVED & set(text):
        return text
    inner = "".join(f"\\{character}" if character in _ESCAPED else character for character in text)
    return f'"{inner}"'


def exec_words(line: str) -> list[str]:
    """The command that an ``Exec`` line starts; field codes such as ``%U`` stand for nothing."""
    return [
        word.replace("%%", "%") for word in _split(_unescaped(line.strip(" \t"))) if not _is_field_code(word)
    ]


def _is_field_code(word: str) -> bool:
    return len(word) == 2 and word[0] == "%" and word[1] != "%"


def _unescaped(line: str) -> str:
    """Without the backslashes of the file format."""
    characters = iter(line)
    text = []
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            text.append(_STRING_ESCAPES.get(following, "\\" + following))
        else:
            text.append(character)
    return "".join(text)


def _split(line: str) -> Iterator[str]:
    """Its arguments, without the quotes."""
    word: list[str] | None = None
    quoted = False
    characters = iter(line)
    for character in characters:
        if character == '"':
            quoted = not quoted
            word = word or []
        elif character == "\\" and quoted:
            word = [*(word or []), next(characters, "")]
        elif character == " " and not quoted:
            if word is not None:
                yield "".join(word)
            word = None
        else:
            word = [*(word or []), character]
    if word is not None:
        yield "".join(word)
