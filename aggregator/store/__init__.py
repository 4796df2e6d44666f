"""The record: SQLModel tables on SQLite (WAL) or PostgreSQL, migrated by Alembic."""
