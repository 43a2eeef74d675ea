"""The quick cipher gives what the driver's own gives, from wherever that one stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.sources.databases.firebird_cipher import QuickCipher, speed_up

arc4 = pytest.importorskip("firebirdsql.arc4", reason="needs the driver firebirdsql")


class Stream:
    """The driver's stream, as far as it has to do with ciphers."""

    def __init__(self, reads: Any, writes: Any) -> None:
        self.read_translator = reads
        self.write_translator = writes

    def set_translator(self, reads: Any, writes: Any) -> None:
        self.read_translator, self.write_translator = reads, writes


def test_a_published_example() -> None:
    # RFC 6229, key 0102030405: the first sixteen bytes of the stream.
    cipher = QuickCipher(arc4.ARC4(bytes.fromhex("0102030405")))
    assert cipher.encrypt(bytes(16)).hex() == "b2396305f03dc027ccc3524a0a1118a8"


@given(
    key=st.binary(min_size=1, max_size=64),
    before=st.integers(0, 600),
    texts=st.lists(st.binary(max_size=700), max_size=5),
)
def test_as_the_drivers_own(key: bytes, before: int, texts: list[bytes]) -> None:
    own, begun = arc4.ARC4(key), arc4.ARC4(key)
    own.encrypt(bytes(before))
    begun.encrypt(bytes(before))
    quick = QuickCipher(begun)
    for text in texts:
        expected = own.encrypt(text)
        assert quick.decrypt(text) == expected
        assert isinstance(expected, bytes)


@pytest.mark.parametrize("before", [255, 256, 257])
def test_at_the_turn_of_a_round(before: int) -> None:
    own, begun = arc4.ARC4(b"key"), arc4.ARC4(b"key")
    own.encrypt(bytes(before))
    begun.encrypt(bytes(before))
    assert QuickCipher(begun).encrypt(bytes(1000)) == own.encrypt(bytes(1000))


def test_a_stream_gets_a_cipher_for_each_direction() -> None:
    stream = Stream(arc4.ARC4(b"key"), arc4.ARC4(b"key"))
    expected = arc4.ARC4(b"key").encrypt(b"some text")
    speed_up(stream)
    assert isinstance(stream.read_translator, QuickCipher)
    assert stream.write_translator.encrypt(b"some text") == expected
    assert stream.read_translator.decrypt(expected) == b"some text"


def test_no_encryption_and_another_one_stay_what_they_are() -> None:
    chacha = pytest.importorskip("firebirdsql.chacha", reason="comes with newer versions of the driver")
    for make in (lambda: None, lambda: chacha.ChaCha20.new(bytes(32), bytes(8))):
        reads, writes = make(), make()
        stream = Stream(reads, writes)
        speed_up(stream)
        assert (stream.read_translator, stream.write_translator) == (reads, writes)
