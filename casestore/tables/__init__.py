"""What lies on disk: the schema, and for each table one file with all that reads or writes it."""
