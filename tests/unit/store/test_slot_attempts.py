"""Wrong passwords make the next try wait, by a clock that nobody can set."""

from pathlib import Path

import pytest

from app.store.errors import TooSoonError
from app.store.slot_attempts import (
    ANYBODY,
    ATTEMPTS_NAME,
    FREE_FAILURES,
    Attempts,
    Moment,
    Untold,
    monotonic_now,
    wait_ms,
)
from tests.support.small_disk import files_at_most

MARA = "mara"


class Machine:
    """A clock that the test moves, and restarts."""

    def __init__(self) -> None:
        self.moment = Moment("first", 1_000_000)

    def __call__(self) -> Moment:
        return self.moment

    def move(self, ms: int) -> None:
        self.moment = Moment(self.moment.boot, self.moment.ms + ms)

    def restart(self) -> None:
        self.moment = Moment("second", 2_000)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def attempts(tmp_path: Path, machine: Machine) -> Attempts:
    return Attempts(tmp_path, machine)


def fail(attempts: Attempts, times: int, who: str = MARA) -> None:
    for _ in range(times):
        attempts.note_failure(who)


def test_the_wait_doubles_from_five_seconds_to_five_minutes() -> None:
    assert [wait_ms(failures) // 1000 for failures in range(12)] == [0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert wait_ms(10_000) == 300_000


def test_fingers_slip_without_a_wait_and_then_it_waits(attempts: Attempts, machine: Machine) -> None:
    fail(attempts, FREE_FAILURES - 1)
    attempts.require_no_wait(MARA)
    fail(attempts, 1)
    with pytest.raises(TooSoonError) as caught:
        attempts.require_no_wait(MARA)
    assert caught.value.left_ms == 5_000
    machine.move(4_999)
    assert attempts.left_ms(MARA) == 1
    machine.move(1)
    attempts.require_no_wait(MARA)


def test_nobody_waits_for_somebody_else(attempts: Attempts) -> None:
    fail(attempts, 6)
    attempts.require_no_wait("nora")


def test_counts_outlive_the_program_and_a_restart_begins_the_wait_anew(
    tmp_path: Path, attempts: Attempts, machine: Machine
) -> None:
    fail(attempts, 6)
    machine.move(39_000)
    assert Attempts(tmp_path, machine).left_ms(MARA) == 1_000
    machine.restart()
    assert Attempts(tmp_path, machine).left_ms(MARA) == 38_000
    fail(attempts, 1, "nora")
    assert Attempts(tmp_path, machine).left_ms(MARA) == 38_000


def test_who_comes_in_starts_again_and_others_keep_their_count(attempts: Attempts) -> None:
    fail(attempts, 4)
    fail(attempts, 5, "nora")
    fail(attempts, 1, ANYBODY)
    assert attempts.untold() == {MARA: Untold(4, 0), "nora": Untold(5, 0), ANYBODY: Untold(1, 0)}
    attempts.note_told(MARA)
    assert attempts.untold() == {}
    assert attempts.left_ms(MARA) == 0
    assert attempts.left_ms("nora") == 20_000
    fail(attempts, 1, "nora")
    assert attempts.untold() == {"nora": Untold(1, 0)}


def test_coming_in_at_once_writes_nothing(tmp_path: Path, attempts: Attempts) -> None:
    attempts.note_told(MARA)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "untrusted",
    [b"", b"{", b"[]", b"null", b'{"boot": 1}', b'{"boot": "first", "counts": {"mara": 5}}',
     b'{"boot": "first", "counts": {"mara": {"failures": true, "told": 0, "at_ms": 0}}}',
     b'{"boot": "first", "counts": {"mara": {"failures": -1, "told": 0, "at_ms": 0}}}', b"[" * 60_000, bytes(100_000)],
)  # fmt: skip
def test_what_is_no_count_counts_as_none(tmp_path: Path, attempts: Attempts, untrusted: bytes) -> None:
    (tmp_path / ATTEMPTS_NAME).write_bytes(untrusted)
    assert attempts.left_ms(MARA) == 0
    fail(attempts, 1)
    assert attempts.untold() == {MARA: Untold(1, 0)}


def test_a_full_disk_keeps_the_answer_from_nobody(attempts: Attempts) -> None:
    with files_at_most(1):
        fail(attempts, 3)
    assert attempts.left_ms(MARA) == 0


def test_the_machines_own_clock_goes_forward() -> None:
    first, second = monotonic_now(), monotonic_now()
    assert first.boot == second.boot
    assert 0 < first.ms <= second.ms


def test_a_wrong_code_beside_the_right_password_waits_as_well_and_is_told_apart(attempts: Attempts) -> None:
    fail(attempts, 2)
    for _ in range(2):
        attempts.note_failure(MARA, knew_password=True)
    assert attempts.left_ms(MARA) == 10_000
    assert attempts.untold() == {MARA: Untold(4, 2)}
    attempts.note_told("nora")
    assert attempts.untold() == {}
    fail(attempts, 1)
    assert attempts.untold() == {MARA: Untold(1, 0)}
