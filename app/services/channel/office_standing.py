"""Everything of the office's keys that stands now: who it is, what it has signed, who this desk is. Changes nothing.

Source: threat-model.md §5.10 to §5.12; ``office_keys`` makes and renews what is read here.
"""

from base64 import b32encode
from dataclasses import dataclass

from app.channel.answering import CardBox, DeskIdentity
from app.channel.desk_state import OfficeSecrets
from app.channel.digests import office_id, short_digest
from app.channel.documents import OfficeDocument, dump_office_document
from app.channel.issuing import notice_digest, sign_roster_entry
from app.channel.records import Card, Certificate, RosterEntry
from app.channel.signing import Signed, Signer
from app.domain.channel import NoticeTexts
from app.domain.ids import ConversationId
from app.services.channel.desk_key import DeskKey
from app.services.channel.notice import notice_from_json
from app.services.errors import ChannelFault, ChannelRefusedError
from app.services.ledger import Ledger
from app.store.channel import secrets
from app.store.channel.secrets import DocumentRow

DESK_RING = ConversationId("channel-key:desk")
TOKEN = "token"  # noqa: S105 - the name of a key
NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything signed that stands now, with the secrets behind it."""

    document: OfficeDocument
    data: bytes
    secrets: OfficeSecrets
    identity: DeskIdentity

    def __repr__(self) -> str:
        return "<Standing hidden>"


class OfficeStanding:
    """Reads what stands. Safe from any thread: works under the ledger's lock."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._standing: Standing | None = None
        self._office_id: bytes | None = None
        self._unsaved_roster: DocumentRow | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} hidden>"

    def notice(self) -> NoticeTexts | None:
        """Return what patients read first, None before it was written."""
        with self._ledger.reading() as connection:
            found = secrets.read_setting(connection, self._ledger.keys, NOTICE)
        return None if found is None else notice_from_json(found)

    def certificate(self) -> Certificate | None:
        """Return the newest certificate, None before the keys were made."""
        with self._ledger.reading() as connection:
            row = secrets.read_document(connection, "certificate")
        return None if row is None else Certificate.parse(row.data)

    def published_notices(self) -> frozenset[bytes]:
        """Return the digests of what patients were ever shown."""
        with self._ledger.reading() as connection:
            return frozenset(notice_digest(row.data) for row in secrets.read_documents(connection, NOTICE))

    def is_open_door(self, card_name: bytes) -> bool:
        """Say whether the card with this name (16 B, in the header of a hello) lets in whoever has no invitation."""
        cards = (box.card for box in self.standing.secrets.boxes)
        return any(short_digest("card", card) == card_name and Card.parse(card).open_door for card in cards)

    @property
    def office_id(self) -> bytes:
        """The name of the office, 32 bytes; it never changes."""
        if self._office_id is None:
            self._office_id = office_id(self._certified().root)
        return self._office_id

    @property
    def token(self) -> bytes:
        """What this office signs in with at its gateway, 32 bytes."""
        return self._secret(TOKEN)

    @property
    def standing(self) -> Standing:
        """Everything signed that stands now; this desk is enrolled on the way when it is new.

        Raises:
            ChannelRefusedError: there are no keys, or no notice yet.
        """
        with self._ledger.lock:
            if self._standing is None:
                self._standing = self._read_standing()
            return self._standing

    def _read_standing(self) -> Standing:
        certificate = self._certified()
        with self._ledger.reading() as connection:
            cards = secrets.read_documents(connection, "card")
            signed = secrets.read_document(connection, "certificate")
            notice = secrets.read_document(connection, NOTICE)
            kept = [(row, secrets.read_secret(connection, self._ledger.keys, f"mailbox:{row.seq}")) for row in cards]
        if not cards or notice is None or signed is None:
            raise ChannelRefusedError(ChannelFault.NO_NOTICE)
        boxes = tuple(CardBox(row.data, secret) for row, secret in kept if secret is not None)
        data = dump_office_document(_signed(signed), _signed(cards[0]), notice.data)
        now_s = self._ledger.now_ms() // 1000
        card = Card.parse(cards[0].data)
        # Patients hold the dates against their clocks. Here a clock that was wrong must not stop a conversation.
        when_s = max(card.issued_s, min(now_s, card.until_s - 1, certificate.until_s - 1))
        document = OfficeDocument.open(data, office_id(certificate.root), now_s=when_s)
        return Standing(document, data, OfficeSecrets(certificate.root, boxes), self._enrolled(certificate, now_s))

    def _enrolled(self, certificate: Certificate, now_s: int) -> DeskIdentity:
        """Return who this desk is, with a roster entry that its card key signed."""
        vault = self._ledger.vault
        key = DeskKey.of(vault.directory, self._ledger.keys.key_for(DESK_RING), vault.vault_id)
        with self._ledger.reading() as connection:
            rows = secrets.read_documents(connection, "roster")
        for row in rows:
            entry = RosterEntry.parse(row.data)
            is_mine = (entry.desk, entry.sign) == (key.desk, key.signer.public)
            is_valid = entry.until_s > now_s or entry.until_s == certificate.until_s
            if is_mine and is_valid and _signed(row).holds("roster", certificate.admin):
                return DeskIdentity(key.desk, key.signer, _signed(row))
        epoch = rows[0].seq + 1 if rows else 1
        entry = RosterEntry(office_id(certificate.root), key.desk, key.signer.public, epoch, certificate.until_s)
        signed = sign_roster_entry(self._card_key(), entry)
        row = DocumentRow("roster", epoch, self._ledger.now_ms(), signed.data, signed.signature)
        self._unsaved_roster = row  # we may be within the transaction of a reply; see ``renew_when_due``
        return DeskIdentity(key.desk, key.signer, signed)

    def _card_key(self) -> Signer:
        return Signer(self._secret(f"card:{self._certified().seq}"))

    def _certified(self) -> Certificate:
        certificate = self.certificate()
        if certificate is None:
            raise ChannelRefusedError(ChannelFault.NO_KEYS)
        return certificate

    def _secret(self, key_id: str) -> bytes:
        with self._ledger.reading() as connection:
            found = secrets.read_secret(connection, self._ledger.keys, key_id)
        if found is None:
            raise ChannelRefusedError(ChannelFault.NO_KEYS)
        return found


def fingerprint_words(office: bytes) -> str:
    """Return the first 20 bytes of an office id in eight groups of four."""
    letters = b32encode(office[:20]).decode().lower()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _signed(row: DocumentRow) -> Signed:
    return Signed(row.data, row.signature)
