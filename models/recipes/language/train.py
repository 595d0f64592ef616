"""Train: ``python -m models.recipes.language.train --data DATA/pii --out DIR [--minutes N]``.

A small tok2vec (hash embeddings, window of one, four layers) with the transition-based recogniser of spaCy. Examples
are drawn anew with noise in each pass; seeds are fixed. Keeps the best on the dev part until its time is over.
"""

import argparse
import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.util import compounding, minibatch

from app.anonymise.reading import read
from models.recipes.language.chats import Chats
from models.recipes.language.marked import Mark, Marked
from models.recipes.language.measure import measure
from models.recipes.language.noise import retype
from models.recipes.language.sources import LEARNT, read_sources

SEED = 20261124
WIDTH = 96
CHATS_PER_PASS = 12_000
DROPOUT = 0.15
TELL_EVERY = 200
MEASURE_EVERY = 1_000


def blank_pipeline() -> Language:
    """Return the untrained pipeline."""
    nlp = spacy.blank("en")
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": WIDTH,
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
        "rows": [8000, 1500, 3500, 2500],
        "include_static_vectors": False,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": WIDTH,
        "depth": 4,
        "window_size": 1,
        "maxout_pieces": 3,
    }
    nlp.add_pipe("tok2vec", config={"model": {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"}
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": listener,
    }
    ner = nlp.add_pipe("ner", config={"model": model})
    for label in sorted(LEARNT):
        ner.add_label(label)
    return nlp


def example_of(nlp: Language, marked: Marked) -> Example | None:
    """Return a text as spaCy wants it: a tag a token, "-" where nothing is to be learnt."""
    reading = read(marked.text)
    doc = nlp.make_doc(reading.text)
    if not len(doc):
        return None
    tags = ["O"] * len(doc)
    for mark in marked.marks:
        inside = [t.i for t in doc if _touches(reading.starts[t.idx], reading.ends[t.idx + len(t) - 1], mark)]
        _tag(
            tags,
            inside,
            mark,
            [(reading.starts[doc[i].idx], reading.ends[doc[i].idx + len(doc[i]) - 1]) for i in inside],
        )
    return Example.from_dict(doc, {"entities": tags})


def _touches(start: int, end: int, mark: Mark) -> bool:
    return start < mark.end and mark.start < end


def _tag(tags: list[str], inside: list[int], mark: Mark, ranges: list[tuple[int, int]]) -> None:
    if not inside:
        return
    is_exact = ranges[0][0] >= mark.start and ranges[-1][1] <= mark.end
    if mark.label is None or not is_exact:
        for place in inside:
            tags[place] = "-"
    elif len(inside) == 1:
        tags[inside[0]] = f"U-{mark.label}"
    else:
        for place in inside:
            tags[place] = f"I-{mark.label}"
        tags[inside[0]], tags[inside[-1]] = f"B-{mark.label}", f"L-{mark.label}"


def draw_pass(rng: Random, sources: list[Marked], chats: Chats) -> Iterator[Marked]:
    """Yield one pass over everything, noisy and shuffled."""
    drawn = [*sources, *(chats.draw(rng) for _ in range(CHATS_PER_PASS))]
    rng.shuffle(drawn)
    return (retype(rng, marked) for marked in drawn)


def train(data: Path, out: Path, minutes: float) -> None:
    """Train for ``minutes``, keeping the best in ``out``."""
    random.seed(SEED)
    spacy.util.fix_random_seed(SEED)
    rng, chats = Random(SEED), Chats(SEED)
    sources = list(read_sources(data, "train"))
    held = [chats.draw(Random(SEED + n), is_held_out=True) for n in range(600)]
    held = [retype(Random(SEED + n), marked) for n, marked in enumerate(held)]
    dev = [marked for n, marked in enumerate(read_sources(data, "dev")) if n % 12 == 0]
    print(f"{len(sources)} texts, dev {len(dev)} + {len(held)} chats", flush=True)
    nlp = blank_pipeline()
    first = [example for marked in sources[:200] if (example := example_of(nlp, marked)) is not None]
    optimiser = nlp.initialize(lambda: first)
    optimiser.learn_rate = 0.001
    ends_s = time.monotonic() + 60 * minutes
    best, step, losses = 0.0, 0, {"ner": 0.0}
    while time.monotonic() < ends_s:
        for batch in minibatch(draw_pass(rng, sources, chats), compounding(100.0, 600.0, 1.001)):
            examples = [example for marked in batch if (example := example_of(nlp, marked)) is not None]
            nlp.update(examples, drop=DROPOUT, sgd=optimiser, losses=losses)
            step += 1
            if step % TELL_EVERY == 0:
                print(f"step {step} loss {losses['ner'] / TELL_EVERY:.1f}", flush=True)
                losses["ner"] = 0.0
            if step % MEASURE_EVERY == 0 or time.monotonic() > ends_s:
                best = _keep_better(nlp, optimiser, dev, held, out, best)
            if time.monotonic() > ends_s:
                break


def _keep_better(
    nlp: Language, optimiser: object, dev: Iterable[Marked], held: Iterable[Marked], out: Path, best: float
) -> float:
    with nlp.use_params(optimiser.averages):  # type: ignore[attr-defined]
        open_score, chat_score = measure(nlp, dev), measure(nlp, held)
        score = open_score.f2 + 2 * chat_score.f2
        print(f"dev {open_score} | chats {chat_score} | {score:.4f}", flush=True)
        if score > best:
            nlp.to_disk(out)
    return max(best, score)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder pii of the shared material")
    parser.add_argument("--out", type=Path, required=True, help="where the pipeline is written")
    parser.add_argument("--minutes", type=float, default=30.0)
    arguments = parser.parse_args()
    train(arguments.data, arguments.out, arguments.minutes)


if __name__ == "__main__":
    main()
