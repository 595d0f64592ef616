"""The four ways to replace, by name; each is a rule from a span to the words that stand in its place.

``safe-harbor``  HIPAA Safe Harbor, 45 CFR 164.514(b)(2): dates to the year, ZIP to three digits, ages over 89 grouped.
``limited``      dates moved by a secret number of days per conversation, so that intervals stay; the rest as labels.
``pseudonyms``   the same person, the same natural stand-in within a conversation, and never across conversations.
``labels``       ``[PERSON_1]``, ``[PHONE_2]``: the same text, the same number within a conversation.
"""

from enum import Enum

from app.anonymise.labels import Label


class Profile(Enum):
    """What stands in the place of what was found; the value is the name on the command line."""

    SAFE_HARBOR = "safe-harbor"
    LIMITED = "limited"
    PSEUDONYMS = "pseudonyms"
    LABELS = "labels"


KEPT_IN_SAFE_HARBOR = frozenset({Label.NRP, Label.QUANTITY})
"""Not among the 18 identifiers; what is left of them is judged by the check of rare combinations."""

SPARSE_ZIP3 = frozenset({
    "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890",
    "893",
})  # fmt: skip
"""First three digits of ZIP codes whose areas hold 20,000 people or fewer; they become 000.

Source: HHS, "Guidance Regarding Methods for De-identification", 2000 Census list.
"""

OLDEST_AGE = 89
"""Ages above are grouped: 45 CFR 164.514(b)(2)(i)(C)."""
