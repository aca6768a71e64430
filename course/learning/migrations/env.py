"""Alembic comes here to run migrations, on the connection that database.upgrade opened (and commits)."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
