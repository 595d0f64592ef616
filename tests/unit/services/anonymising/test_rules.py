"""The office's own rules on a real vault: written, changed, learnt from corrections, taken back, gone."""

from dataclasses import replace

import pytest

from app.anonymise.labels import Label
from app.domain.conversation import ItemKind, Origin
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.domain.office import Role
from app.services.anonymising.rule_records import RuleDraft, RuleKind
from app.services.anonymising.rule_sealing import LISTS, RuleSeal
from app.services.anonymising.rules import AnonymiseRules, Stretch
from app.services.errors import InvalidRuleError, NotYoursError, RuleFault
from app.store.errors import UnknownConversationError, VaultDamagedError
from app.store.upkeep import verify_log
from tests.support.desks import OFFICE_NAME, TemporaryDesk

NAME = RuleDraft(RuleKind.FIND, "Orla  Quint", Label.PERSON)
SHAPE = RuleDraft(RuleKind.SHAPE, "LQ-9999", Label.ID)
FALSE_HIT = RuleDraft(RuleKind.LIFT, "Will", Label.PERSON)


@pytest.fixture
def house(tmp_path):
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(house):
    with house.opened() as desk:
        yield desk


@pytest.fixture
def rules(desk):
    return AnonymiseRules(desk.ledger)


def begin(desk, text="Will you call me? Orla Quint said so", name="Rosa Mellor"):
    """Return a conversation, and the stretch of a word in its first message."""
    cid = desk.conversations.start(name, Origin.PHONE, text)
    item = next(one for one in desk.conversations.thread(cid).items if one.kind is ItemKind.MESSAGE)

    def stretch(word):
        return Stretch(cid, item.event_id, text.index(word), text.index(word) + len(word))

    return cid, stretch


def texts(rules):
    return [rule.text for rule in rules.standing()]


def test_rules_survive_a_restart_with_their_author_and_time(house):
    with house.opened() as desk:
        made = AnonymiseRules(desk.ledger).put_all((NAME, SHAPE))
        assert made[0].text == "Orla Quint"
        person = desk.person.display_name
    with house.opened() as desk:
        standing = AnonymiseRules(desk.ledger).standing()
        assert {rule.text for rule in standing} == {"Orla Quint", "LQ-9999"}
        assert {rule.author for rule in standing} == {person}
        assert all(rule.set_ms > 0 for rule in standing)


def test_a_rule_that_says_the_same_is_kept_once(rules):
    first = rules.put(NAME)
    assert rules.put(replace(NAME, text="orla quint")) == first
    assert len(rules.put_all((NAME, replace(NAME, text="Bo Reth"), replace(NAME, text="BO RETH")))) == 3
    assert sorted(texts(rules)) == ["Bo Reth", "Orla Quint"]


REFUSALS = {
    RuleFault.EMPTY: replace(NAME, text="  "),
    RuleFault.TOO_SHORT: replace(NAME, text=" Q."),
    RuleFault.TOO_LONG: replace(NAME, text="x" * 201),
    RuleFault.BROKEN_CHARACTERS: replace(NAME, text="ab\0c"),
    RuleFault.SHAPE_EMPTY: replace(SHAPE, text=""),
    RuleFault.SHAPE_TOO_LONG: replace(SHAPE, text="9" * 50),
    RuleFault.SHAPE_TOO_BROAD: replace(SHAPE, text="AAAA"),
}


@pytest.mark.parametrize("fault", REFUSALS, ids=lambda fault: fault.value)
def test_what_cannot_be_a_rule_is_refused_and_changes_nothing(rules, fault):
    with pytest.raises(InvalidRuleError) as refused:
        rules.put_all((SHAPE, REFUSALS[fault]))
    assert refused.value.fault is fault
    assert rules.standing() == ()


def test_a_changed_rule_loses_its_earlier_words_and_the_log_stays_sound(desk, rules):
    made = rules.put(NAME)
    changed = rules.put(replace(NAME, text="Orla Quinn"), made.rule_id)
    assert changed.rule_id == made.rule_id
    assert texts(rules) == ["Orla Quinn"]
    bodies = [event.body for event in desk.ledger.log.read(OFFICE) if event.kind is EventKind.OFFICE_RULE_SET]
    assert [bool(body) for body in bodies] == [False, True]
    assert verify_log(desk.ledger.log, desk.vault, lambda *_: None).is_sound


def test_a_removed_rule_is_nowhere_in_the_log_and_stays_gone_after_a_rebuild(desk, rules):
    made = rules.put(NAME)
    rules.remove(made)
    rules.remove(made)
    assert rules.standing() == ()
    assert "Quint" not in str([event.body for event in desk.ledger.log.read(OFFICE)])
    desk.conversations.rebuild_projections(lambda *_: None)
    assert rules.standing() == ()
    rules.put_back(made)
    assert texts(rules) == ["Orla Quint"]


def test_changing_a_rule_that_somebody_removed_is_refused(rules):
    made = rules.put(NAME)
    rules.remove(made)
    with pytest.raises(InvalidRuleError) as refused:
        rules.put(NAME, made.rule_id)
    assert refused.value.fault is RuleFault.GONE


def test_a_conversation_is_searched_for_its_contact_the_staff_the_office_and_the_lists(desk, rules):
    rules.put_all((NAME, SHAPE, FALSE_HIT))
    cid, _stretch = begin(desk)
    wanted = rules.for_conversation(cid)
    known = {(one.text, one.why) for one in wanted.known}
    assert ("Rosa Mellor", "office.contact") in known
    assert (desk.person.display_name, "office.staff") in known
    assert (OFFICE_NAME, "office.name") in known
    assert ("Orla Quint", "office.list") in known
    assert [one.shape for one in wanted.shapes] == ["LQ-9999"]
    assert [one.text for one in wanted.allowed] == ["Will"]
    assert "Rosa Mellor" not in {one.text for one in rules.for_conversation(None).known}


def test_a_correction_is_a_rule_and_a_case_in_one_commit(desk, rules):
    cid, stretch = begin(desk)
    before = desk.ledger.log.tail().seq
    made = rules.learn(NAME, stretch("Orla Quint"))
    assert desk.ledger.log.tail().seq == before + 2
    assert rules.standing() == (made.rule,)
    assert rules.cases() == (made.case,)
    assert (made.case.start, made.case.end, made.case.must_find) == (18, 28, True)
    assert made.rule.learnt_in == (cid,)


def test_a_confirmation_counts_in_its_own_conversation_only(desk, rules):
    cid, stretch = begin(desk, name="Will Ormond")
    other, _stretch = begin(desk, name="Will Tarn")
    rules.learn(FALSE_HIT, stretch("Will"), is_confirmed=True)
    assert [one.is_confirmed for one in rules.for_conversation(cid).allowed] == [True]
    assert [one.is_confirmed for one in rules.for_conversation(other).allowed] == [False]


def test_a_correction_that_is_taken_back_leaves_what_was_there_before(desk, rules):
    _cid, stretch = begin(desk)
    first = rules.put(NAME)
    made = rules.learn(NAME, stretch("Orla Quint"))
    assert made.before == first
    rules.take_back(made)
    assert [(rule.text, rule.learnt_in) for rule in rules.standing()] == [("Orla Quint", ())]
    assert rules.cases() == ()
    lone = rules.learn(FALSE_HIT, stretch("Will"))
    rules.take_back(lone)
    assert texts(rules) == ["Orla Quint"]


def test_a_removed_rule_takes_its_cases_with_it_and_brings_them_back(desk, rules):
    _cid, stretch = begin(desk)
    kept = rules.learn(FALSE_HIT, stretch("Will"))
    made = rules.learn(NAME, stretch("Orla Quint"))
    rules.remove(made.rule)
    assert rules.cases() == (kept.case,)
    rules.put_back(made.rule, (made.case,))
    assert set(rules.cases()) == {kept.case, made.case}


def test_cases_die_with_the_key_of_their_conversation(desk, rules):
    cid, stretch = begin(desk)
    made = rules.learn(NAME, stretch("Orla Quint"))
    desk.vault.keyring.drop(cid)
    desk.vault.keyring.save()
    assert rules.cases() == ()
    with pytest.raises(UnknownConversationError):
        desk.ledger.log.read(cid)
    rules.remove(made.rule)
    assert rules.standing() == ()


def test_corrections_change_nothing_that_the_inbox_shows(desk, rules):
    cid, stretch = begin(desk)
    before = desk.conversations.thread(cid)
    rules.learn(NAME, stretch("Orla Quint"))
    assert desk.conversations.thread(cid) == before
    assert verify_log(desk.ledger.log, desk.vault, lambda *_: None).is_sound


def sit_down(desk, role):
    desk.vault.person = replace(desk.vault.person, role=role)


def test_the_front_desk_may_have_more_found_and_lift_a_guess_and_undo_it(desk, rules):
    sit_down(desk, Role.FRONT_DESK)
    _cid, stretch = begin(desk)
    rules.put_all((NAME, SHAPE))
    made = rules.learn(FALSE_HIT, stretch("Will"))
    rules.take_back(made)
    assert sorted(texts(rules)) == ["LQ-9999", "Orla Quint"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.IT])
def test_who_never_sees_a_message_sees_no_list_and_holds_no_key_to_one(desk, rules, role):
    rules.put(NAME)
    events = [event for event in desk.ledger.log.read(OFFICE) if event.kind is EventKind.OFFICE_RULE_SET]
    assert "Quint" not in str(events[0].body)
    assert desk.vault.keyring.has(LISTS)
    sit_down(desk, role)
    with pytest.raises(NotYoursError):
        rules.standing()


def test_a_rule_that_was_put_in_the_place_of_another_does_not_open(desk, rules):
    seal = RuleSeal(desk.ledger)
    wrapped = seal.wrap("one", {"text": "Orla"})
    assert seal.unwrap(wrapped) == {"text": "Orla"}
    with pytest.raises(VaultDamagedError):
        seal.unwrap(wrapped | {"rule_id": "other"})


def test_the_front_desk_lets_nothing_known_through_and_changes_no_list(desk, rules):
    made = rules.put(NAME)
    sit_down(desk, Role.FRONT_DESK)
    _cid, stretch = begin(desk)
    for act in (
        lambda: rules.put(FALSE_HIT),
        lambda: rules.put(replace(NAME, text="Bo"), made.rule_id),
        lambda: rules.remove(made),
        lambda: rules.learn(FALSE_HIT, stretch("Will"), is_confirmed=True),
    ):
        with pytest.raises(NotYoursError):
            act()
    assert rules.standing() == (made,)


def test_rules_show_no_word_of_theirs(rules):
    assert "Quint" not in repr(rules.put(NAME)) + repr(NAME)
