"""Where the facts of a text stand, and which place of which source holds each. Pure.

What can hurt when it is wrong gets a mark: times, dates, amounts, doses, deadlines, numbers, telephone numbers,
addresses of the net and names. Values are compared as ``grounding`` compares them, so "5 pm" points at "17:00".

A name that only the thread says gets no mark: "Dear Maria" repeats what its reader wrote, and no source could hold it.
Any other fact that no source holds is marked as unsupported, the thread's own numbers as well: what a visitor asks
("is it true that you open at 7?") does not become true by being repeated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.facts import FactKind, FactMark
from app.domain.proposal import Sentence, SourceRef
from app.knowledge.sentences import sentence_spans
from app.knowledge.words import words_of
from app.services.facts import Fact, find_facts
from app.services.facts.names import NAME_GAP, find_name, name_words, starts_sentence, with_title

_Span = tuple[int, int]
_NOWHERE = (0, 0)


@dataclass(frozen=True, slots=True)
class _Group:
    """What is one fact to a reader: "Monday to Friday", "Helen Strandquist". ``name``: its words, of a name only."""

    kind: FactKind
    start: int
    end: int
    facts: tuple[Fact, ...]
    name: tuple[str, ...] = ()


class _Source:
    """One source with everything that was looked up in it."""

    def __init__(self, source: SourceRef) -> None:
        self.number = source.number
        self.quote = source.quote
        self._facts = find_facts(source.quote, is_source=True)
        self._title = source.title
        self._title_values = {value for fact in find_facts(source.title, is_source=True) for value in fact.all_values}
        self._sentences = sentence_spans(source.quote)

    def place_of(self, group: _Group, around: str) -> _Span | None:
        """Return the range of the quote that holds a fact, ``_NOWHERE`` when only the title does, None when neither.

        Of several places the one counts whose sentence is most like ``around``, the sentence of the fact.
        """
        places = self._names(group) if group.kind is FactKind.NAME else self._values(group)
        if places:
            wanted = frozenset(words_of(around))
            return max(places, key=lambda place: (len(wanted & self._words_around(place)), -place[0]))
        return _NOWHERE if self._is_in_title(group) else None

    def _values(self, group: _Group) -> list[_Span]:
        held = [[fact for fact in self._facts if fact.all_values & said.all_values] for said in group.facts]
        return [(fact.start, max(fact.end, fact.unit_end)) for fact in held[0]] if all(held) else []

    def _names(self, group: _Group) -> list[_Span]:
        return list(find_name(group.name, self.quote))

    def _is_in_title(self, group: _Group) -> bool:
        if group.kind is FactKind.NAME:
            return any(find_name(group.name, self._title))
        return all(self._title_values & fact.all_values for fact in group.facts)

    def _words_around(self, place: _Span) -> frozenset[str]:
        inside = (self.quote[start:end] for start, end in self._sentences if start <= place[0] < end)
        return frozenset(words_of(next(inside, "")))


def mark_facts(
    text: str, sentences: Sequence[Sentence], sources: Sequence[SourceRef], thread: Sequence[str] = ()
) -> tuple[FactMark, ...]:
    """Return the facts of ``text`` in order, none overlapping another.

    Args:
        text: an offered text, without source marks.
        sentences: its sentences; what one names is looked into first.
        sources: what may hold the facts.
        thread: what was said in the conversation.
    """
    known = [_Source(source) for source in sources]
    marks: list[FactMark] = []
    for group in _groups(text):
        sentence = next((one for one in sentences if one.start <= group.start < one.end), None)
        named = sentence.source_numbers if sentence else ()
        around = text[sentence.start : sentence.end] if sentence else text
        ordered = sorted(known, key=lambda source: source.number not in named)
        mark = _marked(group, around, ordered)
        if mark.is_supported or not _is_said(group, thread):
            marks.append(mark)
    return tuple(marks)


def check_edit(text: str, sources: Sequence[SourceRef], thread: Sequence[str] = ()) -> tuple[FactMark, ...]:
    """Return the facts of a text that a person wrote or changed, held against the sources of the proposal behind it."""
    return mark_facts(text, [Sentence(start, end, ()) for start, end in sentence_spans(text)], sources, thread)


def _marked(group: _Group, around: str, sources: Sequence[_Source]) -> FactMark:
    for source in sources:
        place = source.place_of(group, around)
        if place is not None:
            return FactMark(group.start, group.end, group.kind, source.number, *place)
    return FactMark(group.start, group.end, group.kind, None)


def _groups(text: str) -> Iterator[_Group]:
    """Return the facts of a text, those with one range as one, and names that follow each other as one."""
    groups: list[list[Fact]] = []
    facts = find_facts(text)
    are_names = [_is_of_name(place, facts, text) for place in range(len(facts))]
    for place, fact in enumerate(facts):
        if place and _belongs(facts[place - 1], fact, text, are_names=all(are_names[place - 1 : place + 1])):
            groups[-1].append(fact)
        else:
            groups.append([fact])
    limits = [following[0].start for following in groups[1:]] + [len(text)]
    return (_group(facts, text, limit) for facts, limit in zip(groups, limits, strict=False))


def _belongs(before: Fact, fact: Fact, text: str, *, are_names: bool) -> bool:
    return (before.start, before.end) == (fact.start, fact.end) or (are_names and _follows(before, fact, text))


def _follows(before: Fact, fact: Fact, text: str) -> bool:
    return NAME_GAP.fullmatch(text[before.end : fact.start]) is not None


def _is_of_name(place: int, facts: Sequence[Fact], text: str) -> bool:
    """Tell whether a fact is a word of a name; a spelled number can be one: "Three Forks Mutual".

    At the head of a sentence its capital says nothing, so there two words of a name have to follow it.
    """
    fact = facts[place]
    if fact.kind is not FactKind.NUMBER:
        return fact.kind is FactKind.NAME
    if not text[fact.start].isupper():
        return False
    is_opening = starts_sentence(text, fact.start)
    row = [fact, *facts[place + 1 : place + (3 if is_opening else 2)]]
    has_names = len(row) == (3 if is_opening else 2) and all(
        after.kind is FactKind.NAME and _follows(before, after, text) for before, after in pairwise(row)
    )
    ends_name = place > 0 and facts[place - 1].kind is FactKind.NAME and _follows(facts[place - 1], fact, text)
    return has_names or (ends_name and not is_opening)


def _group(facts: Sequence[Fact], text: str, limit: int) -> _Group:
    """Return one group; its range holds a title and a unit, but no full stop, and ends before ``limit``."""
    kinds = {fact.kind for fact in facts}
    kind, start, end = FactKind.NAME if FactKind.NAME in kinds else facts[0].kind, facts[0].start, facts[-1].end
    name = tuple(word.text for word in name_words(text[start:end])) if kind is FactKind.NAME else ()
    if kind is FactKind.NAME:
        start = with_title(text, start)
    if text[end - 1] == "." and text.count(".", start, end) == 1:
        end -= 1
    return _Group(kind, start, max(end, min(facts[-1].unit_end, limit)), tuple(facts), name)


def _is_said(group: _Group, thread: Sequence[str]) -> bool:
    return group.kind is FactKind.NAME and any(True for text in thread for _ in find_name(group.name, text))
