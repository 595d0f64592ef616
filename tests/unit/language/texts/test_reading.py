"""Windows of one text, read one after another: the same as if the text had been read whole."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

import pytest

from app.anonymise.finder import Finder
from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.office_rules import AllowedText, OfficeRules
from app.anonymise.replacing.profiles import Profile
from app.anonymise.shapes import OwnShape, ShapeError
from app.anonymise.spans import Ground, Span
from app.language.texts.protocol import MAX_INSTEAD_CHARS
from app.language.texts.reading import BatchReader, ConversationReading, Row
from app.language.texts.windows import MAX_WINDOW_CHARS, OVERLAP_CHARS, Window, windows_of

SECRET = b"a secret of tests"


def read(text: str, rules: OfficeRules | None = None, names: object = None) -> list[Row]:
    reader = BatchReader(names, rules or OfficeRules())  # type: ignore[arg-type]
    conversation = ConversationReading(Profile.LABELS, SECRET, 2026)
    windows = list(windows_of(text))
    found = zip(windows, reader.find_all(windows), strict=True)
    return [row for window, spans in found for row in conversation.take(window, spans)]


@pytest.mark.parametrize("back", range(-30, OVERLAP_CHARS + 30, 37))
def test_what_lies_at_a_border_is_found_once_and_whole(back: int) -> None:
    before = "word " * (MAX_WINDOW_CHARS // 5)
    start = MAX_WINDOW_CHARS - back
    text = f"{before[:start]} jo@example.org {'word ' * 5_000}"
    (row,) = read(text)
    assert text[row[0] : row[1]] == "jo@example.org"
    assert row[2:] == ("EMAIL", "PROOF", "email", "[EMAIL_1]")


def test_windows_find_what_the_finder_finds_in_the_whole_text() -> None:
    text = " ".join(f"mail a{n}@example.org or call 860-555-0{n % 900 + 100}, case 24-cv-{n:05d}" for n in range(1_500))
    whole = [(span.start, span.end, span.label.value) for span in Finder().find(text)]
    assert [row[:3] for row in read(text)] == whole


def test_numbers_go_on_from_window_to_window() -> None:
    text = f"jo@example.org {'word ' * 8_000} amy@example.org {'word ' * 8_000} jo@example.org"
    assert [row[5] for row in read(text)] == ["[EMAIL_1]", "[EMAIL_2]", "[EMAIL_1]"]


class EveryWord:
    """Takes every word for a name: neighbours join without end."""

    def find_all(self, texts: Iterable[str]) -> Iterator[Sequence[Span]]:
        for text in texts:
            yield [Span(0, len(text), Label.PERSON, Ground.MODEL, "language.person")]


def test_a_name_without_end_stays_within_the_text_and_covers_it() -> None:
    text = "jorge " * 20_000
    rows = read(text, names=EveryWord())
    assert rows[0][0] == 0
    assert rows[-1][1] == len(text.rstrip())
    for one, other in itertools.pairwise(rows):
        assert one[1] <= other[0]
        assert not text[one[1] : other[0]].strip()


def test_rules_of_the_office_are_applied() -> None:
    rules = OfficeRules(
        known=(KnownText("Rosa Mellor", Label.PERSON),),
        shapes=(OwnShape("QX-9999", Label.ID),),
        allowed=(AllowedText("info@example.org", Label.EMAIL, is_confirmed=True),),
    )
    text = "Rosa wrote to info@example.org about QX-1234"
    assert [(text[row[0] : row[1]], row[2]) for row in read(text, rules)] == [("Rosa", "PERSON"), ("QX-1234", "ID")]


def test_a_shape_that_is_none_is_refused() -> None:
    with pytest.raises(ShapeError):
        BatchReader(None, OfficeRules(shapes=(OwnShape("A", Label.ID),)))


def test_a_replacement_that_is_too_long_for_the_pipe_becomes_a_label() -> None:
    conversation = ConversationReading(Profile.SAFE_HARBOR, SECRET, 2026)
    text = "x" * (MAX_INSTEAD_CHARS + 1)
    span = Span(0, len(text), Label.NRP, Ground.SHAPE, "nation")
    (row,) = conversation.take(Window(text, 0, len(text)), [span])
    assert row[5] == "[NRP]"
