"""What the SQL of migrations says, statement by statement."""
