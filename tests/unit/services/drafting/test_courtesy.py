"""Politeness needs no source, and nothing else passes as politeness."""

import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import Sentence, SourceRef
from app.services.drafting.attribution import attribute
from app.services.drafting.courtesy import is_courtesy

SOURCE = SourceRef(1, ArticleId("hours"), "Hours", "We are open from 8:00 to 17:30.", None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Thank you for asking.",
        "Thanks so much for your patience!",
        "Yes, gladly.",
        "Yes, of course!",
        "Of course.",
        "No, not at all.",
        "Please write again if anything is unclear.",
        "Please let us know if you have any other questions.",
        "If you need anything else, just ask.",
        "Feel free to get in touch any time.",
        "Good morning Maria,",
        "Dear Mrs. Staplehurst,",
        "We are sorry to hear that.",
        "I'm sorry for the trouble.",
        "We look forward to seeing you.",
        "Have a good day!",
        "Kind regards",
        "You're very welcome.",
        "I hope this helps.",
        "I hope you feel better soon.",
        "We are happy to help.",
        "Here is what you asked for:",
    ],
)
def test_a_courtesy_is_known(sentence: str) -> None:
    assert is_courtesy(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Thank you for asking, we open at 7.",
        "Yes, you can park here.",
        "Of course the fee is waived.",
        "Please write to our manager.",
        "Please call 911.",
        "We are sorry that you will have to pay.",
        "Have a good day and take two tablets.",
        "You may stop the treatment.",
        "Yes.",
        "No.",
        "Yes, you can.",
        "",
        ".",
    ],
)
def test_a_statement_is_no_courtesy(sentence: str) -> None:
    assert not is_courtesy(sentence)


@pytest.mark.parametrize("number", [(), (1,), (7,)])
def test_a_courtesy_is_not_without_a_source_whatever_its_number(number: tuple[int, ...]) -> None:
    text = "Thank you for asking. We are open until 17:30. Please write again if anything is unclear."
    opening, closing = len("Thank you for asking."), text.index("Please")
    sentences = [Sentence(0, opening, number), Sentence(22, closing - 1, (1,)), Sentence(closing, len(text), number)]
    attributed = attribute(text, sentences, (SOURCE,), ())
    assert attributed.sentences == (Sentence(22, closing - 1, (1,)),)
    assert not attributed.is_unsupported
    assert not attributed.has_unknown_number


@pytest.mark.parametrize(("thread", "is_fine"), [(("I am Maria Alvarado.",), True), ((), False)])
def test_a_greeting_may_only_name_who_wrote(thread: tuple[str, ...], is_fine: bool) -> None:
    text = "Dear Maria,"
    assert attribute(text, [Sentence(0, len(text), ())], (SOURCE,), thread).is_unsupported is not is_fine


def test_a_number_of_the_thread_alone_is_no_support() -> None:
    text = "You asked about 7:00."
    thread = ("Is it true that you open at 7:00?",)
    assert attribute(text, [Sentence(0, len(text), ())], (SOURCE,), thread).is_unsupported
