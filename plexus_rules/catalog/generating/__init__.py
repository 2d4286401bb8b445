"""Rules about generating, reviewing and committing."""
