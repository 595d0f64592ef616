"""Attachments come whole or not at all."""

import pytest
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
)

from app.channel.attachments import open_file, seal_file
from app.channel.errors import AttachmentRefusedError
from app.channel.kinds import Kind, Role, check_content, plain_content
from app.domain.post_sizes import CHUNK_BYTES, CHUNK_COUNTS

KIB64 = 65_536


def data(size: int) -> bytes:
    return bytes(number * number % 251 for number in range(size))


def refused(content: dict, chunks: list[bytes]) -> str:
    with pytest.raises(AttachmentRefusedError) as found:
        open_file(content, chunks)
    return found.value.code


@pytest.mark.parametrize(
    ("size", "count"),
    [(1, 1), (KIB64 - 1, 1), (KIB64, 1), (KIB64 + 1, 2), (2 * KIB64 + 1, 4), (5 * KIB64, 8), (257 * KIB64, 400)],
)
def test_a_file_comes_back_whole_and_only_its_class_shows(size: int, count: int) -> None:
    plain = data(1_000) * (size // 1_000) + data(size % 1_000)
    sealed = seal_file(plain)
    assert count in CHUNK_COUNTS
    assert [len(chunk) for chunk in sealed.chunks] == [CHUNK_BYTES] * count
    assert open_file(sealed.content("scan.pdf", "application/pdf"), sealed.chunks) == plain


def test_two_uploads_of_one_file_share_no_key_and_no_name() -> None:
    one, two = seal_file(b"x"), seal_file(b"x")
    assert one.key[:32] != two.key[:32]
    assert one.blob != two.blob
    assert one.chunks != two.chunks


def test_what_is_said_about_a_file_passes_the_schema_of_its_message() -> None:
    content = seal_file(data(70_000)).content("análisis.pdf", "application/pdf")
    assert check_content(Role.PATIENT, Kind.FILE, plain_content(content)) == content


def test_chunks_swapped_dropped_repeated_or_cut_are_refused() -> None:
    sealed = seal_file(data(3 * KIB64))
    content, chunks = sealed.content("a", "image/png"), list(sealed.chunks)
    assert refused(content, [chunks[1], chunks[0], *chunks[2:]]) == "broken"
    assert refused(content, [chunks[0], *chunks[2:]]) == "broken"
    assert refused(content, [chunks[0], *chunks]) == "broken"
    assert refused(content, chunks[:-1]) == "cut"
    assert refused(content, []) == "cut"
    assert refused(content, [*chunks, chunks[-1]]) == "cut"
    assert refused(content, [chunks[0][:-1], *chunks[1:]]) == "broken"
    assert refused(content, [chunks[0] + b"\0", *chunks[1:]]) == "broken"
    assert refused(content | {"chunks": 8}, chunks) == "cut"
    assert refused(content | {"chunks": 2}, chunks) == "cut"


@pytest.mark.parametrize("place", [0, 1, 17, KIB64, CHUNK_BYTES - 1])
def test_a_chunk_with_one_bit_changed_is_refused(place: int) -> None:
    sealed = seal_file(b"invented")
    changed = bytearray(sealed.chunks[0])
    changed[place] ^= 1
    assert refused(sealed.content("a", "image/png"), [bytes(changed)]) == "broken"


def test_another_key_header_size_or_digest_is_refused() -> None:
    sealed = seal_file(b"invented")
    content = sealed.content("a", "image/png")
    assert refused(content | {"key": bytes(32) + content["key"][32:]}, list(sealed.chunks)) == "broken"
    assert refused(content | {"key": content["key"][:32] + bytes(24)}, list(sealed.chunks)) == "broken"
    assert refused(content | {"size": 7}, list(sealed.chunks)) == "broken"
    assert refused(content | {"size": 9}, list(sealed.chunks)) == "digest"
    assert refused(content | {"digest": bytes(32)}, list(sealed.chunks)) == "digest"


def test_a_filling_that_is_not_zeros_is_refused() -> None:
    state = crypto_secretstream_xchacha20poly1305_state()
    header = crypto_secretstream_xchacha20poly1305_init_push(state, bytes(32))
    chunk = crypto_secretstream_xchacha20poly1305_push(state, b"x".ljust(KIB64, b"\1"), tag=3)
    content = seal_file(b"x").content("a", "image/png") | {"key": bytes(32) + header}
    assert refused(content, [chunk]) == "broken"


def test_a_stream_begun_by_libsodium_itself_is_read() -> None:
    state = crypto_secretstream_xchacha20poly1305_state()
    header = crypto_secretstream_xchacha20poly1305_init_push(state, bytes(32))
    chunk = crypto_secretstream_xchacha20poly1305_push(state, b"x".ljust(KIB64, b"\0"), tag=3)
    content = seal_file(b"x").content("a", "image/png") | {"key": bytes(32) + header}
    assert open_file(content, [chunk]) == b"x"


def test_nothing_and_more_than_25_megabytes_do_not_leave() -> None:
    with pytest.raises(AttachmentRefusedError, match="empty"):
        seal_file(b"")
    with pytest.raises(AttachmentRefusedError, match="too_large"):
        seal_file(bytes(25 * 1_024 * 1_024 + 1))


def test_a_sealed_file_shows_nothing_of_itself() -> None:
    assert repr(seal_file(b"x")) == "<SealedFile 1 chunks>"
