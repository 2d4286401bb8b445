"""The drizzle-kit commands that scripts, workflows, hooks and container files run."""
