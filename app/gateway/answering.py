"""From a request of somebody who is signed in to its answer. It decides who may ask what; the mailbox does it."""

from dataclasses import dataclass
from typing import Final

from app.domain.post import (
    SEQ_BYTES,
    BlobDrop,
    BlobGet,
    BlobPut,
    Card,
    Close,
    Holdings,
    No,
    NoCode,
    Ok,
    Open,
    Put,
    Request,
    Taken,
    Wipe,
)
from app.domain.strict_json import dump_object
from app.gateway.errors import OfficeFileError, RefusedError
from app.gateway.mailbox import Direction
from app.gateway.office_file import read_document
from app.gateway.post_office import PostOffice

_TOTAL_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the patient of one mailbox, or a desk (``address`` None), for whom all mailboxes are its own."""

    address: bytes | None

    def __repr__(self) -> str:
        return "<Asker patient>" if self.address is not None else "<Asker desk>"

    @property
    def sends(self) -> Direction:
        """Which way its frames go."""
        return Direction.TO_PATIENT if self.address is None else Direction.TO_DESK

    @property
    def receives(self) -> Direction:
        """Which way the frames go that are for it."""
        return Direction.TO_DESK if self.address is None else Direction.TO_PATIENT

    def may_ask(self, request: Request) -> bool:
        """Return whether this is its own mailbox and its own kind of request."""
        if self.address is None:
            return True
        if isinstance(request, Open | Close | Card | Holdings | Wipe):
            return False
        return request.address == self.address


async def answer(office: PostOffice, asker: Asker, request: Request) -> Ok | No:
    """Return the answer to one request, after what it asked is durable."""
    if not asker.may_ask(request):
        return No(request.req, NoCode.NOT_YOURS)
    try:
        return Ok(request.req, await _do(office, asker, request))
    except RefusedError as refusal:
        return No(request.req, refusal.code)


async def _do(office: PostOffice, asker: Asker, request: Request) -> bytes:
    if isinstance(request, Put):
        seq = await office.mailbox.put(request.address, asker.sends, request.frame, office.now_ms())
        return seq.to_bytes(SEQ_BYTES, "big")
    if isinstance(request, Taken):
        await office.mailbox.taken(request.address, asker.receives, request.seq)
        return b""
    if isinstance(request, BlobPut | BlobGet | BlobDrop):
        return await _attachment(office, request)
    return await _office(office, request)


async def _attachment(office: PostOffice, request: BlobPut | BlobGet | BlobDrop) -> bytes:
    if isinstance(request, BlobPut):
        await office.mailbox.put_chunk(request, office.now_ms())
        return b""
    if isinstance(request, BlobGet):
        total, chunk = await office.mailbox.chunk(request.address, request.blob, request.index)
        return total.to_bytes(_TOTAL_BYTES, "big") + chunk
    await office.mailbox.drop_blob(request.address, request.blob)
    return b""


async def _office(office: PostOffice, request: Open | Close | Card | Holdings | Wipe) -> bytes:
    if isinstance(request, Open):
        await office.mailbox.make(request.address, request.token_hash, request.until_ms, office.now_ms())
    elif isinstance(request, Close):
        await office.mailbox.close(request.address, office.now_ms())
        office.members.end_patients(request.address)
    elif isinstance(request, Holdings):
        return dump_object(await office.mailbox.holdings(request.after, office.now_ms()))
    elif isinstance(request, Wipe):
        await office.mailbox.wipe()
        office.members.end_patients(None)
    else:
        await _publish(office, request)
    return b""


async def _publish(office: PostOffice, request: Card) -> None:
    try:
        document = read_document(request.document)
    except OfficeFileError as problem:
        raise RefusedError(NoCode.MALFORMED) from problem
    await office.publish(document)
