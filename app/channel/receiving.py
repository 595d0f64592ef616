"""Taking a frame: the checks of channel.md §6.1 in their order, and only then a new state."""

from dataclasses import dataclass, replace
from typing import Final

from app.channel.bodies import Body, read_body
from app.channel.chains import Chain, first_key, key_at, message_key
from app.channel.digests import short_digest
from app.channel.errors import FrameRefusedError
from app.channel.frames import FrameContext, Inside, open_frame, require_signature
from app.channel.generations import MAX_CLONES, Generation
from app.channel.kinds import QUIET_KINDS, Kind, Role
from app.channel.received import Alarm, SenderKeys
from app.domain.post_sizes import HEADER_BYTES, Envelope, FrameType, read_envelope

MAX_CLOCK_JUMP: Final = 65_536


@dataclass(frozen=True, slots=True)
class Taken:
    """A frame that holds, and the generation after it."""

    generation: Generation
    envelope: Envelope
    inside: Inside
    body: Body
    digest: bytes
    alarms: frozenset[Alarm]
    is_late: bool


@dataclass(frozen=True, slots=True)
class TakenBefore:
    """The very bytes came before."""

    chain: Chain
    number: int


def read_header(untrusted_frame: bytes) -> Envelope:
    """Return the header of a frame of type 3.

    Raises:
        FrameRefusedError: header.
    """
    try:
        envelope = read_envelope(untrusted_frame)
    except ValueError:
        raise FrameRefusedError("header") from None
    if envelope.type is not FrameType.FRAME:
        raise FrameRefusedError("header")
    return envelope


def take_frame(
    generation: Generation,
    context: FrameContext,
    envelope: Envelope,
    untrusted_frame: bytes,
    keys: SenderKeys,
    *,
    clock: int,
    now_ms: int,
) -> Taken | TakenBefore:
    """Return what a frame is to this generation. ``context.role`` is the side that sent it.

    Raises:
        FrameRefusedError: chains, jump, missing, late, sealed, padding, sender, owner, signature, malformed or clock.
    """
    chain = generation.chain(envelope.chain)
    if chain is None:
        generation.require_room_for_chain()
        chain = Chain(envelope.chain, b"", first_key(generation.root, context.role, envelope.chain))
    chain.require_in_window(envelope.number, now_ms)
    short = short_digest("frame", untrusted_frame)
    before = chain.digest_at(envelope.number)
    if before and (before == short or short in generation.clones):
        return TakenBefore(chain, envelope.number)
    inside = open_frame(context, untrusted_frame, _key(generation, chain, context.role, envelope.number))
    body = _checked_body(context, untrusted_frame, chain, inside, keys)
    if body.item.clock > clock + MAX_CLOCK_JUMP:
        raise FrameRefusedError("clock")
    if before:
        return _second_content(generation, envelope, inside, body, short)
    return _first_content(generation, chain, envelope, inside, body, short, now_ms)


def _key(generation: Generation, chain: Chain, role: Role, number: int) -> bytes:
    """Return MK of this number; what lies behind the chain is derived anew from the root (channel.md §6.1)."""
    ahead = number - chain.next_number
    if ahead >= 0:
        return message_key(key_at(chain.key, ahead))
    return message_key(key_at(first_key(generation.root, role, chain.name), number))


def _checked_body(
    context: FrameContext, untrusted_frame: bytes, chain: Chain, inside: Inside, keys: SenderKeys
) -> Body:
    sign_key = keys(inside.sender)
    if sign_key is None:
        raise FrameRefusedError("sender")
    if chain.owner not in {b"", inside.sender}:
        raise FrameRefusedError("owner")
    require_signature(context, untrusted_frame[:HEADER_BYTES], inside, sign_key)
    try:
        return read_body(inside.body, context.role)
    except ValueError:
        raise FrameRefusedError("malformed") from None


def _first_content(
    generation: Generation, chain: Chain, envelope: Envelope, inside: Inside, body: Body, short: bytes, now_ms: int
) -> Taken:
    is_late = envelope.number < chain.next_number or generation.awaits(inside.sender, short)
    linked, is_fork = generation.with_link(inside.sender, body.prev, short, now_ms)
    owned = replace(chain.with_frame(envelope.number, short, now_ms), owner=inside.sender)
    counted = 0 if body.item.kind in QUIET_KINDS else 1
    grown = replace(
        linked.with_chain(owned),
        messages=generation.messages + counted,
        is_alarmed=generation.is_alarmed or is_fork,
        is_renew_said=generation.is_renew_said or body.item.kind is Kind.RENEW,
    )
    alarms = frozenset({Alarm.FORK}) if is_fork else frozenset()
    return Taken(grown, envelope, inside, body, short, alarms, is_late)


def _second_content(generation: Generation, envelope: Envelope, inside: Inside, body: Body, short: bytes) -> Taken:
    clones = (*generation.clones, short)[-MAX_CLONES:]
    alarmed = replace(generation, clones=clones, is_alarmed=True)
    return Taken(alarmed, envelope, inside, body, short, frozenset({Alarm.CLONE}), is_late=False)
