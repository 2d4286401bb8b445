"""Rules about row types."""
