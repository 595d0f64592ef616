"""Attachments: a file under a key of its own, in padded chunks of one size, whole or not at all (channel.md §9)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_KEYBYTES,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)
from nacl.utils import random as random_bytes

from app.channel.digests import ID_BYTES, digest
from app.channel.errors import AttachmentRefusedError
from app.channel.kinds import MAX_FILE_BYTES, PLAIN_CHUNK_BYTES, Content, chunk_count
from app.domain.post_sizes import CHUNK_BYTES

_KEY_BYTES: Final = crypto_secretstream_xchacha20poly1305_KEYBYTES
_HEADER_BYTES: Final = crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MESSAGE: Final = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL: Final = crypto_secretstream_xchacha20poly1305_TAG_FINAL


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What is uploaded and what is said about it: ``blob`` names it at the gateway, ``key`` is 32 B and the header."""

    blob: bytes
    key: bytes
    digest: bytes
    size: int
    chunks: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"<SealedFile {len(self.chunks)} chunks>"

    def content(self, name: str, media_type: str) -> Content:
        """Return the content of the message of kind ``file``."""
        return {
            "blob": self.blob,
            "key": self.key,
            "digest": self.digest,
            "size": self.size,
            "chunks": len(self.chunks),
            "name": name,
            "type": media_type,
        }


def seal_file(data: bytes, *, random: Callable[[int], bytes] = random_bytes) -> SealedFile:
    """Return the file, sealed under a fresh key; a broken upload starts again with another call.

    Raises:
        AttachmentRefusedError: empty or too_large (more than 25 MB).
    """
    if not data:
        raise AttachmentRefusedError("empty")
    if len(data) > MAX_FILE_BYTES:
        raise AttachmentRefusedError("too_large")
    key = random(_KEY_BYTES) + random(_HEADER_BYTES)
    return SealedFile(random(ID_BYTES), key, digest("file", data), len(data), tuple(_sealed_chunks(data, key)))


def open_file(content: Content, untrusted_chunks: Iterable[bytes]) -> bytes:
    """Return the file that a message of kind ``file`` describes.

    Args:
        content: of the message, as it came out of a session.
        untrusted_chunks: what the gateway gave, in order.

    Raises:
        AttachmentRefusedError: broken (a tag, a length or the filling), cut (FINAL too early, or chunks missing or too
            many) or digest.
    """
    plain = b"".join(_opened_chunks(content["key"], content["chunks"], untrusted_chunks))
    size: int = content["size"]
    if any(memoryview(plain)[size:]):
        raise AttachmentRefusedError("broken")
    data = plain[:size]
    if digest("file", data) != content["digest"]:
        raise AttachmentRefusedError("digest")
    return data


def _stream(key: bytes) -> crypto_secretstream_xchacha20poly1305_state:
    """Return the stream of a key and a header that were drawn before.

    Both directions begin in the same state, and ``init_pull`` takes the header where ``init_push`` would draw one; the
    header is random here too (libsodium, secretstream_xchacha20poly1305.c).
    """
    state = crypto_secretstream_xchacha20poly1305_state()
    crypto_secretstream_xchacha20poly1305_init_pull(state, key[_KEY_BYTES:], key[:_KEY_BYTES])
    return state


def _sealed_chunks(data: bytes, key: bytes) -> Iterator[bytes]:
    state, count = _stream(key), chunk_count(len(data))
    for number in range(count):
        plain = data[number * PLAIN_CHUNK_BYTES : (number + 1) * PLAIN_CHUNK_BYTES].ljust(PLAIN_CHUNK_BYTES, b"\0")
        tag = _FINAL if number == count - 1 else _MESSAGE
        yield crypto_secretstream_xchacha20poly1305_push(state, plain, tag=tag)


def _opened_chunks(key: bytes, count: int, untrusted_chunks: Iterable[bytes]) -> Iterator[bytes]:
    state, number = _stream(key), 0
    for number, chunk in enumerate(untrusted_chunks, start=1):
        if number > count:
            raise AttachmentRefusedError("cut")
        if len(chunk) != CHUNK_BYTES:
            raise AttachmentRefusedError("broken")
        try:
            plain, tag = crypto_secretstream_xchacha20poly1305_pull(state, chunk)
        except RuntimeError:
            raise AttachmentRefusedError("broken") from None
        if tag != (_FINAL if number == count else _MESSAGE):
            raise AttachmentRefusedError("cut")
        yield plain
    if number < count:
        raise AttachmentRefusedError("cut")
