"""What the HSDS API looks offers up by: provider, place, terms, day of the last change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import Session

revision = "0006"
down_revision = "0004"
works_from = "0006"
branch_labels = None
depends_on = None

_AT_ONCE = 500  # SQLite binds at most 999 variables at once


def upgrade() -> None:
    """Go one step up."""
    op.create_index("ix_offer_changed_at", "offer", ["changed_at"])
    op.create_table(
        "directory",
        sa.Column("offer_id", sa.String(), sa.ForeignKey("offer.id"), primary_key=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("organization_id", sa.String(), nullable=True),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("link_id", sa.String(), nullable=True),
        sa.Column("region_key", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("z", sa.Float(), nullable=True),
    )
    for name in ("organization_id", "link_id", "region_key", "z"):
        op.create_index(f"ix_directory_{name}", "directory", [name])
    op.create_table(
        "offer_term",
        sa.Column("term_id", sa.String(), primary_key=True),
        sa.Column("offer_id", sa.String(), sa.ForeignKey("offer.id"), primary_key=True),
    )
    op.create_index("ix_offer_term_offer_id", "offer_term", ["offer_id"])
    _fill()


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("offer_term")
    op.drop_table("directory")
    op.drop_index("ix_offer_changed_at", "offer")


def _fill() -> None:
    """Enter the offers that are there: what an entry holds is derived from the offer alone."""
    from aggregator.directory import enter  # noqa: PLC0415 - only where there is something to enter

    offers = sa.table("offer", sa.column("id"), sa.column("flat", sa.JSON()))
    connection = op.get_bind()
    known = connection.execute(sa.select(offers.c.id)).scalars().all()
    for start in range(0, len(known), _AT_ONCE):
        wanted = sa.select(offers.c.id, offers.c.flat).where(
            offers.c.id.in_(known[start : start + _AT_ONCE])
        )
        rows = connection.execute(wanted).all()
        with Session(connection) as session:
            for identity, flat in rows:
                if flat:
                    enter(session, identity, flat)
            session.flush()
