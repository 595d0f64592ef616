"""The safety number: what a patient and a desk compare by phone (channel.md §10)."""

from typing import Final

from app.channel.digests import digest

_GROUPS: Final = 8
_GROUP_BYTES: Final = 4
_GROUP_END: Final = 100_000


def safety_number(root: bytes, static: bytes, verify: bytes, address: bytes) -> str:
    """Return 40 digits in eight groups, the same for all generations and desks.

    Args:
        root: the office's Ed25519 root key.
        static: the patient's X25519 key s_P.
        verify: the patient's Ed25519 key v_P.
        address: of the mailbox, 16 bytes.
    """
    found = digest("safety", root, static, verify, address)
    starts = range(0, _GROUPS * _GROUP_BYTES, _GROUP_BYTES)
    numbers = (int.from_bytes(found[start : start + _GROUP_BYTES], "big") % _GROUP_END for start in starts)
    return " ".join(f"{number:05d}" for number in numbers)
