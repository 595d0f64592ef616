"""What a plaintext hunt looks for after an erasure: a conversation's own words, taken while they can still be read.

Four things are its own: stretches of what was written in it, its contact's name, what is known of the contact, and
words that no other conversation of the vault holds. Short stretches and words that others use as well would be found in
innocent files.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.domain.conversation import ItemKind, Party, Thread, ThreadItem
from app.domain.ids import ConversationId
from app.services.erasing.plaintext_hunt import Hunted
from app.services.ledger import Ledger
from app.store.conversation_keys import oldest_first
from app.store.excerpt import QueryWord, fold
from app.store.keyring import Keyring
from app.store.log import EventLog
from app.store.search import SearchIndex

MAX_STRETCHES = 24
MAX_WORDS = 24
STRETCH_CHARS = 40
MIN_STRETCH_CHARS = 16
MIN_WORD_CHARS = 7
MIN_DETAIL_CHARS = 12
"""A phone number or an address; a short one stands in an innocent file by chance, a birth date in every log."""
_WORD = re.compile(rf"[^\W\d_]{{{MIN_WORD_CHARS},}}")
_MAX_CANDIDATES = 80
_MAX_MATCHES = 200
"""A word that stands in more places than that belongs to nobody."""

MANY = 8
"""From here on each conversation gives two stretches and no words: reading them must not take longer than erasing."""

MAX_SAMPLED = 300
"""Of a larger run this many conversations, evenly spread, stand for all: what leaks, leaks for every one."""


def sampled(conversation_ids: Sequence[ConversationId]) -> Sequence[ConversationId]:
    """Return at most ``MAX_SAMPLED`` of them, evenly spread."""
    step = -(-len(conversation_ids) // MAX_SAMPLED)
    return conversation_ids[:: max(1, step)]


def hunted_of(ledger: Ledger, index: SearchIndex, threads: Iterable[Thread]) -> Hunted:
    """Return the words and keys of conversations that are about to be erased."""
    known = tuple(threads)
    assert len(known) <= MAX_SAMPLED
    is_many = len(known) >= MANY
    texts: list[str] = []
    for thread in known:
        texts += _stretches(thread, 2 if is_many else MAX_STRETCHES)
        if not is_many:
            texts += [thread.contact_name] if len(thread.contact_name) >= MIN_STRETCH_CHARS // 2 else []
            texts += [text for text in thread.details.texts if len(text) >= MIN_DETAIL_CHARS]
            texts += _own_words(ledger, index, thread)
    keys = tuple(key for thread in known for key in oldest_first(ledger.keys.key_for(thread.conversation_id)))
    return Hunted(tuple(dict.fromkeys(texts)), (*keys, ledger.keys.index_key))


def hunted_of_log(log: EventLog, keys: Keyring, conversation_ids: Iterable[ConversationId]) -> Hunted | None:
    """Return what to hunt for of erasures that an interruption left, read from the log; None when no key is left.

    The tables that screens read have forgotten these conversations already, so words of their own cannot be told apart:
    stretches, names and keys are looked for.
    """
    left = sampled([cid for cid in conversation_ids if keys.has(cid)])
    texts: list[str] = []
    for event in (event for cid in left for event in log.read(cid)):
        texts += [_stretch(str(event.body[name])) for name in ("text", "contact_name") if name in event.body]
    found = tuple(dict.fromkeys(text for text in texts if len(text) >= MIN_STRETCH_CHARS // 2))
    own = tuple(key for cid in left for key in oldest_first(keys.key_for(cid)))
    return Hunted(found[: MAX_STRETCHES * MANY], own) if left else None


def _stretch(text: str) -> str:
    return " ".join(text[:STRETCH_CHARS].splitlines()[:1]).strip()


def _stretches(thread: Thread, limit: int) -> list[str]:
    texts = [*(item.text for item in thread.items if _is_own(item)), thread.unsent_reply, thread.unsent_note]
    found = [_stretch(text) for text in texts if text.strip()]
    return [stretch for stretch in found if len(stretch) >= MIN_STRETCH_CHARS][:limit]


def _is_own(item: ThreadItem) -> bool:
    """Whether a text was written for this conversation alone: an approved answer stands in many."""
    if item.kind is ItemKind.NOTICE:
        return False
    return item.party is Party.VISITOR or item.provenance is None or not item.provenance.sources


def _own_words(ledger: Ledger, index: SearchIndex, thread: Thread) -> list[str]:
    """Return words of a conversation that the index finds nowhere else, longest first."""
    index.catch_up()
    places = frozenset(ledger.log.seqs_of(thread.conversation_id))
    own = (word for word in _candidates(thread) if _stands_only(index, word, places))
    return [word for word, _ in zip(own, range(MAX_WORDS), strict=False)]


def _candidates(thread: Thread) -> list[str]:
    words = {word for item in thread.items if _is_own(item) for word in _words_of(item.text)}
    return sorted(words, key=lambda word: (-len(word), word))[:_MAX_CANDIDATES]


def _words_of(text: str) -> Iterator[str]:
    yield from (word[0] for word in _WORD.finditer(text))


def _stands_only(index: SearchIndex, word: str, places: frozenset[int]) -> bool:
    found = index.search((QueryWord(fold(word), is_prefix=False),), limit=_MAX_MATCHES).seqs
    return bool(found) and len(found) < _MAX_MATCHES and places.issuperset(found)
