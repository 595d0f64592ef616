"""Alembic's entry: runs the steps on the connection that the store's runner put into the configuration."""

from alembic import context

from app.store.tables import metadata


def run() -> None:
    """Run every missing step within the caller's transaction."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
