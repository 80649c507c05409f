"""How Alembic runs humphrey's migrations: on the connection it is given, inside that connection's transaction."""

from alembic import context

from humphrey.database.tables.types import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)


context.run_migrations()
