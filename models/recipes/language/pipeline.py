"""The untrained pipeline, and texts as its examples."""

import spacy
from spacy.language import Language
from spacy.training import Example

from app.anonymise.names import dress
from app.anonymise.reading import read
from app.anonymise.word_classes import WordClasses
from models.recipes.language.marked import Mark, Marked
from models.recipes.language.sources import LEARNT

WIDTH, DEPTH, PIECES = 96, 4, 2
"""Measured on one core: 44 µs a word with two pieces, 48 with three; 32 at width 64 and depth 3."""


def blank_pipeline(words: WordClasses) -> Language:
    """Return the untrained pipeline, its words dressed with ``words``."""
    nlp = spacy.blank("en")
    dress(nlp.vocab, words)
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": WIDTH,
        # PREFIX holds three letters and LANG the word's class: app.anonymise.names.dress
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "LANG"],
        "rows": [15000, 4000, 4000, 2500, 300],
        "include_static_vectors": False,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": WIDTH,
        "depth": DEPTH,
        "window_size": 1,
        "maxout_pieces": PIECES,
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
    ranges = [(reading.starts[token.idx], reading.ends[token.idx + len(token) - 1]) for token in doc]
    tags = ["O"] * len(doc)
    for mark in marked.marks:
        inside = [place for place, (start, end) in enumerate(ranges) if start < mark.end and mark.start < end]
        if inside:
            _tag(tags, inside, mark, is_exact=ranges[inside[0]][0] >= mark.start and ranges[inside[-1]][1] <= mark.end)
    return Example.from_dict(doc, {"entities": tags})


def _tag(tags: list[str], inside: list[int], mark: Mark, *, is_exact: bool) -> None:
    if mark.label is None or not is_exact:
        for place in inside:
            tags[place] = "-"
    elif len(inside) == 1:
        tags[inside[0]] = f"U-{mark.label}"
    else:
        for place in inside:
            tags[place] = f"I-{mark.label}"
        tags[inside[0]], tags[inside[-1]] = f"B-{mark.label}", f"L-{mark.label}"
