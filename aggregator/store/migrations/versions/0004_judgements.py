"""Judgements with their history, on three levels; providers and places as they are named."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aggregator.store.tables import UTCDateTime

revision = "0004"
down_revision = "0003"
works_from = "0004"
branch_labels = None
depends_on = None

_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TOLD = "left_id, right_id, verdict, score, reason, judge, judged_at"


def upgrade() -> None:
    """Go one step up. Keys and edges of the old rules are replaced at the next publication."""
    op.drop_index("ix_judgement_right_id", "judgement")
    op.rename_table("judgement", "judgement_before")
    op.create_table(
        "judgement",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("left_id", sa.String(), nullable=False),
        sa.Column("right_id", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("judged_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
    )
    op.create_index("ix_judgement_left_id", "judgement", ["left_id"])
    op.create_index("ix_judgement_right_id", "judgement", ["right_id"])
    op.execute(
        f"INSERT INTO judgement (level, {_TOLD}) "  # noqa: S608 - names of our own
        f"SELECT 'service', {_TOLD} FROM judgement_before"
    )
    op.drop_table("judgement_before")
    op.create_table(
        "part",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("stated", _DOCUMENT, nullable=False),
        sa.Column("cluster_id", sa.String(), nullable=False),
    )
    op.create_index("ix_part_block", "part", ["block"])
    op.create_index("ix_part_cluster_id", "part", ["cluster_id"])
    op.create_table(
        "resolution",
        sa.Column("rules", sa.String(), primary_key=True),
        sa.Column("resolved_at", UTCDateTime(), nullable=False),
    )
    for name in ("organization_part", "location_part"):
        op.add_column("listing", sa.Column(name, sa.String(), nullable=True))
        op.create_index(f"ix_listing_{name}", "listing", [name])


def downgrade() -> None:
    """Go one step down; only what stands of each pair is kept."""
    for name in ("organization_part", "location_part"):
        op.drop_index(f"ix_listing_{name}", "listing")
        op.drop_column("listing", name)
    op.drop_table("resolution")
    op.drop_table("part")
    op.drop_index("ix_judgement_left_id", "judgement")
    op.drop_index("ix_judgement_right_id", "judgement")
    op.rename_table("judgement", "judgement_after")
    op.create_table(
        "judgement",
        sa.Column("left_id", sa.String(), sa.ForeignKey("listing.id"), primary_key=True),
        sa.Column("right_id", sa.String(), sa.ForeignKey("listing.id"), primary_key=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("judged_at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_judgement_right_id", "judgement", ["right_id"])
    op.execute(
        f"INSERT INTO judgement ({_TOLD}) SELECT {_TOLD} FROM judgement_after WHERE id IN ("  # noqa: S608
        "SELECT max(id) FROM judgement_after WHERE undone_at IS NULL AND level = 'service' "
        "AND left_id IN (SELECT id FROM listing) AND right_id IN (SELECT id FROM listing) "
        "GROUP BY left_id, right_id)"
    )
    op.drop_table("judgement_after")
