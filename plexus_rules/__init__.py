"""Rules for Drizzle schemas and migrations: written once, told to agents and checked."""

__version__ = "0.1.0"
