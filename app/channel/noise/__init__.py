"""The Noise handshake (revision 34) for ``25519_ChaChaPoly_BLAKE2b``, over libsodium's primitives alone.

May import ``app.channel.errors`` and PyNaCl. Only the handshake: its cipher states are not used after it, because
several desks cannot share a counter (threat-model.md §6.3); ``split`` gives the two keys, ``hash`` the channel binding.
What ``read`` returns is authentic in the measure that the pattern says (Noise §7.7), no more.
"""

from app.channel.noise.handshake import HandshakeState
from app.channel.noise.patterns import Pattern

__all__ = ["HandshakeState", "Pattern"]
