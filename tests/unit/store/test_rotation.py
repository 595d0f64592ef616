"""A new vault key: everything is there under it, the old one opens nothing, and whatever goes wrong changes nothing."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.crypto.passwords import FLOOR
from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId, PersonId
from app.domain.office import Person, Role
from app.services.desk import Desk
from app.services.vaults import VaultService
from app.store import cipher
from app.store.cipher import Access, CipherKey, Durability, connect
from app.store.errors import (
    DiskFailedError,
    DiskFullError,
    NotAllowedError,
    VaultBusyError,
    VaultDamagedError,
    WrongPasswordError,
)
from app.store.keyring import KEYRING_NAMES, Keyring
from app.store.latch import WriteLatch
from app.store.rotation import RotationPoint, rotate
from app.store.rotation_files import NEW_NAME, READY_NAME, settle_rotation
from app.store.slots import Unlocked
from app.store.vault import INDEX_NAME, VAULT_NAME, VaultFiles
from tests.support.desks import TemporaryDesk
from tests.support.people import desk_of, open_as
from tests.support.small_disk import files_at_most
from tests.support.vaults import snapshot

NORA = Person(PersonId("nora"), "Nora Beck", Role.FRONT_DESK)
NORAS = "seven herons over a slate roof"
NOW_MS = 1_795_000_900_000


@dataclass(frozen=True)
class Office:
    """A vault with a conversation, and what Nora kept when she was let go."""

    directory: Path
    cid: ConversationId
    kept: Unlocked
    mara: Unlocked


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Office:
    place = TemporaryDesk(tmp_path_factory.mktemp("office"))
    with place.opened() as desk:
        cid = desk.conversations.start("Ada Quill", Origin.PHONE, "My ankle is worse.")
        desk.conversations.add_note(cid, "Called back.")
        desk.vault.people.add(NORA, NORAS, kdf=FLOOR, must_change=False)
        assert desk.conversations.search("ankle")
        mara = desk.vault.people.unlocked
    with VaultFiles.open(place.store.directory, NORAS, NORA.person_id) as vault:
        kept = vault.people.unlocked
    return Office(place.store.directory, cid, kept, mara)


@pytest.fixture
def office(template: Office, tmp_path: Path) -> Office:
    """A copy for one test."""
    _copy(template.directory, tmp_path / "vault")
    return replace(template, directory=tmp_path / "vault")


def let_nora_go(office: Office) -> Desk:
    desk = desk_of(office.directory, office.mara)
    desk.vault.people.disable(NORA.person_id)
    return desk


def require_whole(office: Office, epoch: int) -> None:
    """Look at everything and close the vault as it is: closing the desk would carry out a rotation that is due."""
    desk = desk_of(office.directory, office.mara)
    try:
        texts = [item.text for item in desk.conversations.thread(office.cid).items[1:]]
        assert texts == ["My ankle is worse.", "Called back."]
        assert len(desk.conversations.search("ankle")) == 1
        assert desk.vault.people.unlocked.file.epoch == epoch
        assert VaultService().verify(desk).is_sound
        assert desk.vault.repairs == ()
    finally:
        desk.vault.close()
    assert not (office.directory / NEW_NAME).exists()
    assert not (office.directory / READY_NAME).exists()


def test_everything_is_there_under_the_new_key_and_the_log_tells_of_it(office: Office) -> None:
    desk = let_nora_go(office)
    rotate(desk.vault, NOW_MS)
    require_whole(office, epoch=2)
    with desk_of(office.directory, office.mara) as desk:
        told = [event for event in desk.ledger.log.read(OFFICE) if event.kind is EventKind.KEYS_ROTATED]
        assert [(event.body, event.wall_ms) for event in told] == [({"epoch": 2}, NOW_MS)]
        assert not desk.vault.people.is_rotation_due


def test_what_was_kept_opens_none_of_the_new_files(office: Office) -> None:
    before = {name: (office.directory / name).read_bytes() for name in (VAULT_NAME, INDEX_NAME, *KEYRING_NAMES)}
    rotate(let_nora_go(office).vault, NOW_MS)
    old = office.kept.keys
    for name, data in before.items():
        assert (office.directory / name).read_bytes()[:16] != data[:16] or name in KEYRING_NAMES
    with pytest.raises(VaultDamagedError):
        connect(office.directory / VAULT_NAME, CipherKey(old.database), Access.READ, Durability.FULL)
    with pytest.raises(WrongPasswordError):
        VaultFiles.open(office.directory, NORAS, NORA.person_id)
    with open_as(office.directory, office.mara.person.person_id, office.mara.seed) as vault:
        ring = Keyring(office.directory, old.vault_key, vault.vault_id, vault.head, WriteLatch())
        with pytest.raises(VaultDamagedError):
            ring.load(0)
        assert vault.people.unlocked.vault_key != old.vault_key


def test_a_second_rotation_works_as_the_first(office: Office) -> None:
    rotate(let_nora_go(office).vault, NOW_MS)
    desk = desk_of(office.directory, office.mara)
    desk.vault.people.ask_for_rotation()
    rotate(desk.vault, NOW_MS + 1)
    require_whole(office, epoch=3)


def test_somebody_else_cannot_rotate_and_the_vault_stays_open(office: Office) -> None:
    with desk_of(office.directory, office.kept) as desk:
        with pytest.raises(NotAllowedError):
            rotate(desk.vault, NOW_MS)
        desk.conversations.add_note(office.cid, "Still here.")


def test_a_reader_in_the_way_puts_it_off(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "_BUSY_TIMEOUT_MS", 50)  # how long a checkpoint waits for readers, 5 s otherwise
    desk = let_nora_go(office)
    with desk.vault.connect().connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM event").one()
        desk.conversations.add_note(office.cid, "Called back.")
        with pytest.raises(VaultBusyError):
            rotate(desk.vault, NOW_MS)
    with desk_of(office.directory, office.mara) as desk:
        assert desk.vault.people.is_rotation_due
        assert desk.vault.people.unlocked.file.epoch == 1


def test_a_full_disk_leaves_the_old_vault_and_the_rotation_due(office: Office) -> None:
    desk = let_nora_go(office)
    size = (office.directory / VAULT_NAME).stat().st_size
    with files_at_most(size // 2), pytest.raises((DiskFullError, DiskFailedError)):
        rotate(desk.vault, NOW_MS)
    require_whole(office, epoch=1)
    with desk_of(office.directory, office.mara) as desk:
        assert desk.vault.people.is_rotation_due


def test_a_copy_that_is_not_the_same_is_thrown_away(office: Office) -> None:
    desk = let_nora_go(office)

    def spoil(point: RotationPoint) -> None:
        if point is RotationPoint.WRITTEN:
            path = office.directory / NEW_NAME / VAULT_NAME
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(bytes(data))

    with pytest.raises(VaultDamagedError):
        rotate(desk.vault, NOW_MS, spoil)
    require_whole(office, epoch=1)


@pytest.mark.parametrize("point", RotationPoint)
def test_whatever_stops_it_at_any_point_leaves_the_old_vault_or_the_new_one(
    office: Office, point: RotationPoint, tmp_path: Path
) -> None:
    """The files as they lay on the disk at that point are taken away and opened, as after a power cut."""
    copies: list[Path] = []
    desk = let_nora_go(office)

    def look(now: RotationPoint) -> None:
        if now is point:
            copies.append(tmp_path / f"copy{len(copies)}")
            _copy(office.directory, copies[-1])

    rotate(desk.vault, NOW_MS, look)
    assert copies
    is_new = point in {RotationPoint.READY, RotationPoint.MOVED, RotationPoint.DONE}
    for copy in copies if len(copies) == 1 else (copies[0], copies[3], copies[-1]):
        require_whole(Office(copy, office.cid, office.kept, office.mara), epoch=2 if is_new else 1)


def test_what_is_half_built_is_thrown_away_and_nothing_else(office: Office) -> None:
    before = snapshot(office.directory)
    (office.directory / NEW_NAME).mkdir()
    (office.directory / NEW_NAME / VAULT_NAME).write_bytes(b"half a database")
    settle_rotation(office.directory)
    assert snapshot(office.directory) == before


def test_a_link_in_the_place_of_a_rotation_is_not_followed(office: Office, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "slots.json").write_bytes(b"{}")
    before = snapshot(office.directory)
    (office.directory / READY_NAME).symlink_to(elsewhere)
    settle_rotation(office.directory)
    (office.directory / READY_NAME).unlink()
    assert snapshot(office.directory) == before
    assert (elsewhere / "slots.json").exists()


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target)
    target.chmod(0o700)
