"""A sent reply as the beginning of an approved answer: what belongs to one person becomes a fill-in field. Pure.

Nothing is decided here for good: every field is a guess that a person confirms or takes back before anything is saved.
When unsure, a field. Looked for are

* the contact's name and its parts, also misspelt by a letter or two (``app.anonymise.known``);
* names that appear anywhere in the conversation, in the reply also where they open a sentence;
* dates, times, weekdays, amounts, telephone numbers, addresses of mail and web, and long numbers.

What stands in an approved answer already is the office's own ("we close at 17:00", its telephone number) and stays, as
do the names of the people who work there. A name that the conversation never says, at the head of a sentence, is not
found; the page asks the person to read the text for that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.anonymise.known import KnownIndex, KnownText
from app.anonymise.labels import Label
from app.domain.fill_in import fields_of
from app.domain.proposal import Article
from app.services.answers.draft import AnswerDraft, FieldGuess, Why
from app.services.facts import FactKind, find_facts
from app.services.facts.names import name_words, with_title

MIN_NUMBER_DIGITS = 4
"""Shorter numbers ("2 weeks", "30 minutes") say nothing of a person."""


_WHY_OF_KIND = {
    FactKind.EMAIL: Why.EMAIL,
    FactKind.URL: Why.LINK,
    FactKind.AMOUNT: Why.AMOUNT,
    FactKind.TIME: Why.TIME,
    FactKind.DATE: Why.DATE,
    FactKind.WEEKDAY: Why.DATE,
    FactKind.PHONE: Why.PHONE,
    FactKind.NUMBER: Why.NUMBER,
    FactKind.NAME: Why.NAME,
}
_NAME_OF_WHY = {
    Why.CONTACT: "name",
    Why.NAME: "person",
    Why.DATE: "date",
    Why.TIME: "time",
    Why.PHONE: "phone",
    Why.EMAIL: "email",
    Why.LINK: "link",
    Why.AMOUNT: "amount",
    Why.NUMBER: "number",
}


_OF_A_DAY = frozenset({Why.TIME, Why.DATE, Why.AMOUNT})
"""What may be the office's own and still one person's beside a day: "on 3 December at 10:30", though 10:30 is a time
that an answer names as well."""

_SENTENCE_END = re.compile(r"[.!?]\s+[A-Z]|\n\s*\n")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    why: Why
    value: str


def draft_answer(
    reply: str, contact_name: str, messages: Iterable[str], articles: Sequence[Article], own_names: Iterable[str]
) -> AnswerDraft:
    """Return a reply with everything that looks personal as fields.

    Args:
        reply: the text as it was sent.
        contact_name: the contact of the conversation.
        messages: what was written in it, by either side.
        articles: the approved answers of the office; what stands in them is its own.
        own_names: the names of the office and of the people who work there.
    """
    own_words = {word.text for name in own_names for word in name_words(name)}
    contact = " ".join(
        contact_name[word.start : word.end] for word in name_words(contact_name) if word.text not in own_words
    )
    said_names = {fact.value for text in messages for fact in find_facts(text) if fact.kind is FactKind.NAME}
    known = _KnownFacts.of(articles)
    names = [*_contact(reply, contact), *_names(reply, said_names - own_words - known.words)]
    facts = list(_facts(reply, known, own_words))
    addresses = [one for one in facts if one.why in {Why.EMAIL, Why.LINK}]
    return AnswerDraft(reply, _numbered(_without_overlaps(reply, [*addresses, *names, *facts])))


@dataclass(frozen=True, slots=True)
class _KnownFacts:
    values: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> "_KnownFacts":
        texts = [f"{article.title}\n{article.body}" for article in articles]
        values = {value for text in texts for fact in find_facts(text, is_source=True) for value in fact.all_values}
        return cls(frozenset(values), frozenset(word.text for text in texts for word in name_words(text)))


def _contact(reply: str, contact: str) -> Iterator[_Found]:
    """Yield the contact's name, whole, in parts and misspelt, as it is found before anything may leave."""
    for span in KnownIndex((KnownText(contact, Label.PERSON),)).find(reply):
        yield _Found(with_title(reply, span.start), span.end, Why.CONTACT, "contact")


def _names(reply: str, said_names: Iterable[str]) -> Iterator[_Found]:
    said = set(said_names)
    for word in name_words(reply):
        if word.text in said and reply[word.start].isupper():
            yield _Found(with_title(reply, word.start), word.end, Why.NAME, word.text)


def _facts(reply: str, known: _KnownFacts, own_words: set[str]) -> Iterator[_Found]:
    facts = find_facts(reply)
    days = [one.start for one in facts if one.kind is FactKind.DATE and known.values.isdisjoint(one.all_values)]
    for fact in facts:
        why = _WHY_OF_KIND.get(fact.kind)
        if why is None:
            continue
        if not known.values.isdisjoint(fact.all_values) and not (
            why in _OF_A_DAY and _is_beside(reply, fact.start, days)
        ):
            continue
        if why is Why.NUMBER and sum(char.isdigit() for char in reply[fact.start : fact.end]) < MIN_NUMBER_DIGITS:
            continue
        if why is Why.NAME and (fact.value in own_words or fact.value in known.words):
            continue
        start = with_title(reply, fact.start) if why is Why.NAME else fact.start
        yield _Found(start, _without_full_stop(reply, fact.end), why, fact.value)


def _is_beside(reply: str, place: int, days: Sequence[int]) -> bool:
    """Tell whether a day that is one person's stands in the same sentence."""
    return any(not _SENTENCE_END.search(reply, min(place, day), max(place, day)) for day in days)


def _without_full_stop(reply: str, end: int) -> int:
    """Leave the full stop to its sentence: "on 3 December. Again", where the finder takes it for an abbreviation's."""
    rest = reply[end:].lstrip()
    return end - 1 if reply[end - 1] == "." and (not rest or rest[0].isupper()) else end


def _without_overlaps(reply: str, found: list[_Found]) -> list[_Found]:
    """Keep the first of what overlaps, and join neighbours that are one name ("Ada Quill").

    A field that stands in the reply already is left alone.
    """
    is_taken = bytearray(len(reply))
    for field in fields_of(reply):
        is_taken[field.start : field.end] = b"\1" * (field.end - field.start)
    kept: list[_Found] = []
    for one in found:
        if not any(is_taken[one.start : one.end]):
            is_taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    joined: list[_Found] = []
    for one in sorted(kept, key=lambda one: one.start):
        last = joined[-1] if joined else None
        if last is not None and _is_one_name(reply, last, one):
            joined[-1] = _Found(last.start, one.end, last.why, last.value)
        else:
            joined.append(one)
    return joined


def _is_one_name(reply: str, first: _Found, second: _Found) -> bool:
    is_person = first.why in {Why.CONTACT, Why.NAME} and second.why in {Why.CONTACT, Why.NAME}
    return is_person and not reply[first.end : second.start].strip(" -\u2010\u2011") and second.start - first.end <= 1


def _numbered(found: Sequence[_Found]) -> tuple[FieldGuess, ...]:
    """Name the fields: one value keeps one name, a second value of the same sort is "date 2"."""
    names: dict[tuple[Why, str], str] = {}
    counts: dict[str, int] = {}
    guesses = []
    for one in found:
        key = (one.why, one.value)
        if key not in names:
            plain = _NAME_OF_WHY[one.why]
            counts[plain] = counts.get(plain, 0) + 1
            names[key] = plain if counts[plain] == 1 else f"{plain} {counts[plain]}"
        guesses.append(FieldGuess(one.start, one.end, names[key], one.why))
    return tuple(guesses)
