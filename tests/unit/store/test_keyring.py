"""The keyring: durable when saved, cheap to add to, and forgetful when told."""

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.ids import ConversationId, VaultId
from app.store import keyring as keyring_module
from app.store.errors import (
    DiskFullError,
    StoreBugError,
    UnknownConversationError,
    VaultDamagedError,
    VaultRolledBackError,
)
from app.store.keyring import KEYRING_NAMES, MAX_RECORDS, Keyring
from app.store.keyring_records import RingFormat
from app.store.latch import WriteLatch
from tests.support.small_disk import files_at_most
from tests.support.vaults import snapshot

KEY = b"v" * 32
ONE, TWO, THREE = (ConversationId(name) for name in ("01ONE", "02TWO", "03THREE"))


class Watcher:
    """Remembers what the head file would be told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, bool]] = []

    def note_keyring(self, generation: int, *, at_once: bool) -> None:
        self.told.append((generation, at_once))


def ring(directory: Path, key: bytes = KEY, vault_id: str = "01VAULT") -> Keyring:
    return Keyring(directory, key, VaultId(vault_id), Watcher(), WriteLatch())


def loaded(directory: Path, least: int = 0) -> Keyring:
    again = ring(directory)
    again.load(least)
    return again


@pytest.fixture
def made(tmp_path: Path) -> Path:
    ring(tmp_path).create()
    return tmp_path


def test_a_saved_key_is_there_after_reopening_and_an_unsaved_one_is_not(made: Path) -> None:
    one = loaded(made)
    key = one.add(ONE)
    one.save()
    one.add(TWO)
    again = loaded(made)
    assert again.key_for(ONE) == key
    assert not again.has(TWO)
    assert again.index_key == one.index_key


def test_keys_are_random_and_their_own(made: Path) -> None:
    keys = loaded(made).add_many([ONE, TWO, THREE])
    assert len(set(keys.values())) == 3
    assert {len(key) for key in keys.values()} == {32}


def test_a_conversation_gets_one_key_once(made: Path) -> None:
    one = loaded(made)
    one.add(ONE)
    for name in (ONE, "", "x" * 256):
        with pytest.raises(StoreBugError):
            one.add(ConversationId(name))


def test_an_unknown_conversation_has_no_key(made: Path) -> None:
    with pytest.raises(UnknownConversationError):
        loaded(made).key_for(ONE)
    with pytest.raises(UnknownConversationError):
        loaded(made).drop(ONE)


def test_a_new_conversation_costs_one_short_append(made: Path) -> None:
    one = loaded(made)
    one.add_many(ConversationId(f"{number:026d}") for number in range(10_000))
    one.save()
    before = sum(map(len, snapshot(made).values()))
    for name in (ONE, TWO, THREE):
        one.add(name)
        one.save()
    assert sum(map(len, snapshot(made).values())) - before < 650_000 + 1_000  # the other copy catches up once
    before = sum(map(len, snapshot(made).values()))
    one.add(ConversationId("04FOUR"))
    one.save()
    assert sum(map(len, snapshot(made).values())) - before < 400


def test_many_records_are_folded_into_one(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_module, "MAX_RECORDS", 5)
    one = loaded(made)
    keys = {}
    for number in range(23):
        name = ConversationId(f"c{number}")
        keys[name] = one.add(name)
        one.save()
        assert {name: loaded(made).key_for(name) for name in keys} == keys
    assert loaded(made)._records <= 5 < MAX_RECORDS


def test_the_copy_with_the_higher_generation_wins_and_a_copy_behind_is_normal(made: Path) -> None:
    one = loaded(made)
    for name in (ONE, TWO, THREE):
        one.add(name)
        one.save()
    again = loaded(made, least=one.generation)
    assert (len(again), again.generation, again.broken_copies) == (3, one.generation, ())
    assert again.find_broken() == ()
    again.tidy()
    assert len({(made / name).read_bytes() for name in KEYRING_NAMES}) == 1


def test_both_copies_keep_growing_alike_after_reopening(made: Path) -> None:
    keys = {}
    for number in range(7):
        one = loaded(made)
        keys[number] = one.add(ConversationId(f"c{number}"))
        one.save()
        assert one.find_broken() == ()
    again = loaded(made)
    assert [again.key_for(ConversationId(f"c{number}")) for number in range(7)] == list(keys.values())


# --- damage ---------------------------------------------------------------------------------------------------------


def three_saved(directory: Path) -> Keyring:
    one = loaded(directory)
    for name in (ONE, TWO, THREE):
        one.add(name)
        one.save()
    one.tidy()
    return one


@pytest.mark.parametrize("name", KEYRING_NAMES)
def test_one_copy_damaged_anywhere_is_survived_told_and_repaired(made: Path, name: str) -> None:
    generation = three_saved(made).generation
    genuine = snapshot(made)
    for place in range(len(genuine[name])):
        altered = bytearray(genuine[name])
        altered[place] ^= 0x04
        (made / name).write_bytes(altered)
        again = loaded(made, least=generation)
        assert len(again) == 3
        assert again.broken_copies == (name,)
    again.repair()
    repaired = loaded(made, least=again.generation)
    assert (len(repaired), repaired.broken_copies, repaired.find_broken()) == (3, (), ())


@pytest.mark.parametrize("name", KEYRING_NAMES)
def test_one_copy_missing_is_survived_told_and_repaired(made: Path, name: str) -> None:
    three_saved(made)
    (made / name).unlink()
    again = loaded(made)
    assert again.broken_copies == (name,)
    again.repair()
    assert loaded(made).broken_copies == ()


def test_both_copies_damaged_are_refused_and_left_alone(made: Path) -> None:
    generation = three_saved(made).generation
    for name in KEYRING_NAMES:
        data = bytearray((made / name).read_bytes())
        data[-1] ^= 1
        (made / name).write_bytes(data)
    before = snapshot(made)
    with pytest.raises(VaultDamagedError):
        loaded(made, least=generation)
    assert snapshot(made) == before


def test_old_copies_put_back_are_noticed(made: Path) -> None:
    old = snapshot(made)
    generation = three_saved(made).generation
    for name in KEYRING_NAMES:
        (made / name).write_bytes(old[name])
    with pytest.raises(VaultRolledBackError):
        loaded(made, least=generation)


def test_a_torn_append_leaves_what_was_saved_before_and_the_next_one_works(made: Path) -> None:
    one = three_saved(made)
    before = snapshot(made)
    one.add(ConversationId("04FOUR"))
    one.save()
    after = snapshot(made)
    (name,) = (name for name in KEYRING_NAMES if before[name] != after[name])
    for cut in range(len(before[name]) + 1, len(after[name])):
        (made / name).write_bytes(after[name][:cut])
        again = loaded(made)
        assert len(again) == 3
    again.repair()
    again.add(ConversationId("05FIVE"))
    again.save()
    assert loaded(made).has(ConversationId("05FIVE"))


def test_records_cannot_be_left_out_or_reordered(made: Path) -> None:
    one = loaded(made)
    sizes = [(made / KEYRING_NAMES[0]).stat().st_size]
    for name in (ONE, TWO, THREE):
        one.add(name)
        one.save()
        one.tidy()
        sizes.append((made / KEYRING_NAMES[0]).stat().st_size)
    data = (made / KEYRING_NAMES[0]).read_bytes()
    records = [data[start:end] for start, end in pairwise(sizes)]
    for shuffled in ([records[1], records[0], records[2]], [records[0], records[2]], [records[0], records[0]]):
        for name in KEYRING_NAMES:
            (made / name).write_bytes(data[: sizes[0]] + b"".join(shuffled))
        with pytest.raises(VaultDamagedError):
            loaded(made, least=one.generation)


def test_a_record_of_another_past_does_not_follow(made: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two copies of one vault grow apart; the second record of one is sound but follows another first record."""
    fork = tmp_path_factory.mktemp("fork") / "vault"
    shutil.copytree(made, fork)
    start = (made / KEYRING_NAMES[0]).stat().st_size
    grown = []
    for folder in (made, fork):
        one = loaded(folder)
        for name in (ONE, TWO):
            one.add(name)
            one.save()
        one.tidy()
        grown.append((folder / KEYRING_NAMES[0]).read_bytes())
    middle = start + (len(grown[0]) - start) // 2  # both records are equally long
    for name in KEYRING_NAMES:
        (made / name).write_bytes(grown[0][:middle] + grown[1][middle:])
    again = loaded(made)
    assert (again.has(ONE), again.has(TWO)) == (True, False)


@pytest.mark.parametrize(("key", "vault_id"), [(b"w" * 32, "01VAULT"), (KEY, "02VAULT")])
def test_the_keyring_of_another_vault_is_not_genuine(made: Path, key: bytes, vault_id: str) -> None:
    with pytest.raises(VaultDamagedError):
        ring(made, key, vault_id).load(0)


@settings(deadline=None, max_examples=150)
@given(some.binary(max_size=200))
def test_any_rubbish_is_refused_without_a_crash(rubbish: bytes) -> None:
    assert RingFormat(KEY, VaultId("01VAULT")).parse(b"VSTRING1" + rubbish) is None


def test_a_full_disk_makes_nothing_durable_and_says_so(made: Path) -> None:
    three_saved(made)
    one = loaded(made)
    one.add(ConversationId("04FOUR"))
    with files_at_most(50), pytest.raises(DiskFullError):
        one.save()
    with pytest.raises(DiskFullError):
        one.save()
    again = loaded(made)
    assert (len(again), again.has(ConversationId("04FOUR"))) == (3, False)


# --- erasure --------------------------------------------------------------------------------------------------------


def test_a_dropped_key_is_in_neither_copy_and_the_head_is_told_at_once(made: Path) -> None:
    one = three_saved(made)
    watcher = one._watcher
    assert isinstance(watcher, Watcher)
    dropped = one.key_for(TWO)
    one.drop(TWO)
    one.save()
    assert watcher.told[-1] == (one.generation, True)
    for name in KEYRING_NAMES:
        copy = one._format.parse((made / name).read_bytes())
        assert copy is not None
        assert (set(copy.state.keys), dropped in copy.state.keys.values(), len(copy.ends)) == ({ONE, THREE}, False, 1)
    with pytest.raises(UnknownConversationError):
        loaded(made).key_for(TWO)


def test_a_crash_in_the_middle_of_an_erasure_is_finished_at_the_next_opening(made: Path) -> None:
    one = three_saved(made)
    before = snapshot(made)
    one.drop(TWO)
    one.save()
    (made / KEYRING_NAMES[1]).write_bytes(before[KEYRING_NAMES[1]])
    again = loaded(made, least=one.generation)
    assert (again.has(TWO), again.broken_copies) == (False, ())
    again.repair()
    for name in KEYRING_NAMES:
        copy = again._format.parse((made / name).read_bytes())
        assert copy is not None
        assert set(copy.state.keys) == {ONE, THREE}


def test_a_new_index_key_replaces_the_old_one_in_both_copies(made: Path) -> None:
    one = three_saved(made)
    old = one.index_key
    new = one.rotate_index_key()
    one.save()
    assert new != old
    for name in KEYRING_NAMES:
        copy = one._format.parse((made / name).read_bytes())
        assert copy is not None
        assert (copy.state.index_key, len(copy.ends)) == (new, 1)


def test_no_key_stands_in_the_clear_and_none_shows(made: Path) -> None:
    one = three_saved(made)
    for data in snapshot(made).values():
        assert one.key_for(ONE) not in data
        assert ONE.encode() not in data
    assert repr(one) == "<Keyring hidden>"
    assert repr(one._format) == "<RingFormat hidden>"
