"""Every code of a refusal or a note has words, and no word of a document or path is among them."""

import pytest

from app.knowledge.errors import ArticleFault
from app.language import DocumentFault, ReadingNote
from app.services.knowledge_import.words import NOTES, REFUSALS, note_words, refusal_words


@pytest.mark.parametrize("code", [*DocumentFault, *ArticleFault], ids=lambda code: code.value)
def test_every_refusal_has_words(code: DocumentFault | ArticleFault) -> None:
    assert refusal_words(code.value) == REFUSALS[code.value]


@pytest.mark.parametrize("code", list(ReadingNote), ids=lambda code: code.value)
def test_every_note_has_words(code: ReadingNote) -> None:
    assert note_words(code.value) == NOTES[code.value]


def test_words_are_whole_sentences() -> None:
    assert all(words.endswith(".") and words[0].isupper() for words in (*REFUSALS.values(), *NOTES.values()))
