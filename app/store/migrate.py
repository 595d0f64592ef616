"""Bringing the schema up to date, without Alembic when there is nothing to do.

Importing Alembic costs about as much as unlocking may take in all, so the version row is read first. Migrations are the
files of ``app/store/migrations/versions``; the one with the highest name is the newest.
"""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.store.cipher import BEGIN_IMMEDIATE
from app.store.errors import NewerSchemaError

MIGRATIONS = Path(__file__).with_name("migrations")


def known_revisions(folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """Return the stems of the migration files, oldest first; a stem is ``revision`` or ``revision_words``."""
    return tuple(sorted(path.stem for path in (folder / "versions").glob("[0-9]*.py")))


def is_current(engine: Engine, folder: Path = MIGRATIONS) -> bool:
    """Say whether the schema is the newest this program knows; False when it is older.

    Raises:
        NewerSchemaError: it is one this program does not know.
    """
    revision = _read_revision(engine)
    known = known_revisions(folder)
    if revision is None:
        return not known
    matches = [stem for stem in known if stem == revision or stem.startswith(f"{revision}_")]
    if not matches:
        raise NewerSchemaError
    return matches[0] == known[-1]


def upgrade(engine: Engine, folder: Path = MIGRATIONS) -> None:
    """Run every missing migration in one transaction."""
    from alembic import command  # noqa: PLC0415 - kept out of the hot path, see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with engine.connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _read_revision(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    except OperationalError:  # no such table: a database before its first migration
        return None
