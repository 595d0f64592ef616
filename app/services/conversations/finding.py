"""Search over every conversation: the index says where, the vault says what."""

from app.domain.conversation import SearchHit
from app.domain.ids import ConversationId, EventId
from app.services.conversations.finding_behind import find_behind
from app.services.ledger import Ledger
from app.store.excerpt import QueryWord, excerpt_of, query_words
from app.store.found_query import FoundItem, read_items_at, read_newest_items
from app.store.search import SearchIndex

MAX_NAME_HITS = 10
"""Conversations found by their contact's name that are shown before the messages."""


class Finder:
    """Answers searches; a part of ``ConversationService``."""

    def __init__(self, ledger: Ledger, index: SearchIndex) -> None:
        self._ledger = ledger
        self._index = index

    def search(self, untrusted_text: str, limit: int) -> tuple[SearchHit, ...]:
        """Return up to ``limit`` hits: contacts of that name first, then messages, newest first.

        No text is bad syntax. All words must stand in one message; the last word may be unfinished. A hit on a name
        shows the newest message of that conversation, without marks. What was committed since the last search is taken
        into the index first.
        """
        words = query_words(untrusted_text)
        if not words or limit <= 0:
            return ()
        self._index.catch_up()
        matches = self._index.search(words, limit=limit)
        with self._ledger.reading() as connection:
            named = read_newest_items(connection, self._ledger.keys, matches.name_seqs[:MAX_NAME_HITS])
            messages = read_items_at(connection, self._ledger.keys, matches.seqs)
        if self._ledger.keys.walled:
            more_named, more_messages = find_behind(self._ledger, words)
            named = tuple(sorted((*named, *more_named), key=_newest)[:MAX_NAME_HITS])
            messages = tuple(sorted((*messages, *more_messages), key=_newest))
        hits = [_hit(item, ()) for item in named]
        shown = {hit.event_id for hit in hits}
        hits += [_hit(item, words) for item in messages if item.event_id not in shown]
        return tuple(hits[:limit])


def _newest(item: FoundItem) -> int:
    return -item.wall_ms


def _hit(item: FoundItem, words: tuple[QueryWord, ...]) -> SearchHit:
    excerpt = excerpt_of(item.text, words)
    return SearchHit(
        conversation_id=ConversationId(item.conversation_id),
        event_id=EventId(item.event_id),
        contact_name=item.contact_name,
        excerpt=excerpt.text,
        marks=excerpt.marks,
        wall_ms=item.wall_ms,
    )
