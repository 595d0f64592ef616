"""Making a frame: the next key of our own chain, what was seen, a signature; and the line after it."""

from collections.abc import Callable
from dataclasses import replace

from nacl.utils import random as random_bytes

from app.channel.bodies import MAX_NUMBER, Item, Told, write_body
from app.channel.chains import SendingChain, message_key
from app.channel.digests import ID_BYTES, short_digest
from app.channel.errors import NotNowError
from app.channel.frames import PREFIX_BYTES, FrameContext, seal_frame
from app.channel.generations import Generation
from app.channel.kinds import QUIET_KINDS, Content, Kind, check_content, plain_content
from app.channel.line import Line
from app.channel.received import Sealed
from app.channel.signing import Signer
from app.crypto.sealing import NONCE_BYTES
from app.domain.post_sizes import Envelope, FrameType

Random = Callable[[int], bytes]


def send(
    line: Line,
    kind: Kind,
    content: Content,
    now_ms: int,
    *,
    signer: Signer,
    message_id: bytes | None = None,
    random: Random = random_bytes,
) -> tuple[Line, Sealed]:
    """Return the line after sending, and the frame.

    Raises:
        NotNowError: not_confirmed, content or too_large.
    """
    generation = line.current
    if generation is None:
        raise NotNowError("not_confirmed")
    item = make_item(line, kind, content, now_ms, message_id or random(ID_BYTES))
    try:
        body, told = write_body(item, generation.last_sent or bytes(ID_BYTES), line.owed, PREFIX_BYTES)
    except ValueError:
        raise NotNowError("too_large") from None
    sending = generation.sending
    if sending is None or sending.number > MAX_NUMBER:
        sending = SendingChain.begin(generation.root, line.role, random(ID_BYTES))
    header = Envelope(FrameType.FRAME, generation.name, sending.name, sending.number).encode()
    context = FrameContext(line.address, line.role, generation.hash)
    key, nonce = message_key(sending.key), random(NONCE_BYTES)
    frame = seal_frame(context, header, key, nonce, sender=line.me, signer=signer, body=body)
    grown = _after_sending(generation, sending.advanced(), frame, kind)
    return _told(line.with_generation(grown), item.clock, told), Sealed(frame, item.message_id)


def make_item(line: Line, kind: Kind, content: Content, now_ms: int, message_id: bytes) -> Item:
    """Return a message of ours with the next clock.

    Raises:
        NotNowError: content; not what this side says in such a message.
    """
    try:
        checked = check_content(line.role, kind, plain_content(content))
    except (ValueError, AttributeError, TypeError):
        raise NotNowError("content") from None
    return Item(message_id, line.clock + 1, now_ms, kind, checked)


def _after_sending(generation: Generation, sending: SendingChain, frame: bytes, kind: Kind) -> Generation:
    others = tuple(entry for entry in generation.sent if entry[0] != sending.name)
    return replace(
        generation,
        sending=sending,
        sent=(*others, (sending.name, sending.number)),
        last_sent=short_digest("frame", frame),
        is_renew_said=generation.is_renew_said or kind is Kind.RENEW,
        messages=generation.messages + (0 if kind in QUIET_KINDS else 1),
    )


def _told(line: Line, clock: int, told: Told) -> Line:
    left = tuple(entry for entry in line.owed if entry not in told)
    return replace(line, clock=clock, owed=left, owes_ack=line.owes_ack and bool(left))
