"""Which schema a vault has, without Alembic, and how it gets the newest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.store.cipher import BEGIN_IMMEDIATE, CipherKey, Durability, create_database, make_engine
from app.store.errors import NewerSchemaError
from app.store.migrate import MIGRATIONS, is_current, known_revisions, upgrade

KEY = CipherKey(bytes(range(32)))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    create_database(tmp_path / "vault.db", KEY)
    made = make_engine(tmp_path / "vault.db", KEY, Durability.FULL)
    yield made
    made.dispose()


def run(engine: Engine, sql: str) -> None:
    with engine.connect().execution_options(**{BEGIN_IMMEDIATE: True}) as one, one.begin():
        one.exec_driver_sql(sql)


def schema(engine: Engine) -> list[str]:
    with engine.connect() as one:
        return sorted(row[0] for row in one.exec_driver_sql("SELECT name FROM sqlite_schema"))


def make_folder(parent: Path, *names: str) -> Path:
    (parent / "versions").mkdir(parents=True)
    for name in names:
        (parent / "versions" / f"{name}.py").touch()
    return parent


def test_a_database_before_its_first_migration_is_old_and_becomes_current(engine: Engine) -> None:
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    before = schema(engine)
    upgrade(engine)
    assert schema(engine) == before


def test_revisions_are_read_from_the_names_of_the_files(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "migrations", "0002_more", "0001_event_log", "__init__")
    assert known_revisions(folder) == ("0001_event_log", "0002_more")
    assert known_revisions()[0].startswith("0001")


def test_an_older_known_revision_is_not_current_and_an_unknown_one_is_newer(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine)
    folder = make_folder(tmp_path / "migrations", *known_revisions(), "9998_later")
    assert not is_current(engine, folder)
    run(engine, "UPDATE alembic_version SET version_num = '9999'")
    for known in (folder, make_folder(tmp_path / "empty")):
        with pytest.raises(NewerSchemaError):
            is_current(engine, known)


def test_a_migration_that_fails_leaves_the_schema_as_it_was(engine: Engine, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "migrations")
    (folder / "env.py").write_text((MIGRATIONS / "env.py").read_text())
    (folder / "versions" / "0001_half.py").write_text(
        "from alembic import op\nrevision = '0001'\ndown_revision = None\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (a)')\n    raise RuntimeError\n"
    )
    with pytest.raises(RuntimeError):
        upgrade(engine, folder)
    assert schema(engine) == []
