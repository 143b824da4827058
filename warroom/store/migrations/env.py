"""Run by Alembic: migrations happen on the connection that `warroom.store.schema` hands over."""

from alembic import context

from warroom.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
