"""Bytes in, bytes out: key derivation, passwords, the recovery code, sealing, identities.

May import: ``app.domain``, PyNaCl and the standard library. Knows no file, no clock and no vault.

Trust: everything handed in is untrusted until a tag or a signature says otherwise; what comes out of ``open_sealed``,
``Identity.open_box`` and ``verify_signature`` was written by a holder of the key. Python cannot wipe memory
(threat-model.md §8), so secrets live as short as the caller lets them; holders of secrets never show them in ``repr``.
"""
