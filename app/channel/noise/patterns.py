"""Handshake patterns as data: the fundamental ones, their deferred kin, and any ``psk`` modifier on each.

Source: The Noise Protocol Framework, revision 34, §7.4, §7.5, §9.4 and §18.1.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, Self


class Token(Enum):
    """One step of a handshake message (Noise §7.1)."""

    E = "e"
    S = "s"
    EE = "ee"
    ES = "es"
    SE = "se"
    SS = "ss"
    PSK = "psk"


_NAME: Final = re.compile(r"([NKXI]1?[NKX]?1?)((?:psk[0-9](?:\+psk[0-9])*)?)", re.ASCII)

# Before the colon what both know already ("s" of the initiator, then of the responder), then message by message.
_PATTERNS: Final[dict[str, str]] = {
    "N": "-, s: e es",
    "K": "s, s: e es ss",
    "X": "-, s: e es s ss",
    "NN": "-, -: e / e ee",
    "NK": "-, s: e es / e ee",
    "NX": "-, -: e / e ee s es",
    "KN": "s, -: e / e ee se",
    "KK": "s, s: e es ss / e ee se",
    "KX": "s, -: e / e ee se s es",
    "XN": "-, -: e / e ee / s se",
    "XK": "-, s: e es / e ee / s se",
    "XX": "-, -: e / e ee s es / s se",
    "IN": "-, -: e s / e ee se",
    "IK": "-, s: e es s ss / e ee se",
    "IX": "-, -: e s / e ee se s es",
    "NK1": "-, s: e / e ee es",
    "NX1": "-, -: e / e ee s / es",
    "X1N": "-, -: e / e ee / s / se",
    "X1K": "-, s: e es / e ee / s / se",
    "XK1": "-, s: e / e ee es / s se",
    "X1K1": "-, s: e / e ee es / s / se",
    "X1X": "-, -: e / e ee s es / s / se",
    "XX1": "-, -: e / e ee s / es s se",
    "X1X1": "-, -: e / e ee s / es s / se",
    "K1N": "s, -: e / e ee / se",
    "K1K": "s, s: e es / e ee / se",
    "KK1": "s, s: e / e ee se es",
    "K1K1": "s, s: e / e ee es / se",
    "K1X": "s, -: e / e ee s es / se",
    "KX1": "s, -: e / e ee se s / es",
    "K1X1": "s, -: e / e ee s / se es",
    "I1N": "-, -: e s / e ee / se",
    "I1K": "-, s: e es s / e ee / se",
    "IK1": "-, s: e s / e ee se es",
    "I1K1": "-, s: e s / e ee es / se",
    "I1X": "-, -: e s / e ee s es / se",
    "IX1": "-, -: e s / e ee se s / es",
    "I1X1": "-, -: e s / e ee s / se es",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A named pattern; messages alternate, the initiator's first. ``psk_count`` keys are mixed in, in order."""

    name: str
    initiator_is_known: bool
    responder_is_known: bool
    messages: tuple[tuple[Token, ...], ...]

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the pattern called ``name``, for example ``IKpsk1`` or ``XXpsk0+psk3``.

        Raises:
            ValueError: there is no such pattern.
        """
        found = _NAME.fullmatch(name)
        if found is None or found[1] not in _PATTERNS:
            raise ValueError("no such handshake pattern")
        known, _, flow = _PATTERNS[found[1]].partition(": ")
        initiator, _, responder = known.partition(", ")
        messages = [[Token(word) for word in line.split()] for line in flow.split(" / ")]
        for modifier in filter(None, found[2].split("+")):
            _insert_psk(messages, int(modifier.removeprefix("psk")))
        return cls(name, initiator == "s", responder == "s", tuple(tuple(line) for line in messages))

    @property
    def psk_count(self) -> int:
        """How many pre-shared keys the pattern takes."""
        return sum(line.count(Token.PSK) for line in self.messages)

    @property
    def protocol_name(self) -> bytes:
        """The name that both ends hash first (Noise §8)."""
        return f"Noise_{self.name}_25519_ChaChaPoly_BLAKE2b".encode()


def _insert_psk(messages: list[list[Token]], place: int) -> None:
    """``psk0`` opens the first message, ``pskN`` ends the N-th (Noise §9.4)."""
    if place > len(messages):
        raise ValueError("no such handshake pattern")
    if place == 0:
        messages[0].insert(0, Token.PSK)
    else:
        messages[place - 1].append(Token.PSK)
