"""Search in conversations behind walls that the person at the desk is within.

Not a word of them lies in the index, which everybody opens; there are few, so each is read through.
"""

from collections.abc import Iterator, Sequence

from app.domain.conversation import ItemKind
from app.domain.ids import ConversationId
from app.services.ledger import Ledger
from app.store.excerpt import QueryWord, fold, words_of
from app.store.found_query import FoundItem
from app.store.thread_query import read_thread


def find_behind(ledger: Ledger, words: Sequence[QueryWord]) -> tuple[list[FoundItem], list[FoundItem]]:
    """Return what bears the name and what holds all the words, each with the newest first."""
    named: list[FoundItem] = []
    found: list[FoundItem] = []
    for cid in sorted(ledger.keys.walled - ledger.hidden):
        items = list(_items(ledger, cid))
        if items and _holds(items[0].contact_name, words):
            named.append(items[-1])
        found += [item for item in items if _holds(item.text, words)]
    return sorted(named, key=_newest), sorted(found, key=_newest)


def _items(ledger: Ledger, cid: ConversationId) -> Iterator[FoundItem]:
    with ledger.reading() as connection:
        thread = read_thread(connection, ledger.keys, cid, {})
    for item in thread.items if thread is not None else ():
        if thread is not None and item.kind is not ItemKind.NOTICE:
            yield FoundItem(cid, item.event_id, item.wall_ms, thread.contact_name, item.text)


def _holds(text: str, words: Sequence[QueryWord]) -> bool:
    folded = {fold(word) for word in words_of(text)}
    return all(any(word.matches(one) for one in folded) for word in words)


def _newest(item: FoundItem) -> int:
    return -item.wall_ms
