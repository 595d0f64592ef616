"""One flipped bit, wherever it is, is reported: when the vault is opened, or by the full check.

Reported means: opening refuses, or opening says that it repaired something, or the check of log and files finds it.
SQLCipher alone reports none of the flips in the write-ahead log (threat-model.md §8, measured).
"""

import random
import shutil
from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.services.desk import Desk
from app.store.cipher import Access, CipherKey, connect
from app.store.errors import StoreError
from app.store.inspection import PAGE_BYTES, FileTrouble
from app.store.log import EventLog
from app.store.open_vault import INDEX_NAME, VAULT_NAME
from app.store.upkeep import verify_log
from tests.support.desks import TemporaryDesk
from tests.support.vaults import TemporaryStore

SEED = 20_261_124
WAL_PLACES = 100
WAL_HEADER_BYTES = 32
FRAME_BYTES = 24 + PAGE_BYTES


def spoken(store: TemporaryStore) -> list[str]:
    """What a person would hear about the vault; nothing when all is well."""
    try:
        vault = store.open()
    except StoreError as error:
        return [error.code]
    with vault:
        found = [f"repaired {repair.file_name}" for repair in vault.repairs]
        try:
            log = EventLog.open(vault)
            report = verify_log(log, vault, lambda _done, _total: None)
        except StoreError as error:
            return [*found, error.code]
        found += [problem.fault.value for problem in report.problems]
        found += [] if report.stale_projections == 0 else ["stale"]
        return found + [problem.trouble.value for problem in vault.verify_files().problems]


def flip(path: Path, place: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> TemporaryDesk:
    """A small vault: three conversations, a reply, a note, something unsent, the index built."""
    made = TemporaryDesk(tmp_path_factory.mktemp("bits"))
    with made.opened() as one:
        for name in ("Tom Weber", "Ada Brandt", "Luis Ortega"):
            cid = one.conversations.start(name, Origin.PHONE, f"{name} asks whether Friday is free. " * 20)
            one.conversations.receive(cid, "And what does a visit cost?")
            one.conversations.release_reply(one.conversations.hold_reply(cid, "Friday at nine is free.", None).held_id)
            one.conversations.add_note(cid, "Prefers mornings.")
        one.conversations.search("friday")
    return made


@pytest.fixture(scope="module")
def killed(desk: TemporaryDesk, tmp_path_factory: pytest.TempPathFactory) -> TemporaryStore:
    """The same vault as a killed process leaves it: the newest messages are only in the write-ahead log."""
    with desk.opened() as one:
        cid = one.conversations.start("Nora Beck", Origin.WALK_IN, "Is there a ramp at the door?")
        for _ in range(5):
            one.conversations.receive(cid, "I am still waiting for an answer. " * 10)
        return desk.store.copy_to(tmp_path_factory.mktemp("killed") / "vault")


def test_an_untouched_vault_is_sound(desk: TemporaryDesk, killed: TemporaryStore, tmp_path: Path) -> None:
    assert spoken(desk.store.copy_to(tmp_path / "closed")) == []
    assert spoken(killed.copy_to(tmp_path / "killed")) == []


@pytest.mark.parametrize("name", [VAULT_NAME, INDEX_NAME])
def test_one_bit_flipped_in_every_page_is_always_reported(desk: TemporaryDesk, tmp_path: Path, name: str) -> None:
    dice = random.Random(SEED)
    pages = (desk.store.directory / name).stat().st_size // PAGE_BYTES
    assert pages > 5
    unheard = []
    for page in range(pages):
        copy = desk.store.copy_to(tmp_path / f"page-{page}")
        flip(copy.directory / name, page * PAGE_BYTES + dice.randrange(PAGE_BYTES), dice.randrange(8))
        if not spoken(copy):
            unheard.append(page)
        shutil.rmtree(copy.directory)
    assert unheard == []


@pytest.mark.parametrize("name", [VAULT_NAME, INDEX_NAME])
def test_a_flip_in_the_salt_is_reported_although_sqlcipher_never_reads_it(
    desk: TemporaryDesk, tmp_path: Path, name: str
) -> None:
    for place in range(16):
        copy = desk.store.copy_to(tmp_path / f"salt-{place}")
        flip(copy.directory / name, place, place % 8)
        assert FileTrouble.SALT.value in spoken(copy)


@pytest.mark.parametrize("name", ["slots.json", "keyring.a", "keyring.b", "head.a", "head.b"])
def test_one_bit_flipped_in_a_small_file_is_always_reported(desk: TemporaryDesk, tmp_path: Path, name: str) -> None:
    dice = random.Random(SEED)
    size = (desk.store.directory / name).stat().st_size
    for number in range(25):
        copy = desk.store.copy_to(tmp_path / f"flip-{number}")
        flip(copy.directory / name, dice.randrange(size), dice.randrange(8))
        assert spoken(copy) != []
        shutil.rmtree(copy.directory)


def test_a_small_file_that_goes_bad_under_an_open_vault_is_found_by_the_check(
    desk: TemporaryDesk, tmp_path: Path
) -> None:
    copy = desk.store.copy_to(tmp_path / "vault")
    with copy.open() as vault:
        for name in ("slots.json", "keyring.a", "keyring.b", "head.a", "head.b"):
            flip(copy.directory / name, 60, 0)
        found = {(problem.file_name, problem.trouble) for problem in vault.verify_files().problems}
    assert found == {(name, FileTrouble.COPY) for name in ("slots.json", "keyring.a", "keyring.b", "head.a", "head.b")}


def test_one_bit_flipped_in_a_hundred_places_of_the_log_is_always_reported(
    killed: TemporaryStore, tmp_path: Path
) -> None:
    dice = random.Random(SEED)
    size = (killed.directory / "vault.db-wal").stat().st_size
    assert size > 20 * FRAME_BYTES
    places = [*range(0, WAL_HEADER_BYTES, 4), *range(WAL_HEADER_BYTES, WAL_HEADER_BYTES + 24, 3)]
    places += [dice.randrange(size) for _ in range(WAL_PLACES - len(places))]
    unheard = []
    for place in places:
        copy = killed.copy_to(tmp_path / f"place-{place}")
        flip(copy.directory / "vault.db-wal", place, dice.randrange(8))
        if not spoken(copy):
            unheard.append(place)
        shutil.rmtree(copy.directory)
    assert unheard == []


def test_a_log_cut_at_any_frame_is_always_reported(killed: TemporaryStore, tmp_path: Path) -> None:
    data = (killed.directory / "vault.db-wal").read_bytes()
    frames = (len(data) - WAL_HEADER_BYTES) // FRAME_BYTES
    for kept in range(frames):
        copy = killed.copy_to(tmp_path / f"kept-{kept}")
        (copy.directory / "vault.db-wal").write_bytes(data[: WAL_HEADER_BYTES + kept * FRAME_BYTES])
        assert spoken(copy) == ["vault_rolled_back"]
        shutil.rmtree(copy.directory)


def test_a_flip_in_a_log_that_was_folded_but_not_emptied_is_reported(desk: TemporaryDesk, tmp_path: Path) -> None:
    """The worst case: the dropped frames leave older pages standing in front of newer ones."""
    copy = desk.store.copy_to(tmp_path / "vault")
    with copy.open() as vault:
        log = EventLog.open(vault)
        assert log.tail().seq > 0
        raw = connect(copy.directory / VAULT_NAME, CipherKey(copy.unlocked.keys.database), Access.WRITE)
        for number in range(5):
            raw.execute("UPDATE conversation SET unread_count = ?", (number,))
        raw.execute("PRAGMA wal_checkpoint(PASSIVE)")
        image = copy.copy_to(tmp_path / "image")
        raw.close()
    size = (image.directory / "vault.db-wal").stat().st_size
    for place in range(0, size, size // 20):
        other = image.copy_to(tmp_path / f"place-{place}")
        flip(other.directory / "vault.db-wal", place, 3)
        assert "repaired vault.db-wal" in spoken(other)
        shutil.rmtree(other.directory)


def test_a_flip_in_the_log_of_an_open_vault_is_found_by_the_check(killed: TemporaryStore, tmp_path: Path) -> None:
    copy = killed.copy_to(tmp_path / "vault")
    with copy.open() as vault:
        EventLog.open(vault)
        log = copy.directory / "vault.db-wal"
        assert vault.verify_files().is_sound
        flip(log, log.stat().st_size // 2, 1)
        assert FileTrouble.LOG in {problem.trouble for problem in vault.verify_files().problems}


def test_an_old_page_put_back_is_always_reported(desk: TemporaryDesk, tmp_path: Path) -> None:
    """It carries a sound HMAC, so no page check sees it (threat-model.md §8, measured)."""
    old = desk.store.copy_to(tmp_path / "old")
    new = desk.store.copy_to(tmp_path / "new")
    with Desk.over(new.open(), desk.clock) as one:
        cid = one.conversations.start("Emil Hahn", Origin.PHONE, "Do you take my insurance?")
        one.conversations.receive(cid, "It is the one with the blue card.")
    before, after = ((store.directory / VAULT_NAME).read_bytes() for store in (old, new))
    changed = [
        page
        for page in range(min(len(before), len(after)) // PAGE_BYTES)
        if before[page * PAGE_BYTES :][:PAGE_BYTES] != after[page * PAGE_BYTES :][:PAGE_BYTES]
    ]
    assert len(changed) >= 5
    unheard = []
    for page in changed:
        copy = new.copy_to(tmp_path / f"page-{page}")
        data = bytearray(after)
        data[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] = before[page * PAGE_BYTES : (page + 1) * PAGE_BYTES]
        (copy.directory / VAULT_NAME).write_bytes(data)
        if not spoken(copy):
            unheard.append(page)
        shutil.rmtree(copy.directory)
    assert unheard == []
