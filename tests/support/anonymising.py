"""The real finder and replacer in this very process, for tests of what stands around them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.anonymise.finder import Finder, NameFinder
from app.anonymise.labels import Label
from app.anonymise.office_rules import RuleDecider
from app.anonymise.replacing.replacer import Replacer
from app.anonymise.spans import Ground, Span
from app.services.ports import AnonymisedText, AnonymisedThread, AnonymisingJob


class StoppedHereError(Exception):
    """Somebody stopped the job."""

    code = "stopped"


@dataclass(frozen=True)
class WordsAsNames:
    """Calls these words persons, on the ground that the trained pipeline has."""

    words: tuple[str, ...]

    def find_all(self, texts: Iterable[str]) -> Iterator[Sequence[Span]]:
        """Yield the spans of each text."""
        for text in texts:
            yield [
                Span(*match.span(), Label.PERSON, Ground.MODEL, "language.person")
                for match in re.finditer("|".join(map(re.escape, self.words)), text)
            ]


@dataclass
class InProcessAnonymiser:
    """Does what the worker does, without a worker; ``jobs`` were asked for, ``gate`` runs before each text."""

    names: NameFinder | None = None
    jobs: list[AnonymisingJob] = field(default_factory=list)
    gate: Callable[[], None] = lambda: None
    rested: int = 0

    def anonymise(
        self,
        job: AnonymisingJob,
        *,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> AnonymisedThread:
        self.jobs.append(job)
        finder, decider = Finder(self.names, job.rules.known), RuleDecider(job.rules)
        replacer = Replacer(job.profile, job.secret, year=job.year)
        texts = []
        for done, text in enumerate(job.texts, start=1):
            self.gate()
            if is_stopped():
                raise StoppedHereError
            texts.append(_replaced(replacer, text, decider.decide(text, finder.find(text))))
            on_progress(done, len(job.texts))
        return AnonymisedThread(tuple(texts), dict(replacer.mapping))

    def rest(self) -> None:
        """Note that nobody needs it."""
        self.rested += 1

    def close(self) -> None:
        """Nothing runs."""


def _replaced(replacer: Replacer, text: str, spans: Iterable[Span]) -> AnonymisedText:
    kept = tuple(spans)
    done = replacer.replace(text, kept)
    instead = {one.span: one.replacement for one in done.replaced}
    return AnonymisedText(done.text, kept, tuple(instead.get(span, text[span.start : span.end]) for span in kept))
