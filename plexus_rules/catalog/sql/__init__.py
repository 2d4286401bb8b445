"""What generated SQL does to the rows that are there."""
