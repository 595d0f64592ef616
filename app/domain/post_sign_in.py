"""The first message on a connection to the gateway and its answer: small JSON texts that say who is here.

The token is never part of an address that a server might log; the gateway keeps only its hash.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from app.domain.digests import digest
from app.domain.strict_json import dump_object, from_base64, load_object, to_base64

MAX_SIGN_IN_BYTES: Final = 1_024
OFFICE_BYTES: Final = 32
TOKEN_BYTES: Final = 32
ADDRESS_BYTES: Final = 16
_VERSION: Final = 1


class SignInCode(Enum):
    """Why nobody was let in."""

    UNKNOWN = "unknown"
    """There is no such mailbox or office here, or the first message is not one."""
    TOKEN = "token"  # noqa: S105  the name of a refusal
    """The mailbox is there and the token is not its own."""
    CLAIMED = "claimed"
    """The invitation was used by another browser."""
    EXPIRED = "expired"
    """The invitation was never used and is over."""
    CLOSED = "closed"
    """The office closed this mailbox: revoked, ended or erased."""
    BUSY = "busy"
    """Too many connections or new conversations just now; try again later."""
    VERSION = "version"
    """Another version of the protocol."""


@dataclass(frozen=True, slots=True)
class PatientSignIn:
    """A browser asks for its mailbox.

    ``claim`` (32 B): at first contact, the token that shall count from now on. ``is_open_door``: make a new mailbox
    with this address and token, where the office has its door open. ``is_peek``: only tell whether the token would open
    the mailbox, claim nothing and hang up, so that a person hears of a used link before reading and consenting.
    """

    address: bytes
    token: bytes
    claim: bytes | None = None
    is_open_door: bool = False
    is_peek: bool = False

    def __repr__(self) -> str:
        return "<PatientSignIn>"


@dataclass(frozen=True, slots=True)
class DeskSignIn:
    """A desk asks for every mailbox of its office."""

    office: bytes
    token: bytes

    def __repr__(self) -> str:
        return "<DeskSignIn>"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Let in; ``now_ms`` is the gateway's clock, for display of a clock that is wrong."""

    now_ms: int


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Not let in; the connection closes behind it."""

    code: SignInCode


def token_hash(token: bytes) -> bytes:
    """Return what the gateway keeps of a token: ``D("token", token)``, 32 bytes."""
    return digest("token", token)


def encode_sign_in(message: PatientSignIn | DeskSignIn) -> str:
    """Return the first message of a connection."""
    if isinstance(message, DeskSignIn):
        fields: dict[str, object] = {"v": _VERSION, "as": "desk", "office": to_base64(message.office)}
        return dump_object({**fields, "token": to_base64(message.token)}).decode()
    fields = {"v": _VERSION, "as": "patient", "address": to_base64(message.address), "token": to_base64(message.token)}
    if message.claim is not None:
        fields["claim"] = to_base64(message.claim)
    if message.is_open_door:
        fields["open"] = True
    if message.is_peek:
        fields["peek"] = True
    return dump_object(fields).decode()


def decode_sign_in(untrusted_text: str) -> PatientSignIn | DeskSignIn | SignInRefused:
    """Return who asks to come in, or with which code to refuse.

    An object with another ``v`` is refused as a version before anything else is looked at, so that a later version may
    look different.
    """
    try:
        fields = load_object(untrusted_text, MAX_SIGN_IN_BYTES)
        if type(fields.get("v")) is not int or fields["v"] != _VERSION:
            return SignInRefused(SignInCode.VERSION)
        return _sign_in_of(fields)
    except ValueError:
        return SignInRefused(SignInCode.UNKNOWN)


def encode_welcome(answer: SignedIn | SignInRefused) -> str:
    """Return the gateway's answer to a first message."""
    if isinstance(answer, SignedIn):
        return dump_object({"v": _VERSION, "ok": True, "now_ms": answer.now_ms}).decode()
    return dump_object({"v": _VERSION, "ok": False, "code": answer.code.value}).decode()


def decode_welcome(untrusted_text: str) -> SignedIn | SignInRefused:
    """Return whether the gateway let us in.

    Raises:
        ValueError: the text is not such an answer.
    """
    fields = load_object(untrusted_text, MAX_SIGN_IN_BYTES)
    if type(fields.get("v")) is not int or fields["v"] != _VERSION or not isinstance(fields.get("ok"), bool):
        raise ValueError("not an answer to a sign-in")
    now_ms = fields.get("now_ms")
    if fields["ok"] and fields.keys() == {"v", "ok", "now_ms"} and type(now_ms) is int and now_ms >= 0:
        return SignedIn(now_ms)
    if not fields["ok"] and fields.keys() == {"v", "ok", "code"}:
        return SignInRefused(SignInCode(fields["code"]))
    raise ValueError("not an answer to a sign-in")


def _sign_in_of(fields: dict[str, object]) -> PatientSignIn | DeskSignIn:
    if fields.get("as") == "desk" and fields.keys() == {"v", "as", "office", "token"}:
        return DeskSignIn(from_base64(fields["office"], OFFICE_BYTES), from_base64(fields["token"], TOKEN_BYTES))
    needed, wishes = {"v", "as", "address", "token"}, {"claim", "open"}
    more = fields.keys() - needed
    if fields.get("as") != "patient" or not needed <= fields.keys() or not (more <= wishes or more == {"peek"}):
        raise ValueError("not a sign-in")
    if fields.get("open", True) is not True or fields.get("peek", True) is not True:
        raise ValueError("not a sign-in")
    return PatientSignIn(
        address=from_base64(fields["address"], ADDRESS_BYTES),
        token=from_base64(fields["token"], TOKEN_BYTES),
        claim=from_base64(fields["claim"], TOKEN_BYTES) if "claim" in fields else None,
        is_open_door="open" in fields,
        is_peek="peek" in fields,
    )
