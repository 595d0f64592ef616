"""The seal: published vector, round trip, and every field flipped."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from nacl import bindings

from app.crypto.errors import SealBrokenError
from app.crypto.sealing import NONCE_BYTES, SEAL_OVERHEAD_BYTES, open_sealed, seal

KEY = bytes(range(0x80, 0xA0))


def test_the_published_vector_opens() -> None:
    """Source: draft-irtf-cfrg-xchacha-03, appendix A.3.1."""
    nonce = bytes(range(0x40, 0x58))
    aad = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    body = bytes.fromhex(
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
        "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52e"
    )
    tag = bytes.fromhex("c0875924c1c7987947deafd8780acf49")
    assert open_sealed(KEY, nonce + body + tag, aad) == (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        b"sunscreen would be it."
    )


@given(some.binary(max_size=300), some.binary(max_size=40))
def test_what_is_sealed_opens_again(plain: bytes, aad: bytes) -> None:
    sealed = seal(KEY, plain, aad)
    assert len(sealed) == len(plain) + SEAL_OVERHEAD_BYTES
    assert open_sealed(KEY, sealed, aad) == plain


def test_no_nonce_comes_twice() -> None:
    assert len({seal(KEY, b"same", b"")[:NONCE_BYTES] for _ in range(500)}) == 500


def test_a_flipped_bit_anywhere_breaks_the_seal() -> None:
    sealed = seal(KEY, b"0123456789", b"context")
    for place in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(SealBrokenError):
            open_sealed(KEY, bytes(altered), b"context")


@pytest.mark.parametrize(
    ("key", "aad", "cut"),
    [
        (KEY[::-1], b"context", None),
        (KEY, b"Context", None),
        (KEY, b"", None),
        (KEY, b"context", 39),
        (KEY, b"context", 0),
    ],
)
def test_another_key_another_context_or_less_bytes_break_the_seal(key: bytes, aad: bytes, cut: int | None) -> None:
    with pytest.raises(SealBrokenError):
        open_sealed(key, seal(KEY, b"plain", b"context")[:cut], aad)


@given(some.binary(max_size=300), some.binary(max_size=40), some.binary(min_size=32, max_size=32))
def test_the_binding_opens_what_is_sealed_here_and_the_other_way_round(plain: bytes, aad: bytes, key: bytes) -> None:
    sealed = seal(key, plain, aad)
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    assert bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(body, aad, nonce, key) == plain
    assert bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, nonce, key) == body
    assert open_sealed(key, sealed, aad) == plain


@pytest.mark.parametrize("key", [b"", KEY[:-1], KEY + b"\0", bytearray(KEY), "k" * 32])
def test_a_key_of_another_length_or_kind_never_reaches_the_cipher(key: object) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal(key, b"plain", b"")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="32 bytes"):
        open_sealed(key, bytes(50), b"")  # type: ignore[arg-type]


@pytest.mark.parametrize("other", ["text", None, bytearray(50), memoryview(bytes(50))])
def test_only_bytes_are_sealed_and_opened(other: object) -> None:
    for data, aad in ((other, b""), (bytes(50), other)):
        with pytest.raises(TypeError):
            seal(KEY, data, aad)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            open_sealed(KEY, data, aad)  # type: ignore[arg-type]
