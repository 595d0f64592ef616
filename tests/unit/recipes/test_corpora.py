"""Examples from natural texts: questions over paragraphs that are copied as they stand."""

from dataclasses import replace
from random import Random

from app.domain.prompt import NO_SOURCE_MARK, Speaker, Turn
from models.recipes.corpora import Corpora, draw_cloze, draw_dialogue, draw_faq, draw_grounded, draw_paragraph
from models.recipes.tasks import Example

PARAGRAPHS = (
    ("Night buses", "When do night buses run?", ("Night buses run until dawn.", "They stop at every corner of town.")),
    ("", "", ("Write short sentences.", "Readers understand them sooner.", "Long ones tire everybody.")),
)
PAIRS = tuple((f"Is there a {thing}?", f"Yes, a {thing} is here. Ask for it.") for thing in ("pool", "gym", "bar"))
SENTENCES = (
    "The old mill is open to guests.", "Trains leave from hall two.", "A guide walks with you.",
    "Water is served with meals.", "Dogs wait outside the door.", "Lamps go out at night.",
)  # fmt: skip
GROUNDED = ((Turn(Speaker.VISITOR, "Is 415 673 theirs?"),), "Shop: phone 415 673", "It is 415 673.")
CORPORA = Corpora(
    faq=(("Bay Inn", PAIRS),),
    grounded=(GROUNDED,),
    sentences=SENTENCES,
    paragraphs=PARAGRAPHS,
    utterances=("tell me a joke",),
    dialogues=("Desk: Call 415-673.",),
)


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


def test_numbers_of_dialogues_are_never_shown_as_they_stand_for_long_and_stay_equal_in_one_example():
    texts = [draw_dialogue(Random(f"digits/{number}"), CORPORA) for number in range(50)]
    assert len(set(texts)) > 40
    assert sum("415-673" in text for text in texts) <= 1
    for number in range(20):
        example = draw_grounded(Random(f"digits/{number}"), CORPORA)
        phone = example.target.removeprefix("It is ").removesuffix(". [1]")
        assert phone in example.sources[0].text
        assert phone in example.turns[0].text


def test_names_of_dialogues_are_invented_and_stay_the_same_in_one_example():
    thread = (Turn(Speaker.VISITOR, "Is the Old Bay Grill open?"),)
    corpora = replace(CORPORA, grounded=((thread, "Shop: the Old Bay Grill, open", "Old Bay Grill is open."),))
    for number in range(20):
        example = draw_grounded(Random(f"names/{number}"), corpora)
        name = example.target.removesuffix(" is open. [1]")
        assert name != "Old Bay Grill"
        assert name in example.sources[0].text
        assert name in example.turns[0].text
