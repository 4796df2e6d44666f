"""corrections, notices, jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aggregator.store.tables import UTCDateTime

revision = "0003"
down_revision = "0007"
works_from = None
branch_labels = None
depends_on = None

_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Go one step up."""
    op.create_table(
        "correction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("listing_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("proposed", _DOCUMENT, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("accepted", _DOCUMENT, nullable=False),
        sa.Column("basis", _DOCUMENT, nullable=False),
        sa.Column("settled", _DOCUMENT, nullable=False),
        sa.Column("again", _DOCUMENT, nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"]),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_correction_state_created", "correction", ["state", "created_at"])
    op.create_index("ix_correction_listing_id", "correction", ["listing_id"])
    op.create_index("ix_correction_offer_id", "correction", ["offer_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_once", "notice", ["about", "channel", "recipient"], unique=True)
    op.create_index("ix_notice_state_next", "notice", ["state", "next_at"])
    op.create_index("ix_notice_source_id", "notice", ["source_id"])
    op.create_table(
        "schedule_job",
        sa.Column("id", sa.Unicode(length=191), nullable=False),
        sa.Column("next_run_time", sa.Float(precision=25), nullable=True),
        sa.Column("job_state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_schedule_job_next_run_time", "schedule_job", ["next_run_time"])


def downgrade() -> None:
    """Go one step down."""
    op.drop_table("schedule_job")
    op.drop_table("notice")
    op.drop_table("correction")
