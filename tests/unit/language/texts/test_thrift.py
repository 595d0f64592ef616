"""Few words at once, and the same spans as if the text had been read whole."""

import re
from collections.abc import Iterable, Iterator, Sequence

import pytest

from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.language.texts import thrift
from app.language.texts.thrift import ThriftyNames, parts_of


class Capitals:
    """Takes words with a capital for names, and remembers how much it was given at once."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def find_all(self, texts: Iterable[str]) -> Iterator[Sequence[Span]]:
        given = list(texts)
        self.batches.append(sum(len(re.findall(r"\w+|[^\w\s]", text)) for text in given))
        for text in given:
            yield [Span(*found.span(), Label.PERSON, Ground.MODEL, "x") for found in re.finditer("[A-Z][a-z]+", text)]


@pytest.mark.parametrize("text", ["", "x", "a, " * 30, "Jo, Amy and Bo went to sea. " * 9, "---- Jo ----" * 5, " \n "])
def test_parts_are_the_text_and_hold_few_words(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(thrift, "MAX_WORDS", 7)
    parts = list(parts_of(text))
    assert "".join(part.text for part in parts) == text
    assert all(part.words <= 7 for part in parts)
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
    assert all(text[part.start :].startswith(part.text) for part in parts)


def test_spans_are_those_of_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["", "Jo met Amy. " * 40, "nobody", "Bo", ", , " * 30 + "Mei"]
    whole = list(Capitals().find_all(texts))
    monkeypatch.setattr(thrift, "MAX_WORDS", 11)
    inner = Capitals()
    assert [list(spans) for spans in ThriftyNames(inner).find_all(texts)] == whole
    assert max(inner.batches) <= 11
    assert len(inner.batches) > 10
