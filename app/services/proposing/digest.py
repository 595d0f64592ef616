"""A summary or hand-over note of a thread, put together from its own sentences by rules: nothing in it is new. Pure.

Used where the model was not taught to write one, and where what it wrote did not hold. Every quoted sentence stands
word for word in the thread; the program adds who said it, when, and under which heading it falls, in the language that
the visitor writes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.conversation import ItemKind, Party, Thread, ThreadItem
from app.domain.prompt import Task
from app.knowledge.sentences import sentences
from app.knowledge.words import STOP_WORDS, words_of
from app.services.facts import find_facts
from app.services.proposing.digest_words import DigestWords, words_for

MAX_TELLING = 4
MAX_EACH = 3
MAX_QUOTE_CHARS = 220


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence of the thread and the item that holds it."""

    item: ThreadItem
    text: str


def extract_note(thread: Thread, task: Task) -> str:
    """Return the note; "" when nobody has said anything.

    A summary tells what was said, what is open and what the desk promised; a hand-over note begins with what is open.
    """
    theirs, ours = _sayings(thread, Party.VISITOR), _sayings(thread, Party.DESK)
    words = words_for(saying.text for saying in theirs)
    parts = {
        "said": _telling(theirs, words),
        "open": _open_questions(thread, words),
        "promised": [saying for saying in ours if words.promise.search(saying.text)][-MAX_EACH:],
        "noted": [Saying(item, item.text) for item in thread.items if item.kind is ItemKind.NOTE][-MAX_EACH:],
    }
    order = ["said", "promised", "open"] if task is Task.SUMMARY else ["open", "promised", "noted", "said"]
    shown: set[str] = set()
    return "\n\n".join(block for key in order if (block := _block(key, parts[key], thread, shown, words)))


def stamp(wall_ms: int) -> str:
    """Return when something was said, in the machine's own time zone: "24 Nov, 09:12"."""
    moment = datetime.fromtimestamp(wall_ms / 1000, tz=UTC).astimezone()
    return f"{moment.day} {moment:%b, %H:%M}"


def _sayings(thread: Thread, party: Party) -> list[Saying]:
    items = (item for item in thread.items if item.kind is ItemKind.MESSAGE and item.party is party)
    return [Saying(item, text) for item in items for text in sentences(item.text)]


def _telling(sayings: Sequence[Saying], words: DigestWords) -> list[Saying]:
    """Return the sentences that say most, in the order of the thread."""
    weights = [_weight(saying.text, words) for saying in sayings]
    best = sorted(range(len(sayings)), key=lambda place: -weights[place])[:MAX_TELLING]
    return [sayings[place] for place in sorted(best) if weights[place] > 0]


def _weight(text: str, words: DigestWords) -> float:
    """Return how much a sentence tells: facts and questions count most, then words that carry meaning."""
    meaning = [word for word in words_of(text) if word not in STOP_WORDS]
    question = 2.0 if words.question.search(text) and meaning else 0.0
    return 1.5 * min(3, len(find_facts(text))) + question + 0.4 * min(8, len(meaning))


def _open_questions(thread: Thread, words: DigestWords) -> list[Saying]:
    """Return what the visitor asked since the desk last wrote; the whole messages' first sentences if no question."""
    waiting: list[ThreadItem] = []
    for item in thread.items:
        if item.kind is ItemKind.MESSAGE:
            waiting = [*waiting, item] if item.party is Party.VISITOR else []
    sayings = [Saying(item, text) for item in waiting for text in sentences(item.text)]
    asked = [saying for saying in sayings if words.question.search(saying.text)]
    return (asked or _telling(sayings, words))[-MAX_EACH:]


def _block(key: str, sayings: Iterable[Saying], thread: Thread, shown: set[str], words: DigestWords) -> str:
    lines = list(_lines(sayings, thread, shown, words.desk))
    return "\n".join([f"{words.headings[key]}:", *lines]) if lines else ""


def _lines(sayings: Iterable[Saying], thread: Thread, shown: set[str], desk: str) -> Iterator[str]:
    """Yield one line a sentence; what stands under an earlier heading is not said again."""
    for saying in sayings:
        text = " ".join(saying.text.split())
        if text in shown:
            continue
        shown.add(text)
        who = thread.contact_name if saying.item.party is Party.VISITOR else saying.item.author_name or desk
        cut = text if len(text) <= MAX_QUOTE_CHARS else text[:MAX_QUOTE_CHARS].rsplit(" ", 1)[0] + " …"
        yield f"- {who}, {stamp(saying.item.wall_ms)}: \u201c{cut}\u201d"
