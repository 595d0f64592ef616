"""Whatever is released is k-anonymous, and nothing is said more precisely than before."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.anonymise.risk import (
    Assessment,
    ConversationTraits,
    Decision,
    QuasiKind,
    RiskRule,
    Trait,
    assess,
    rewrite,
)
from app.anonymise.risk.anonymity import UselessRuleError, said_at
from app.anonymise.risk.kinds import age_ladder, date_ladder
from app.anonymise.risk.rewriting import WithheldError
from app.domain.anonymised import RedactedText


def _trait(kind: QuasiKind, ladder: tuple[str, ...]) -> Trait:
    return Trait(kind, 0, 1, ladder)


def _conversation(key: str, *traits: Trait) -> ConversationTraits:
    return ConversationTraits(key, (traits,))


def _aged(key: str, years: int) -> ConversationTraits:
    return _conversation(key, _trait(QuasiKind.AGE, age_ladder(years)))


ages = st.integers(0, 99).map(lambda years: _trait(QuasiKind.AGE, age_ladder(years)))
dates = st.builds(
    lambda year, month: _trait(QuasiKind.DATE, date_ladder(year, month)),
    st.integers(2020, 2023),
    st.one_of(st.none(), st.integers(1, 12)),
)
conditions = st.sampled_from(["lupus", "asthma", "gout", "afib"]).map(
    lambda name: _trait(QuasiKind.CONDITION, (name, "short" if len(name) == 4 else "long"))
)
places = st.sampled_from(["ohio", "iowa", "maine"]).map(lambda name: _trait(QuasiKind.PLACE, (name, "US")))
unread = st.just(_trait(QuasiKind.AGE, ()))
several = st.lists(st.one_of(ages, dates, conditions, places, unread), max_size=5)
sets = st.lists(several, max_size=40).map(
    lambda found: [_conversation(f"C{number}", *traits) for number, traits in enumerate(found)]
)
rules = st.builds(RiskRule, k=st.integers(2, 7), max_given_up=st.integers(0, 6))


def _said(conversation: ConversationTraits, decision: Decision) -> tuple[tuple[str, ...], ...]:
    """Return what is said of each kind, counted here anew."""
    return tuple(
        said_at([trait for trait in conversation.all if trait.kind is kind], decision.levels.get(kind, 0))
        for kind in QuasiKind
    )


def _released(found: list[ConversationTraits], assessment: Assessment) -> list[tuple[tuple[str, ...], ...]]:
    pairs = zip(found, assessment.decisions, strict=True)
    return [_said(conversation, decision) for conversation, decision in pairs if not decision.is_withheld]


@given(sets, rules)
@settings(max_examples=150, deadline=None)
def test_what_is_released_is_k_anonymous_or_says_nothing(found, rule):
    sizes = Counter(_released(found, assess(found, rule)))
    assert all(size >= rule.k for values, size in sizes.items() if any(values))


@given(sets, rules)
@settings(max_examples=100, deadline=None)
def test_nothing_is_said_more_precisely_than_it_was(found, rule):
    for conversation, decision in zip(found, assess(found, rule).decisions, strict=True):
        for kind, level in decision.levels.items():
            assert level > 0
            ladders = [trait.ladder for trait in conversation.all if trait.kind is kind]
            assert set(said_at([t for t in conversation.all if t.kind is kind], level)) <= {
                step for ladder in ladders for step in ladder[level:]
            }


@given(sets, rules, st.integers())
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_conversations_decides_nothing(found, rule, seed):
    shuffled = list(found)
    Random(seed).shuffle(shuffled)
    one = {decision.key: decision for decision in assess(found, rule).decisions}
    other = {decision.key: decision for decision in assess(shuffled, rule).decisions}
    assert one == other


@given(sets, rules)
@settings(max_examples=60, deadline=None)
def test_the_report_counts_what_was_decided(found, rule):
    assessment = assess(found, rule)
    report = assessment.report
    assert report.before.conversations == len(found)
    assert report.withheld == sum(decision.is_withheld for decision in assessment.decisions)
    assert report.after.conversations == len(found) - report.withheld
    assert report.after.rare == 0
    assert (
        report.after.plain + sum(any(values) for values in _released(found, assessment)) == len(found) - report.withheld
    )


def test_a_crowd_is_left_alone():
    found = [_aged(f"C{number}", 37) for number in range(5)]
    assessment = assess(found)
    assert all(not decision.levels and not decision.is_withheld for decision in assessment.decisions)
    assert assessment.report.costs == ()
    assert assessment.report.before == assessment.report.after


def test_rare_ages_meet_in_the_narrowest_band_that_is_wide_enough():
    found = [_aged(f"C{years}", years) for years in (35, 36, 37, 38, 39)]
    assert {decision.levels[QuasiKind.AGE] for decision in assess(found).decisions} == {1}


def test_one_who_stands_out_does_not_broaden_the_crowd():
    found = [*(_aged(f"C{number}", 37) for number in range(6)), _aged("alone", 71)]
    decisions = {decision.key: decision for decision in assess(found).decisions}
    assert all(not decisions[f"C{number}"].levels for number in range(6))
    assert _said(found[-1], decisions["alone"]) == ((),) * len(QuasiKind)


def test_the_kind_that_keeps_people_apart_is_the_one_that_is_broadened():
    found = [
        _conversation(
            f"C{month}",
            _trait(QuasiKind.CONDITION, ("asthma", "a lung or airway condition")),
            _trait(QuasiKind.AGE, ("40", "40 to 44", "40 to 49", "40 to 59")),
            _trait(QuasiKind.DATE, date_ladder(2024, month)),
        )
        for month in (1, 4, 7, 10, 12)
    ]
    assessment = assess(found)
    assert [cost.kind for cost in assessment.report.costs] == [QuasiKind.DATE]
    assert all(decision.levels == {QuasiKind.DATE: 1} for decision in assessment.decisions)


def test_whoever_would_lose_too_much_is_withheld():
    alone = _conversation(
        "alone",
        _trait(QuasiKind.CONDITION, ("lupus", "an autoimmune condition")),
        _trait(QuasiKind.PLACE, ("iowa", "the midwestern US")),
    )
    assert assess([alone], RiskRule(max_given_up=1)).decisions[0].is_withheld
    assert not assess([alone], RiskRule(max_given_up=2)).decisions[0].is_withheld


def test_an_empty_set_is_fine():
    assert assess([]).decisions == ()


@pytest.mark.parametrize("setting", [{"k": 1}, {"k": 0}, {"max_given_up": -1}])
def test_a_rule_that_protects_nobody_is_refused(setting):
    with pytest.raises(UselessRuleError):
        RiskRule(**setting)


def test_texts_are_rewritten_from_the_end_in_the_words_that_were_decided():
    text = RedactedText("i am 37, have lupus and live in iowa since 2024, aged about forty")
    spots = [
        (QuasiKind.AGE, "37", age_ladder(37)),
        (QuasiKind.CONDITION, "lupus", ("lupus", "an autoimmune condition")),
        (QuasiKind.PLACE, "iowa", ("iowa", "the midwestern US")),
        (QuasiKind.DATE, "2024", ("2024",)),
        (QuasiKind.AGE, "about forty", ()),
    ]
    traits = tuple(Trait(kind, text.index(w), text.index(w) + len(w), ladder) for kind, w, ladder in spots)
    conversation = ConversationTraits("C", (traits,))
    levels = {QuasiKind.AGE: 1, QuasiKind.CONDITION: 1, QuasiKind.DATE: 1}
    (left,) = rewrite((text,), conversation, Decision("C", is_withheld=False, levels=levels))
    assert left == "i am 35 to 39, have [an autoimmune condition] and live in iowa since [DATE], aged [AGE]"


def test_a_withheld_conversation_has_no_words_that_may_leave():
    with pytest.raises(WithheldError):
        rewrite((RedactedText("x"),), _aged("C", 3), Decision("C", is_withheld=True, levels={}))
