"""Keys held back from everybody but named people, fresh keys after somebody left, and what a restart keeps of both."""

import pytest

from app.crypto.identities import Identity, make_user_seed
from app.domain.ids import ConversationId, PersonId, VaultId
from app.store.codec import open_column, seal_column
from app.store.conversation_keys import Behind, ConversationKey, earlier_of, first_of, oldest_first
from app.store.errors import UnknownConversationError, WalledOffError
from app.store.keyring import KEYRING_NAMES, Keyring
from app.store.keyring_records import EARLIER_MAGIC, MAGIC, RingFormat
from app.store.latch import WriteLatch

KEY, VAULT = bytes(range(32)), VaultId("01VAULT")
ONE, TWO = ConversationId("01ONE"), ConversationId("01TWO")
ANN, BEN, CID = PersonId("ann"), PersonId("ben"), PersonId("cid")
SEEDS = {person: make_user_seed() for person in (ANN, BEN, CID)}


class Watcher:
    def note_keyring(self, generation, *, at_once):
        self.told = (generation, at_once)


def box_key(person):
    return Identity(SEEDS[person]).public.box_key if person in SEEDS else None


@pytest.fixture
def folder(tmp_path):
    ring(tmp_path).create()
    return tmp_path


def ring(folder):
    return Keyring(folder, KEY, VAULT, Watcher(), WriteLatch())


def opened(folder, person):
    made = ring(folder)
    made.load(0)
    made.open_walls(person, SEEDS[person])
    return made


def with_wall(folder, *people, of=ONE):
    made = opened(folder, people[0])
    first = made.add(of)
    made.save()
    made.enclose(of, people, box_key)
    made.save()
    return made, first


def test_who_is_named_has_the_key_after_the_next_opening_and_nobody_else_has(folder):
    made, first = with_wall(folder, ANN, BEN)
    for person in (ANN, BEN):
        again = opened(folder, person)
        assert again.key_for(ONE) == made.key_for(ONE) != first
        assert first_of(again.key_for(ONE)) == first
        assert again.people_behind(ONE) == (ANN, BEN)
        assert again.walled_off == frozenset()
    outside = opened(folder, CID)
    with pytest.raises(WalledOffError):
        outside.key_for(ONE)
    assert not outside.has(ONE)
    assert outside.holds(ONE)
    assert outside.walled_off == outside.walled == {ONE}
    assert outside.people_behind(ONE) == ()


def test_outside_of_a_wall_there_is_no_telling_it_from_what_never_was(folder):
    with_wall(folder, ANN)
    outside = opened(folder, CID)
    with pytest.raises(UnknownConversationError) as hidden:
        outside.key_for(ONE)
    with pytest.raises(UnknownConversationError) as never:
        outside.key_for(TWO)
    assert str(hidden.value) == str(never.value)


def test_the_open_key_is_in_neither_copy_once_a_wall_stands(folder):
    made, _first = with_wall(folder, ANN)
    for name in KEYRING_NAMES:
        copy = RingFormat(KEY, VAULT).parse((folder / name).read_bytes())
        assert copy is not None
        assert ONE not in copy.state.keys
        assert len(copy.ends) == 1
    assert made._watcher.told[1] is True


def test_a_wall_that_falls_gives_every_key_back_to_everybody(folder):
    made, _first = with_wall(folder, ANN)
    whole = oldest_first(made.key_for(ONE))
    made.disclose(ONE)
    made.save()
    assert oldest_first(opened(folder, CID).key_for(ONE)) == whole
    assert opened(folder, CID).walled == frozenset()


def test_somebody_taken_out_of_a_wall_cannot_read_what_comes_next(folder):
    made, _ = with_wall(folder, ANN, BEN)
    known = opened(folder, BEN).key_for(ONE)
    made.enclose(ONE, [ANN], box_key)
    made.save()
    fresh = opened(folder, ANN).key_for(ONE)
    assert bytes(fresh) not in oldest_first(known)
    assert bytes(known) in earlier_of(fresh)
    assert not opened(folder, BEN).has(ONE)


def test_new_keys_of_a_person_do_not_open_the_old_box_until_somebody_within_says_so(folder, monkeypatch):
    made, _ = with_wall(folder, ANN, BEN)
    monkeypatch.setitem(SEEDS, BEN, make_user_seed())
    assert not opened(folder, BEN).has(ONE)
    assert made.box_keys_of(ONE)[BEN] != box_key(BEN)
    made.enclose(ONE, made.people_behind(ONE), box_key)
    made.save()
    assert opened(folder, BEN).has(ONE)


def test_who_is_outside_cannot_move_the_wall(folder):
    with_wall(folder, ANN)
    outside = opened(folder, CID)
    for act in (lambda: outside.enclose(ONE, [CID], box_key), lambda: outside.disclose(ONE)):
        with pytest.raises(WalledOffError):
            act()
    assert opened(folder, ANN).people_behind(ONE) == (ANN,)


def test_what_is_behind_a_wall_can_be_destroyed_from_outside(folder):
    with_wall(folder, ANN)
    outside = opened(folder, CID)
    outside.drop(ONE)
    outside.save()
    assert not opened(folder, ANN).holds(ONE)


def test_a_lent_key_works_until_its_moment_and_is_never_written(folder):
    with_wall(folder, ANN)
    before = [(folder / name).read_bytes() for name in KEYRING_NAMES]
    outside, clock = opened(folder, CID), [0.0]
    found = outside.find_for(ANN, SEEDS[ANN])
    assert set(found) == {ONE}
    outside.lend(ONE, found[ONE], 10.0, lambda: clock[0])
    assert outside.key_for(ONE) == opened(folder, ANN).key_for(ONE)
    assert outside.walled_off == frozenset()
    clock[0] = 10.0
    assert not outside.has(ONE)
    clock[0] = 0.0
    assert not outside.has(ONE), "a clock that goes back gives nothing back"
    outside.save()
    assert [(folder / name).read_bytes() for name in KEYRING_NAMES] == before


def test_a_wrong_seed_finds_nothing(folder):
    with_wall(folder, ANN)
    assert opened(folder, CID).find_for(ANN, SEEDS[CID]) == {}


def test_whoever_reads_the_state_sees_no_key():
    secret = ConversationKey.of([b"a" * 32, b"b" * 32])
    assert "a" * 8 not in repr(secret)
    assert "b" * 8 not in repr(Behind(secret, ()))


def test_after_a_rotation_what_is_written_next_gets_a_fresh_key_and_what_stands_opens(folder, tmp_path):
    made, _ = with_wall(folder, ANN, BEN, of=TWO)
    first = made.add(ONE)
    office = made.add(ConversationId("office"))
    made.save()
    sealed = seal_column(first, "before", "t.c", ONE, "", 1)
    new = tmp_path / "new"
    new.mkdir()
    made.rewrapped(new, KEY, VAULT, Watcher(), WriteLatch(), keeps_key=lambda cid: cid == "office",
                   is_here=lambda person: person != BEN)  # fmt: skip
    after = opened(new, ANN)
    assert after.is_stale(ONE)
    assert after.is_stale(TWO)
    assert not after.is_stale(ConversationId("office"))
    assert after.key_for(ConversationId("office")) == office
    assert after.key_for(ONE) == first, "nothing was written yet"
    after.freshen(ONE, box_key)
    after.freshen(TWO, lambda person: None if person == BEN else box_key(person))
    after.save()
    again = opened(new, ANN)
    assert not again.is_stale(ONE)
    assert not again.is_stale(TWO)
    assert again.key_for(ONE) != first
    assert open_column(again.key_for(ONE), sealed, "t.c", ONE, "", 1) == "before"
    assert not opened(new, BEN).has(TWO)
    assert set(again.box_keys_of(TWO)) == {ANN}


def test_what_is_stale_stays_so_over_an_opening_and_a_new_conversation_is_not(folder, tmp_path):
    made = ring(folder)
    made.load(0)
    made.add(ONE)
    made.save()
    new = tmp_path / "new"
    new.mkdir()
    made.rewrapped(new, KEY, VAULT, Watcher(), WriteLatch())
    after = opened(new, ANN)
    after.add(TWO)
    after.save()
    again = opened(new, ANN)
    assert (again.is_stale(ONE), again.is_stale(TWO)) == (True, False)


def test_a_keyring_of_before_opens_and_is_written_anew_under_the_new_mark(folder, monkeypatch):
    monkeypatch.setattr("app.store.keyring_records.MAGIC", EARLIER_MAGIC)
    monkeypatch.setattr("app.store.keyring.MAGIC", EARLIER_MAGIC)
    old = ring(folder)
    for name in KEYRING_NAMES:
        (folder / name).unlink()
    old.create()
    key = old.add(ONE)
    old.save()
    monkeypatch.undo()
    assert all((folder / name).read_bytes().startswith(EARLIER_MAGIC) for name in KEYRING_NAMES)
    again = ring(folder)
    again.load(0)
    assert again.key_for(ONE) == key
    again.repair()
    assert all((folder / name).read_bytes().startswith(MAGIC) for name in KEYRING_NAMES)
    last = ring(folder)
    last.load(0)
    assert last.key_for(ONE) == key
