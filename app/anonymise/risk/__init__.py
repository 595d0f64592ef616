"""What is left when every identifier is gone: rare combinations that point at one person among a set of conversations.

``traits`` reads what still stands in an anonymised text and helps to recognise somebody: place, age, profession,
condition, origin, date. ``anonymity`` decides, over a set of conversations, what is said in broader words and what is
withheld, until each combination that is left belongs to at least k conversations. ``rewriting`` applies the decision
to the texts. May import this room, ``domain`` and the standard library. Sees anonymised text; holds none of it.
"""

from app.anonymise.risk.anonymity import Assessment, Decision, RiskRule, assess
from app.anonymise.risk.kinds import QuasiKind
from app.anonymise.risk.report import KindCost, RiskReport, Spread
from app.anonymise.risk.rewriting import rewrite
from app.anonymise.risk.traits import ConversationTraits, Trait, read_traits

__all__ = [
    "Assessment",
    "ConversationTraits",
    "Decision",
    "KindCost",
    "QuasiKind",
    "RiskReport",
    "RiskRule",
    "Spread",
    "Trait",
    "assess",
    "read_traits",
    "rewrite",
]
