"""The head: two copies, one truth, only forward."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.ids import VaultId
from app.store import head as head_module
from app.store.errors import DiskFailedError, DiskFullError, StoreBugError, VaultDamagedError
from app.store.head import HEAD_NAMES, HeadFile, HeadState
from app.store.latch import WriteLatch
from tests.support.small_disk import files_at_most
from tests.support.vaults import snapshot

KEY = b"v" * 32
HASH = b"h" * 32


def head(directory: Path, key: bytes = KEY, vault_id: str = "01VAULT") -> HeadFile:
    return HeadFile(directory, key, VaultId(vault_id), WriteLatch())


@pytest.fixture
def made(tmp_path: Path) -> Path:
    head(tmp_path).create(HeadState(keyring_generation=1, slots_generation=1))
    return tmp_path


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def reloaded_copy(directory: Path, name: str) -> int:
    """The event count that one copy remembers."""
    state = head(directory)._read(directory / name)
    assert state is not None
    return state.event_count


def reloaded(directory: Path) -> HeadFile:
    again = head(directory)
    again.load()
    return again


def test_what_was_acknowledged_is_remembered(made: Path) -> None:
    first = reloaded(made)
    first.advance(3, HASH, now_ms=500)
    first.advance(4, HASH[::-1], now_ms=400)
    again = reloaded(made)
    assert again.expected == (4, HASH[::-1])
    assert again.state.highest_ms == 500
    assert again.broken_copies == ()


def test_a_copy_that_is_known_to_be_on_the_disk_is_not_written_until_the_other_one_is(made: Path) -> None:
    one = reloaded(made)
    before = snapshot(made)
    changed = []
    for count in range(1, 5):
        one.advance(count, HASH)
        one.settle()
        after = snapshot(made)
        changed.append({name for name in HEAD_NAMES if before[name] != after[name]})
        before = after
    assert changed[0] != changed[1]
    assert changed[:2] == changed[2:]
    assert {len(data) for data in before.values()} == {512}


def test_what_is_acknowledged_is_in_the_hands_of_the_system_at_once(made: Path) -> None:
    """A killed process loses nothing of it: here another reader sees every step without any wait for the disk."""
    one = reloaded(made)
    for count in range(1, 50):
        one.advance(count, HASH)
        assert reloaded(made).expected == (count, HASH)


def test_the_disk_is_waited_for_soon_and_the_copies_change_places(made: Path) -> None:
    one = reloaded(made)
    one.advance(1, HASH)
    wait_until(lambda: one._is_on_disk)
    before = snapshot(made)
    one.advance(2, HASH)
    wait_until(lambda: one._is_on_disk)
    after = snapshot(made)
    assert sum(before[name] != after[name] for name in HEAD_NAMES) == 1
    assert sorted(reloaded_copy(made, name) for name in HEAD_NAMES) == [1, 2]


def test_a_failed_wait_for_the_disk_refuses_the_next_step(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """EIO cannot be had from a healthy disk, so the kernel's answer is played here."""

    def fail(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    one = reloaded(made)
    monkeypatch.setattr(head_module.os, "fdatasync", fail)
    one.advance(1, HASH)
    wait_until(lambda: one._latch.is_shut)
    with pytest.raises(DiskFailedError):
        one.advance(2, HASH)
    with pytest.raises(DiskFailedError):
        one.settle()


def test_closing_ends_the_thread_and_lets_go_of_the_files(made: Path) -> None:
    one = reloaded(made)
    one.advance(1, HASH)
    (thread,) = (thread for thread in threading.enumerate() if thread is one._sync._thread)
    assert (thread.name, thread.daemon) == ("vestibule-head", True)
    one.settle()
    one.close()
    one.close()
    assert not thread.is_alive()
    assert one._descriptors == {}


def test_it_does_not_go_backwards(made: Path) -> None:
    one = reloaded(made)
    one.advance(5, HASH)
    with pytest.raises(StoreBugError):
        one.advance(4, HASH)
    with pytest.raises(StoreBugError):
        one.advance(6, HASH[:31])


def test_one_copy_damaged_anywhere_is_survived_told_and_repaired(made: Path) -> None:
    reloaded(made).advance(7, HASH)
    for name in HEAD_NAMES:
        genuine = (made / name).read_bytes()
        for place in range(0, len(genuine), 3):
            altered = bytearray(genuine)
            altered[place] ^= 0x10
            (made / name).write_bytes(altered)
            assert reloaded(made).broken_copies == (name,)
        one = reloaded(made)
        one.repair()
        assert reloaded(made).broken_copies == ()
        assert reloaded(made).find_broken() == ()
        (made / name).write_bytes(genuine)


def test_a_write_torn_in_the_middle_leaves_the_state_before_it(made: Path) -> None:
    one = reloaded(made)
    one.advance(1, HASH)
    one.settle()
    before = snapshot(made)
    one.advance(2, HASH[::-1])
    after = snapshot(made)
    (name,) = (name for name in HEAD_NAMES if before[name] != after[name])
    (made / name).write_bytes(after[name][:100] + before[name][100:])
    assert reloaded(made).expected == (1, HASH)


@pytest.mark.parametrize("data", [b"", bytes(512), bytes(513), b"VSTHEAD1"])
def test_both_copies_damaged_are_refused_and_left_alone(made: Path, data: bytes) -> None:
    for name in HEAD_NAMES:
        (made / name).write_bytes(data)
    before = snapshot(made)
    with pytest.raises(VaultDamagedError):
        head(made).load()
    assert snapshot(made) == before


def test_both_copies_missing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(VaultDamagedError):
        head(tmp_path).load()


@pytest.mark.parametrize(("key", "vault_id"), [(b"w" * 32, "01VAULT"), (KEY, "02VAULT")])
def test_the_head_of_another_vault_is_not_genuine(made: Path, key: bytes, vault_id: str) -> None:
    with pytest.raises(VaultDamagedError):
        head(made, key, vault_id).load()


def test_the_keyring_generation_travels_with_the_next_step_or_at_once(made: Path) -> None:
    one = reloaded(made)
    one.note_keyring(9, at_once=False)
    assert reloaded(made).state.keyring_generation == 1
    one.advance(1, HASH)
    assert reloaded(made).state.keyring_generation == 9
    one.note_keyring(10, at_once=True)
    assert reloaded(made).state.keyring_generation == 10
    one.note_keyring(11, at_once=False)
    one.settle()
    assert reloaded(made).state.keyring_generation == 11


def test_after_the_disk_failed_once_nothing_is_acknowledged_any_more(made: Path) -> None:
    one = reloaded(made)
    with files_at_most(100), pytest.raises(DiskFullError):
        one.advance(1, HASH)
    with pytest.raises(DiskFullError):
        one.advance(1, HASH)
    assert reloaded(made).expected == (0, bytes(32))


def test_it_hides_its_key(made: Path) -> None:
    assert repr(head(made)) == "<HeadFile hidden>"
