"""The scores of ``make bench-anonymise``: small cases whose result can be said beforehand."""

import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[3] / "packaging" / "bench"
sys.path.insert(0, str(BENCH))

from anonymise_parts.leaks import count_leaks  # noqa: E402  the folder of the benchmarks is put on the path first
from anonymise_parts.records import EvalSet, Example, Found, Mark  # noqa: E402
from anonymise_parts.scoring import ALL, DIRECT, QUASI, score  # noqa: E402
from anonymise_parts.tab import Document, Entity, Mention, is_masked, score_tab  # noqa: E402

from app.anonymise.replacing.profiles import Profile  # noqa: E402

sys.path.remove(str(BENCH))

TEXT = "will told mara at 5 to come in may"
WILL, MARA, MAY = Mark(0, 4, "PERSON", True), Mark(10, 14, "PERSON", True), Mark(31, 34, "DATE", False)


def _set(*marks: Mark, annotated: frozenset[str] | None = None) -> EvalSet:
    return EvalSet("set", "chat", (Example("set:1", TEXT, marks),), annotated)


def _found(start: int, end: int, label: str = "PERSON") -> Found:
    return Found(start, end, label, 0.9)


def test_a_mark_is_found_whatever_it_is_called_and_by_several_findings_together():
    scores = score(_set(WILL, MARA, MAY), [[_found(0, 2), _found(2, 4, "ORG"), _found(10, 14, "LOCATION")]])
    assert (scores.of(DIRECT).wanted, scores.of(DIRECT).hit) == (2, 2)
    assert (scores.of(QUASI).wanted, scores.of(QUASI).hit) == (1, 0)
    assert scores.missed == [("set:1", "DATE")]


def test_half_a_name_is_no_name():
    assert score(_set(MARA), [[_found(10, 12)]]).of(ALL).recall == 0


def test_a_finding_beside_every_mark_is_wrong():
    scores = score(_set(WILL), [[_found(0, 4), _found(18, 19, "ID")]])
    assert scores.of(ALL).precision == 0.5
    assert scores.of("ID").precision == 0
    assert scores.wrong["ID"] == 1


def test_a_source_is_not_believed_in_what_it_does_not_mark():
    scores = score(_set(WILL, annotated=frozenset({"PERSON"})), [[_found(0, 4), _found(31, 34, "DATE")]])
    assert scores.of(ALL).precision == 1
    assert scores.words.precision == 1


def test_what_may_be_found_or_not_counts_neither_way():
    either = Mark(18, 19, None, False)
    for findings in ([], [_found(18, 19)]):
        scores = score(_set(WILL, either), [[_found(0, 4), *findings]])
        assert (scores.of(ALL).recall, scores.of(ALL).precision) == (1, 1)


def test_recall_counts_twice_in_f2():
    all_found_half_right = score(_set(WILL), [[_found(0, 4), _found(18, 19)]]).of(ALL)
    half_found_all_right = score(_set(WILL, MARA), [[_found(0, 4)]]).of(ALL)
    assert round(all_found_half_right.f2, 3) == 0.833
    assert round(half_found_all_right.f2, 3) == 0.556


def test_words_are_counted_one_by_one():
    scores = score(_set(Mark(0, 14, "PERSON", True)), [[_found(0, 9)]])
    assert (scores.words.wanted, scores.words.hit) == (3, 2)


def _document(*mentions: Mention) -> Document:
    return Document("D", TEXT, ((Entity("DIRECT", "PERSON", mentions),),))


def test_an_entity_is_masked_when_all_its_mentions_are():
    document = _document(Mention(0, 4, is_masked_by_gold=True), Mention(10, 14, is_masked_by_gold=True))
    assert score_tab([document], [[_found(0, 4)]]).entities["DIRECT"].recall == 0
    assert score_tab([document], [[_found(0, 4), _found(10, 14)]]).entities["DIRECT"].recall == 1


def test_a_mention_that_may_stay_does_not_unmask_its_entity():
    document = _document(Mention(0, 4, is_masked_by_gold=True), Mention(10, 14, is_masked_by_gold=False))
    assert score_tab([document], [[_found(0, 4)]]).entities["DIRECT"].recall == 1


def test_titles_and_signs_may_be_left_of_a_mention():
    text = "Mr O. Vance of the Court"
    assert is_masked(text, Mention(0, 11, is_masked_by_gold=True), set(range(3, 11)))
    assert not is_masked(text, Mention(0, 11, is_masked_by_gold=True), set(range(6, 11)))


def test_masked_words_that_no_annotator_masks_cost_precision():
    document = _document(Mention(0, 4, is_masked_by_gold=True))
    assert score_tab([document], [[_found(0, 9)]]).words.precision == 0.5


def test_what_was_not_found_is_left_and_what_was_found_is_not():
    leaks = count_leaks(_set(WILL, MARA), [[_found(0, 4)]], Profile.LABELS)
    assert (leaks.wanted, leaks.surviving, leaks.found_and_surviving) == (2, 1, 0)
