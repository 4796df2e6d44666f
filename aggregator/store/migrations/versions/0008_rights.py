"""what sites say of being read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0006"
works_from = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""
    document = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    # Not as a batch: SQLite would copy the table and drop the old one, to which others refer.
    op.add_column(
        "source", sa.Column("rights", document, nullable=False, server_default=sa.text("'{}'"))
    )


def downgrade() -> None:
    """Go one step down."""
    op.drop_column("source", "rights")
