"""The link that a patient is given, and what both ends derive from it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from nacl.utils import random as random_bytes

from app.channel.digests import ID_BYTES
from app.channel.errors import LinkFormatError
from app.crypto.derive import derive_key
from app.domain.strict_json import from_base64, to_base64

SECRET_BYTES: Final = 32
FINGERPRINT_BYTES: Final = 20
MAX_LINK_CHARS: Final = 2_000
_VERSION: Final = "1"
_LINK: Final = re.compile(
    r"https?://[^\s#]+#1\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{27})", re.ASCII
)

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Invitation:
    """One use, 72 h: ``invite_id`` 16 B, ``secret`` 32 B, ``fingerprint`` the first 20 B of the office id."""

    invite_id: bytes
    secret: bytes
    fingerprint: bytes

    @classmethod
    def make(cls, office_id: bytes, random: Random = random_bytes) -> Self:
        """Return a fresh invitation of this office."""
        return cls(random(ID_BYTES), random(SECRET_BYTES), office_id[:FINGERPRINT_BYTES])

    @classmethod
    def parse(cls, untrusted_link: str) -> Self:
        """Return the invitation in ``https://host/c#1.<id>.<secret>.<fp20>``.

        Raises:
            LinkFormatError: anything else.

        Source: channel.md §3.
        """
        found = _LINK.fullmatch(untrusted_link) if len(untrusted_link) <= MAX_LINK_CHARS else None
        if found is None:
            raise LinkFormatError
        try:
            sizes = (ID_BYTES, SECRET_BYTES, FINGERPRINT_BYTES)
            return cls(*(from_base64(text, size) for text, size in zip(found.groups(), sizes, strict=True)))
        except ValueError:
            raise LinkFormatError from None

    def __repr__(self) -> str:
        return "<Invitation hidden>"

    def link(self, base_url: str) -> str:
        """Return the link; ``base_url`` names scheme and host, with or without a slash at the end."""
        parts = (_VERSION, *(to_base64(part) for part in (self.invite_id, self.secret, self.fingerprint)))
        return f"{base_url.rstrip('/')}/c#{'.'.join(parts)}"

    @property
    def address(self) -> bytes:
        """The mailbox, 16 bytes."""
        return derive_key(self.secret, "address", self.invite_id)[:ID_BYTES]

    @property
    def token(self) -> bytes:
        """What opens the mailbox at the gateway until the page has claimed it, 32 bytes."""
        return derive_key(self.secret, "token", self.invite_id)

    def psk(self, office_id: bytes) -> bytes:
        """Return the pre-shared key of the first handshake, 32 bytes."""
        return derive_key(self.secret, "invite", self.invite_id, office_id)
