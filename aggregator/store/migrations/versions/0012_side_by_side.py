"""Beside the version, the oldest code that works on it: old and new work side by side."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
works_from = "0012"  # code before it refuses every version but its own
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""
    op.add_column(
        "alembic_version", sa.Column("works_from", sa.String(), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Go one step down."""
    op.drop_column("alembic_version", "works_from")
