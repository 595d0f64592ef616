"""What would leave, on a real vault with the real finder and replacer: marks, the way back, the office's test set."""

import re
from dataclasses import replace

import pytest

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.domain.conversation import ComposerTab, ItemKind, Origin, Party
from app.domain.ids import ConversationId
from app.domain.office import Role
from app.services.anonymising.rule_records import RuleDraft, RuleKind
from app.services.anonymising.rules import AnonymiseRules, Stretch
from app.services.anonymising.view import LeavingView
from app.services.errors import NoSuchConversationError, NotYoursError
from app.store.errors import UnknownConversationError
from app.store.upkeep import verify_log
from tests.support.anonymising import InProcessAnonymiser, StoppedHereError, WordsAsNames
from tests.support.desks import OFFICE_NAME, TemporaryDesk

TEXT = "hi this is rosa, jorge will bring file LQ-4821 on 3 May 2026. mail desk@example.org 😀 or call me Rosa Melor"


@pytest.fixture
def desk(tmp_path):
    with TemporaryDesk(tmp_path).opened() as desk:
        yield desk


@pytest.fixture
def anonymiser():
    return InProcessAnonymiser()


@pytest.fixture
def view(desk, anonymiser):
    return LeavingView(desk.ledger, AnonymiseRules(desk.ledger), anonymiser)


@pytest.fixture
def cid(desk):
    return desk.conversations.start("Rosa Mellor", Origin.PHONE, TEXT)


def said(thread):
    return [(message.said(mark), mark.label) for message in thread.messages for mark in message.marks]


def stretch(desk, cid, word):
    item = next(one for one in desk.conversations.thread(cid).items if one.kind is ItemKind.MESSAGE)
    place = item.text.index(word)
    return Stretch(cid, item.event_id, place, place + len(word))


def test_the_contact_is_found_in_parts_and_misspelt_and_every_mark_points_at_both_sides(view, cid):
    thread = view.show(cid, Profile.LABELS)
    found = said(thread)
    assert ("rosa", Label.PERSON) in found
    assert ("Rosa Melor", Label.PERSON) in found
    assert ("desk@example.org", Label.EMAIL) in found
    message = thread.messages[0]
    for mark in message.marks:
        assert message.leaving[mark.out_start : mark.out_end] == mark.instead
    assert "osa" not in message.leaving
    assert message.leaving.count("[PERSON_1]") == 2
    assert thread.mapping["[PERSON_1]"] == "rosa"


def test_names_of_the_office_and_its_staff_do_not_leave(view, desk, cid):
    desk.conversations.receive(cid, f"is {desk.person.display_name} of {OFFICE_NAME} there?")
    leaving = view.show(cid, Profile.LABELS).leaving_text
    assert OFFICE_NAME not in leaving
    assert desk.person.display_name not in leaving


def test_notes_and_notices_stay_here(view, desk, cid):
    desk.conversations.add_note(cid, "a note about Rosa")
    desk.conversations.save_text(cid, ComposerTab.REPLY, "not sent")
    thread = view.show(cid, Profile.LABELS)
    assert len(thread.messages) == 1
    assert thread.messages[0].party is Party.VISITOR


def test_what_a_profile_keeps_is_marked_and_says_the_same(desk, view, cid):
    view.rules.put(RuleDraft(RuleKind.FIND, "will bring", Label.NRP))
    kept = [mark for mark in view.show(cid, Profile.SAFE_HARBOR).messages[0].marks if mark.label is Label.NRP]
    assert [mark.instead for mark in kept] == ["will bring"]


def test_stand_ins_stay_within_a_conversation_and_differ_between_conversations(view, desk):
    texts = [f"call Jorge Alvarez, born {day} May 1961, file 123-45-6789" for day in range(1, 9)]
    shown = []
    for text in texts:
        cid = desk.conversations.start("Jorge Alvarez", Origin.PHONE, text)
        desk.conversations.receive(cid, "again: Jorge Alvarez")
        thread = view.show(cid, Profile.PSEUDONYMS)
        name = thread.messages[1].leaving.removeprefix("again: ")
        assert f"call {name}," in thread.messages[0].leaving
        assert view.show(cid, Profile.PSEUDONYMS) == thread
        shown.append(re.sub(r"\d", "", thread.messages[0].leaving))
    assert len(set(shown)) > 1


def test_the_way_back_is_kept_once_under_the_key_of_the_conversation(view, desk, cid):
    thread = view.show(cid, Profile.LABELS)
    assert view.who_is(cid, "[PERSON_1]") is None
    before = desk.ledger.log.tail().seq
    view.keep_mapping(thread)
    view.keep_mapping(thread)
    assert desk.ledger.log.tail().seq == before + 1
    assert view.who_is(cid, "[PERSON_1]") == "rosa"
    assert view.who_is(cid, "[PERSON_9]") is None


def test_an_earlier_way_back_still_answers_for_what_left_then(view, desk, cid):
    view.keep_mapping(view.show(cid, Profile.LABELS))
    view.keep_mapping(view.show(cid, Profile.PSEUDONYMS))
    assert view.who_is(cid, "[PERSON_1]") == "rosa"


def test_when_the_key_of_the_conversation_is_gone_nothing_maps_back(view, desk, cid, tmp_path):
    thread = view.show(cid, Profile.LABELS)
    view.keep_mapping(thread)
    desk.vault.keyring.drop(cid)
    desk.vault.keyring.save()
    with pytest.raises(UnknownConversationError):
        view.who_is(cid, "[PERSON_1]")
    with pytest.raises(UnknownConversationError):
        view.show(cid, Profile.LABELS)
    rows = desk.vault.connect().connect().exec_driver_sql("select body from event").all()
    assert all(b"rosa" not in bytes(row[0]).lower() for row in rows)


def test_when_the_conversation_is_erased_for_good_the_way_back_and_its_cases_are_gone(view, desk, cid):
    view.keep_mapping(view.show(cid, Profile.LABELS))
    made = view.rules.learn(RuleDraft(RuleKind.FIND, "jorge", Label.PERSON), stretch(desk, cid, "jorge"))
    desk.erasure.erase((cid,), "request")
    assert view.who_is(cid, "[PERSON_1]") is None
    with pytest.raises(NoSuchConversationError):
        view.show(cid, Profile.LABELS)
    assert view.check_cases().total == 0
    assert view.rules.standing() == (made.rule,)
    assert verify_log(desk.ledger.log, desk.vault, lambda *_: None).is_sound


def test_a_miss_that_was_marked_is_found_from_then_on_and_a_lifted_hit_leaves(view, desk, cid, anonymiser):
    anonymiser.names = WordsAsNames(("bring",))
    assert ("bring", Label.PERSON) in said(view.show(cid, Profile.LABELS))
    view.rules.learn(RuleDraft(RuleKind.FIND, "jorge", Label.PERSON), stretch(desk, cid, "jorge"))
    view.rules.learn(RuleDraft(RuleKind.LIFT, "bring", Label.PERSON), stretch(desk, cid, "bring"))
    found = said(view.show(cid, Profile.LABELS))
    assert ("jorge", Label.PERSON) in found
    assert ("bring", Label.PERSON) not in found


def test_a_lifted_contact_stays_until_somebody_confirmed_it(view, desk, cid):
    rosa = RuleDraft(RuleKind.LIFT, "rosa", Label.PERSON)
    assert view.show(cid, Profile.LABELS).messages[0].marks[0].needs_confirmation
    view.rules.learn(rosa, stretch(desk, cid, "rosa"))
    assert ("rosa", Label.PERSON) in said(view.show(cid, Profile.LABELS))
    view.rules.learn(rosa, stretch(desk, cid, "rosa"), is_confirmed=True)
    assert ("rosa", Label.PERSON) not in said(view.show(cid, Profile.LABELS))


def test_the_test_set_says_how_many_cases_hold_and_names_the_ones_that_do_not(view, desk, cid):
    jorge = RuleDraft(RuleKind.FIND, "jorge", Label.PERSON)
    made = view.rules.learn(jorge, stretch(desk, cid, "jorge"))
    view.rules.learn(RuleDraft(RuleKind.LIFT, "bring", Label.PERSON), stretch(desk, cid, "bring"))
    report = view.check_cases()
    assert (report.held, report.total, report.failed) == (2, 2, ())
    view.rules.put(RuleDraft(RuleKind.FIND, "georgina", Label.PERSON), made.rule.rule_id)
    view.rules.put(RuleDraft(RuleKind.SHAPE, "LQ 9999", Label.ID))
    report = view.check_cases()
    assert (report.held, report.total) == (1, 2)
    assert [(one.said, one.contact_name, one.case.must_find) for one in report.failed] == [
        ("jorge", "Rosa Mellor", True)
    ]


def test_the_test_set_is_run_conversation_by_conversation_with_each_ones_contact(view, desk, anonymiser):
    for name in ("Ada Lind", "Bo Reth"):
        cid = desk.conversations.start(name, Origin.PHONE, f"{name} wrote about quartz")
        draft = RuleDraft(RuleKind.FIND, "quartz", Label.MISC)
        view.rules.learn(draft, stretch(desk, cid, "quartz"))
    steps = []
    report = view.check_cases(on_progress=lambda done, total: steps.append((done, total)))
    assert (report.held, report.total) == (2, 2)
    assert steps == [(1, 2), (2, 2)]
    contacts = [{one.text for one in job.rules.known if one.why == "office.contact"} for job in anonymiser.jobs]
    assert contacts == [{"Ada Lind"}, {"Bo Reth"}]


def test_progress_is_told_and_a_stop_ends_it(view, desk, cid, anonymiser):
    for number in range(4):
        desk.conversations.receive(cid, f"message {number}")
    steps = []
    view.show(cid, Profile.LABELS, on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(done, 5) for done in range(1, 6)]
    with pytest.raises(StoppedHereError):
        view.show(cid, Profile.LABELS, is_stopped=lambda: len(anonymiser.jobs) > 1)


def test_any_words_can_be_tried_with_the_rules_of_the_office(view):
    view.rules.put(RuleDraft(RuleKind.SHAPE, "LQ-9999", Label.ID))
    assert view.try_text("file lq-4821, from Rosa").text == "file [ID_1], from Rosa"


def test_an_unknown_conversation_is_refused(view):
    with pytest.raises(NoSuchConversationError):
        view.show(ConversationId("nobody"), Profile.LABELS)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.IT])
def test_who_never_sees_a_message_sees_none_here(view, desk, cid, role):
    desk.vault.person = replace(desk.vault.person, role=role)
    with pytest.raises(NotYoursError):
        view.show(cid, Profile.LABELS)


def test_no_word_of_it_reaches_a_log(view, desk, cid, caplog):
    caplog.set_level("DEBUG")
    view.rules.learn(RuleDraft(RuleKind.FIND, "jorge", Label.PERSON), stretch(desk, cid, "jorge"))
    view.keep_mapping(view.show(cid, Profile.LABELS))
    view.check_cases()
    assert not {"rosa", "jorge", "4821"} & set(re.findall(r"[a-z]+|\d+", caplog.text.casefold()))


def test_nothing_that_was_shown_shows_itself_in_a_log_line(view, cid):
    thread = view.show(cid, Profile.LABELS)
    words = repr(thread) + repr(thread.messages) + repr(replace(thread.messages[0].marks[0]))
    for word in ("rosa", "Mellor", "jorge", "LQ-4821"):
        assert word not in words
