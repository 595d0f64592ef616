from app.domain.proposal import Sentence, changed_percent, cited_sources


def test_an_untouched_proposal_is_unchanged_whatever_its_line_breaks() -> None:
    assert changed_percent("We open at 8:30.\nSee you.", "We open at 8:30. See you.") == 0


def test_the_smallest_change_is_never_called_none() -> None:
    words = " ".join(f"word{number}" for number in range(1000))
    assert changed_percent(words, words + " thanks") == 1


def test_another_text_is_changed_wholly() -> None:
    assert changed_percent("We open at 8:30.", "Nobody knows") == 100


def test_cited_sources_are_those_of_every_sentence() -> None:
    assert cited_sources([Sentence(0, 4, (1,)), Sentence(5, 9, ()), Sentence(10, 12, (3, 1))]) == {1, 3}
