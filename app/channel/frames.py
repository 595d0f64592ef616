"""One frame: header, nonce, and a signed body under a key that is used once (channel.md §6)."""

from dataclasses import dataclass
from typing import Any, Final

from nacl import _sodium
from nacl.bindings import sodium_init

from app.channel.digests import ID_BYTES, digest
from app.channel.errors import FrameRefusedError
from app.channel.kinds import Role
from app.channel.padding import pad, unpad
from app.channel.signing import SIGNATURE_BYTES, Signer, is_signed
from app.crypto.errors import SealBrokenError
from app.crypto.sealing import NONCE_BYTES, TAG_BYTES, open_sealed
from app.domain.post_sizes import HEADER_BYTES

PREFIX_BYTES: Final = ID_BYTES + SIGNATURE_BYTES
"""What stands before the body: sender and signature."""

sodium_init()
_lib: Any = _sodium.lib
_ffi: Any = _sodium.ffi
_NOTHING = _ffi.NULL


@dataclass(frozen=True, slots=True)
class FrameContext:
    """What a frame is bound to beside its key: the mailbox, who sends, and the handshake hash h (64 B)."""

    address: bytes
    role: Role
    handshake_hash: bytes

    def aad(self, header: bytes) -> bytes:
        """Return address 16 | direction 1 | header 38."""
        return b"".join((self.address, bytes((self.role.direction,)), header))

    def signed_part(self, aad: bytes, sender: bytes, body: bytes) -> bytes:
        """Return what the sender signs, 32 bytes."""
        return digest("msg", self.handshake_hash, aad, sender, body)


@dataclass(frozen=True, slots=True)
class Inside:
    """What was decrypted, not yet checked: who claims to have signed, and the claim."""

    sender: bytes
    signature: bytes
    body: bytes

    def __repr__(self) -> str:
        return "<Inside hidden>"


def seal_frame(
    context: FrameContext, header: bytes, key: bytes, nonce: bytes, *, sender: bytes, signer: Signer, body: bytes
) -> bytes:
    """Return a frame.

    Layout::

        header 38 | nonce 24 | XChaCha20-Poly1305( sender 16 | signature 64 | body | padding ) , tag 16 at its end

    Raises:
        ValueError: longer than the largest class, or a key, nonce or sender of another size.
    """
    aad = context.aad(header)
    signature = signer.sign(context.signed_part(aad, sender, body))
    plain = pad(b"".join((sender, signature, body)))
    if (len(header), len(key), len(nonce), len(sender)) != (HEADER_BYTES, 32, NONCE_BYTES, ID_BYTES):
        raise ValueError("not the sizes of a frame")
    frame = bytearray(header + nonce).ljust(HEADER_BYTES + NONCE_BYTES + len(plain) + TAG_BYTES)
    start = _ffi.from_buffer("unsigned char[]", frame)
    failed = _lib.crypto_aead_xchacha20poly1305_ietf_encrypt(
        start + HEADER_BYTES + NONCE_BYTES, _NOTHING, plain, len(plain), aad, len(aad), _NOTHING, nonce, key
    )
    if failed:
        raise RuntimeError("libsodium could not seal")
    return bytes(frame)


def open_frame(context: FrameContext, untrusted_frame: bytes, key: bytes) -> Inside:
    """Return what is inside; the signature is checked by ``require_signature`` once the sender is looked up.

    Raises:
        FrameRefusedError: sealed or padding.
    """
    aad = context.aad(untrusted_frame[:HEADER_BYTES])
    try:
        plain = unpad(open_sealed(key, untrusted_frame[HEADER_BYTES:], aad))
    except SealBrokenError:
        raise FrameRefusedError("sealed") from None
    except ValueError:
        raise FrameRefusedError("padding") from None
    if len(plain) < PREFIX_BYTES:
        raise FrameRefusedError("padding")
    return Inside(plain[:ID_BYTES], plain[ID_BYTES:PREFIX_BYTES], plain[PREFIX_BYTES:])


def require_signature(context: FrameContext, header: bytes, inside: Inside, sign_key: bytes) -> None:
    """Do nothing when the holder of ``sign_key`` signed this frame.

    Raises:
        FrameRefusedError: signature.
    """
    message = context.signed_part(context.aad(header), inside.sender, inside.body)
    if not is_signed(message, inside.signature, sign_key):
        raise FrameRefusedError("signature")
