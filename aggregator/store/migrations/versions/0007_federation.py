"""Federation: who read a value first, where it came through another aggregator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0002"
works_from = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""
    column = sa.Column("first_source", sa.String(), nullable=False, server_default="")
    op.add_column("statement", column)


def downgrade() -> None:
    """Go one step back."""
    op.drop_column("statement", "first_source")
