"""Rules about the schema and its imports."""
