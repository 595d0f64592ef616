"""What counts as said by heart: long runs, long numbers and names of the corpora; nothing else."""

import pytest

pytest.importorskip("llama_cpp")

from models.recipes.leaks import Sample, leaks

LINE = "The museum of the old harbour opens its doors at nine for every guest of the town."


def test_a_run_of_thirteen_words_counts_whatever_its_case_and_punctuation():
    said = ["the museum of the OLD harbour opens its doors, at nine for every"]
    assert leaks([Sample(text) for text in said], [LINE]).runs.total() == 1
    assert not leaks([Sample("The museum of the old harbour opens its doors at nine for all")], [LINE]).runs


def test_long_numbers_count_however_they_are_grouped_and_short_ones_do_not():
    corpus = ["Call 415-673 4101 or come at 10:30."]
    assert list(leaks([Sample("It is 4156 734101 there")], corpus).numbers) == ["4156734101"]
    assert not leaks([Sample("Come at 10:30 with 4101")], corpus).numbers


def test_names_of_two_words_count_with_how_often_they_were_said():
    corpus = ["Ask for Maria Quist at the door."]
    said = [Sample("we know Maria Quist"), Sample("and Maria Quist too"), Sample("only Maria")]
    assert dict(leaks(said, corpus).names) == {"Maria Quist": 2}


def test_a_run_counts_that_goes_on_from_a_given_beginning_but_the_beginning_alone_does_not():
    begun = "The museum of the old harbour opens its doors at nine for every"
    assert leaks([Sample(" guest", begun)], [LINE]).runs.total() == 1
    assert not leaks([Sample(" child", begun)], [LINE]).runs


def test_what_was_given_may_be_said_again_and_only_that():
    given = "Ask for Maria Quist on 4156 734101. The museum of the old harbour opens its doors at nine for every guest."
    corpus = [given, "Please ask for Jonas Weil on 5550 123456.", LINE]
    again = Sample("you ask for Maria Quist on 4156 734101", given)
    found = leaks(
        [again, Sample("we know Jonas Weil on 5550 123456", given), Sample(LINE, given)], corpus, is_given=True
    )
    assert dict(found.names) == {"Jonas Weil": 1}
    assert dict(found.numbers) == {"5550123456": 1}
    assert found.runs
    assert all(run.split()[-1] in {"of", "the", "town"} for run in found.runs)
