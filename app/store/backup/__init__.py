"""Copies of a vault in a folder elsewhere: taken while people work, only what changed, and checked when read back.

May import the other modules of ``store``, ``crypto``, ``domain`` and the standard library. A place is never trusted:
every block is held against its digest, every snapshot against a MAC that only a holder of the vault's keys can make.
Nothing is decrypted on the way: the blocks are pages as SQLCipher wrote them.

::

    PLACE/vestibule-<vault id>/
    ├── keyring.a, keyring.b      one copy for all snapshots, replaced at every backup and every erasure
    ├── snapshots/<number>.json   sizes, digests of blocks, slot file, head; MAC
    └── blocks/ab/<digest>        256 KiB of vault.db each; those that did not change are shared by snapshots

The search index is never copied: it is built again. A conversation that was erased after a snapshot has no key in the
keyring any more, so that its pages in older snapshots open nothing (threat-model.md §5.9).
"""
