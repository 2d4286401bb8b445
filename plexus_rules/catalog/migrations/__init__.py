"""Rules about the migration history."""
