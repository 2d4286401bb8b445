"""What a repository says about Drizzle. This room knows no rule."""
