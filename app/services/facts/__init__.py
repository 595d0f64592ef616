"""Facts in plain office English: what a person would check before sending.

May import: the standard library, ``app.domain`` and the word lists of ``app.knowledge``. Texts are only read; the
finders are regular expressions without nested repetition, so that a hostile text costs time in proportion to its
length.
"""

from app.services.facts.find import find_facts
from app.services.facts.kinds import Fact, FactKind

__all__ = ["Fact", "FactKind", "find_facts"]
