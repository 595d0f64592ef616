"""The keys of the office: a root on paper, a card key in the vault, mailbox keys that come and go.

::

    root        Ed25519, 32 bytes printed as a code like the recovery code; shown, typed once as a proof, not kept
     └─ card key    in the vault; the root certifies it for three years, then it takes the paper again
         ├─ card        names the mailbox key and the notice; renewed weekly with the mailbox key, holds 30 days
         └─ roster      this desk's own key (``desk_key``)

A replaced mailbox key stays 14 days, for pages that still show the older card, and is then erased. Source:
threat-model.md §5.10 to §5.12; decision 0020.
"""

from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass

from nacl.bindings import crypto_scalarmult_base
from sqlalchemy import Connection

from app.channel.answering import CardBox, DeskIdentity
from app.channel.desk_state import OfficeSecrets
from app.channel.digests import digest, office_id, short_digest
from app.channel.documents import OfficeDocument, dump_office_document
from app.channel.issuing import notice_digest, sign_card, sign_certificate, sign_roster_entry
from app.channel.records import Card, Certificate, RosterEntry
from app.channel.signing import Signed, Signer
from app.crypto.recovery_code import RecoveryCode
from app.domain.channel import NoticeTexts
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE, ConversationId
from app.domain.roles import Right
from app.services.channel.desk_key import DeskKey
from app.services.channel.notice import next_version, notice_data, notice_from_json, notice_to_json
from app.services.errors import ChannelFault, ChannelRefusedError
from app.services.ledger import Ledger
from app.store.channel import secrets
from app.store.channel.secrets import DocumentRow
from app.store.logged import NewEvent

DAY_S = 86_400
CERTIFIED_S = 3 * 365 * DAY_S
CARD_S = 30 * DAY_S
RENEW_S = 7 * DAY_S
KEEP_REPLACED_S = 14 * DAY_S
_DESK_RING = ConversationId("channel-key:desk")
_TOKEN = "token"  # noqa: S105 - the name of a key
_NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything signed that stands now, with the secrets behind it."""

    document: OfficeDocument
    data: bytes
    secrets: OfficeSecrets
    identity: DeskIdentity

    def __repr__(self) -> str:
        return "<Standing hidden>"


class OfficeKeys:
    """Makes, keeps and renews the keys of one office. Safe from any thread: works under the ledger's lock."""

    def __init__(self, ledger: Ledger, on_erased: Callable[[], object] = lambda: None) -> None:
        """Serve an office; ``on_erased`` is called once keys are gone from the keyring: backups of it are replaced."""
        self._ledger = ledger
        self._on_erased = on_erased
        self._shown: RecoveryCode | None = None
        self._standing: Standing | None = None
        self._office_id: bytes | None = None
        self._unsaved_roster: DocumentRow | None = None

    def __repr__(self) -> str:
        return "<OfficeKeys hidden>"

    # -- the root on paper --------------------------------------------------------------------------------------

    def make(self) -> str:
        """Return a fresh root as a code to print; nothing is kept until ``confirm``.

        Raises:
            NotYoursError: not an administrator.
            ChannelRefusedError: the office has its keys already.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        if self.certificate() is not None:
            raise ChannelRefusedError(ChannelFault.HAS_KEYS)
        self._shown = RecoveryCode.generate()
        return str(self._shown)

    def confirm(self, typed: str) -> str:
        """Make the keys, once the printed code was typed from the paper; return the office's fingerprint.

        Raises:
            RecoveryCodeError: a typo; says in which group.
            ChannelRefusedError: another code than was shown, or none was.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        code = RecoveryCode.parse(typed)
        if self._shown is None or code != self._shown:
            raise ChannelRefusedError(ChannelFault.WRONG_CODE)
        with self._ledger.lock:
            self._certify(Signer(code.secret), seq=1)
        self._shown = None
        return fingerprint_words(self.office_id)

    def recertify(self, typed: str) -> None:
        """Certify a fresh card key for three more years, with the code from the paper.

        Raises:
            RecoveryCodeError, ChannelRefusedError: as ``confirm``; nothing changed.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        root, before = Signer(RecoveryCode.parse(typed).secret), self._certified()
        if root.public != before.root:
            raise ChannelRefusedError(ChannelFault.WRONG_CODE)
        with self._ledger.lock:
            self._certify(root, seq=before.seq + 1)
            if self.notice() is not None:
                self.renew()

    def _certify(self, root: Signer, seq: int) -> None:
        now_ms, ring = self._ledger.now_ms(), self._ledger.keys
        seed, token = secrets.make_secret(), secrets.make_secret()
        certificate = Certificate(root.public, Signer(seed).public, seq, now_ms // 1000 + CERTIFIED_S)
        signed = sign_certificate(root, certificate)
        fresh = {f"card:{seq}": seed} | ({_TOKEN: token} if seq == 1 else {})
        for key_id in fresh:
            secrets.stage_secret(ring, key_id)
        if not ring.has(_DESK_RING):
            ring.add(_DESK_RING)

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            for key_id, secret in fresh.items():
                secrets.add_secret(connection, ring, key_id, secret, now_ms)
            secrets.mark_replaced(connection, f"card:{seq - 1}", now_ms)
            row = DocumentRow("certificate", seq, now_ms, signed.data, signed.signature)
            secrets.write_document(connection, row)

        words = fingerprint_words(office_id(root.public))
        made = NewEvent(OFFICE, EventKind.OFFICE_KEYS_MADE, {"fingerprint": words, "seq": seq})
        self._ledger.write_all((made,), OFFICE, also)
        self._standing = None

    # -- what patients read, and the card ------------------------------------------------------------------------

    def notice(self) -> NoticeTexts | None:
        """Return what patients read first, None before it was written."""
        with self._ledger.reading() as connection:
            found = secrets.read_setting(connection, self._ledger.keys, _NOTICE)
        return None if found is None else notice_from_json(found)

    def set_notice(self, texts: NoticeTexts) -> NoticeTexts:
        """Set what patients read first, and sign a card for it; return it with its version.

        Raises:
            NotYoursError, ChannelRefusedError: nothing changed.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        self._certified()
        with self._ledger.lock:
            texts = next_version(texts, self.notice())
            data, json = notice_data(texts, self._ledger.office), notice_to_json(texts)

            def also(connection: Connection, _events: tuple[Event, ...]) -> None:
                secrets.write_setting(connection, self._ledger.keys, _NOTICE, json)
                now_ms = self._ledger.now_ms()
                secrets.write_document(connection, DocumentRow(_NOTICE, texts.version, now_ms, data, b""))

            self._ledger.write_all((NewEvent(OFFICE, EventKind.NOTICE_SET, {"notice": json}),), OFFICE, also)
            self.renew()
        return texts

    def renew(self) -> None:
        """Sign a new card with a new mailbox key."""
        with self._ledger.lock:
            now_ms, ring = self._ledger.now_ms(), self._ledger.keys
            with self._ledger.reading() as connection:
                last = secrets.read_document(connection, "card")
                notice = secrets.read_document(connection, _NOTICE)
            if notice is None:
                raise ChannelRefusedError(ChannelFault.NO_NOTICE)
            # A restored vault does not know the cards that came after its backup; by the clock it is beyond them.
            seq = now_ms // 1000 if last is None else max(last.seq + 1, now_ms // 1000)
            secret = secrets.make_secret()
            # Under a certificate that is over, nobody takes the card; dated within it, this desk itself still can.
            issued_s = min(now_ms // 1000, self._certified().until_s - 1)
            signed = sign_card(self._card_key(), self._card(seq, secret, last, notice, issued_s))
            secrets.stage_secret(ring, f"mailbox:{seq}")

            def also(connection: Connection, _events: tuple[Event, ...]) -> None:
                secrets.add_secret(connection, ring, f"mailbox:{seq}", secret, now_ms)
                if last is not None:
                    secrets.mark_replaced(connection, f"mailbox:{last.seq}", now_ms)
                secrets.write_document(connection, DocumentRow("card", seq, now_ms, signed.data, signed.signature))

            self._ledger.write_all((NewEvent(OFFICE, EventKind.CARD_RENEWED, {"seq": seq}),), OFFICE, also)
            self._standing = None

    def renew_when_due(self) -> bool:
        """Renew the card when it is a week old, and erase private keys that were replaced 14 days ago.

        A fresh entry of this desk is kept here too: it is the same bytes again should the program die before.
        """
        with self._ledger.lock:
            roster, self._unsaved_roster = self._unsaved_roster, None
            if roster is not None:
                self._ledger.settle(lambda connection, _events: secrets.write_document(connection, roster))
            now_ms = self._ledger.now_ms()
            with self._ledger.reading() as connection:
                card = secrets.read_document(connection, "card")
                old = secrets.replaced_before(connection, now_ms - KEEP_REPLACED_S * 1000)
            if old:
                secrets.drop_ring_keys(self._ledger.keys, old)
                self._on_erased()
                self._ledger.settle(lambda connection, _events: secrets.remove_secrets(connection, old))
                self._standing = None
            if card is None or -DAY_S * 1000 < now_ms - card.made_ms < RENEW_S * 1000:
                return bool(old)
            self.renew()
        return True

    # -- what stands ---------------------------------------------------------------------------------------------

    def certificate(self) -> Certificate | None:
        """Return the newest certificate, None before the keys were made."""
        with self._ledger.reading() as connection:
            row = secrets.read_document(connection, "certificate")
        return None if row is None else Certificate.parse(row.data)

    def published_notices(self) -> frozenset[bytes]:
        """Return the digests of what patients were ever shown."""
        with self._ledger.reading() as connection:
            return frozenset(notice_digest(row.data) for row in secrets.read_documents(connection, _NOTICE))

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
        return self._secret(_TOKEN)

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
            notice = secrets.read_document(connection, _NOTICE)
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
        key = DeskKey.of(vault.directory, self._ledger.keys.key_for(_DESK_RING), vault.vault_id)
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

    def _card(self, seq: int, secret: bytes, last: DocumentRow | None, notice: DocumentRow, issued_s: int) -> Card:
        texts = self.notice()
        return Card(
            office=self.office_id,
            seq=seq,
            prev=b"" if last is None else digest("card", last.data),
            issued_s=issued_s,
            until_s=issued_s + CARD_S,
            boxes=(crypto_scalarmult_base(secret),),
            notice=notice_digest(notice.data),
            open_door=texts is not None and texts.is_open_door,
            desks=1,
        )

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


__all__ = ["OfficeKeys", "Standing", "fingerprint_words"]
