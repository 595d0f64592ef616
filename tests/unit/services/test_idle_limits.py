"""The idle lock of an office: who sets it, and that it only ever shortens."""

from pathlib import Path

import pytest

from app.domain.office import Role
from app.domain.roles import MIN_IDLE_S, WhyNot, idle_lock_s, longest_idle_s
from app.services.errors import NotYoursError
from app.services.idle_limits import MAX_LIMIT_S
from tests.support.walled import WalledOffice


@pytest.fixture
def office(tmp_path: Path) -> WalledOffice:
    return WalledOffice(tmp_path)


@pytest.mark.parametrize(
    ("role", "setting_s", "limits_s", "locks_s"),
    [
        (Role.FRONT_DESK, 600, {}, 600),
        (Role.FRONT_DESK, 600, {Role.FRONT_DESK: 120}, 120),
        (Role.FRONT_DESK, 60, {Role.FRONT_DESK: 120}, 60),
        (Role.ADMINISTRATOR, 3_600, {Role.ADMINISTRATOR: 3_600}, 300),
        (Role.ADMINISTRATOR, 3_600, {Role.FRONT_DESK: 60}, 300),
        (Role.IT, 600, {Role.IT: 1}, MIN_IDLE_S),
        (Role.AUDITOR, 3_600, {}, 600),
        (Role.PROFESSIONAL, 3_600, {Role.PROFESSIONAL: 180}, 180),
    ],
)
def test_a_limit_shortens_and_never_lengthens(
    role: Role, setting_s: int, limits_s: dict[Role, int], locks_s: int
) -> None:
    assert idle_lock_s(role, setting_s, limits_s) == locks_s


def test_administrators_lock_no_later_than_anybody_who_has_a_limit_of_their_own() -> None:
    shortest = longest_idle_s(Role.ADMINISTRATOR)
    assert shortest is not None
    assert all(shortest <= (longest_idle_s(role) or MAX_LIMIT_S) for role in Role)


def test_an_administrator_sets_it_and_everybody_has_it_at_the_next_sign_in(office: WalledOffice) -> None:
    with office.sit("otto") as desk:
        assert desk.idle_limits.limits_s() == {}
        desk.idle_limits.set({Role.FRONT_DESK: 120, Role.IT: 60})
        desk.idle_limits.set({Role.FRONT_DESK: 180})
    for who, locks_s in (("noor", 180), ("iris", 300), ("quinn", 600), ("vale", 900)):
        with office.sit(who) as desk:
            assert desk.idle_limits.lock_after_s(900) == locks_s, who


@pytest.mark.parametrize("who", ["vale", "noor", "quinn", "iris"])
def test_nobody_else_sets_it(office: WalledOffice, who: str) -> None:
    with office.sit(who) as desk:
        with pytest.raises(NotYoursError) as caught:
            desk.idle_limits.set({Role.FRONT_DESK: 120})
        assert caught.value.why is WhyNot.TAKES_ADMINISTRATOR
        assert desk.idle_limits.limits_s() == {}


@pytest.mark.parametrize("seconds", [0, MIN_IDLE_S - 1, MAX_LIMIT_S + 1])
def test_a_limit_out_of_range_is_refused(office: WalledOffice, seconds: int) -> None:
    with office.sit("otto") as desk, pytest.raises(ValueError, match="out of range"):
        desk.idle_limits.set({Role.FRONT_DESK: seconds})
