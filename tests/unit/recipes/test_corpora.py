"""Examples from natural texts: questions over paragraphs that are copied as they stand."""

from random import Random

from app.domain.prompt import NO_SOURCE_MARK
from models.recipes.corpora import Corpora, draw_cloze, draw_faq, draw_paragraph
from models.recipes.tasks import Example

PARAGRAPHS = (
    ("Night buses", "When do night buses run?", ("Night buses run until dawn.", "They stop at every corner of town.")),
    ("", "", ("Write short sentences.", "Readers understand them sooner.", "Long ones tire everybody.")),
)
PAIRS = tuple((f"Is there a {thing}?", f"Yes, a {thing} is here. Ask for it.") for thing in ("pool", "gym", "bar"))
CORPORA = Corpora(
    faq=(("Bay Inn", PAIRS),), grounded=(), sentences=("The old mill is open to guests.", "Trains leave from hall two.",
    "A guide walks with you.", "Water is served with meals.", "Dogs wait outside the door.", "Lamps go out at night."),
    paragraphs=PARAGRAPHS, utterances=("tell me a joke",), dialogues=(),
)  # fmt: skip


def drawn(draw) -> list[Example]:
    return [draw(Random(f"corpora/{number}"), CORPORA, 2, 0.1) for number in range(200)]


def test_each_sentence_of_a_target_stands_word_for_word_in_the_passage_that_it_names():
    for example in [*drawn(draw_paragraph), *drawn(draw_cloze), *drawn(draw_faq)]:
        if example.target == NO_SOURCE_MARK:
            continue
        mark = f"[{example.source[0]}]"
        said = [part.strip() for part in example.target.split(mark) if part.strip()]
        assert 1 <= len(said) <= 2
        assert all(sentence in example.sources[example.source[0] - 1].text for sentence in said)


def test_a_paragraph_that_nothing_shown_answers_is_not_answered():
    targets = [draw_paragraph(Random(f"none/{number}"), CORPORA, 2, 1.0).target for number in range(20)]
    assert set(targets) == {NO_SOURCE_MARK}


def test_the_answering_passage_stands_first_in_most_cases_but_not_always():
    places = [example.source for example in drawn(draw_paragraph) if len(example.sources) == 2 and example.source]
    assert 0.7 < places.count((1,)) / len(places) < 0.98
