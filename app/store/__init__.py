"""The encrypted store: the vault's files, the event log, its projections and the search index.

May import: ``app.crypto``, ``app.domain``, SQLAlchemy, Alembic, sqlcipher3 and the standard library.

Trust: every byte on disk is untrusted until a seal, a MAC or a page HMAC says otherwise, and genuine bytes may still be
old; the head file (``app.store.head``) and the hash chain of the event log say how old. What leaves this room as a
record was checked. Only ``app.store.cipher`` opens database files.
"""
