"""what sites say of being read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""
    document = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    with op.batch_alter_table("source") as batch:
        batch.add_column(sa.Column("rights", document, nullable=False, server_default="{}"))
    with op.batch_alter_table("source") as batch:
        batch.alter_column("rights", server_default=None)


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("source") as batch:
        batch.drop_column("rights")
