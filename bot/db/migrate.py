"""Runs the Alembic migrations. Imported only when there may be something to do."""

from sqlalchemy import Engine

from bot.db import metadata


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest version, in one transaction."""
    metadata.create_all(engine)
