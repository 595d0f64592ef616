"""A vault on disk: made whole or not at all, opened after every check, refused without a trace.

Every refusal is its own error and changes nothing: ``refused`` compares the folder byte by byte before and after.
"""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.crypto.passwords import FLOOR, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.store import migrate
from app.store import vault as vault_module
from app.store.cipher import BEGIN_IMMEDIATE, Access, CipherKey, connect
from app.store.errors import (
    DiskFailedError,
    DiskFullError,
    KdfDowngradeError,
    NewerSchemaError,
    NotEncryptedError,
    SlotFileDamagedError,
    SlotFileMissingError,
    StoreError,
    VaultBusyError,
    VaultDamagedError,
    VaultExistsError,
    VaultExposedError,
    VaultMissingError,
    VaultRolledBackError,
    WeakPasswordError,
    WrongPasswordError,
    WrongRecoveryCodeError,
)
from app.store.log import EventLog
from app.store.logged import NewEvent
from app.store.open_vault import OpenVault, Repair
from app.store.slot_records import SlotFile
from app.store.vault import INDEX_NAME, SLOTS_NAME, VAULT_NAME, VaultFiles
from tests.support.small_disk import files_at_most
from tests.support.vaults import PASSWORD, PERSON_NAME, TemporaryStore, snapshot

REPOSITORY = Path(__file__).parents[3]
CID = ConversationId("01CONVERSATION")
EVERY_FILE = {
    "head.a",
    "head.b",
    "index.db",
    "keyring.a",
    "keyring.b",
    "lock",
    "slots.json",
    "vault.db",
}


@pytest.fixture
def store(tmp_path: Path) -> TemporaryStore:
    return TemporaryStore(tmp_path)


def write(vault: OpenVault, number: int = 1) -> None:
    """Append ``number`` received messages, each its own transaction."""
    log = EventLog.open(vault)
    if not vault.keyring.has(CID):
        vault.keyring.add(CID)
        body = {"contact_name": "Tom Weber", "origin": "phone"}
        log.append([NewEvent(CID, EventKind.CONVERSATION_OPENED, body)], now_ms=1)
    for _ in range(number):
        body = {"text": "May I come on Friday?", "written_ms": 1}
        log.append([NewEvent(CID, EventKind.MESSAGE_RECEIVED, body)], now_ms=2)


@contextmanager
def refused(directory: Path, error: type[StoreError]) -> Iterator[None]:
    """Assert that the block is refused with exactly this error and leaves every byte and every name as it was."""
    before = snapshot(directory) if directory.is_dir() else None
    with pytest.raises(StoreError) as raised:
        yield
    assert type(raised.value) is error
    assert (snapshot(directory) if directory.is_dir() else None) == before


def drop_every_table(store: TemporaryStore) -> None:
    """Make of the database what it was before its first migration."""
    raw = connect(store.directory / VAULT_NAME, CipherKey(store.unlocked.keys.database), Access.WRITE)
    names = [row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for name in (name for name in names if not name.startswith("sqlite_")):  # SQLite keeps what is its own
        raw.execute(f'DROP TABLE "{name}"')
    raw.close()


# --- making ---------------------------------------------------------------------------------------------------------


def test_a_new_vault_is_private_complete_and_opens_both_ways(store: TemporaryStore) -> None:
    assert set(snapshot(store.directory)) == EVERY_FILE
    assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in store.directory.iterdir()} == {0o600}
    with VaultFiles.open(store.directory, store.password) as vault:
        assert vault.person.display_name == PERSON_NAME
        vault_id = vault.vault_id
    with VaultFiles.open_with_recovery(store.directory, store.code) as vault:
        assert vault.vault_id == vault_id
    assert set(snapshot(store.directory)) == EVERY_FILE


@pytest.mark.parametrize("name", ["slots.json", "notes.txt"])
def test_a_vault_is_never_made_over_something(tmp_path: Path, name: str) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / name).write_text("precious")
    with refused(tmp_path, VaultExistsError):
        VaultFiles.create(tmp_path / "vault", password=PASSWORD, person_name=PERSON_NAME, now_ms=1)


def test_a_vault_is_never_made_with_cheap_stretching(tmp_path: Path) -> None:
    with refused(tmp_path, KdfDowngradeError):
        VaultFiles.create(
            tmp_path / "vault", password=PASSWORD, person_name=PERSON_NAME, now_ms=1, kdf=KdfParameters(1, 8)
        )


@pytest.mark.parametrize("password", ["", "kX9#qLm2$vBn7!", "passwordpassword", f"{PERSON_NAME} {PERSON_NAME}"])
def test_a_vault_is_never_made_with_a_password_that_guessers_try_first(tmp_path: Path, password: str) -> None:
    with refused(tmp_path, WeakPasswordError):
        VaultFiles.create(tmp_path / "vault", password=password, person_name=PERSON_NAME, now_ms=1)


def test_when_the_disk_fills_while_making_nothing_is_left(
    tmp_path: Path, store: TemporaryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(tmp_path)
    # Only the stretching is skipped: the slot file is the template's.
    monkeypatch.setattr(vault_module, "make_slot_file", lambda *_: store.unlocked)
    with files_at_most(20_000), pytest.raises((DiskFullError, DiskFailedError)):
        VaultFiles.create(tmp_path / "other", password=store.password, person_name="Mara Lind", now_ms=1)
    assert snapshot(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == {"vault"}


# --- refusing -------------------------------------------------------------------------------------------------------


def _plain_sqlite(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE t (a)")
    plain.close()


def _flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def _cheapen(path: Path) -> None:
    file = SlotFile.decode(path.read_bytes())
    slots = (replace(file.slots[0], kdf=KdfParameters(1, 8)), *file.slots[1:])
    path.write_bytes(replace(file, slots=slots).encode())


BEFORE_THE_KEY: dict[str, tuple[type[StoreError], Callable[[Path], object]]] = {
    "folder missing": (VaultMissingError, shutil.rmtree),
    "folder empty": (VaultMissingError, lambda folder: [path.unlink() for path in folder.iterdir()]),
    "folder open to others": (VaultExposedError, lambda folder: folder.chmod(0o755)),
    "slot file missing": (SlotFileMissingError, lambda folder: (folder / SLOTS_NAME).unlink()),
    "slot file damaged": (SlotFileDamagedError, lambda folder: _flip(folder / SLOTS_NAME, 100)),
    "slot file empty": (SlotFileDamagedError, lambda folder: (folder / SLOTS_NAME).write_bytes(b"")),
    "slot asks for less work": (KdfDowngradeError, lambda folder: _cheapen(folder / SLOTS_NAME)),
    "database missing": (VaultDamagedError, lambda folder: (folder / VAULT_NAME).unlink()),
    "database empty": (VaultDamagedError, lambda folder: (folder / VAULT_NAME).write_bytes(b"")),
    "plain database": (NotEncryptedError, lambda folder: _plain_sqlite(folder / VAULT_NAME)),
    "plain index": (NotEncryptedError, lambda folder: _plain_sqlite(folder / INDEX_NAME)),
}


@pytest.mark.parametrize("case", BEFORE_THE_KEY)
def test_what_is_wrong_before_the_key_is_refused_by_its_own_error(store: TemporaryStore, case: str) -> None:
    error, spoil = BEFORE_THE_KEY[case]
    spoil(store.directory)
    with refused(store.directory, error):
        VaultFiles.open(store.directory, store.password)


def test_a_wrong_password_is_refused(store: TemporaryStore) -> None:
    with refused(store.directory, WrongPasswordError):
        VaultFiles.open(store.directory, store.password + "!")


def test_another_vaults_recovery_code_is_refused(store: TemporaryStore) -> None:
    with refused(store.directory, WrongRecoveryCodeError):
        VaultFiles.open_with_recovery(store.directory, RecoveryCode.generate())


def test_a_slot_file_with_a_mended_checksum_is_refused(store: TemporaryStore) -> None:
    file = SlotFile.decode((store.directory / SLOTS_NAME).read_bytes())
    (store.directory / SLOTS_NAME).write_bytes(replace(file, generation=9).encode())
    with refused(store.directory, SlotFileDamagedError):
        VaultFiles.open_with_recovery(store.directory, store.code)


AFTER_THE_KEY: dict[str, tuple[type[StoreError], Callable[[Path], object]]] = {
    "both heads damaged": (
        VaultDamagedError,
        lambda folder: [_flip(folder / name, 20) for name in ("head.a", "head.b")],
    ),
    "both heads missing": (
        VaultDamagedError,
        lambda folder: [(folder / name).unlink() for name in ("head.a", "head.b")],
    ),
    "both keyrings damaged": (
        VaultDamagedError,
        lambda folder: [_flip(folder / name, 20) for name in ("keyring.a", "keyring.b")],
    ),
    "page 1 damaged": (VaultDamagedError, lambda folder: _flip(folder / VAULT_NAME, 100)),
    "database cut short": (VaultDamagedError, lambda folder: os.truncate(folder / VAULT_NAME, 4096 * 3)),
    "random bytes": (VaultDamagedError, lambda folder: (folder / VAULT_NAME).write_bytes(os.urandom(65536))),
}


@pytest.mark.parametrize("case", AFTER_THE_KEY)
def test_what_is_wrong_behind_the_key_is_refused_by_its_own_error(store: TemporaryStore, case: str) -> None:
    with store.open() as vault:
        write(vault)
    error, spoil = AFTER_THE_KEY[case]
    spoil(store.directory)
    with refused(store.directory, error):
        store.open()


def test_a_vault_of_a_newer_program_is_refused(store: TemporaryStore) -> None:
    with (
        store.open() as vault,
        vault.connect().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as one,
        one.begin(),
    ):
        one.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with refused(store.directory, NewerSchemaError):
        store.open()


def test_a_vault_that_another_console_holds_is_refused_and_free_again_after_closing(store: TemporaryStore) -> None:
    vault = store.open()
    with pytest.raises(VaultBusyError):
        VaultFiles.open(store.directory, store.password)
    vault.close()
    store.open().close()


def test_the_lock_of_a_killed_console_is_free(store: TemporaryStore) -> None:
    script = (
        "import sys, os\nfrom pathlib import Path\nfrom app.store.folder_lock import FolderLock\n"
        "lock = FolderLock.acquire(Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(store.directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(VaultBusyError):
            store.open()
        holder.kill()
    store.open().close()


def test_a_refusal_lets_go_of_the_lock(store: TemporaryStore) -> None:
    with pytest.raises(WrongRecoveryCodeError):
        VaultFiles.open_with_recovery(store.directory, RecoveryCode.generate())
    store.open().close()


# --- new passwords --------------------------------------------------------------------------------------------------

NEW_PASSWORD = "seven herons over a slate roof"


def test_after_a_new_password_the_old_one_is_wrong_and_the_old_slot_file_is_noticed(store: TemporaryStore) -> None:
    old = (store.directory / SLOTS_NAME).read_bytes()
    with VaultFiles.open_with_recovery(store.directory, store.code) as vault:
        (mara,) = vault.password_holders
        assert mara.display_name == PERSON_NAME
        vault.people.set_password(mara.person_id, NEW_PASSWORD, kdf=FLOOR)
        write(vault, 1)
    with refused(store.directory, WrongPasswordError):
        VaultFiles.open(store.directory, store.password)
    with VaultFiles.open(store.directory, NEW_PASSWORD) as vault:
        assert vault.person == mara
        assert len(EventLog.open(vault).read(CID)) == 2
    (store.directory / SLOTS_NAME).write_bytes(old)
    with refused(store.directory, VaultRolledBackError):
        VaultFiles.open_with_recovery(store.directory, store.code)


def test_a_weak_new_password_and_a_full_disk_leave_the_old_one(store: TemporaryStore) -> None:
    with store.open() as vault:
        with pytest.raises(WeakPasswordError):
            vault.people.set_password(vault.person.person_id, "passwordpassword", kdf=FLOOR)
        with files_at_most(600), pytest.raises(DiskFullError):
            vault.people.set_password(vault.person.person_id, NEW_PASSWORD, kdf=FLOOR)
        assert vault.is_stopped
    assert store.unlocked.file.encode() == (store.directory / SLOTS_NAME).read_bytes()


# --- rolled back ----------------------------------------------------------------------------------------------------


@pytest.fixture
def killed(store: TemporaryStore, tmp_path: Path) -> TemporaryStore:
    """What a killed process leaves: five messages acknowledged, all of them only in the WAL."""
    vault = store.open()
    write(vault, 5)
    image = store.copy_to(tmp_path / "killed")
    vault.close()
    return image


def test_after_a_kill_everything_acknowledged_is_there(killed: TemporaryStore) -> None:
    assert (killed.directory / "vault.db-wal").stat().st_size > 0
    with killed.open() as vault:
        assert len(EventLog.open(vault).read(CID)) == 6
        assert vault.repairs == ()


def test_a_lost_log_is_noticed(killed: TemporaryStore) -> None:
    (killed.directory / "vault.db-wal").unlink()
    with refused(killed.directory, VaultRolledBackError):
        killed.open()


def test_a_lost_log_and_its_index_are_noticed(killed: TemporaryStore) -> None:
    (killed.directory / "vault.db-wal").unlink()
    (killed.directory / "vault.db-shm").unlink(missing_ok=True)
    with refused(killed.directory, VaultRolledBackError):
        killed.open()


def test_a_log_whose_tail_is_lost_is_noticed(killed: TemporaryStore) -> None:
    log = killed.directory / "vault.db-wal"
    os.truncate(log, log.stat().st_size - 4096 - 24)
    with refused(killed.directory, VaultRolledBackError):
        killed.open()


def test_an_old_database_put_back_is_noticed(store: TemporaryStore) -> None:
    with store.open() as vault:
        write(vault, 2)
    old = (store.directory / VAULT_NAME).read_bytes()
    with store.open() as vault:
        write(vault, 1)
    (store.directory / VAULT_NAME).write_bytes(old)
    with refused(store.directory, VaultRolledBackError):
        store.open()


def test_a_database_without_its_tables_is_not_taken_for_an_older_schema(store: TemporaryStore) -> None:
    with store.open() as vault:
        write(vault, 2)
    drop_every_table(store)
    with refused(store.directory, VaultDamagedError):
        store.open()


def test_an_old_keyring_put_back_is_noticed(store: TemporaryStore) -> None:
    old = snapshot(store.directory)
    with store.open() as vault:
        write(vault, 1)
    for name in ("keyring.a", "keyring.b"):
        (store.directory / name).write_bytes(old[name])
    with refused(store.directory, VaultRolledBackError):
        store.open()


def test_an_old_slot_file_put_back_is_noticed(store: TemporaryStore) -> None:
    with store.open() as vault:
        vault.head.note_slots(2)
    with refused(store.directory, VaultRolledBackError):
        store.open()


def test_a_database_from_a_fork_of_the_same_vault_is_noticed(store: TemporaryStore, tmp_path: Path) -> None:
    fork = store.copy_to(tmp_path / "fork")
    for one in (store, fork):
        with one.open() as vault:
            write(vault, 3)
    shutil.copy(fork.directory / VAULT_NAME, store.directory / VAULT_NAME)
    with refused(store.directory, VaultDamagedError):
        store.open()


def test_a_commit_whose_head_was_never_written_is_accepted(store: TemporaryStore) -> None:
    with store.open() as vault:
        write(vault, 2)
    old = snapshot(store.directory)
    with store.open() as vault:
        write(vault, 1)
    for name in ("head.a", "head.b"):
        (store.directory / name).write_bytes(old[name])
    with store.open() as vault:
        assert EventLog.open(vault).tail().seq == 4
        assert vault.head.expected[0] == 4


# --- surviving ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["head.a", "head.b", "keyring.a", "keyring.b"])
@pytest.mark.parametrize("spoil", [lambda path: _flip(path, 20), Path.unlink, lambda path: path.write_bytes(b"")])
def test_one_broken_copy_is_survived_repaired_and_told(
    store: TemporaryStore, name: str, spoil: Callable[[Path], object]
) -> None:
    with store.open() as vault:
        write(vault, 4)
    spoil(store.directory / name)
    with store.open() as vault:
        assert vault.repairs == (Repair(name),)
        assert len(EventLog.open(vault).read(CID)) == 5
    with store.open() as vault:
        assert vault.repairs == ()
        assert vault.verify_files().is_sound


def test_an_unreadable_index_comes_back_empty_under_a_new_key(store: TemporaryStore) -> None:
    _flip(store.directory / INDEX_NAME, 100)
    with store.open() as vault:
        old = vault.keyring.index_key
        with vault.index_engine().connect() as one:
            assert one.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one() == 0
        assert vault.keyring.index_key != old
        assert vault.repairs == (Repair(INDEX_NAME),)


def test_a_renewed_index_leaves_nothing_of_the_old_one(store: TemporaryStore) -> None:
    with store.open() as vault:
        with vault.index_engine().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as one, one.begin():
            one.exec_driver_sql("CREATE VIRTUAL TABLE f USING fts5(word)")
        old = snapshot(store.directory)["index.db"]
        with vault.renew_index().connect() as one:
            assert one.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one() == 0
        assert snapshot(store.directory)["index.db"][:16] != old[:16]
    with store.open() as vault:
        vault.index_engine()
        assert vault.repairs == ()


def test_a_lost_index_is_made_anew(store: TemporaryStore) -> None:
    (store.directory / INDEX_NAME).unlink()
    with store.open() as vault:
        vault.index_engine()
        assert vault.repairs == (Repair(INDEX_NAME),)


def test_an_older_schema_is_brought_up_to_date(store: TemporaryStore) -> None:
    drop_every_table(store)
    with store.open() as vault:
        assert migrate.is_current(vault.connect())
        write(vault)


def test_unlocking_does_not_import_alembic(store: TemporaryStore) -> None:
    """It costs about as much as unlocking may take in all."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom app.store.vault import VaultFiles\n"
        "from app.crypto.recovery_code import RecoveryCode\n"
        "VaultFiles.open_with_recovery(Path(sys.argv[1]), RecoveryCode.parse(sys.argv[2])).close()\n"
        "assert 'app.store.open_vault' in sys.modules\n"
        "assert not [name for name in sys.modules if name.startswith('alembic')]\n"
    )
    subprocess.run([sys.executable, "-c", script, str(store.directory), str(store.code)], check=True, cwd=REPOSITORY)


# --- closing and the disk -------------------------------------------------------------------------------------------


def test_closing_folds_the_log_and_leaves_only_the_vaults_files(store: TemporaryStore) -> None:
    vault = store.open()
    write(vault, 3)
    vault.index_engine()
    vault.close()
    vault.close()
    assert set(snapshot(store.directory)) == EVERY_FILE


def test_after_the_disk_failed_once_nothing_is_acknowledged_until_reopened(store: TemporaryStore) -> None:
    vault = store.open()
    write(vault, 1)
    size = (store.directory / "vault.db-wal").stat().st_size
    with files_at_most(size), pytest.raises((DiskFullError, DiskFailedError)):
        write(vault, 1)
    assert vault.is_stopped
    with pytest.raises((DiskFullError, DiskFailedError)):
        write(vault, 1)
    vault.close()
    with store.open() as again:
        assert len(EventLog.open(again).read(CID)) == 2
        write(again, 1)
        assert len(EventLog.open(again).read(CID)) == 3


def test_nothing_of_a_message_stands_on_the_disk_and_secret_holders_show_nothing(store: TemporaryStore) -> None:
    vault = store.open()
    write(vault, 3)
    image = snapshot(store.directory)
    assert repr(vault) == "<OpenVault hidden>"
    vault.close()
    for data in (*image.values(), *snapshot(store.directory).values()):
        for secret in (b"Friday", b"Tom Weber", store.unlocked.vault_key, store.code.secret):
            assert secret not in data


def test_the_recovery_code_can_be_tried_while_the_vault_is_open(store: TemporaryStore) -> None:
    with store.open():
        VaultFiles.check_recovery_code(store.directory, store.code)
        with pytest.raises(WrongRecoveryCodeError):
            VaultFiles.check_recovery_code(store.directory, RecoveryCode.generate())
