"""The words of the office's rules under a key of their own.

Events of the office can be read by whoever answers for the machine or audits it. Lists of patients must not: their
words lie inside those events sealed once more, under a key of the keyring that only those hold who may read messages.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from app.crypto.errors import SealBrokenError
from app.crypto.sealing import open_sealed, seal
from app.domain.events import JsonValue
from app.domain.ids import ConversationId
from app.services.ledger import Ledger
from app.store.codec import encode, pack
from app.store.errors import VaultDamagedError

LISTS: Final = ConversationId("office-lists")
"""What the key is called in the keyring; there is no conversation of this id."""

_LABEL = b"vestibule/1 office rule"


class RuleSeal:
    """Seals and opens rules as events hold them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def wrap(self, rule_id: str, rule: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Return what the event of a rule holds."""
        sealed = seal(self._key(), encode(rule), pack(_LABEL, rule_id.encode()))
        return {"rule_id": rule_id, "sealed": b64encode(sealed).decode()}

    def unwrap(self, wrapped: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what ``wrap`` was given.

        Raises:
            VaultDamagedError: it was altered, or is another rule's.
            UnknownConversationError: the person at the desk may not read messages.
        """
        key = self._ledger.keys.key_for(LISTS)
        aad = pack(_LABEL, str(wrapped["rule_id"]).encode())
        try:
            return dict(json.loads(open_sealed(key, b64decode(wrapped["sealed"]), aad)))
        except SealBrokenError as error:
            raise VaultDamagedError from error

    def _key(self) -> bytes:
        """Return the key, made when the first rule is written; the log makes it durable before the rule."""
        with self._ledger.lock:
            keys = self._ledger.keys
            return keys.key_for(LISTS) if keys.has(LISTS) else keys.add(LISTS)
