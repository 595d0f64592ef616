"""An invented patient with one invitation: the same sessions and frames as a browser's, without the browser."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.channel.attachments import seal_file
from app.channel.documents import OfficeDocument
from app.channel.errors import FrameRefusedError
from app.channel.invitation import Invitation
from app.channel.issuing import notice_digest
from app.channel.kinds import Content, Kind
from app.channel.patient_session import PatientSession
from app.channel.receipts import Receipt, shown_digest
from app.channel.received import Received
from app.channel.signing import Signed
from app.domain.post_sizes import FrameType, read_envelope
from app.ui.tour.post import TourPost

if TYPE_CHECKING:
    from concurrent.futures import Future

_SHOWN = "A person reads every answer and sends it. A model on the office's own computer may propose one."


class TourPatient:
    """Opens the link, agrees, writes, acknowledges and reads at once; everything on the thread of the post office."""

    def __init__(self, post: TourPost, link: str) -> None:
        """Check the office's papers against the link; the invitation is used up by ``begin``."""
        invitation = Invitation.parse(link)
        now_s = post.now_ms() // 1_000
        self._post = post
        self._document = OfficeDocument.open(post.document, invitation.fingerprint, now_s=now_s)
        self._address = invitation.address
        psk = invitation.psk(self._document.office_id)
        self._session = PatientSession.begin(self._document, invitation.address, psk)

    def begin(self, texts: Sequence[str]) -> "Future[Any]":
        """Agree to the notice and say the first words."""
        return self._post.do(self._begin, texts)

    def say(self, text: str) -> "Future[Any]":
        """Write."""
        return self._post.do(self._send, Kind.TEXT, {"text": text})

    def attach(self, name: str, media_type: str, data: bytes) -> "Future[Any]":
        """Leave a file at the post office and send the message that names it."""
        return self._post.do(self._attach, name, media_type, data)

    def _begin(self, texts: Sequence[str]) -> None:
        items = []
        for text in texts:
            self._session, item = self._session.compose(Kind.TEXT, {"text": text}, self._post.now_ms())
            items.append(item)
        self._session, frame = self._session.hello(items=items, receipt=self._receipt())
        self._post.listen(self._address, self._hear)
        self._post.put(self._address, frame, to_desk=True)

    def _attach(self, name: str, media_type: str, data: bytes) -> None:
        sealed = seal_file(data)
        for index, chunk in enumerate(sealed.chunks):
            self._post.put_chunk(self._address, sealed.blob, index, len(sealed.chunks), chunk)
        self._send(Kind.FILE, sealed.content(name, media_type))

    def _hear(self, seq: int, frame: bytes) -> None:
        if read_envelope(frame).type is FrameType.ANSWER:
            if self._session.state.pending:
                self._session = self._session.accept(frame, self._post.now_ms())
                self._send(Kind.ACK, {})
        else:
            self._take(frame)
        self._post.taken(self._address, seq, to_desk=False)

    def _take(self, frame: bytes) -> None:
        try:
            self._session, found = self._session.receive(frame, self._post.now_ms())
        except FrameRefusedError:
            return
        if self._session.line.owes_ack:
            self._send(Kind.ACK, {})
        if isinstance(found, Received) and found.kind is Kind.TEXT:
            self._send(Kind.READ, {"up_to": found.message_id})

    def _send(self, kind: Kind, content: Content) -> None:
        self._session, sealed = self._session.send(kind, content, self._post.now_ms())
        self._post.put(self._address, sealed.frame, to_desk=True)

    def _receipt(self) -> Signed:
        document, now_ms = self._document, self._post.now_ms()
        agreed = Receipt(
            document.office_id,
            notice_digest(document.notice_data),
            document.notice.version,
            "en",
            shown_digest(_SHOWN),
            assistant=True,
            address=self._address,
            at_ms=now_ms,
        )
        return agreed.sign(self._session.signer)
