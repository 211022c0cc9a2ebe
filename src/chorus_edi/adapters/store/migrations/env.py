"""Runs the revisions on the connection that ``schema.migrate`` hands over."""

from alembic import context

from chorus_edi.adapters.store.metadata import metadata

# transactional_ddl: both databases undo a schema change with its transaction, ours is around it.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
