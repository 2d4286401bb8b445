"""What a database looks like: as a snapshot says it, as SQL makes it, as TypeScript declares it."""
