"""The door to SQLCipher: one regression test for each trap of threat-model.md §8 that concerns a connection."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlcipher3 import dbapi2

from app.store import cipher
from app.store.cipher import (
    BEGIN_IMMEDIATE,
    Access,
    CipherKey,
    Durability,
    connect,
    create_database,
    make_engine,
    refuse_plain_file,
)
from app.store.errors import (
    DiskFailedError,
    DiskFullError,
    NotEncryptedError,
    StoreBugError,
    StoreError,
    VaultDamagedError,
)
from tests.support.small_disk import files_at_most
from tests.support.vaults import snapshot

KEY = CipherKey(bytes(range(32)))
WORD = "zinnoberfarben"
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create_database(tmp_path / "vault.db", KEY)
    return tmp_path / "vault.db"


@pytest.fixture
def connection(path: Path) -> Iterator[Any]:
    opened = connect(path, KEY, Access.WRITE)
    yield opened
    opened.close()


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    made = make_engine(path, KEY, Durability.FULL)
    with made.connect().execution_options(begin_immediate=True) as one, one.begin():
        one.exec_driver_sql("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE)")
    yield made
    made.dispose()


# --- never plain text -----------------------------------------------------------------------------------------------


def test_a_new_database_is_encrypted_from_its_first_byte_and_private(path: Path) -> None:
    connection = connect(path, KEY, Access.WRITE)
    connection.execute("CREATE TABLE t (word TEXT)")
    connection.execute("INSERT INTO t VALUES (?)", (WORD,))
    with_log = snapshot(path.parent)
    assert set(with_log) == {"vault.db", "vault.db-wal", "vault.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    connection.close()
    for data in (*with_log.values(), *snapshot(path.parent).values()):
        assert WORD.encode() not in data
        assert b"CREATE TABLE" not in data
        assert not data.startswith(b"SQLite format 3")
    assert path.read_bytes()[:16] == KEY.salt


def test_a_plain_sqlite_file_in_place_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    plain = tmp_path / "vault.db"
    with sqlite3.connect(plain) as made:
        made.execute("CREATE TABLE t (a)")
    made.close()
    before = snapshot(tmp_path)
    for attempt in (lambda: refuse_plain_file(plain), lambda: connect(plain, KEY, Access.WRITE)):
        with pytest.raises(NotEncryptedError):
            attempt()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("access", Access)
def test_a_missing_file_is_never_created(tmp_path: Path, access: Access) -> None:
    with pytest.raises(VaultDamagedError):
        connect(tmp_path / "vault.db", KEY, access)
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("access", Access)
def test_an_empty_file_does_not_become_a_database(tmp_path: Path, access: Access) -> None:
    (tmp_path / "vault.db").touch()
    with pytest.raises(VaultDamagedError):
        connect(tmp_path / "vault.db", KEY, access)
    assert snapshot(tmp_path) == {"vault.db": b""}


@pytest.mark.parametrize("access", Access)
def test_another_key_opens_nothing_and_writes_nothing(path: Path, access: Access) -> None:
    before = snapshot(path.parent)
    with pytest.raises(VaultDamagedError):
        connect(path, CipherKey(bytes(32)), access)
    after = {name: data for name, data in snapshot(path.parent).items() if data and not name.endswith("-shm")}
    assert after == before


class _NoKey(CipherKey):
    def unlock(self, connection: Any) -> None:
        """Forget the key, as a bug would."""


def test_without_a_key_an_encrypted_file_stays_shut_and_a_new_one_is_noticed(path: Path, tmp_path: Path) -> None:
    """Signal Desktop #5097: an unkeyed open creates plain text. Ours is noticed before anything is stored."""
    with pytest.raises(VaultDamagedError):
        connect(path, _NoKey(bytes(32)), Access.WRITE)
    with pytest.raises(StoreBugError):
        create_database(tmp_path / "new.db", _NoKey(bytes(32)))


def test_a_library_that_is_not_sqlcipher_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard library's SQLite ignores the key pragma; with it, everything would be plain."""

    class Plain(sqlite3.Connection):
        def set_key(self, _: str) -> None:
            self.execute("PRAGMA key = 'ignored'")

    def plain_connect(address: str, **options: Any) -> Any:
        return sqlite3.connect(address, factory=Plain, **options)

    monkeypatch.setattr(cipher.dbapi2, "connect", plain_connect)
    with pytest.raises(StoreBugError, match="not SQLCipher"):
        connect(path, KEY, Access.WRITE)


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH DATABASE '{}' AS other KEY ''",
        "ATTACH DATABASE '{}' AS other",
        "ATTACH DATABASE ':memory:' AS other KEY ''",
        "VACUUM INTO '{}'",
        "VACUUM",
        "DETACH DATABASE main",
        "PRAGMA key = 'x'",
        "PRAGMA rekey = ''",
        "PRAGMA cipher_plaintext_header_size = 32",
        "PRAGMA cipher_log = '{}'",
        "PRAGMA cipher_log_level = TRACE",
        "PRAGMA cipher_profile = '{}'",
        "PRAGMA trusted_schema = ON",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA synchronous = OFF",
        "PRAGMA secure_delete = OFF",
        "PRAGMA mmap_size = 1000000",
        "PRAGMA temp_store_directory = '/tmp'",
        "SELECT sqlcipher_export('main')",
        "SELECT load_extension('{}')",
    ],
)
def test_sql_that_would_weaken_or_copy_the_vault_is_denied(connection: Any, tmp_path: Path, sql: str) -> None:
    before = set(tmp_path.iterdir())
    with pytest.raises(dbapi2.Error, match=r"not authorized|authorization denied"):
        connection.execute(sql.format(tmp_path / "stolen.db"))
    assert set(tmp_path.iterdir()) == before


def test_ordinary_sql_is_not_denied(connection: Any) -> None:
    connection.execute("CREATE VIRTUAL TABLE f USING fts5(word)")
    connection.execute("INSERT INTO f(f, rank) VALUES ('secure-delete', 1)")
    connection.execute("INSERT INTO f VALUES (?)", (WORD,))
    assert connection.execute("SELECT count(*) FROM f WHERE f MATCH ?", (WORD,)).fetchone() == (1,)
    assert connection.execute("PRAGMA table_info(f)").fetchall()
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_extensions_are_off_in_the_interface_as_well(connection: Any) -> None:
    with pytest.raises(dbapi2.Error, match="not authorized"):
        connection.load_extension("nothing")


def _forget_a_word(connection: Any, *, securely: bool) -> bool:
    """Index a word, remove its row, and say whether the word still stands in the pages of the index."""
    connection.execute("DROP TABLE IF EXISTS f")
    connection.execute("CREATE VIRTUAL TABLE f USING fts5(word)")
    connection.execute("INSERT INTO f(f, rank) VALUES ('secure-delete', ?)", (int(securely),))
    connection.executemany("INSERT INTO f(rowid, word) VALUES (?, ?)", [(1, WORD), (2, "harmless")])
    connection.execute("DELETE FROM f WHERE rowid = 1")
    blocks = connection.execute("SELECT block FROM f_data").fetchall()
    return any(WORD.encode() in block for (block,) in blocks)


def test_full_text_search_forgets_removed_words_only_with_its_own_option(connection: Any) -> None:
    """FTS5 keeps deleted words until a merge, whatever ``secure_delete`` says; the control shows it."""
    assert _forget_a_word(connection, securely=False)
    assert not _forget_a_word(connection, securely=True)


# --- the settings of a connection -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("temp_store", 2),
        ("mmap_size", 0),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
    ],
)
def test_every_connection_has_the_strict_settings(connection: Any, pragma: str, value: object) -> None:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    assert (row[0] if row else 0) == value  # a build without mmap answers with no row


def test_a_reading_connection_cannot_write_and_leaves_the_log_alone(path: Path) -> None:
    writer = connect(path, KEY, Access.WRITE)
    writer.execute("CREATE TABLE t (a)")
    before = snapshot(path.parent)
    reader = connect(path, KEY, Access.READ)
    with pytest.raises(dbapi2.Error, match="readonly"):
        reader.execute("INSERT INTO t VALUES (1)")
    reader.close()
    after = snapshot(path.parent)
    assert {name: after[name] for name in ("vault.db", "vault.db-wal")} == {
        name: before[name] for name in ("vault.db", "vault.db-wal")
    }
    writer.close()


def test_a_damaged_page_is_reported_and_standard_error_stays_silent(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    connection = connect(path, KEY, Access.WRITE)
    connection.execute("CREATE TABLE t (b BLOB)")
    connection.executemany("INSERT INTO t VALUES (?)", [(os.urandom(3000),) for _ in range(20)])
    connection.close()
    data = bytearray(path.read_bytes())
    data[5 * 4096 + 77] ^= 1
    path.write_bytes(data)
    engine = make_engine(path, KEY, Durability.FULL)
    with engine.connect() as one, pytest.raises(VaultDamagedError):
        one.exec_driver_sql("SELECT sum(length(b || 'x')) FROM t").scalar_one()
    engine.dispose()
    with pytest.raises(VaultDamagedError):
        connect(path, CipherKey(bytes(32)), Access.WRITE)
    assert capfd.readouterr() == ("", "")


def test_a_fresh_process_is_silent_too(path: Path) -> None:
    """The log level is global; here no earlier test has set it."""
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    script = (
        "import sys, pathlib\n"
        "from app.store.cipher import *\n"
        "try: connect(pathlib.Path(sys.argv[1]), CipherKey(bytes(range(32))), Access.WRITE)\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert (done.stdout, done.stderr) == ("VaultDamagedError\n", "")


# --- the engine -----------------------------------------------------------------------------------------------------


def writing(engine: Engine) -> Any:
    return engine.connect().execution_options(**{BEGIN_IMMEDIATE: True})


def test_what_is_committed_is_there_for_the_next_engine(engine: Engine, path: Path) -> None:
    with writing(engine) as one, one.begin():
        one.execute(text("INSERT INTO t(b) VALUES (:b)"), {"b": WORD})
    other = make_engine(path, KEY, Durability.FULL)
    with other.connect() as two:
        assert two.execute(text("SELECT b FROM t")).scalars().all() == [WORD]
    other.dispose()


def test_a_failed_transaction_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as one, one.begin():
            one.execute(text("INSERT INTO t(b) VALUES ('x')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with engine.connect() as two:
        assert two.execute(text("SELECT count(*) FROM t")).scalar_one() == 0


def test_a_writing_transaction_takes_the_write_lock_at_its_beginning(engine: Engine, path: Path) -> None:
    rival = connect(path, KEY, Access.WRITE)
    with writing(engine) as one, one.begin():
        rival.set_busy_timeout(0)
        with pytest.raises(dbapi2.Error, match="locked"):
            rival.execute("BEGIN IMMEDIATE")
    rival.close()


def test_readers_do_not_wait_for_a_writer(engine: Engine) -> None:
    with writing(engine) as one, one.begin():
        one.execute(text("INSERT INTO t(b) VALUES ('x')"))
        with engine.connect() as two, two.begin():
            assert two.execute(text("SELECT count(*) FROM t")).scalar_one() == 0


def test_eight_threads_write_at_once_and_nothing_is_lost(engine: Engine) -> None:
    def work(start: int) -> None:
        for number in range(25):
            with writing(engine) as one, one.begin():
                one.execute(text("INSERT INTO t(b) VALUES (:b)"), {"b": f"{start}-{number}"})

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as two:
        assert two.execute(text("SELECT count(*) FROM t")).scalar_one() == 200


def test_bound_values_stand_in_no_error(engine: Engine) -> None:
    insert = text("INSERT INTO t(b) VALUES (:b)")
    with pytest.raises(IntegrityError) as refused, writing(engine) as one, one.begin():
        one.execute(insert, [{"b": WORD}, {"b": WORD}])
    assert WORD not in str(refused.value)
    assert WORD not in repr(refused.value)


def test_a_full_database_is_said_to_be_full_and_the_listener_hears_it(path: Path) -> None:
    heard: list[StoreError] = []
    engine = make_engine(path, KEY, Durability.FULL, on_error=heard.append)
    with engine.connect() as one:
        raw = one.connection.dbapi_connection
        assert raw is not None
        raw.set_authorizer(None)  # the only way to a real SQLITE_FULL without a small disk
        raw.execute("PRAGMA max_page_count = 3")
        with pytest.raises(DiskFullError):
            one.exec_driver_sql("CREATE TABLE big AS SELECT zeroblob(100000) AS b")
    assert [type(error) for error in heard] == [DiskFullError]
    engine.dispose()


def test_a_disk_that_takes_no_more_is_reported_and_the_commit_is_not_there(engine: Engine, path: Path) -> None:
    with writing(engine) as one, one.begin():
        one.execute(text("INSERT INTO t(b) VALUES ('before')"))
    size = path.with_name("vault.db-wal").stat().st_size
    refused = pytest.raises((DiskFailedError, DiskFullError))
    with refused, writing(engine) as one, files_at_most(size + 100), one.begin():
        one.execute(text("INSERT INTO t(b) VALUES (:b)"), {"b": "x" * 50_000})
    with engine.connect() as two:
        assert two.execute(text("SELECT b FROM t")).scalars().all() == ["before"]


def test_a_writer_may_be_refused_before_it_begins(path: Path) -> None:
    def refuse() -> None:
        raise DiskFailedError

    engine = make_engine(path, KEY, Durability.FULL, may_write=refuse)
    with engine.connect() as one:
        assert one.exec_driver_sql("SELECT 1").scalar_one() == 1
    with pytest.raises(DiskFailedError), writing(engine) as one, one.begin():
        pytest.fail("the transaction began")
    engine.dispose()


def test_ordinary_sql_errors_stay_what_they_are(engine: Engine) -> None:
    with engine.connect() as one, pytest.raises(DBAPIError, match="no such table"):
        one.exec_driver_sql("SELECT * FROM nowhere")


def test_a_key_hides_and_has_the_right_length() -> None:
    assert repr(KEY) == "<CipherKey hidden>"
    with pytest.raises(ValueError, match="32 bytes"):
        CipherKey(bytes(31))
