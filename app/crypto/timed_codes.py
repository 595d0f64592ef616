"""Six digits that change every half minute, as every authenticator app shows them (TOTP).

HMAC-SHA-1, six digits, 30 seconds: not the best that the standard knows, but the only row of choices that all of the
common apps take. SHA-1's collisions do not touch HMAC.

Source: RFC 6238 (TOTP), RFC 4226 §5 (HOTP, truncation) and §7 (replay and back-off).
"""

import hmac
from base64 import b32decode, b32encode
from hashlib import sha1
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from nacl.utils import random as random_bytes

TIMED_SECRET_BYTES = 20
STEP_S = 30
DIGITS = 6
DRIFT_STEPS = 1
"""A phone may be half a minute ahead or behind (RFC 6238 §5.2 recommends one step)."""

_STEP_MS = 1000 * STEP_S
_COUNTER_BYTES = 8


def make_timed_secret() -> bytes:
    """Return a fresh secret of 160 bits (RFC 4226 §4, R6)."""
    return random_bytes(TIMED_SECRET_BYTES)


def step_at(now_ms: int) -> int:
    """Return the number of the half minute that a wall time in Unix milliseconds falls into."""
    return now_ms // _STEP_MS


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the digits of one half minute, with leading zeros."""
    digest = hmac.new(secret, step.to_bytes(_COUNTER_BYTES, "big"), sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def find_step(secret: bytes, untrusted_code: str, now_ms: int, last_step: int) -> int | None:
    """Return the half minute that a typed code belongs to, None when it is no code of now.

    Args:
        secret: shared with the person's phone.
        untrusted_code: as typed; spaces do not matter.
        now_ms: wall time, Unix milliseconds.
        last_step: the half minute of the last code that was taken. It and everything before it is refused, so that a
            code that somebody saw being typed is worth nothing, and neither is setting the clock back.
    """
    typed = "".join(untrusted_code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    now = step_at(now_ms)
    steps = [step for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1) if step > max(last_step, -1)]
    # Every step is compared, so that the time tells nothing.
    found = [step for step in steps if hmac.compare_digest(code_at(secret, step), typed)]
    return found[-1] if found else None


def secret_words(secret: bytes) -> str:
    """Return the secret as one types it into an app that cannot read a picture: base 32 in groups of four."""
    text = b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def app_link(secret: bytes, account: str) -> str:
    """Return what an authenticator app reads from the picture (otpauth://, Key URI format of Google Authenticator)."""
    label = quote(f"Vestibule:{account}", safe=":")
    asked = {"secret": b32encode(secret).decode().rstrip("="), "issuer": "Vestibule"}
    return f"otpauth://totp/{label}?{urlencode(asked)}"


def secret_of_link(untrusted_link: str) -> bytes | None:
    """Return the secret in a link that ``app_link`` made, None in anything else."""
    try:
        text = parse_qs(urlsplit(untrusted_link).query)["secret"][0]
        secret = b32decode(text + "=" * (-len(text) % 8))
    except (ValueError, KeyError):
        return None
    return secret if len(secret) == TIMED_SECRET_BYTES else None
