"""Train: ``python -m models.recipes.language.train --data DATA --wordnet DIR --out DIR [--minutes N]``.

A small tok2vec (hash embeddings of word, edges, shape and class; window of one, four layers) with the transition-based
recogniser of spaCy. Examples are drawn anew with noise and other names in each pass; seeds are fixed. The rate of
learning rises, then falls to nothing over the time that was given; the best on the dev part is kept.
"""

import argparse
import random
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import spacy
from spacy.language import Language
from spacy.util import minibatch
from thinc.optimizers import Optimizer

from app.anonymise.finder import Finder
from app.anonymise.names import dress
from app.anonymise.word_classes import WordClasses
from models.recipes.language.chats import Chats
from models.recipes.language.marked import Marked
from models.recipes.language.measure import measure
from models.recipes.language.noise import retype
from models.recipes.language.pipeline import blank_pipeline, example_of
from models.recipes.language.release import strip
from models.recipes.language.slots import Slots
from models.recipes.language.sources import masked, read_sources
from models.recipes.language.swapping import swap
from models.recipes.language.words import classes, hidden, write

SEED = 20261124
CHATS_PER_PASS = 30_000
THINNED = {"multidogo": 0.4, "sgd_services": 0.3}
"""Of these, many and alike, a pass reads this share."""
DROPOUT = 0.2
BATCH = 128
RATE = 0.0015
WARM_SHARE = 0.03
TELL_EVERY = 200
MEASURE_EVERY = 1_000


def draw_pass(rng: Random, sources: list[Marked], chats: Chats, finder: Finder, slots: Slots) -> Iterator[Marked]:
    """Yield one pass over everything, noisy, with other names, and shuffled."""
    kept = [marked for marked in sources if rng.random() < THINNED.get(marked.family, 1.0)]
    drawn = [*kept, *(None for _ in range(CHATS_PER_PASS))]
    rng.shuffle(drawn)
    for marked in drawn:
        made = swap(rng, marked, slots) if marked is not None else masked(chats.draw(rng), None, finder)
        yield retype(rng, made)


def train(data: Path, wordnet: Path, out: Path, minutes: float, start: Path | None = None, rate: float = RATE) -> None:
    """Train for ``minutes``, from the weights in ``start`` or from nothing, keeping the best in ``out``."""
    random.seed(SEED)
    spacy.util.fix_random_seed(SEED)
    rng, chats, slots, finder = Random(SEED), Chats(), Slots(), Finder()
    words = classes(data, wordnet)
    sources = list(read_sources(data / "pii", "train"))
    held = [masked(chats.draw(Random(SEED + n), is_held_out=True), None, finder) for n in range(900)]
    held = [retype(Random(SEED + n), marked) for n, marked in enumerate(held)]
    dev = [marked for n, marked in enumerate(read_sources(data / "pii", "dev")) if n % 12 == 0]
    print(f"{len(sources)} texts, dev {len(dev)} + {len(held)} chats", flush=True)
    nlp, optimiser = _begun(sources, WordClasses(hidden(words)), start)
    began_s = time.monotonic()
    best, step, losses, share = 0.0, 0, {"ner": 0.0}, 0.0
    while share < 1:
        for batch in minibatch(draw_pass(rng, sources, chats, finder, slots), BATCH):
            share = (time.monotonic() - began_s) / (60 * minutes)
            optimiser.learn_rate = rate * max(0.002, min(share / WARM_SHARE, (1 - share) / (1 - WARM_SHARE)))
            examples = [example for marked in batch if (example := example_of(nlp, marked)) is not None]
            nlp.update(examples, drop=DROPOUT, sgd=optimiser, losses=losses)
            step += 1
            if step % TELL_EVERY == 0:
                print(f"step {step} of the time {share:.2f} loss {losses['ner'] / TELL_EVERY:.1f}", flush=True)
                losses["ner"] = 0.0
            if step % MEASURE_EVERY == 0 or share >= 1:
                best = _keep_better(nlp, optimiser, dev, held, out, best)
            if share >= 1:
                break
    write(words, out)


def _begun(sources: list[Marked], words: WordClasses, start: Path | None) -> tuple[Language, Optimizer]:
    if start is not None:
        nlp = spacy.load(start)
        dress(nlp.vocab, words)
        return nlp, nlp.resume_training()
    nlp = blank_pipeline(words)
    first = [example for marked in sources[:200] if (example := example_of(nlp, marked)) is not None]
    return nlp, nlp.initialize(lambda: first)


def _keep_better(
    nlp: Language, optimiser: Optimizer, dev: Iterable[Marked], held: Iterable[Marked], out: Path, best: float
) -> float:
    with nlp.use_params(optimiser.averages):
        open_score, chat_score = measure(nlp, dev), measure(nlp, held)
        score = open_score.f2 + 2 * chat_score.f2
        print(f"dev {open_score} | chats {chat_score} | {score:.4f}", flush=True)
        if score > best:
            shutil.rmtree(out, ignore_errors=True)
            nlp.to_disk(out)
            strip(out)
    return max(best, score)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the shared material: pii, dialogues, text")
    parser.add_argument("--wordnet", type=Path, required=True, help="the data files of WordNet 3.0")
    parser.add_argument("--out", type=Path, required=True, help="where the pipeline is written")
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--start", type=Path, help="go on from the weights of this pipeline")
    parser.add_argument("--rate", type=float, default=RATE, help="the highest rate of learning")
    arguments = parser.parse_args()
    train(arguments.data, arguments.wordnet, arguments.out, arguments.minutes, arguments.start, arguments.rate)


if __name__ == "__main__":
    main()
