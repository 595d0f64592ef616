"""Which words of the corpora are everyday ones; a WordNet of a few lines stands for the whole. Invented names."""

from collections import Counter
from random import Random

import pytest

from models.recipes.language.everyday import everyday
from models.recipes.language.inventing import Inventor, misspelled
from models.recipes.language.wordnet import disparaging, lemmas

NOUNS = """  1 a line of the licence
00000100 10 n 01 obscenity 0 000 | a rude word
00000200 10 n 02 form 0 card 1 000 | a paper
00000300 10 n 01 blighter 0 001 ;u 00000100 n 0000 | said of somebody
00000400 10 n 02 rotter 0 fellow 0 001 ;u 00000100 n 0101 | said of somebody
00000500 10 n 01 Barbara 0 000 | a name
"""


@pytest.fixture
def wordnet(tmp_path):
    for part in ("noun", "verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text(NOUNS if part == "noun" else "", encoding="latin-1")
        (tmp_path / f"{part}.exc").write_text("children child\n" if part == "noun" else "", encoding="latin-1")
    return tmp_path


def test_words_in_lower_case_and_irregular_forms_are_known(wordnet):
    assert lemmas(wordnet) == {"obscenity", "form", "card", "blighter", "rotter", "fellow", "children"}


def test_a_word_is_disparaging_when_each_of_its_senses_is(wordnet):
    assert disparaging(wordnet) == {"blighter", "rotter"}


def test_names_codes_and_slips_of_the_corpora_are_no_everyday_words(wordnet):
    found = {
        "forms": Counter(one=4), "barbara": Counter(one=9, two=9), "bfd": Counter(one=30), "intr": Counter(one=5),
        "them": Counter(one=2, two=3), "my": Counter(f"corpus {n}" for n in range(7)), "amoxicillin": Counter(one=4),
    }  # fmt: skip
    named = {"barbara", "my"}
    assert everyday(found, named, wordnet) == {"forms", "them", "my", "amoxicillin"}


def test_invented_names_look_like_names_and_depend_on_the_seed_alone():
    inventor = Inventor(["Marianne", "Annegret", "Gretchen", "Margareta", "Renate"])
    drawn = [inventor.draw(Random(seed)) for seed in range(30)]
    assert drawn == [inventor.draw(Random(seed)) for seed in range(30)]
    assert all(name.isalpha() and name.istitle() and 4 <= len(name) <= 12 for name in drawn)
    assert len(set(drawn)) > 8


def test_a_misspelled_name_differs_in_little():
    drawn = {misspelled(Random(seed), "Marianne") for seed in range(40)}
    assert all(abs(len(name) - 8) <= 1 and name[0] == "M" for name in drawn)
    assert len(drawn) > 5
    assert misspelled(Random(1), "Jo") == "Jo"
