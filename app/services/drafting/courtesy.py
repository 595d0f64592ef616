"""Sentences that are polite and say nothing: they need no source. A closed list of patterns. Pure.

"Yes." and "You can." are no courtesies: they answer a question.
"""

import re

_CONTACT = (
    r"(?:write|ask|call|ring|contact us|get in touch|let us know|let me know|reach out|message us"
    r"|come back to us|tell us)"
)
_ANYTHING = r"(?: any)?(?: more| other| further)? ?(?:questions?|help|anything else|anything|assistance)?"
_IF = (
    r"(?:(?:if|should) (?:anything|something) (?:is|remains|be) (?:still )?unclear"
    rf"|(?:if|should) you (?:have|need){_ANYTHING}(?: about (?:this|that))?"
    r"|if there is anything else(?: (?:we|i) can (?:do|help with))?"
    r"|if (?:we|i) can help(?: further| with anything else)?"
    r"|if that does not (?:help|work)(?: for you)?)"
)
_THANKED_FOR = (
    r"asking|writing|getting in touch|letting us know|contacting us|reaching out|telling us|checking|waiting"
    r"|your (?:kind )?(?:message|question|patience|understanding|note|words|interest)"
)
_WILLING = (
    r"certainly|absolutely|gladly|of course|with pleasure|no problem|not at all|indeed|sure|happy to help|please do"
    r"|that is fine|that's fine|that is no problem|no worries"
)
_SORRY_FOR = (
    r"(?:to hear (?:that|this|about that)|about (?:that|this)|for the (?:wait|trouble|inconvenience|delay|mix-up))"
)
_FREELY = r"(?:feel free to |do not hesitate to )?"
_PATTERNS = (
    rf"(?:(?:yes|no|sure)[, ]+)?(?:{_WILLING})(?:[, ]+of course)?",
    rf"(?:and )?(?:thank you|thanks|many thanks)(?: very much| so much)?(?: for (?:{_THANKED_FOR}))?(?: again| to us)?",
    r"(?:hello|hi|dear|good (?:morning|afternoon|evening|day)|greetings)(?: (?:sir or madam|[\w.'-]+)){0,3}",
    rf"(?:(?:i am|i'm|we are|we're) )?(?:so |very |really )?sorry(?: {_SORRY_FOR})?",
    rf"(?:please |just |do )?{_FREELY}{_CONTACT}(?: again| back| (?:at )?any time)?(?: {_IF})?",
    rf"{_IF},? (?:please |just )?{_CONTACT}(?: again)?",
    r"(?:i|we) (?:hope|trust) (?:this|that|it) (?:helps|is helpful|answers your question)",
    r"(?:i|we) hope (?:that )?you (?:feel better|are well|get well)(?: soon)?|get well soon|congratulations",
    r"we (?:are )?look(?:ing)? forward to (?:seeing|welcoming|meeting|hearing from) you(?: soon| then)?",
    r"(?:with )?(?:kind|best|warm|many) (?:regards|wishes)|(?:yours )?sincerely|all the best|take care",
    r"see you (?:soon|then)|have a (?:nice|good|lovely|great|pleasant) (?:day|evening|weekend|week|afternoon)",
    r"you(?:'re| are)(?: very| most)? welcome",
    r"(?:we are|i am|we're|i'm) (?:glad|happy|pleased)(?: to (?:help|hear (?:that|it|from you))| (?:that )?you asked)?",
    r"(?:that is a |what a )?(?:good|great) question|here is what you asked for",
    r"(?:i|we) understand(?: your (?:concern|worry|question|frustration))?",
)
_WHOLE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)


def is_courtesy(sentence: str) -> bool:
    """Tell whether a whole sentence is a courtesy; names in it are still to be checked."""
    plain = " ".join(sentence.replace("\u2019", "'").split()).rstrip(" .!,;:\u2026)")
    return len(plain) > 1 and _WHOLE.fullmatch(plain) is not None
