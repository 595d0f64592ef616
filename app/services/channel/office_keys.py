"""The keys of the office: a root on paper, a card key in the vault, mailbox keys that come and go.

::

    root        Ed25519, 32 bytes printed as a code like the recovery code; shown, typed once as a proof, not kept
     └─ card key    in the vault; the root certifies it for three years, then it takes the paper again
         ├─ card        names the mailbox key and the notice; renewed weekly with the mailbox key, holds 30 days
         └─ roster      this desk's own key (``desk_key``)

A replaced mailbox key stays 14 days, for pages that still show the older card, and is then erased. Source:
threat-model.md §5.10 to §5.12; decision 0020.
"""

from collections.abc import Callable

from nacl.bindings import crypto_scalarmult_base
from sqlalchemy import Connection

from app.channel.digests import digest, office_id
from app.channel.issuing import notice_digest, sign_card, sign_certificate
from app.channel.records import Card, Certificate
from app.channel.signing import Signer
from app.crypto.recovery_code import RecoveryCode
from app.domain.channel import NoticeTexts
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE
from app.domain.roles import Right
from app.services.channel.notice import next_version, notice_data, notice_to_json
from app.services.channel.office_standing import DESK_RING, NOTICE, TOKEN, OfficeStanding, Standing, fingerprint_words
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


class OfficeKeys(OfficeStanding):
    """Makes, keeps and renews the keys of one office. Safe from any thread: works under the ledger's lock."""

    def __init__(self, ledger: Ledger, on_erased: Callable[[], object] = lambda: None) -> None:
        """Serve an office; ``on_erased`` is called once keys are gone from the keyring: backups of it are replaced."""
        super().__init__(ledger)
        self._on_erased = on_erased
        self._shown: RecoveryCode | None = None

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
        fresh = {f"card:{seq}": seed} | ({TOKEN: token} if seq == 1 else {})
        for key_id in fresh:
            secrets.stage_secret(ring, key_id)
        if not ring.has(DESK_RING):
            ring.add(DESK_RING)

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
                secrets.write_setting(connection, self._ledger.keys, NOTICE, json)
                now_ms = self._ledger.now_ms()
                secrets.write_document(connection, DocumentRow(NOTICE, texts.version, now_ms, data, b""))

            self._ledger.write_all((NewEvent(OFFICE, EventKind.NOTICE_SET, {"notice": json}),), OFFICE, also)
            self.renew()
        return texts

    def renew(self) -> None:
        """Sign a new card with a new mailbox key."""
        with self._ledger.lock:
            now_ms, ring = self._ledger.now_ms(), self._ledger.keys
            with self._ledger.reading() as connection:
                last = secrets.read_document(connection, "card")
                notice = secrets.read_document(connection, NOTICE)
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


__all__ = ["OfficeKeys", "Standing", "fingerprint_words"]
