"""Leases of a cluster, and the queue of its work (PostgreSQL only)."""

from __future__ import annotations

from importlib.metadata import version

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import UTCDateTime

revision = "0011"
down_revision = "0010"
works_from = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("taken_in", sa.BigInteger(), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        _create_queue(op.get_bind())


def downgrade() -> None:
    """Go one step down."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA procrastinate CASCADE")
    op.drop_table("lease")


def _create_queue(connection: sa.Connection) -> None:
    """Make procrastinate's tables, in a schema of their own: its SQL names none.

    The schema says which version made it: who moves on to a later one applies what procrastinate
    ships between the two.
    """
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - only where there is a queue

    before = connection.scalar(sa.text("SELECT current_setting('search_path')"))
    connection.execute(sa.text("CREATE SCHEMA procrastinate"))
    connection.execute(sa.text("SET LOCAL search_path TO procrastinate"))
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - we are in its transaction
    driver.execute(SchemaManager.get_schema())  # many statements: no driver binds values to those
    connection.execute(
        sa.text("SELECT set_config('search_path', :before, true)"), {"before": before}
    )
    made_by = version("procrastinate").replace("'", "")
    connection.execute(sa.text(f"COMMENT ON SCHEMA procrastinate IS '{made_by}'"))
