"""What the desk orders, declares and decides of words; what nobody finds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aggregator.store.tables import UTCDateTime

revision = "0010"
down_revision = "0009"
works_from = None
branch_labels = None
depends_on = None

_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go one step up."""
    op.create_table(
        "desk_order",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("work", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("wish", _DOCUMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", _DOCUMENT, nullable=False),
        sa.Column("message", sa.String(), nullable=False),
    )
    op.create_index("ix_desk_order_subject", "desk_order", ["subject"])
    op.create_index("ix_desk_order_state_id", "desk_order", ["state", "id"])
    op.create_table(
        "declaration",
        sa.Column("source_id", sa.String(), primary_key=True),
        sa.Column("document", _DOCUMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "word",
        sa.Column("source_id", sa.String(), sa.ForeignKey("source.id"), primary_key=True),
        sa.Column("word", sa.String(), primary_key=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "unanswered",
        sa.Column("words", sa.String(), primary_key=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    """Go one step down."""
    for name in ("unanswered", "word", "declaration", "desk_order"):
        op.drop_table(name)
