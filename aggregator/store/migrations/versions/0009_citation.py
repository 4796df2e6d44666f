"""queries that somebody cites."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
works_from = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""
    document = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "citation",
        sa.Column("question", document, nullable=False),
        sa.Column("offers", document, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("stated", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Go one step down."""
    op.drop_table("citation")
