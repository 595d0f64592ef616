"""Frames between link and vault: bundled on a thread of their own, let go once durable, held back one by one."""

import threading

import pytest

from app.domain.channel import HoldCause
from app.services.channel.intake import MAX_KEPT, MOST_AT_ONCE, Intake
from app.services.channel.runs import Outcome
from app.store.errors import DiskFullError, UnknownConversationError

A, B = b"a" * 16, b"b" * 16
PATIENCE_S = 30.0


class Vault:
    """Takes frames; ``gate`` closed: it waits, as a slow disk does."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.bundles, self.let_go, self.told = [], [], 0
        self.outcome_of = {}
        self.fails = 0
        self.hung_up = threading.Event()
        self.news = threading.Condition()
        self.now = 0

    def take(self, incoming):
        assert self.gate.wait(PATIENCE_S)
        if self.fails:
            self.fails -= 1
            raise DiskFullError
        with self.news:
            self.bundles.append(list(incoming))
            self.news.notify_all()
        return [self.outcome_of.get(address, Outcome()) for address, _frame in incoming], self.tell

    def tell(self):
        with self.news:
            self.told += 1
            self.news.notify_all()

    def released(self, address, seq, _frame):
        with self.news:
            self.let_go.append((address, seq))
            self.news.notify_all()

    def until(self, is_so):
        with self.news:
            assert self.news.wait_for(is_so, PATIENCE_S)

    @property
    def frames(self):
        return [frame for bundle in self.bundles for _address, frame in bundle]


@pytest.fixture
def vault():
    return Vault()


@pytest.fixture
def make(vault):
    made = []

    def make(*, has_thread=True):
        intake = Intake(vault.take, vault.released, vault.hung_up.set, lambda: vault.now)
        intake.start(has_thread=has_thread)
        made.append(intake)
        return intake

    yield make
    vault.gate.set()
    for intake in made:
        intake.stop()


def test_what_comes_while_the_disk_works_is_written_together_and_let_go_once_a_mailbox(vault, make):
    intake = make()
    vault.gate.clear()
    for seq in range(20):
        intake.offer(A if seq % 2 else B, seq, b"%d" % seq)
    vault.gate.set()
    vault.until(lambda: len(vault.frames) == 20 and {(A, 19), (B, 18)} <= set(vault.let_go))
    assert vault.frames == [b"%d" % seq for seq in range(20)]
    assert len(vault.bundles) <= 3
    assert len(vault.let_go) <= 2 * len(vault.bundles)


def test_no_bundle_is_longer_than_people_wait_for_the_lock(vault, make):
    intake = make()
    vault.gate.clear()
    for seq in range(100):
        intake.offer(A, seq, b"%d" % seq)
    vault.gate.set()
    vault.until(lambda: len(vault.frames) == 100)
    assert max(map(len, vault.bundles)) == MOST_AT_ONCE


def test_when_the_disk_is_full_nothing_behind_is_taken_until_the_connection_begins_anew(vault, make):
    intake = make()
    vault.gate.clear()
    vault.fails = 1
    intake.offer(A, 1, b"one")
    intake.offer(A, 2, b"two")
    vault.gate.set()
    assert vault.hung_up.wait(PATIENCE_S)
    intake.offer(A, 3, b"three")
    intake.connected()
    for seq, frame in enumerate((b"one", b"two", b"three"), 1):
        intake.offer(A, seq, frame)
    vault.until(lambda: (A, 3) in vault.let_go)
    assert vault.frames == [b"one", b"two", b"three"]


def test_without_a_thread_the_caller_hears_that_the_disk_is_full(vault, make):
    intake = make(has_thread=False)
    vault.fails = 1
    with pytest.raises(DiskFullError):
        intake.offer(A, 1, b"one")
    assert vault.let_go == []


@pytest.mark.parametrize(
    ("problem", "cause"), [(UnknownConversationError(), HoldCause.WALLED), (KeyError("text"), HoldCause.FAULT)]
)
def test_a_mailbox_that_cannot_be_written_waits_for_the_next_connection_alone(vault, make, problem, cause):
    intake = make(has_thread=False)
    vault.outcome_of[A] = Outcome(problem=problem)
    intake.offer(A, 1, b"one")
    intake.offer(A, 2, b"two")
    intake.offer(B, 3, b"three")
    assert vault.frames == [b"one", b"three"]
    assert vault.let_go == [(B, 3)]
    assert [held.cause for held in intake.held_back.values()] == [cause]
    vault.outcome_of.clear()
    intake.connected()
    assert intake.held_back == {}
    intake.offer(A, 1, b"one")
    assert vault.let_go == [(B, 3), (A, 1)]


def test_a_flood_goes_on_in_order_when_its_time_has_come(vault, make):
    intake = make(has_thread=False)
    vault.outcome_of[A] = Outcome(until_ms=1_000)
    for seq in range(5):
        intake.offer(A, seq, b"%d" % seq)
    vault.outcome_of.clear()
    vault.now = 999
    intake.look_again()
    assert vault.let_go == []
    vault.now = 1_000
    intake.look_again()
    assert vault.frames[1:] == [b"%d" % seq for seq in range(5)]
    assert vault.let_go == [(A, 4)]
    assert not vault.hung_up.is_set()


def test_more_of_a_flood_than_there_is_room_for_is_brought_again_by_the_gateway(vault, make):
    intake = make(has_thread=False)
    vault.outcome_of[A] = Outcome(until_ms=1_000)
    for seq in range(MAX_KEPT + 3):
        intake.offer(A, seq, b"%d" % seq)
    vault.outcome_of.clear()
    vault.now = 1_000
    intake.look_again()
    assert vault.let_go[-1] == (A, MAX_KEPT - 1)
    assert vault.hung_up.is_set()
