"""Alembic's migrations of the record, one file a step."""
