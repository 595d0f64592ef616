"""What sort of fact a question asks for, and what sorts of facts a sentence holds.

"How much is it?" wants an amount, "when" wants a day or a time. Two tables of patterns, no parser: each sort counts as
one sign among several, so a pattern that is wrong now and then does little harm. English only.
"""

import re
from enum import Enum
from typing import Final

from app.knowledge.sentences import sentences

_NUMBER = r"(?:\d+|an?|half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty)"


class FactSort(Enum):
    """What a question can ask for; the order is that of ``match``."""

    AMOUNT = "amount"
    MOMENT = "moment"
    SPAN = "span"
    COUNT = "count"
    CONTACT = "contact"
    PLACE = "place"
    PERSON = "person"


SORTS: Final = tuple(FactSort)

_ASKS = {
    FactSort.AMOUNT: r"how much|what .{0,30}\b(?:cost|charge)|costs?\b|pric(?:e|es|ey|ing)\b|fees?\b|"
    r"charges?\b|charged\b|expensive|\brates?\b|\bpay\b|for free|is .{0,30}free\b|owe\b|deposit|discount|cheaper|quote",
    FactSort.MOMENT: r"\bwhen\b|what time|how late|how early|(?:what|which) days?\b|what hours|\bopen|\bclos(?:e|ing)|"
    r"\buntil\b|deadline|(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|weekend|latest|earliest|tonight|evening",
    FactSort.SPAN: r"how (?:long|soon|quick|quickly|fast|often|far)|how many (?:days?|weeks?|months?|years?|hours?)|"
    r"how many minutes?|\bwait\b|waiting time|in advance|beforehand|notice\b|how old|what age",
    FactSort.COUNT: r"how many|how old|what age|how big|how large|\blimit|maximum|at most|minimum",
    FactSort.CONTACT: r"\bcall|\bphone|\bring\b|\bnumber\b|e-?mail|contact|\breach\b|\bspeak to|\btalk to|online|"
    r"website|how do i (?:book|order|make|get|ask|apply|sign|register|report|arrange|cancel)",
    FactSort.PLACE: r"\bwhere\b|address|which (?:floor|room|door|entrance|desk|counter|building)|find you|located|"
    r"directions|postcode",
    FactSort.PERSON: r"\bwho\b|\bwhom\b|\bwhose\b|which (?:doctor|lawyer|solicitor|nurse|dentist|person|colleague|"
    r"of you)|\bwho's\b|somebody|someone",
}
_HOLDS = {
    FactSort.AMOUNT: r"[£$€]|\b\d[\d.,]*\s?(?:pounds|dollars|euros?|pence|cents|%|per cent|percent)|"
    r"\bfree\b|no (?:extra )?charge|half price|at no cost|costs? nothing",
    FactSort.MOMENT: r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2}\s?[ap]\.?\s?m\b|\bnoon\b|\bmidnight\b|o'clock|weekdays?\b|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|weekends?\b|holidays?\b|\bdaily\b|"
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december)\b",
    FactSort.SPAN: rf"\b{_NUMBER}(?:\s(?:to|or|and a half)\s\w+)?[\s-](?:working\s|business\s|calendar\s|full\s)?"
    r"(?:minutes?|hours?|days?|weeks?|months?|years?)\b|fortnight|overnight|same day|at once",
    FactSort.COUNT: rf"\b(?!an?\b|half\b){_NUMBER}\b",
    FactSort.CONTACT: r"\d[\d\s()-]{5,}\d|\S@\S|\bonline\b|website|portal|\bcall\b|\bring\b|\bphone\b|\be-?mail\b|"
    r"\bapp\b",
    FactSort.PLACE: r"\b(?:street|road|lane|avenue|floor|building|room|entrance|door|behind|opposite|next to|station|"
    r"stop|lot|car park|garage|square|desk|counter|basement|corridor|parking|spaces?)\b",
    FactSort.PERSON: r"\b(?:[Dd]r|[Mm]rs?|[Mm]s)\b\.?|(?<=[a-z,;] )[A-Z][a-z]+ (?:[A-Z][a-z]+)|\b(?:nurse|"
    r"manager|team|colleague|partner|solicitor|lawyer|attorney|paralegal|doctor|dentist|secretary|officer|specialist|"
    r"optometrist)\b",
}
_ASK = {sort: re.compile(pattern, re.IGNORECASE) for sort, pattern in _ASKS.items()}
_HOLD = {sort: re.compile(pattern, 0 if sort is FactSort.PERSON else re.IGNORECASE) for sort, pattern in _HOLDS.items()}
_IMPLIED = {
    FactSort.AMOUNT: "cost price fee charge pay",
    FactSort.MOMENT: "when time day",
    FactSort.SPAN: "how long duration",
    FactSort.COUNT: "number many",
    FactSort.CONTACT: "contact reach",
    FactSort.PLACE: "where",
    FactSort.PERSON: "who",
}
_YES_OR_NO = re.compile(
    r"(?:(?:hi|hello|hey|please|so|and|but|ok|sorry|also|then)\b[\s,]*)*"
    r"(?:do|does|did|can|could|may|is|are|am|was|will|would|should|must|have|has)\b",
    re.IGNORECASE,
)


def asks_yes_or_no(question: str) -> bool:
    """Tell whether a sentence of ``question`` begins as one that yes or no would answer ("Do you repair bicycles?").

    Such questions ask for something that is not offered more often than "when" and "how much" do.
    """
    return any(_YES_OR_NO.match(part) for part in sentences(question))


def sorts_asked(question: str) -> tuple[bool, ...]:
    """Return for every sort, in the order of ``SORTS``, whether ``question`` asks for it."""
    straight = question.replace("\u2019", "'")
    return tuple(_ASK[sort].search(straight) is not None for sort in SORTS)


def sorts_held(text: str) -> tuple[bool, ...]:
    """Return for every sort, in the order of ``SORTS``, whether ``text`` holds such a fact."""
    return tuple(_HOLD[sort].search(text) is not None for sort in SORTS)


def implied_words(text: str) -> str:
    """Return the words that people ask with for the sorts of facts that ``text`` holds: "£45" is a price and a cost."""
    return " ".join(_IMPLIED[sort] for sort, is_held in zip(SORTS, sorts_held(text), strict=True) if is_held)
