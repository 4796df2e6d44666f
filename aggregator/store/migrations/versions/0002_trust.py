"""Trust over time: measures of the gate, page deaths, aliases, decisions, turns of sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aggregator.store.tables import UTCDateTime

revision = "0002"
down_revision = "0001"
works_from = "0002"
branch_labels = None
depends_on = None

_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go one step up."""
    op.add_column("run", sa.Column("passed", _DOCUMENT, nullable=False, server_default="[]"))
    op.add_column("run", sa.Column("fill", _DOCUMENT, nullable=False, server_default="{}"))
    op.add_column("listing", sa.Column("gone", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("listing", sa.Column("gone_at", UTCDateTime(), nullable=True))
    op.add_column("listing", sa.Column("expires_on", sa.Date(), nullable=True))
    op.add_column("listing", sa.Column("confirmed_on", sa.Date(), nullable=True))
    op.create_index("ix_listing_expires_on", "listing", ["expires_on"])
    _fill_expires_on()
    op.create_table(
        "alias",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("listing_id", sa.String(), sa.ForeignKey("listing.id"), nullable=False),
        sa.Column("source_id", sa.String(), sa.ForeignKey("source.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("last_seen", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
    )
    op.create_index("ix_alias_listing_id", "alias", ["listing_id"])
    op.create_index("ix_alias_source_id", "alias", ["source_id"])
    op.create_table(
        "decision",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("deed", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", _DOCUMENT, nullable=False),
    )
    op.create_index("ix_decision_subject_id", "decision", ["subject_id"])
    op.create_table(
        "turn",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("source_id", sa.String(), sa.ForeignKey("source.id"), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("turn", sa.String(32), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
    )
    op.create_index("ix_turn_source_id", "turn", ["source_id"])


def downgrade() -> None:
    """Go one step down."""
    for name in ("turn", "decision", "alias"):
        op.drop_table(name)
    op.drop_index("ix_listing_expires_on", "listing")
    for name in ("confirmed_on", "expires_on", "gone_at", "gone"):
        op.drop_column("listing", name)
    for name in ("fill", "passed"):
        op.drop_column("run", name)


def _fill_expires_on() -> None:
    """Give the listings that are there their last day, as their documents state it."""
    listing = sa.table(
        "listing", sa.column("id"), sa.column("flat", sa.JSON()), sa.column("expires_on", sa.Date())
    )
    until = sa.cast(listing.c.flat["valid_until"].as_string(), sa.String())
    if op.get_bind().dialect.name == "postgresql":
        op.execute(listing.update().values(expires_on=sa.cast(until, sa.Date())))
    else:
        op.execute(listing.update().values(expires_on=until))
