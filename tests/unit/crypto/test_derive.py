"""K(): one row of bytes, one key."""

from hashlib import blake2b

import pytest

from app.crypto.derive import KEY_BYTES, derive_key

KEY = bytes(range(32))


def test_a_key_has_thirty_two_bytes_and_never_changes_between_releases() -> None:
    # Pinned: if this changes, no vault of an earlier release opens any more.
    assert derive_key(KEY, "db", b"\0").hex() == "3bfb64a88c772cd08077475762ef9f8c647e43610aa3cf14c382eb925f88c8e9"
    assert len(derive_key(KEY, "db")) == KEY_BYTES


def test_the_row_is_hashed_exactly_as_the_specification_writes_it() -> None:
    row = b"\0\0\0\x0bvestibule/1" + b"\0\0\0\x03kek" + b"\0\0\0\x02ab" + b"\0\0\0\0"
    assert derive_key(KEY, "kek", b"ab", b"") == blake2b(row, key=KEY, digest_size=32).digest()


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("kek", (b"a", b"bc")),
        ("kek", (b"abc",)),
        ("kek", (b"abc", b"")),
        ("kek", (b"", b"abc")),
        ("keka", (b"b", b"c")),
        ("ring", (b"ab", b"c")),
    ],
)
def test_rows_that_read_alike_give_different_keys(label: str, parts: tuple[bytes, ...]) -> None:
    assert derive_key(KEY, label, *parts) != derive_key(KEY, "kek", b"ab", b"c")


def test_another_key_gives_another_key() -> None:
    assert derive_key(KEY, "db") != derive_key(KEY[::-1], "db")


@pytest.mark.parametrize("length", [0, 15, 65])
def test_a_key_of_the_wrong_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="16 to 64"):
        derive_key(bytes(length), "db")
