"""The language of the kinds, and that every file follows it."""

import re
from random import Random

import pytest

from models.recipes.kinds import Filler, KindsError, read_kinds
from models.recipes.mix import HELD_OUT_SECTOR, KINDS_DIR, load_kinds
from models.recipes.values import KINDS

FILES = sorted(KINDS_DIR.glob("*.kinds"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_kind_of_the_file_has_facts_that_can_be_asked_for(file):
    for kind in read_kinds(file):
        assert kind.titles
        assert len(kind.facts) >= 2, kind.titles
        assert all(fact.sentences for fact in kind.facts)
        assert sum(bool(fact.questions) for fact in kind.facts) >= 2, kind.titles


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_slot_of_the_file_has_a_known_type_and_every_question_a_known_slot(file):
    for kind in read_kinds(file):
        filler = Filler(Random(1))
        texts = [*kind.titles, *kind.uncovered]
        for fact in kind.facts:
            texts += fact.sentences + fact.questions + fact.yes + fact.no + fact.follow_ups + fact.answers
        assert not {t for text in texts for t in re.findall(r"\{\w+:([^}]+)\}", text)} - set(KINDS)
        for text in sorted(texts, key=lambda text: ":" not in text and "=" not in text):
            filler.declare(text)
        assert not [text for text in texts if re.search(r"[{}<>|]", filler.fill(text))]


def test_a_slot_keeps_its_value_and_its_other_member_differs():
    filler = Filler(Random(3))
    filler.declare("We do not take {x=cheques;cash;cards}.")
    first = filler.fill("{x}")
    assert {filler.fill("{x}") for _ in range(20)} == {first}
    assert first not in {filler.fill("{x!}") for _ in range(20)}


def test_an_unknown_mark_is_refused_with_file_and_line(tmp_path):
    path = tmp_path / "bad.kinds"
    path.write_text("## Title\nS One fact.\nZ what is this\n", encoding="utf-8")
    with pytest.raises(KindsError, match=r"bad\.kinds:3"):
        read_kinds(path)


def test_held_out_kinds_and_sector_never_stand_among_the_training_kinds():
    book = load_kinds()
    trained = {id(kind) for kinds in book.training.values() for kind in kinds}
    assert book.held_kinds
    assert book.held_sector
    assert not trained & {id(kind) for kind in (*book.held_kinds, *book.held_sector)}
    assert HELD_OUT_SECTOR not in book.training
