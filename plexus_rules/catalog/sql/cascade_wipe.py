"""SQLite rebuilds a table by dropping it: with it go the rows that refer to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.sql.common import Found, Migration, asked, listed, made_by, one_problem
from plexus_rules.catalog.sql.effects import Drop, Effect, Question, Referrer
from plexus_rules.drizzle.causes import table_cause
from plexus_rules.drizzle.modules import is_code
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Bad, Good, Line, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    REBUILD_LEAF_SQLITE,
    REBUILD_PARENT_SQLITE,
)
from plexus_rules.trees import Replace, Tree, TreeError

_PACKAGE = "packages/backend"
_SQLITE = f"{_PACKAGE}/drizzle/migrations"
_SCHEMA_FILE = f"{_PACKAGE}/drizzle/schema/sqlite/providers.ts"
_CASCADE, _NO_ACTION = '"onDelete": "cascade"', '"onDelete": "no action"'
_REBUILD = f"{_SQLITE}/0002_disable_new_providers.sql"

#: The migrators of drizzle-orm for SQLite. That of libsql turns foreign keys off by itself.
_MIGRATOR = (
    r"drizzle-orm/(better-sqlite3|bun-sqlite|d1|durable-sqlite|expo-sqlite|libsql|op-sqlite"
    r"|sql-js|sqlite-proxy)/migrator(?:\.[cm]?js)?"
)
_TURNED_OFF = r"(?i:foreign_keys['\"]?\s*(?:=|\(|,)\s*['\"]?(?:off|0|false|no)\b)"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every migration that drops a table of SQLite to whose rows those of others refer."""
    for found in asked(repository, Question.REFERENCES, ("sqlite",)):
        if isinstance(found, Skipped):
            yield found
        elif found.effects.drops and not _is_safe(repository):
            path = _turns_off(repository)
            if path is None:
                yield _problem(found)
            else:
                reason = f"{path} turns foreign keys off, and whether in time is not known"
                yield Skipped(found.path, reason)


def _problem(migration: Migration) -> Problem:
    drops = sorted(migration.effects.drops, key=_gravity)
    # A table that comes back is no cause of what others see of it.
    causes = [table_cause(drop.table) for drop in drops if not drop.is_rebuild]
    items = [
        Found(drop.range, _said(drop), made_by(migration, drop.table, empty=True)) for drop in drops
    ]
    return one_problem(migration, items, causes)


def _gravity(drop: Drop) -> int:
    effects = list(Effect)
    return min(effects.index(referrer.effect) for referrer in drop.referrers)


def _said(drop: Drop) -> str:
    parts = [_SAID[effect](drop, found) for effect in Effect if (found := _with(drop, effect))]
    message = f"where foreign keys are on, DROP TABLE {drop.table} {'; it '.join(parts)}"
    if drop.is_rebuild:
        message += ". In the migrator's transaction PRAGMA foreign_keys=OFF does nothing"
    return message


def _with(drop: Drop, effect: Effect) -> list[Referrer]:
    return [referrer for referrer in drop.referrers if referrer.effect is effect]


def _deleted(drop: Drop, found: list[Referrer]) -> str:
    direct = [r for r in found if not r.through and not r.is_itself]
    indirect = [r for r in found if r.through and not r.is_itself]
    own = [r for r in found if r.is_itself]
    said: list[str] = []
    if direct:
        said.append(f"deletes every row of {_tables(direct)} that refers to it")
    if own:
        columns = listed([column for referrer in own for column in referrer.columns])
        said.append(f"deletes every copied row whose {columns} refers to another")
    if indirect:
        said.append(f"with those every row of {_tables(indirect)} that refers to them")
    return ", and ".join(said)


def _cleared(drop: Drop, found: list[Referrer]) -> str:
    names = [f"{drop.table if r.is_itself else r.table}.{c}" for r in found for c in r.columns]
    return f"sets {listed(list(dict.fromkeys(names)))} to NULL in every row"


def _refused(drop: Drop, found: list[Referrer]) -> str:
    names = listed(list(dict.fromkeys(drop.table if r.is_itself else r.table for r in found)))
    return f"fails on a constraint as soon as a row of {names} refers to it"


_SAID = {Effect.DELETED: _deleted, Effect.CLEARED: _cleared, Effect.REFUSED: _refused}


def _tables(found: list[Referrer]) -> str:
    return listed(list(dict.fromkeys(referrer.table for referrer in found)))


def _is_safe(repository: Repository) -> bool:
    """Whether libsql's migrator is the only one for SQLite that is imported."""
    return {name for name, _ in _migrators(repository)} == {"libsql"}


def _turns_off(repository: Repository) -> str | None:
    """A module that runs the migrations and turns foreign keys off; None where none does."""
    for _, path in _migrators(repository):
        try:
            if re.search(_TURNED_OFF, repository.tree.text(path)):
                return path
        except TreeError:
            continue
    return None


def _migrators(repository: Repository) -> Iterator[tuple[str, str]]:
    """The migrators for SQLite that modules seem to import, and the modules."""
    modules = repository.modules

    def named(tree: Tree, path: str) -> tuple[str, ...]:
        specifiers = filter(None, modules.of(tree).specifiers(path))
        return tuple(name[1] for s in sorted(specifiers) if (name := re.fullmatch(_MIGRATOR, s)))

    for path, names in repository.tree.scan(is_code, named, "migrators").items():
        yield from ((name, path) for name in names)


RULE = Rule(
    id="PLX301",
    name="cascade-wipe",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement=(
        "Never drop or rebuild a SQLite table that others reference while foreign keys are on."
    ),
    why=(
        claims.DROP_TABLE_RUNS_DELETE,
        claims.PRAGMA_DOES_NOTHING_IN_TRANSACTION,
        claims.REBUILT_SELF_REFERENCE_IS_WIPED,
        claims.PARENT_IS_DROPPED_FIRST,
        claims.DRIVERS_DIFFER_IN_FOREIGN_KEYS,
        claims.FOREIGN_KEYS_OFF_BEFORE_KEEPS_ROWS,
        claims.REBUILD_FOR_CHANGED_COLUMNS,
    ),
    remedy=(
        "Run `PRAGMA foreign_keys=OFF` on the connection before `migrate()`, and after it "
        "`PRAGMA foreign_key_check` and `PRAGMA foreign_keys=ON`; or change the schema so that "
        "SQLite need not drop the table."
    ),
    landed_remedy=Line(
        "Where it has run with foreign keys on, compare those tables with a backup, and put lost "
        "rows back by a migration of their own ({generate_custom}). For databases that have yet to "
        "run it: `PRAGMA foreign_keys=OFF` on the connection before `migrate()`.",
        fallback="Where it has run with foreign keys on, compare those tables with a backup, and "
        "put lost rows back by a custom migration. For databases that have yet to run it: "
        "`PRAGMA foreign_keys=OFF` on the connection before `migrate()`.",
    ),
    line=lines.SQLITE_REBUILDS,
    guides=(SCHEMA,),
    unseen=(
        "Whether foreign keys are on when the migrator runs: that is judged only where the module "
        "that runs it turns them off, or uses libsql's."
    ),
    check=check,
    needs=Needs.SQLITE,
    examples=(
        Bad(
            "A default changes in a table that another references with ON DELETE CASCADE",
            change=(REBUILD_PARENT_SQLITE,),
            gives=(at(_REBUILD, line=11),),
            note="The rebuild turns foreign keys off, and the migrator's transaction ignores that.",
        ),
        Bad(
            "The reference has no action",
            given=(
                Replace(f"{_SQLITE}/0000_initial.sql", "ON DELETE cascade", "ON DELETE no action"),
                *(
                    Replace(f"{_SQLITE}/meta/{number}_snapshot.json", _CASCADE, _NO_ACTION)
                    for number in ("0000", "0001")
                ),
                Replace(_SCHEMA_FILE, ", { onDelete: 'cascade' }", ""),
            ),
            change=(
                REBUILD_PARENT_SQLITE,
                Replace(f"{_SQLITE}/meta/0002_snapshot.json", _CASCADE, _NO_ACTION),
                Replace(_SCHEMA_FILE, ", { onDelete: 'cascade' }", ""),
            ),
            gives=(at(_REBUILD, line=11),),
            note="No row is lost: the migration fails, and the application does not start.",
        ),
        Bad(
            "Deferring the foreign keys does not help",
            change=(
                REBUILD_PARENT_SQLITE,
                Replace(_REBUILD, "PRAGMA foreign_keys=OFF", "PRAGMA defer_foreign_keys=ON"),
            ),
            gives=(at(_REBUILD, line=11),),
        ),
        Good(
            "The table that is rebuilt is referenced by no other",
            change=(REBUILD_LEAF_SQLITE,),
        ),
        Good(
            "libsql's migrator turns foreign keys off by itself",
            given=(
                Replace(
                    f"{_PACKAGE}/src/db/migrate.ts",
                    "drizzle-orm/bun-sqlite/migrator",
                    "drizzle-orm/libsql/migrator",
                ),
            ),
            change=(REBUILD_PARENT_SQLITE,),
        ),
        Good(
            "Foreign keys are off on the connection while the migrator runs",
            change=(
                REBUILD_PARENT_SQLITE,
                Replace(
                    f"{_PACKAGE}/src/db/migrate.ts",
                    "    migrateSqlite(database,",
                    "    database.run('PRAGMA foreign_keys = OFF');\n    migrateSqlite(database,",
                ),
            ),
            note="Whether this happens before, and outside of a transaction, is for people to see.",
        ),
    ),
)
