"""What is known of a contact besides the name."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; no conversation has details yet, so it is empty."""
    op.create_table(
        "contact_details",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
    )


def downgrade() -> None:
    """There is no way back: an older program refuses a newer vault, and a backup holds the older file."""
    raise NotImplementedError
