"""An index over the few kinds of event that erasing, holds and retention look for in the whole log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KINDS = (
    "erased",
    "erasure_certified",
    "hold_placed",
    "hold_released",
    "marked_done",
    "message_redacted",
    "retention_classed",
    "retention_signed",
)


def upgrade() -> None:
    """Create the index; the messages of a conversation are not in it, so appending them costs nothing more."""
    op.create_index(
        "event_by_rare_kind",
        "event",
        ["kind", "conversation_id", "wall_ms"],
        sqlite_where=sa.text(" OR ".join(f"kind = '{kind}'" for kind in _KINDS)),
    )


def downgrade() -> None:
    """There is no way back: an older program refuses a newer vault, and a backup holds the older file."""
    raise NotImplementedError
