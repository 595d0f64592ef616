"""What the role of the person at the desk keeps them from, checked where it is done and not only where it is drawn."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.conversation import InboxView, Origin
from app.domain.ids import ArticleId, ConversationId
from app.domain.office import Role
from app.domain.roles import Right, WhyNot
from app.services.answers.form import AnswerForm
from app.services.desk import Desk
from app.services.errors import AnswersNotYoursError, NotYoursError
from tests.support.desks import TemporaryDesk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with TemporaryDesk(tmp_path).opened() as desk:
        yield desk


def sit_down(desk: Desk, role: Role) -> None:
    """Let somebody of another role be the one who unlocked."""
    desk.vault.person = replace(desk.vault.person, role=role)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.IT])
@pytest.mark.parametrize(
    "act",
    [
        lambda desk, _cid: desk.conversations.inbox(InboxView.OPEN),
        lambda desk, _cid: desk.conversations.counts(),
        lambda desk, cid: desk.conversations.thread(cid),
        lambda desk, _cid: desk.conversations.search("ankle"),
        lambda desk, cid: desk.conversations.export(cid),
        lambda desk, cid: desk.conversations.add_note(cid, "seen"),
        lambda desk, cid: desk.conversations.receive(cid, "again"),
    ],
)
def test_who_never_sees_a_message_is_refused_at_every_door(
    desk: Desk, role: Role, act: Callable[[Desk, ConversationId], object]
) -> None:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "My ankle is worse.")
    before = desk.ledger.log.tail()
    sit_down(desk, role)
    with pytest.raises(NotYoursError) as caught:
        act(desk, cid)
    assert caught.value.why is WhyNot.NEVER_A_MESSAGE
    assert caught.value.code == "never_a_message"
    assert desk.ledger.log.tail() == before


def test_the_front_desk_reads_and_writes_but_neither_exports_nor_changes_answers(desk: Desk) -> None:
    sit_down(desk, Role.FRONT_DESK)
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "My ankle is worse.")
    assert len(desk.conversations.inbox(InboxView.OPEN)) == 1
    desk.conversations.add_note(cid, "Called back.")
    with pytest.raises(NotYoursError) as caught:
        desk.conversations.export(cid)
    assert (caught.value.right, caught.value.why) == (Right.EXPORT_CONVERSATIONS, WhyNot.TAKES_PROFESSIONAL)
    with pytest.raises(AnswersNotYoursError):
        desk.answers.save(AnswerForm(ArticleId("A"), title="Hours", body="We open at eight."))
    assert not desk.answers.may_edit
    assert desk.why_not(Right.WRITE_ANSWERS) is WhyNot.TAKES_PROFESSIONAL


def test_somebody_without_the_keys_leaves_recovering_to_others(desk: Desk) -> None:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "My ankle is worse.")
    desk.conversations.hold_reply(cid, "Come at nine.", None)
    sit_down(desk, Role.IT)
    desk.conversations.recover_at_unlock()
    assert desk.conversations.recover_held() == ()
    sit_down(desk, Role.FRONT_DESK)
    assert [reply.text for reply in desk.conversations.recover_held()] == ["Come at nine."]
