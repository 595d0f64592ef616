"""The network as we run it, beside spaCy on the same pipeline: the same entities, whatever the text."""

from pathlib import Path

import pytest

from app.anonymise.names import dress
from app.anonymise.network import BySpacy, Network, reader_of
from app.anonymise.network import words as words_module
from app.anonymise.word_classes import WordClasses
from tests.support.hostile_texts import hostile_text
from tests.support.nasty_chats import read_nasty_chats

spacy = pytest.importorskip("spacy", reason="the language worker's library is not installed")

PIPELINE = Path(__file__).resolve().parents[4] / "models" / "language" / "en"
CHATS = [line.text for line in read_nasty_chats()]
PROSE = " ".join(CHATS[:120])
EDGES = [
    "", " ", "\n", "  two spaces  first", "ends with one ", "tab\there\n\nand lines\r\n",
    "don't, can't; we'll!", "x" * 300,
    "jorge", "Jorge Alvarado", "\u00a0jorge\u2003alvarado\u00a0", "\x1c\x1d jorge", "(¬ ‿ ¬) jorge alvarado :-)",
    "Jo Jo Jo " * 400, "1 2 3 4 5 6 7", ". . .", "mr.alvarado,mrs.alvarado", PROSE, PROSE.upper(),
]  # fmt: skip

pytestmark = pytest.mark.skipif(not PIPELINE.is_dir(), reason="models/language/en is not in this checkout")


@pytest.fixture(scope="module")
def pipeline():
    nlp = spacy.load(PIPELINE)
    dress(nlp.vocab, WordClasses.load(PIPELINE))
    return nlp


@pytest.fixture(scope="module")
def network(pipeline):
    return Network(pipeline)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(CHATS, id="chats"),
        pytest.param(EDGES, id="edges"),
        pytest.param([hostile_text(seed).text[:3_000] for seed in range(60)], id="hostile"),
    ],
)
def test_the_entities_are_those_of_spacy(pipeline, network, texts):
    texts = ["".join(char for char in text if not 0xD800 <= ord(char) < 0xE000) for text in texts]
    assert network.find(texts) == BySpacy(pipeline).find(texts)


def test_many_texts_at_once_give_what_each_of_them_gives_alone(network):
    texts = CHATS[:60]
    assert network.find(texts) == [network.find([text])[0] for text in texts]


def test_what_is_remembered_of_words_is_bounded_and_forgetting_changes_nothing(pipeline, network, monkeypatch):
    monkeypatch.setattr(words_module, "MAX_WORDS", 40)
    forgetful = Network(pipeline)
    pairs = [CHATS[place : place + 2] for place in range(0, 80, 2)]
    assert [forgetful.find(pair) for pair in pairs] == [network.find(pair) for pair in pairs]
    assert len(forgetful._words._rows) < 40 + 2 * max(len(text) for text in CHATS)


def test_a_pipeline_of_another_build_is_left_to_spacy(pipeline):
    assert isinstance(reader_of(pipeline), Network)
    other = spacy.blank("en")
    other.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Quillfeather"}])
    reader = reader_of(other)
    assert isinstance(reader, BySpacy)
    assert reader.find(["ask Quillfeather"]) == [[(4, 16, "PERSON")]]
