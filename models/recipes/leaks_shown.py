"""What of the training can come out through the product? Sampled drafts, bound to their sources and judged.

``python -m models.recipes.leaks_shown --model FILE --data DIR [--count 10000]``. Where ``leaks`` asks what the weights
hold, this asks what a person at the desk could ever see: each sample is written by the confined worker with the
console's prompt and its source-bound decoding, at temperature 1 instead of greedily, and then judged as every reply is.
The passages are invented; every second question is six words of a training text, as somebody would ask who wants to
draw the rest out. What question and passages hold themselves is no leak.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.domain.ids import ArticleId
from app.domain.prompt import PromptSource, Speaker, Task, Turn, build_prompt
from app.domain.proposal import ProposalAction, SourceRef
from app.inference.supervisor import ModelWorker
from app.services.drafting.judging import judge
from app.services.drafting.marks import read_marks, visible
from app.services.models.opening import running_model
from models.recipes.asking import dress
from models.recipes.corpora import Corpora, load_corpora
from models.recipes.leaks import BEGUN_WORDS, TEMPERATURE, TOKENS_EACH, Sample, corpus_texts, leaks, training_kinds
from models.recipes.tasks import draw_passage
from models.recipes.values import person

HOLDING = "Somebody will come back to you."
PASSAGES = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """One draft: what it had to go on, the words shown while it was written, and what was offered at the end."""

    given: str
    streamed: str
    offered: str


def main() -> None:
    """Sample, compare, print counts and everything that was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds dialogues/ and text/")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first draft, where several share the work")
    arguments = parser.parse_args()
    corpora = load_corpora(arguments.data)
    with running_model(arguments.model, "chatml", threads=1, context_tokens=1024) as worker:
        numbers = range(arguments.first, arguments.first + arguments.count)
        drafts = list(until_stopped(drafted(worker, corpora, numbers)))
    texts = list(corpus_texts(corpora))
    for what in ("streamed", "offered"):
        found = leaks([Sample(getattr(draft, what), draft.given) for draft in drafts], texts, is_given=True)
        counts = {"runs": found.runs, "numbers": found.numbers, "names": found.names}
        print(json.dumps({"what": what, "samples": found.samples, "words": found.words}
                         | {name: [len(said), said.total()] for name, said in counts.items()}))  # fmt: skip
        for said in counts.values():
            print(json.dumps(said.most_common(40)))


def until_stopped(drafts: Iterator[Shown]) -> Iterator[Shown]:
    """Yield drafts until Ctrl+C: what there is by then is compared."""
    with suppress(KeyboardInterrupt):
        yield from drafts


def drafted(worker: ModelWorker, corpora: Corpora, numbers: Iterable[int]) -> Iterator[Shown]:
    """Yield one draft for each number; it depends on that alone."""
    for number in numbers:
        rng = Random(f"shown/{number}")
        sources = [_source(rng, place) for place in range(1, PASSAGES + 1)]
        question = _question(rng, corpora, is_begun=number % 2 == 1)
        prompt = build_prompt(
            [Turn(Speaker.VISITOR, question)],
            [PromptSource(source.title, source.quote) for source in sources],
            Task.REPLY,
            worker.frame,
        )
        asked = worker.generate(
            prompt,
            max_tokens=TOKENS_EACH,
            stop=(worker.frame.end_reply,),
            temperature=TEMPERATURE,
            seed=number,
        ).result()
        given = " ".join([question, *(f"{source.title} {source.quote}" for source in sources)])
        verdict = judge(read_marks(asked.text), asked.finish, sources, [question], HOLDING)
        offered = verdict.text if verdict.action is ProposalAction.PROPOSE else ""
        yield Shown(given, visible(asked.text), offered)


def _source(rng: Random, number: int) -> SourceRef:
    passage = draw_passage(rng, rng.choice(training_kinds()), PASSAGES)
    return SourceRef(number, ArticleId(f"answer-{number}"), passage.title, passage.source.text, None)


def _question(rng: Random, corpora: Corpora, *, is_begun: bool) -> str:
    if is_begun:
        text: str = rng.choice(_of_corpora(rng, corpora))
        return " ".join(text.split(" ")[:BEGUN_WORDS])
    passage = draw_passage(rng, rng.choice(training_kinds()), PASSAGES)
    asked = passage.shown[0][0].questions if passage.shown else ()
    return dress(rng, passage.filler.fill(rng.choice(asked or passage.kind.titles)), person(rng))


def _of_corpora(rng: Random, corpora: Corpora) -> Sequence[str]:
    return rng.choice((corpora.sentences, corpora.dialogues))


if __name__ == "__main__":
    main()
