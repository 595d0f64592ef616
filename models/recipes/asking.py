"""How people ask: openings, closings, haste and slips of the finger put on a plain question."""

from random import Random

_OPENINGS = (
    "Hi",
    "Hello",
    "Good morning",
    "Good afternoon",
    "Hi there",
    "Hello there",
    "Dear team",
    "Dear Sir or Madam",
    "Hey",
    "Good evening",
    "Quick question",
    "Excuse me",
    "Sorry to bother you",
    "One question",
    "Hi, just a quick question",
)
_REASONS = (
    "I am new here.",
    "I have an appointment next week.",
    "My son is ill.",
    "I could not find this on your website.",
    "I am asking for my mother.",
    "I tried to call but nobody answered.",
    "I have been waiting for a while.",
    "I just moved to the area.",
    "My husband told me to ask you.",
    "I got your letter today.",
    "This is my first time.",
    "I was with you last month.",
    "I am a bit confused.",
    "We spoke on the phone last week.",
    "I work during the day.",
    "I am writing on behalf of a friend.",
    "I am a little worried.",
    "I had an email from you.",
    "I don't understand the letter.",
    "My name is {name}.",
    "It is {name} here.",
    "I have to plan my week.",
    "I need to know before Friday.",
    "Your website is not working for me.",
)
_LEADS = (
    "Could you tell me: ",
    "Can you please tell me, ",
    "I would like to know: ",
    "I wanted to ask, ",
    "Please can you let me know: ",
    "I was wondering, ",
    "Just wondering, ",
    "May I ask, ",
    "Can I ask: ",
    "Do you know, ",
    "So ",
    "Also, ",
    "And ",
    "Another question: ",
    "Ok, ",
    "Thanks. ",
    "Thank you. ",
)
_CLOSINGS = (
    "Thanks",
    "Thank you",
    "Many thanks",
    "Thanks in advance",
    "Thank you very much",
    "Kind regards",
    "Best wishes",
    "Cheers",
    "Thx",
    "Please let me know",
    "Thanks for your help",
    "I hope you can help",
    "Please reply soon",
)
_SHORT = {
    "you": "u",
    "please": "pls",
    "are": "r",
    "appointment": "appt",
    "tomorrow": "tmrw",
    "because": "cos",
    "thanks": "thx",
    "and": "&",
    "your": "ur",
}
_NEIGHBOURS = {
    "a": "s",
    "e": "r",
    "i": "o",
    "o": "p",
    "u": "i",
    "n": "m",
    "t": "r",
    "s": "d",
    "r": "t",
    "l": "k",
    "c": "v",
    "h": "j",
}


def dress(rng: Random, question: str, name: str) -> str:
    """Return ``question`` as a person might type it; ``name`` is the asker's invented name.

    Half of the questions stay as they are, so that the plain form is learnt best.
    """
    text = question
    if rng.random() < 0.12:
        text = rng.choice(_LEADS) + _lower_first(text)
    roll = rng.random()
    if roll < 0.15:
        reason = rng.choice(_REASONS).replace("{name}", name)
        text = f"{reason} {text}" if roll < 0.10 or text[-1:] not in "?.!" else f"{text} {reason}"
    if rng.random() < 0.22:
        text = f"{rng.choice(_OPENINGS)}{rng.choice((', ', '. ', '! '))}{text}"
    if rng.random() < 0.14:
        text = f"{text} {rng.choice(_CLOSINGS)}{rng.choice(('', '.', '!', f', {name}'))}"
    return hurry(rng, text)


def hurry(rng: Random, text: str) -> str:
    """Return ``text`` with the marks of haste, or untouched (two of three times)."""
    roll = rng.random()
    if roll < 0.10:
        text = text.lower()
    if roll < 0.08 or 0.10 < roll < 0.16:
        text = text.rstrip("?.! ")
    if 0.05 < roll < 0.12 or 0.28 < roll < 0.36:
        text = _slip(rng, text)
    if 0.16 < roll < 0.19:
        text = " ".join(_SHORT.get(word, word) for word in text.split(" "))
    if 0.19 < roll < 0.21:
        text = text.replace("?", "??").replace("'", "")
    return text


def _slip(rng: Random, text: str) -> str:
    words = text.split(" ")
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        place = rng.randrange(len(words))
        if len(words[place]) > 3 and words[place].isalpha():
            words[place] = _misspell(rng, words[place])
    return " ".join(words)


def _misspell(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + _NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :],
        )
    )


def _lower_first(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text if first in {"I", "I'm", "I've", "I'd"} or first.isupper() else text[:1].lower() + text[1:]
