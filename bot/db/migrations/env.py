"""Alembic's entry: migrates over the connection that `bot.db.migrate` hands it."""

from alembic import context

from bot.db import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
