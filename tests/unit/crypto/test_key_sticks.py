"""The file on a key stick."""

import pytest

from app.crypto.key_sticks import KeyStick

STICK = KeyStick(bytes(range(8)), bytes(range(32)))


def test_what_is_written_is_read() -> None:
    made = KeyStick.generate()
    assert KeyStick.decode(made.encode()) == made
    assert KeyStick.generate() != made


@pytest.mark.parametrize("place", range(0, len(STICK.encode()), 3))
def test_a_file_with_another_byte_is_no_stick(place: int) -> None:
    octets = bytearray(STICK.encode())
    octets[place] ^= 1
    assert KeyStick.decode(bytes(octets)) is None


@pytest.mark.parametrize(
    "octets", [b"", b"vestibule-key-1", b"\xff" * 100, STICK.encode() + b"\n", STICK.encode()[:-1]]
)
def test_something_else_is_no_stick(octets: bytes) -> None:
    assert KeyStick.decode(octets) is None


def test_a_stick_that_is_too_short_is_none() -> None:
    assert KeyStick.decode(KeyStick(bytes(8), bytes(31)).encode()) is None


def test_its_secret_is_shown_nowhere() -> None:
    assert "secret" not in repr(STICK)
    assert STICK.secret.hex() not in repr(STICK)
