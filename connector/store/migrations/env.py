"""What Alembic runs: the migrations, on the connection and in the transaction it was given."""

from alembic import context

from connector.store.tables import metadata

# SQLite can undo DDL, though Alembic assumes not: a migration that fails leaves nothing behind.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
