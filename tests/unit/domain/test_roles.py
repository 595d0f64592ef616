"""One table says what a role may do, and why it may not do the rest."""

import pytest

from app.domain.events import EventKind
from app.domain.office import Role
from app.domain.roles import RIGHTS, Right, WhyNot, idle_lock_s, may, may_read_messages, right_to_write, why_not

READERS = (Role.FRONT_DESK, Role.PROFESSIONAL, Role.ADMINISTRATOR)


def test_every_role_has_a_row() -> None:
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_there_is_a_reason_exactly_where_there_is_no_right(role: Role, right: Right) -> None:
    assert (why_not(right, role) is None) is may(right, role)


def test_auditor_and_it_never_see_a_message() -> None:
    assert tuple(role for role in Role if may_read_messages(role)) == READERS
    for role in (Role.AUDITOR, Role.IT):
        for right in (
            Right.READ_MESSAGES,
            Right.ANSWER_CLIENTS,
            Right.EXPORT_CONVERSATIONS,
            Right.REDACT_MESSAGES,
            Right.INVITE,
        ):
            assert why_not(right, role) is WhyNot.NEVER_A_MESSAGE


def test_whoever_answers_clients_invites_them_and_an_administrator_keeps_the_channel() -> None:
    assert {role for role in Role if may(Right.INVITE, role)} == {role for role in Role if may_read_messages(role)}
    assert [role for role in Role if may(Right.MANAGE_CHANNEL, role)] == [Role.ADMINISTRATOR]
    assert right_to_write(EventKind.OFFICE_KEYS_MADE) is Right.MANAGE_CHANNEL


@pytest.mark.parametrize(
    ("right", "role", "reason"),
    [
        (Right.MANAGE_PEOPLE, Role.FRONT_DESK, WhyNot.TAKES_ADMINISTRATOR),
        (Right.ERASE, Role.PROFESSIONAL, WhyNot.TAKES_ADMINISTRATOR),
        (Right.MANAGE_PEOPLE, Role.AUDITOR, WhyNot.TAKES_ADMINISTRATOR),
        (Right.WRITE_ANSWERS, Role.FRONT_DESK, WhyNot.TAKES_PROFESSIONAL),
        (Right.RESTORE, Role.PROFESSIONAL, WhyNot.TAKES_IT),
        (Right.READ_AUDIT_LOG, Role.IT, WhyNot.TAKES_AUDITOR),
    ],
)
def test_the_reason_names_who_could(right: Right, role: Role, reason: WhyNot) -> None:
    assert why_not(right, role) is reason


def test_a_kind_of_event_without_a_line_of_its_own_is_closed_to_those_who_never_see_a_message() -> None:
    assert right_to_write(EventKind.MESSAGE_SENT) is Right.ANSWER_CLIENTS
    assert right_to_write(EventKind.ERASED) is Right.ERASE
    assert right_to_write(EventKind.SIGN_IN_REFUSED) is Right.CHANGE_OWN_PASSWORD


def test_who_holds_more_locks_sooner_and_never_later_than_the_setting() -> None:
    assert idle_lock_s(Role.ADMINISTRATOR, 3_600) == 300
    assert idle_lock_s(Role.FRONT_DESK, 3_600) == 3_600
    assert all(idle_lock_s(role, 60) == 60 for role in Role)
