"""Approved answers on a real vault: written, refused, withdrawn, brought back, looked back on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.domain.ids import OFFICE, ArticleId, ConversationId, ProposalId
from app.domain.proposal import Article, Proposal, ProposalAction, SourceRef
from app.knowledge import markdown
from app.services.answers.days import months_later
from app.services.answers.form import AnswerForm, article_of, form_from_text, form_of, form_to_text
from app.services.answers.history import Change
from app.services.answers.rules import MAX_BODY_CHARS, MAX_TITLE_CHARS
from app.services.answers.service import USUAL_REVIEW_MONTHS, AnswerFilter, AnswerService
from app.services.desk import Desk
from app.services.errors import AnswerFault, AnswersNotYoursError, InvalidAnswerError, NoSuchAnswerError
from app.store import tables
from app.store.answer_query import DRAFT_TAB
from tests.support.desks import TemporaryDesk, plain_rows

HOURS = AnswerForm(ArticleId("hours"), "Opening hours", "We open at 8:00, {name}.", "hours")


@pytest.fixture
def house(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(house: TemporaryDesk) -> Iterator[Desk]:
    with house.opened() as desk:
        yield desk


def titles(desk: Desk, wanted: AnswerFilter = AnswerFilter.ALL) -> list[str]:
    return [answer.article.title for answer in desk.answers.list().under(wanted)]


def test_saving_approves_today_and_lasts(house: TemporaryDesk) -> None:
    with house.opened() as desk:
        saved = desk.answers.save(replace(HOURS, title="  Opening   hours ", review_on="in 6 months"))
        assert saved.approved_on == desk.answers.today
    with house.opened() as desk:
        found = desk.answers.get(ArticleId("hours")).article
        assert found == saved
        assert found.title == "Opening hours"
        assert desk.conversations.articles() == (saved,)


REFUSALS = {
    AnswerFault.TITLE_EMPTY: replace(HOURS, title="  "),
    AnswerFault.TITLE_TOO_LONG: replace(HOURS, title="x" * 201),
    AnswerFault.BODY_EMPTY: replace(HOURS, body=" \n- "),
    AnswerFault.BODY_TOO_LONG: replace(HOURS, body="x" * 40_001),
    AnswerFault.BROKEN_CHARACTERS: replace(HOURS, body="a\0b"),
    AnswerFault.DAY_UNREADABLE: replace(HOURS, review_on="3/4/2027"),
    AnswerFault.ENDS_BEFORE_IT_BEGINS: replace(HOURS, valid_from="3 Dec 2026", valid_until="2 Dec 2026"),
    AnswerFault.CODE_MALFORMED: replace(HOURS, short_code="two words"),
    AnswerFault.CODE_TAKEN: replace(HOURS, short_code="::PARKING"),
}


@pytest.mark.parametrize("fault", list(AnswerFault))
def test_each_rule_refuses_and_nothing_changes(desk: Desk, fault: AnswerFault) -> None:
    desk.answers.save(AnswerForm(ArticleId("parking"), "Parking", "Behind the house.", "parking"))
    before = plain_rows(desk)
    with pytest.raises(InvalidAnswerError) as refused:
        desk.answers.save(REFUSALS[fault])
    assert refused.value.code == fault.value
    assert plain_rows(desk) == before


def test_whatever_an_import_takes_in_can_be_saved_again() -> None:
    assert markdown.MAX_ARTICLE_CHARS <= MAX_BODY_CHARS
    assert markdown.MAX_TITLE_CHARS <= MAX_TITLE_CHARS


def test_an_answer_keeps_its_own_short_code_and_slashes_are_dropped(desk: Desk) -> None:
    desk.answers.save(HOURS)
    assert desk.answers.save(replace(HOURS, short_code="/Hours")).short_code == "Hours"


def test_filters_list_what_they_say(desk: Desk) -> None:
    day = desk.answers.today
    desk.answers.save(replace(HOURS, article_id=ArticleId("a"), title="Due", short_code="", review_on=day.isoformat()))
    past, ahead = (day - timedelta(days=1)).isoformat(), (day + timedelta(days=1)).isoformat()
    desk.answers.save(replace(HOURS, article_id=ArticleId("b"), title="Over", short_code="", valid_until=past))
    desk.answers.save(replace(HOURS, article_id=ArticleId("c"), title="Ahead", short_code="", valid_from=ahead))
    desk.answers.save(replace(HOURS, article_id=ArticleId("d"), title="Inside", short_code="", is_internal=True))
    desk.answers.save(replace(HOURS, article_id=ArticleId("e"), title="Gone", short_code=""))
    desk.answers.withdraw(ArticleId("e"))
    assert titles(desk) == ["Ahead", "Due", "Inside", "Over"]
    assert titles(desk, AnswerFilter.DUE) == ["Due"]
    assert titles(desk, AnswerFilter.NOT_VALID) == ["Ahead", "Over"]
    assert titles(desk, AnswerFilter.INTERNAL) == ["Inside"]
    assert titles(desk, AnswerFilter.WITHDRAWN) == ["Gone"]


def test_a_withdrawn_answer_comes_back_as_it_was(desk: Desk, house: TemporaryDesk) -> None:
    saved = desk.answers.save(HOURS)
    desk.answers.withdraw(saved.article_id)
    desk.answers.withdraw(saved.article_id)
    assert desk.conversations.articles() == ()
    assert desk.answers.get(saved.article_id).is_withdrawn
    house.clock.move(40 * 86_400_000)
    assert desk.answers.restore(saved.article_id) == saved
    changes = [version.changes for version in desk.answers.history(saved.article_id)]
    assert changes == [(Change.RESTORED,), (Change.WITHDRAWN,), (Change.WRITTEN,)]


def test_a_restored_answer_leaves_a_code_that_another_took(desk: Desk) -> None:
    desk.answers.save(HOURS)
    desk.answers.withdraw(HOURS.article_id)
    desk.answers.save(replace(HOURS, article_id=ArticleId("new")))
    assert desk.answers.restore(HOURS.article_id).short_code == ""


def test_what_never_was_is_not_found(desk: Desk) -> None:
    for call in (desk.answers.get, desk.answers.restore):
        with pytest.raises(NoSuchAnswerError):
            call(ArticleId("nothing"))
    assert desk.answers.history(ArticleId("nothing")) == ()


def test_the_history_tells_who_when_and_what(desk: Desk) -> None:
    desk.answers.save(HOURS)
    desk.answers.save(replace(HOURS, body="We open at 7:00.", is_internal=True))
    desk.answers.save(replace(HOURS, body="We open at 7:00.", is_internal=True))
    newest, middle, first = desk.answers.history(HOURS.article_id)
    assert newest.changes == (Change.CONFIRMED,)
    assert middle.changes == (Change.BODY, Change.INTERNAL)
    assert first.changes == (Change.WRITTEN,)
    assert first.article.body == HOURS.body
    assert {version.by for version in (newest, middle, first)} == {desk.person.display_name}
    assert newest.at_ms > middle.at_ms > first.at_ms


def test_approving_what_was_due_sets_the_next_review_as_far_ahead(desk: Desk, house: TemporaryDesk) -> None:
    first = desk.answers.save(replace(HOURS, review_on="in 3 months"))
    assert first.review_on is not None
    house.clock.move(100 * 86_400_000)
    assert titles(desk, AnswerFilter.DUE) == [first.title]
    again = desk.answers.save(form_of(first))
    assert again.review_on == months_later(desk.answers.today, 3)
    assert titles(desk, AnswerFilter.DUE) == []


def test_a_review_day_that_a_person_typed_is_kept_even_when_it_has_passed(desk: Desk) -> None:
    saved = desk.answers.save(replace(HOURS, review_on="in 3 months"))
    typed = desk.answers.save(replace(form_of(saved), review_on="2026-01-05"))
    assert typed.review_on == date(2026, 1, 5)
    moved = desk.answers.save(form_of(typed))
    assert moved.review_on == months_later(desk.answers.today, USUAL_REVIEW_MONTHS)


def test_who_may_not_edit_is_refused_and_may_still_read(desk: Desk) -> None:
    desk.answers.save(HOURS)
    reader = AnswerService(desk.ledger, may_edit=lambda _person: False)
    for call in (lambda: reader.save(HOURS), lambda: reader.withdraw(HOURS.article_id)):
        with pytest.raises(AnswersNotYoursError):
            call()
    assert reader.get(HOURS.article_id).article.title == "Opening hours"
    assert not reader.may_edit


# -- unsaved texts -------------------------------------------------------------------------------------------------


def test_unsaved_text_outlives_a_lock_and_goes_with_the_save(house: TemporaryDesk) -> None:
    typed = replace(HOURS, valid_from="some day, to be asked")
    with house.opened() as desk:
        desk.answers.keep_unsaved(replace(HOURS, body="half a sen"))
        desk.answers.keep_unsaved(typed)
    with house.opened() as desk:
        assert desk.answers.unsaved() == {HOURS.article_id: typed}
        desk.conversations.rebuild_projections()
        assert desk.answers.unsaved() == {HOURS.article_id: typed}
        desk.answers.save(HOURS)
        assert desk.answers.unsaved() == {}
        assert not desk.answers.get(HOURS.article_id).has_unsaved


def test_replaced_unsaved_text_leaves_the_log(desk: Desk) -> None:
    desk.answers.keep_unsaved(replace(HOURS, body="first words"))
    desk.answers.keep_unsaved(replace(HOURS, body="second words"))
    desk.answers.drop_unsaved(HOURS.article_id)
    events = [entry for entry in desk.ledger.log.read_after(0, 1000) if entry.event.kind.value == "text_saved"]
    assert [entry.is_shed for entry in events] == [True, True, False]
    with desk.ledger.reading() as connection:
        assert connection.execute(tables.unsent.select()).all() == []


def test_unsaved_text_is_sealed_and_disturbs_nobody(desk: Desk) -> None:
    heard: list[ConversationId] = []
    desk.conversations.on_change(heard.append)
    desk.answers.keep_unsaved(HOURS)
    assert heard == []
    with desk.ledger.reading() as connection:
        row = connection.execute(tables.unsent.select()).one()
    assert row.tab == f"{DRAFT_TAB}hours"
    assert b"open at" not in row.content
    desk.answers.save(HOURS)
    assert heard == [OFFICE]


def test_a_form_survives_the_vault_and_later_members_keep_their_default() -> None:
    form = replace(HOURS, valid_until="3 Dec", is_internal=True)
    assert form_from_text(form_to_text(form)) == form
    assert form_from_text('{"article_id": "x", "title": "T", "from_the_future": 1}') == AnswerForm(ArticleId("x"), "T")


def test_a_form_of_an_answer_means_that_answer() -> None:
    today = date(2026, 11, 24)
    article = Article(
        ArticleId("a"), "T", "B", today, date(2027, 1, 4), True, date(2026, 12, 1), date(2027, 5, 3), "c", "Handbook"
    )
    assert article_of(form_of(article), today) == article


# -- uses ----------------------------------------------------------------------------------------------------------


def use(desk: Desk, name: str, article_id: str, number: int) -> ConversationId:
    cid = desk.conversations.start(name, Origin.PHONE, "When do you open?")
    source = SourceRef(1, ArticleId(article_id), "Opening hours", "We open at 8:00.", None)
    proposal = Proposal(
        ProposalId(f"P{number}"), cid, None, ProposalAction.PROPOSE, "At 8:00.", (), (source,), (), "starter", 9, 9
    )
    desk.conversations.record_proposal(cid, proposal)
    held = desk.conversations.hold_reply(cid, "At 8:00.", proposal)
    desk.conversations.release_reply(held.held_id)
    return cid


def test_uses_are_counted_and_the_newest_comes_first(desk: Desk) -> None:
    first, second = use(desk, "Ada Quill", "hours", 1), use(desk, "Bo Tern", "hours", 2)
    use(desk, "Cy Vane", "parking", 3)
    found = desk.answers.used_in(ArticleId("hours"))
    assert (found.proposed_count, found.sent_count, found.is_complete) == (2, 2, True)
    assert [one.conversation_id for one in found.newest] == [second, first]
    assert found.newest[0].contact_name == "Bo Tern"
    assert found.newest[0].changed_percent == 0


def test_a_long_log_is_read_stretch_by_stretch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.answers.uses.STEP_EVENTS", 2)
    for number in range(3):
        use(desk, f"Visitor {number}", "hours", number)
    service, steps = AnswerService(desk.ledger), 1
    while not (found := service.used_in(ArticleId("hours"))).is_complete:
        steps += 1
    assert found.sent_count == 3
    assert steps == 4
    use(desk, "One more", "hours", 9)
    assert service.used_in(ArticleId("hours")).sent_count == 4
