"""Which world replays the migrations of a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plexus_rules.drizzle.replay.engine import Engine
from plexus_rules.drizzle.replay.history import World


def world_of(dialect: str, engines: Mapping[str, Engine]) -> Callable[[], World] | None:
    """What makes an empty world for a dialect; None for one that cannot be replayed."""
    engine = engines.get(dialect)
    if engine is not None and dialect == "postgresql":
        from plexus_rules.drizzle.replay.server import ServerWorld

        return lambda: ServerWorld(engine)
    if dialect == "sqlite":
        from plexus_rules.drizzle.replay.sqlite import SqliteWorld

        return SqliteWorld
    if dialect == "postgresql":
        from plexus_rules.drizzle.replay.postgres import PostgresWorld

        return PostgresWorld
    return None
