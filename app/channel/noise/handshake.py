"""HandshakeState of Noise (revision 34, §5.3): writes and reads the messages of one handshake."""

from collections.abc import Callable, Sequence
from typing import Final, Self

from nacl.bindings import crypto_scalarmult_base
from nacl.utils import random as random_bytes

from app.channel.errors import HandshakeRefusedError
from app.channel.noise.dh import DH_BYTES, diffie_hellman
from app.channel.noise.patterns import Pattern, Token
from app.channel.noise.symmetric import HASH_BYTES, KEY_BYTES, TAG_BYTES, SymmetricState

MAX_MESSAGE_BYTES: Final = 65_535
_DUMP_BYTES: Final = 2 * HASH_BYTES + DH_BYTES


class HandshakeState:
    """One end of one handshake. Not to be used again once a call has raised."""

    __slots__ = (
        "_e",
        "_is_initiator",
        "_next",
        "_pattern",
        "_psks",
        "_random",
        "_s",
        "_state",
        "payload_hash",
        "remote_ephemeral",
        "remote_static",
    )

    def __init__(
        self,
        pattern: str,
        *,
        is_initiator: bool,
        prologue: bytes = b"",
        static: bytes | None = None,
        remote_static: bytes | None = None,
        psk: bytes | Sequence[bytes] = (),
        random: Callable[[int], bytes] = random_bytes,
    ) -> None:
        """Begin. ``static`` is our X25519 secret, ``remote_static`` their public key where the pattern knows it.

        ``psk``: the key of 32 bytes, or several in the order of their places; ``random`` draws the ephemeral secret.
        ``payload_hash`` is h as it stood just before the payload of the last message, 64 bytes.

        Raises:
            ValueError: a key that the pattern needs is missing.
        """
        self._pattern = Pattern.named(pattern)
        self._psks = [psk] if isinstance(psk, bytes) else list(psk)
        if len(self._psks) != self._pattern.psk_count or any(len(one) != KEY_BYTES for one in self._psks):
            raise ValueError("not the pre-shared keys of this pattern")
        self._is_initiator, self._random, self._next = is_initiator, random, 0
        self._s, self._e = static, b""
        self.remote_static, self.remote_ephemeral = remote_static, b""
        self._state = SymmetricState(self._pattern.protocol_name)
        self._state.mix_hash(prologue)
        self.payload_hash = self._state.hash
        for is_known, of_initiator in (
            (self._pattern.initiator_is_known, True),
            (self._pattern.responder_is_known, False),
        ):
            if is_known:
                self._state.mix_hash(self._static_of(is_ours=of_initiator is is_initiator))

    def __repr__(self) -> str:
        return "<HandshakeState hidden>"

    @property
    def hash(self) -> bytes:
        """The handshake hash h, 64 bytes; final after the last message."""
        return self._state.hash

    @property
    def is_finished(self) -> bool:
        """Whether the last message was written or read."""
        return self._next == len(self._pattern.messages)

    def write(self, payload: bytes | Callable[[bytes], bytes]) -> bytes:
        """Return the next message; ``payload`` may be a function of h as it stands just before the payload."""
        parts = [self._write_token(token) for token in self._begin(is_ours=True)]
        self.payload_hash = self._state.hash
        plain = payload if isinstance(payload, bytes) else payload(self.payload_hash)
        return b"".join(parts) + self._state.encrypt_and_hash(plain)

    def read(self, untrusted_message: bytes) -> bytes:
        """Return the payload of their next message.

        Raises:
            HandshakeRefusedError: noise; too short or long, altered, for somebody else, or an all-zero DH.
        """
        if len(untrusted_message) > MAX_MESSAGE_BYTES:
            raise HandshakeRefusedError("noise")
        rest = untrusted_message
        for token in self._begin(is_ours=False):
            rest = self._read_token(token, rest)
        self.payload_hash = self._state.hash
        return self._state.decrypt_and_hash(rest)

    def split(self) -> tuple[bytes, bytes]:
        """Return the two keys of 32 bytes: initiator to responder, and back.

        Raises:
            RuntimeError: the handshake is not finished.
        """
        if not self.is_finished:
            raise RuntimeError("the handshake is not finished")
        return self._state.split()

    def dump(self) -> bytes:
        """Return what ``waiting`` needs to read the answer to a first message: h 64 | ck 64 | e secret 32."""
        return self._state.hash + self._state.chaining_key + self._e

    @classmethod
    def waiting(cls, pattern: str, dumped: bytes, static: bytes) -> Self:
        """Return an initiator that has written its first message; every message 2 begins by mixing in a new key.

        Raises:
            ValueError: not what ``dump`` gave.
        """
        if len(dumped) != _DUMP_BYTES:
            raise ValueError("not a dumped handshake")
        spent = [bytes(KEY_BYTES)] * Pattern.named(pattern).psk_count
        state = cls(pattern, is_initiator=True, static=static, remote_static=bytes(DH_BYTES), psk=spent)
        state._state = SymmetricState.at(dumped[:HASH_BYTES], dumped[HASH_BYTES : 2 * HASH_BYTES])
        state._e, state._next, state._psks = dumped[2 * HASH_BYTES :], 1, []
        return state

    def _begin(self, *, is_ours: bool) -> tuple[Token, ...]:
        if self.is_finished or (self._next % 2 == 0) is not (self._is_initiator is is_ours):
            raise RuntimeError("not the turn of this end")
        self._next += 1
        return self._pattern.messages[self._next - 1]

    def _write_token(self, token: Token) -> bytes:
        if token is Token.E:
            self._e = self._random(DH_BYTES)
            public = crypto_scalarmult_base(self._e)
            self._mix_ephemeral(public)
            return public
        if token is Token.S:
            return self._state.encrypt_and_hash(self._static_of(is_ours=True))
        self._mix(token)
        return b""

    def _read_token(self, token: Token, untrusted_rest: bytes) -> bytes:
        if token not in {Token.E, Token.S}:
            self._mix(token)
            return untrusted_rest
        size = DH_BYTES + (TAG_BYTES if token is Token.S and self._state.has_key else 0)
        if len(untrusted_rest) < size:
            raise HandshakeRefusedError("noise")
        if token is Token.E:
            self.remote_ephemeral = untrusted_rest[:size]
            self._mix_ephemeral(self.remote_ephemeral)
        else:
            self.remote_static = self._state.decrypt_and_hash(untrusted_rest[:size])
        return untrusted_rest[size:]

    def _mix_ephemeral(self, public: bytes) -> None:
        self._state.mix_hash(public)
        if self._pattern.psk_count:  # Noise §9.2
            self._state.mix_key(public)

    def _mix(self, token: Token) -> None:
        if token is Token.PSK:
            self._state.mix_key_and_hash(self._psks.pop(0))
            return
        ours, theirs = token.value if self._is_initiator else reversed(token.value)
        secret = self._e if ours == "e" else self._s
        public = self.remote_ephemeral if theirs == "e" else self.remote_static
        if not secret or not public:
            raise ValueError("a key that the pattern needs is missing")
        self._state.mix_key(diffie_hellman(secret, public))

    def _static_of(self, *, is_ours: bool) -> bytes:
        if is_ours and self._s is not None:
            return crypto_scalarmult_base(self._s)
        if not is_ours and self.remote_static is not None:
            return self.remote_static
        raise ValueError("a key that the pattern needs is missing")
