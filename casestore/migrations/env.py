"""Run by Alembic inside the transaction that `migrate` opened."""

from alembic import context

from casestore.tables.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
