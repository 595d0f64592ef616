"""What one text of a conversation names is found in the others, and nowhere else."""

from collections.abc import Iterable, Iterator, Sequence

import pytest

from app.anonymise.labels import Label
from app.anonymise.office_rules import AllowedText, OfficeRules
from app.anonymise.replacing.profiles import Profile
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import WordClasses
from app.language.texts import sharing
from app.language.texts.reading import BatchReader, ConversationReading
from app.language.texts.windows import Window

SECRET = b"a secret of tests"


class AfterIts:
    """Takes what stands behind "its " for a name."""

    word_classes = WordClasses.empty()

    def find_all(self, texts: Iterable[str]) -> Iterator[Sequence[Span]]:
        for text in texts:
            start = text.find("its ") + 4
            yield [Span(start, len(text), Label.PERSON, Ground.MODEL, "x")] if start > 3 else []


def leaving(batches: Sequence[Sequence[str]], rules: OfficeRules | None = None) -> list[list[str]]:
    """Return what would leave of one conversation that comes in these batches."""
    reader = BatchReader(AfterIts(), rules or OfficeRules())
    conversation = ConversationReading(Profile.LABELS, SECRET, 2026, reader.shared_names())
    left = []
    for texts in batches:
        windows = [Window(text, 0, len(text)) for text in texts]
        found = conversation.spread(windows, list(reader.find_all(windows)), is_alone=False)
        for window, spans in zip(windows, found, strict=True):
            text = window.text
            for start, end, _, _, _, instead in reversed(conversation.take(window, spans)):
                text = text[:start] + instead + text[end:]
            left.append(text)
    return [left]


def test_texts_of_a_batch_learn_from_one_another_and_later_ones_from_all() -> None:
    ((first, second, third),) = leaving([["ask Quillfeather", "its quillfeather"], ["\u200bQuill\u200bfeather paid"]])
    assert (first, second) == ("ask [PERSON_1]", "its [PERSON_1]")
    assert third.startswith("\u200b[PERSON_")
    assert third.endswith("] paid")


def test_everyday_words_and_parts_of_words_are_no_names() -> None:
    assert leaving([["its quill", "the quills and quillfeather"]]) == [
        ["its [PERSON_1]", "the quills and quillfeather"]
    ]


def test_what_the_office_lifted_is_not_shared() -> None:
    rules = OfficeRules(allowed=(AllowedText("Quillfeather", Label.PERSON),))
    assert leaving([["its Quillfeather", "Quillfeather paid"]], rules) == [["its Quillfeather", "Quillfeather paid"]]


def test_a_text_alone_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = BatchReader(AfterIts(), OfficeRules())
    window = Window("its jo", 0, 6)
    found = list(reader.find_all([window]))
    monkeypatch.setattr(sharing.repeats, "find", None)
    assert reader.shared_names().spread([window], found, is_alone=True) is found


def test_no_more_is_shared_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "MAX_SHARED", 1)
    assert leaving([["its Quillfeather", "its Marblewood"], ["Quillfeather or Marblewood"]]) == [
        ["its [PERSON_1]", "its [PERSON_2]", "[PERSON_1] or Marblewood"]
    ]
