"""One gateway's state: the office it serves, its mailboxes, who is here, and how much anybody may ask for."""

import time
import traceback
from collections import Counter
from collections.abc import Callable
from hmac import compare_digest
from pathlib import Path

from app.domain.post import NoCode
from app.domain.post_sign_in import DeskSignIn, PatientSignIn, SignInCode, token_hash
from app.gateway.errors import MailboxPlaceError, PlaceProblem, RefusedError
from app.gateway.limits import Bucket, Buckets, Limits
from app.gateway.mailbox import Mailbox, Newcomer
from app.gateway.members import Members
from app.gateway.office_file import OfficeDocument, OfficeFile, read_document


def _clock_ms() -> int:
    return time.time_ns() // 1_000_000


class PostOffice:
    """What every connection shares.

    Args:
        enrolled: the office file it was started with.
        mailbox: not started yet; :meth:`start` does that.
        limits: how much is allowed.
        say: prints a line for the operator.
        now_ms: Unix time in milliseconds.
    """

    def __init__(
        self,
        enrolled: OfficeFile,
        mailbox: Mailbox,
        limits: Limits,
        *,
        say: Callable[[str], None] = lambda _line: None,
        now_ms: Callable[[], int] = _clock_ms,
    ) -> None:
        self.mailbox = mailbox
        self.limits = limits
        self.members = Members(limits)
        self.now_ms = now_ms
        self._say = say
        self._enrolled = enrolled
        self._document = enrolled.document
        self._connections: Counter[str] = Counter()
        self._sign_ins = Buckets(limits.sign_ins_per_client)
        self._failures = Buckets(limits.failures_per_client)
        self._doors_per_client = Buckets(limits.doors_per_client)
        self._doors = Bucket(limits.doors, time.monotonic())

    def __repr__(self) -> str:
        return "<PostOffice>"

    @property
    def document(self) -> OfficeDocument:
        """The newest office document."""
        return self._document

    def report(self, fault: BaseException) -> None:
        """Say where a fault of ours happened, and nothing of what it carries."""
        place = traceback.extract_tb(fault.__traceback__)[-1:]
        where = f" in {Path(place[0].filename).name}, line {place[0].lineno}" if place else ""
        self._say(f"a fault of the gateway: {type(fault).__name__}{where}")

    async def start(self) -> None:
        """Open the mailbox and find the newest document: of the office file, or one that a desk published since.

        Raises:
            MailboxPlaceError: it cannot be opened, or it is another office's.
        """
        await self.mailbox.start(self.members.arrived)
        await self.enrol(self._enrolled)

    async def enrol(self, enrolled: OfficeFile) -> None:
        """Take an office file, at the start or read again: its token counts from now on.

        Raises:
            MailboxPlaceError: OTHER_OFFICE: the mailbox, or the gateway that runs, is another office's.
        """
        kept = await self.mailbox.document()
        newest = read_document(kept) if kept is not None else enrolled.document
        if enrolled.office != newest.office or enrolled.office != self._enrolled.office:
            raise MailboxPlaceError(PlaceProblem.OTHER_OFFICE)
        if enrolled.document.seq >= newest.seq:
            newest = enrolled.document
            await self.mailbox.keep_document(newest.raw, newest.seq)
        if enrolled.token_hash != self._enrolled.token_hash:
            self.members.end_desks()
        self._enrolled, self._document = enrolled, newest

    async def publish(self, document: OfficeDocument) -> None:
        """Serve a newer document.

        Raises:
            RefusedError: NOT_YOURS (another office's), CONFLICT (older than the one that is served), DISK.
        """
        if document.office != self._enrolled.office:
            raise RefusedError(NoCode.NOT_YOURS)
        await self.mailbox.keep_document(document.raw, document.seq)
        self._document = document

    def come_in(self, client: str) -> bool:
        """Return whether one more connection of this client may stay; it must :meth:`go` later if so."""
        is_busy = self.members.is_closing or self._connections[client] >= self.limits.connections_per_client
        if is_busy or not self._sign_ins.take(client):
            return False
        self._connections[client] += 1
        return True

    def go(self, client: str) -> None:
        """Forget one connection of this client."""
        self._connections[client] -= 1
        if self._connections[client] <= 0:
            del self._connections[client]

    async def admit(self, sign_in: PatientSignIn | DeskSignIn, client: str) -> SignInCode | None:
        """Return None for somebody who may stay, else why not."""
        if isinstance(sign_in, DeskSignIn):
            code = self._admit_desk(sign_in)
        else:
            try:
                code = await self._admit_patient(sign_in, client)
            except RefusedError:
                return SignInCode.BUSY
        counts = code is not None or (isinstance(sign_in, PatientSignIn) and sign_in.is_peek)
        return SignInCode.BUSY if counts and not self._failures.take(client) else code

    def _admit_desk(self, sign_in: DeskSignIn) -> SignInCode | None:
        if sign_in.office != self._enrolled.office:
            return SignInCode.UNKNOWN
        return None if compare_digest(token_hash(sign_in.token), self._enrolled.token_hash) else SignInCode.TOKEN

    async def _admit_patient(self, sign_in: PatientSignIn, client: str) -> SignInCode | None:
        claim_hash = None if sign_in.claim is None else token_hash(sign_in.claim)
        newcomer = Newcomer(sign_in.address, token_hash(sign_in.token), claim_hash, is_peek=sign_in.is_peek)
        code = await self.mailbox.admit(newcomer, self.now_ms())
        if code is not SignInCode.UNKNOWN or not sign_in.is_open_door or not self._document.opens_door:
            return code
        if not (self._doors_per_client.take(client) and self._doors.take(time.monotonic())):
            return SignInCode.BUSY
        newcomer = Newcomer(sign_in.address, newcomer.token_hash, claim_hash, may_make=True)
        return await self.mailbox.admit(newcomer, self.now_ms())
