"""Between llama.cpp's sampler and the loop: a token that may not come next is struck out, and the sampler asked again.

In the usual case, a token that may come, this costs a few microseconds and touches no logits. A struck token's logit
becomes minus infinity in place, so every kind of sampler, greedy or random, chooses among the rest.
"""

import codecs
from collections.abc import Sequence
from typing import Any, Final

from app.domain.prompt import Basis, Segment
from app.inference.binding import Binder, basis_of
from app.inference.binding_basis import FactBasis
from app.inference.vocabulary import Vocabulary

MAX_STRUCK: Final = 256
"""Tokens struck out for one place in the text; then the text ends there."""
NOTHING_ADMITTED: Final = -1

_STRUCK: Final = float("-inf")


class BoundSampler:
    """Admits tokens of one text.

    Args:
        interface: llama.cpp's declarations.
        context: the handle whose logits are sampled.
        sampler: the chain; not owned.
        vocabulary: tells the bytes of a token.
        binder: tells what may come next.
    """

    def __init__(self, interface: Any, context: Any, sampler: Any, vocabulary: Vocabulary, binder: Binder) -> None:
        self._c = interface
        self._context = context
        self._sampler = sampler
        self._vocabulary = vocabulary
        self._binder = binder
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def admit(self, token: int) -> int:
        """Return ``token``, or the one that the sampler likes best of those that may come, or ``NOTHING_ADMITTED``."""
        for _ in range(MAX_STRUCK):
            if self._may_come(token):
                return token
            self._c.llama_get_logits_ith(self._context, -1)[token] = _STRUCK
            following = int(self._c.llama_sampler_sample(self._sampler, self._context, -1))
            if following == token:  # all that the sampler looks at is struck out
                return NOTHING_ADMITTED
            token = following
        return NOTHING_ADMITTED

    def _may_come(self, token: int) -> bool:
        piece = self._vocabulary.piece(token)
        if piece is None:
            return self._binder.may_end()
        before = self._decoder.getstate()
        if self._binder.try_text(self._decoder.decode(piece)):
            self._binder.accept()
            return True
        self._decoder.setstate(before)
        return False


def basis_of_prompt(segments: Sequence[Segment]) -> FactBasis | None:
    """Return what a reply to this prompt may state; None when the prompt lends nothing (a measurement, a self-test).

    With sources, facts are theirs alone. Without (a summary of the thread), the thread's own facts may be stated.
    """
    titles = [segment.text for segment in segments if segment.basis is Basis.TITLE]
    facts = titles + [segment.text for segment in segments if segment.basis is Basis.FACTS]
    names = [segment.text for segment in segments if segment.basis is Basis.NAMES]
    if not facts and not names:
        return None
    return basis_of(facts or names, names, len(titles))
