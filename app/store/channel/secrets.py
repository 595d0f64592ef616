"""The office's private keys, documents and settings of the channel.

Each private key is sealed under a key of its own in the keyring: dropping that one erases it, in every backup whose
keyring is replaced, and whoever never sees a message has none of them. Settings are sealed under the office's own key,
so that an administrator of machines sees where the gateway is.
"""

import json
from dataclasses import dataclass
from typing import Any

from nacl.utils import random as random_bytes
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.domain.events import JsonValue
from app.domain.ids import OFFICE, ConversationId
from app.store.channel.sealing import open_bytes, seal_bytes
from app.store.channel.tables import document, key, setting
from app.store.codec import KeySource, encode
from app.store.errors import UnknownConversationError
from app.store.keyring import Keyring

SECRET_BYTES = 32
_PREFIX = "channel-key:"
_KEY = select(key).where(key.c.key_id == bindparam("id"))
_REPLACED = update(key).where(key.c.key_id == bindparam("id"), key.c.replaced_ms.is_(None))
_OLD = select(key.c.key_id).where(key.c.replaced_ms <= bindparam("before"))
_NEWEST = select(document).where(document.c.kind == bindparam("what")).order_by(document.c.seq.desc()).limit(1)
_ALL_OF = select(document).where(document.c.kind == bindparam("what")).order_by(document.c.seq.desc())
_SETTING = select(setting).where(setting.c.name == bindparam("what"))
_REPLACE_SETTING = insert(setting).prefix_with("OR REPLACE")
_REPLACE_DOCUMENT = insert(document).prefix_with("OR REPLACE")


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A public document of the office; ``signature`` is empty for the notice, which the card vouches for."""

    kind: str
    seq: int
    made_ms: int
    data: bytes
    signature: bytes


def stage_secret(keyring: Keyring, key_id: str) -> None:
    """Add the key under which a private key will lie; durable before the commit, as for a conversation."""
    keyring.add(_ring_name(key_id))


def add_secret(connection: Connection, keys: KeySource, key_id: str, secret: bytes, now_ms: int) -> None:
    """Keep a private key whose ring key was staged."""
    sealed = seal_bytes(keys.key_for(_ring_name(key_id)), secret, "channel_key.content", key_id)
    connection.execute(insert(key), {"key_id": key_id, "made_ms": now_ms, "content": sealed})


def make_secret() -> bytes:
    """Return 32 fresh bytes."""
    return random_bytes(SECRET_BYTES)


def read_secret(connection: Connection, keys: KeySource, key_id: str) -> bytes | None:
    """Return a private key, None when there is none, or not any more."""
    row = connection.execute(_KEY, {"id": key_id}).one_or_none()
    if row is None:
        return None
    try:
        return open_bytes(keys.key_for(_ring_name(key_id)), row.content, "channel_key.content", key_id)
    except UnknownConversationError:
        return None  # an older database came back beside a newer keyring


def mark_replaced(connection: Connection, key_id: str, now_ms: int) -> None:
    """Note that a newer key stands in the place of this one."""
    connection.execute(_REPLACED.values(replaced_ms=now_ms), {"id": key_id})


def replaced_before(connection: Connection, before_ms: int) -> tuple[str, ...]:
    """Return the keys that were replaced by then."""
    return tuple(connection.execute(_OLD, {"before": before_ms}).scalars())


def remove_secrets(connection: Connection, key_ids: tuple[str, ...]) -> None:
    """Delete private keys; the caller drops their ring keys first (``drop_ring_keys``)."""
    connection.execute(delete(key).where(key.c.key_id.in_(key_ids)))


def drop_ring_keys(keyring: Keyring, key_ids: tuple[str, ...]) -> None:
    """Forget what private keys are sealed under, durably: from here on they open nowhere."""
    for name in map(_ring_name, key_ids):
        if keyring.has(name):
            keyring.drop(name)
    keyring.save()


def read_document(connection: Connection, kind: str) -> DocumentRow | None:
    """Return the newest document of a kind."""
    row = connection.execute(_NEWEST, {"what": kind}).one_or_none()
    return None if row is None else DocumentRow(row.kind, row.seq, row.made_ms, row.data, row.signature)


def read_documents(connection: Connection, kind: str) -> tuple[DocumentRow, ...]:
    """Return every document of a kind, the newest first."""
    rows = connection.execute(_ALL_OF, {"what": kind})
    return tuple(DocumentRow(row.kind, row.seq, row.made_ms, row.data, row.signature) for row in rows)


def write_document(connection: Connection, row: DocumentRow) -> None:
    """Keep a document."""
    connection.execute(_REPLACE_DOCUMENT, {name: getattr(row, name) for name in DocumentRow.__dataclass_fields__})


def read_setting(connection: Connection, keys: KeySource, name: str) -> Any:
    """Return a setting, None when it was never made."""
    row = connection.execute(_SETTING, {"what": name}).one_or_none()
    if row is None:
        return None
    return json.loads(open_bytes(keys.key_for(OFFICE), row.content, "channel_setting.content", name, row.version))


def has_setting(connection: Connection, name: str) -> bool:
    """Say whether a setting was ever made, without opening it."""
    return connection.execute(_SETTING, {"what": name}).first() is not None


def write_setting(connection: Connection, keys: KeySource, name: str, value: JsonValue) -> None:
    """Keep a setting in place of the one before."""
    row = connection.execute(_SETTING, {"what": name}).one_or_none()
    version = 1 if row is None else row.version + 1
    sealed = seal_bytes(keys.key_for(OFFICE), encode(value), "channel_setting.content", name, version)
    connection.execute(_REPLACE_SETTING, {"name": name, "version": version, "content": sealed})


def _ring_name(key_id: str) -> ConversationId:
    return ConversationId(f"{_PREFIX}{key_id}")
