import pytest

from app.services.drafting.quoting import is_well_put

PASSAGE = (
    "Your first appointment\nPlease bring photo identification and proof of address. There is a box of toys in "
    "reception, if an adult stays. On Saturday from 9:00 am to 12:00 noon a doctor sees sick visits only. "
    "If we bill the wrong plan because the card was old, we bill again at no cost."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Please bring photo identification and proof of address.",
        "Yes, please bring photo identification and proof of address.",
        "On Saturday from 9:00 am to 12:00 noon a doctor sees sick visits only.",
        "If we bill the wrong plan because the card was old, we bill again at no cost.",
        "You need an identity card with a picture.",
        "Thank you for asking.",
    ],
)
def test_what_is_quoted_whole_or_said_otherwise_stands(sentence: str) -> None:
    assert is_well_put(sentence, [PASSAGE])


@pytest.mark.parametrize(
    "sentence",
    [
        "Please bring photo identification and toys in reception, if an adult stays.",
        "If we bill the wrong plan because the card was old, the proof of address.",
        "If we bill the wrong plan because the card was old, we bill again at no toys.",
        "From the offer from the offer from the offer from the offer from the offer.",
    ],
)
def test_what_is_sewn_together_or_goes_in_circles_does_not(sentence: str) -> None:
    assert not is_well_put(sentence, [PASSAGE])


LIMITED = (
    "On Thursdays we are open until 20:00. A landlord has to protect your deposit within 30 days. "
    "With our cover for £35 a year we replace them. Patient parking is free for two hours behind our building."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "We are open until 20:00.",
        "A payslip has to protect your deposit within 30 days.",
        "Our our cover for £35 a year we replace them.",
        "Yes, our tenant has to protect your deposit within 30 days.",
    ],
)
def test_a_quotation_with_another_beginning_does_not_stand(sentence: str) -> None:
    assert not is_well_put(sentence, [LIMITED])


@pytest.mark.parametrize(
    "sentence",
    [
        "Yes, on Thursdays we are open until 20:00.",
        "Parking is free for two hours.",
        "Yes, parking is free for two hours.",
    ],
)
def test_an_opening_and_a_shorter_subject_stand(sentence: str) -> None:
    assert is_well_put(sentence, [LIMITED])


def test_without_a_passage_nothing_is_a_quote() -> None:
    assert is_well_put("Please bring photo identification and proof of address.", [])
