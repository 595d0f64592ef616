"""The trained pipeline's network, run for many texts at once: what spaCy computes, in a fraction of its time.

spaCy splits, embeds and decides document by document; here each distinct word is embedded once and kept, texts run
through the layers together, and the recogniser decides for all words outside of names at one go. The weights, the
splitting into words and the result are spaCy's own; ``tests/unit/anonymise/network`` holds both side by side.

May import the rest of ``app.anonymise``'s ground (spans, labels), numpy and, through what it is given, spaCy. Texts are
outside text; nothing of them is kept but words, at most ``words.MAX_WORDS``.
"""

from typing import Any

from app.anonymise.network.by_spacy import BySpacy
from app.anonymise.network.entities import EntityReader
from app.anonymise.network.network import Network
from app.anonymise.network.weights import UnlikeError

_PIPES = ["tok2vec", "ner"]


def reader_of(pipeline: Any) -> EntityReader:
    """Return what reads texts with a loaded spaCy pipeline: our own code for our own build, else spaCy."""
    if list(pipeline.pipe_names) != _PIPES:
        return BySpacy(pipeline)
    try:
        return Network(pipeline)
    except UnlikeError:
        return BySpacy(pipeline)
