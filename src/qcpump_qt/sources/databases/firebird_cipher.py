"""The encryption of Firebird 3's line, done as quickly as plain Python can.

The driver encrypts letter by letter, and copies what it has after each of them. Here the stream of key bytes is
made in bulk and laid over the text in one go; what comes out is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any


class QuickCipher:
    """ARC4, carried on from where the driver's own cipher stands.

    Args:
        cipher: the driver's; not to be used any more.
    """

    def __init__(self, cipher: Any) -> None:
        self._keys = _key_stream(list(cipher.state), cipher.x, cipher.y)

    def encrypt(self, text: bytes) -> bytes:
        """Encrypt or decrypt, which is the same.

        Args:
            text: what follows the text of the call before; may be empty.
        """
        size = len(text)
        keys = bytes(islice(self._keys, size))
        return (int.from_bytes(text, "little") ^ int.from_bytes(keys, "little")).to_bytes(size, "little")

    decrypt = encrypt


def _key_stream(state: list[int], x: int, y: int) -> Iterator[int]:
    # Nearly all the time of an encrypted answer is spent here; `enumerate` sees what was swapped meanwhile.
    start = x + 1
    while True:
        for place, a in islice(enumerate(state), start, None):
            y = (y + a) & 255
            b = state[y]
            state[place] = b
            state[y] = a
            yield state[(a + b) & 255]
        start = 0


def speed_up(stream: Any) -> None:
    """Let the driver's stream of a connection use the quick cipher, where it encrypts with ARC4 at all."""
    from firebirdsql.arc4 import ARC4  # noqa: PLC0415 - heavy, and not installed everywhere

    ciphers = (stream.read_translator, stream.write_translator)
    if all(type(cipher) is ARC4 for cipher in ciphers):
        stream.set_translator(*(QuickCipher(cipher) for cipher in ciphers))
