"""Anonymising for the console and the command line: conversations in, what would leave out.

Finding and replacing happen in the confined child (``app.language.texts``); here its answers are put into the texts.
A text that was not anonymised is an error and never a result. All methods block; call them on a thread of their own.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app.domain.anonymised import RedactedText
from app.language.texts.child import TextsChild
from app.language.texts.errors import NOT_HERE, TextsError, TextsFault
from app.language.texts.records import (
    ConversationTexts,
    FoundInText,
    Manner,
    Pipeline,
    TextsLimits,
    Trust,
)
from app.language.texts.windows import MAX_BATCH_CHARS, MAX_BATCH_WINDOWS
from app.services.ports import AnonymisedText, AnonymisedThread, AnonymisingJob

__all__ = [
    "NOT_HERE",
    "Anonymiser",
    "ConversationTexts",
    "Manner",
    "Pipeline",
    "TextsError",
    "TextsFault",
    "Trust",
    "pipeline_folder",
]

MIN_SECRET_BYTES: Final = 16
MAX_SECRET_BYTES: Final = 64

Outcome = AnonymisedThread | TextsError


def pipeline_folder(models_dir: Path) -> Path:
    """Return where the shipped pipeline lies."""
    return models_dir / "language" / "en"


class Anonymiser:
    """Anonymises conversations (``ports.ThreadAnonymiser``). Owns the child; a context manager.

    Any thread may call; one conversation is read at a time. No process is started before the first.
    """

    def __init__(self, pipeline: Pipeline | Path, limits: TextsLimits | None = None) -> None:
        """Use ``pipeline``; a path is that of a shipped one, which must prove itself by its manifest."""
        self._child = TextsChild(pipeline if isinstance(pipeline, Pipeline) else Pipeline(pipeline), limits)
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        """Nothing starts yet."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the child that lives now."""
        return self._child.pid

    @property
    def starts(self) -> int:
        """How many children there have been."""
        return self._child.starts

    def start(self) -> None:
        """Start the child now, so that the first text need not wait for it.

        Raises:
            TextsError: it cannot run here (``NOT_HERE``).
        """
        with self._turn:
            self._child.start()

    def anonymise(
        self,
        job: AnonymisingJob,
        *,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> AnonymisedThread:
        """Return what would leave of one conversation, and the way back.

        Raises:
            TextsError: nothing of it was anonymised; CANCELLED when ``is_stopped`` said so.
        """
        conversation = ConversationTexts(job.texts, job.secret)
        total = len(job.texts)
        manner = Manner(job.profile, job.year, job.rules)
        (found,) = self._read([conversation], manner, lambda done: on_progress(done, total), is_stopped)
        return _thread(conversation, found)

    def run(
        self,
        conversations: Iterable[ConversationTexts],
        manner: Manner,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Outcome]:
        """Yield, for each conversation in order, what would leave of it, or why there is nothing.

        Reads ahead as far as one group of at most ``MAX_BATCH_CHARS``; constant memory for any number.

        Raises:
            TextsError: none can be anonymised here (``NOT_HERE``), or CANCELLED.
        """
        for group in _groups(conversations):
            yield from self._read_group(group, manner, is_stopped)

    def close(self) -> None:
        """End the child; a text that is being read on another thread is cancelled."""
        if not self._turn.acquire(blocking=False):
            self._child.kill()
            self._turn.acquire()
        try:
            self._child.end()
        finally:
            self._turn.release()

    def rest(self) -> None:
        """End the child to free its memory when nobody needs it; the next text starts another."""
        with self._turn:
            self._child.end()

    def _read_group(
        self, group: Sequence[ConversationTexts], manner: Manner, is_stopped: Callable[[], bool]
    ) -> Iterator[Outcome]:
        try:
            found = self._read(group, manner, lambda _done: None, is_stopped)
        except TextsError as error:
            if error.code in {*NOT_HERE, TextsFault.CANCELLED, TextsFault.BAD_RULES}:
                raise
            if len(group) == 1:
                yield error
                return
            for one in group:  # which of them was it? each gets its own chance
                yield from self._read_group([one], manner, is_stopped)
        else:
            yield from map(_thread, group, found)

    def _read(
        self,
        group: Sequence[ConversationTexts],
        manner: Manner,
        on_texts: Callable[[int], None],
        is_stopped: Callable[[], bool],
    ) -> list[tuple[FoundInText, ...]]:
        if any(not MIN_SECRET_BYTES <= len(one.secret) <= MAX_SECRET_BYTES for one in group):
            raise ValueError("a secret of 16 to 64 bytes")
        with self._turn:
            return self._child.read(group, manner, on_texts, is_stopped)


def _groups(conversations: Iterable[ConversationTexts]) -> Iterator[list[ConversationTexts]]:
    group: list[ConversationTexts] = []
    chars = texts = 0
    for one in conversations:
        size = sum(map(len, one.texts))
        if group and (chars + size > MAX_BATCH_CHARS or texts + len(one.texts) > MAX_BATCH_WINDOWS):
            yield group
            group, chars, texts = [], 0, 0
        group.append(one)
        chars += size
        texts += len(one.texts)
    if group:
        yield group


def _thread(conversation: ConversationTexts, found: Sequence[FoundInText]) -> AnonymisedThread:
    mapping: dict[str, str] = {}
    texts = tuple(_text(text, one, mapping) for text, one in zip(conversation.texts, found, strict=True))
    return AnonymisedThread(texts, mapping)


def _text(text: str, found: FoundInText, mapping: dict[str, str]) -> AnonymisedText:
    """Put what stands instead into ``text``; offsets were checked against it (``app.language.texts.answers``)."""
    parts: list[str] = []
    done = 0
    for span, instead in zip(found.spans, found.instead, strict=True):
        said = text[span.start : span.end]
        parts += [text[done : span.start], instead]
        done = span.end
        if instead != said:
            mapping.setdefault(instead, said)
    return AnonymisedText(RedactedText("".join([*parts, text[done:]])), found.spans, found.instead)
