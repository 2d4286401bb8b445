"""A script that generates for one dialect leaves the other without its migration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.unread import told_lines
from plexus_rules.drizzle.families import Family
from plexus_rules.drizzle.places import dialect_title, dialects_in
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Range, Related, Severity
from plexus_rules.rule import Bad, Good, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.trees import Append, Replace, Write

if TYPE_CHECKING:
    from plexus_rules.drizzle.generation import Generation, Unit

_PACKAGE = "packages/backend/package.json"
_LAST = '"test": "bun test"'
_POSTGRES = "--config drizzle.config.pg.ts"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every script, and every file with commands, that generates for some dialects only."""
    generations = (*repository.generations.scripts, *repository.generations.files)
    everything = set(repository.databases)
    if all(everything <= g.databases.keys() and not g.unclear for g in generations):
        return  # whatever belongs together: to tell that takes reading all tables
    for family in repository.families:
        yield from _of_family(repository, family, generations)


def _of_family(
    repository: Repository, family: Family, generations: Sequence[Generation]
) -> Iterator[Problem | Skipped]:
    wanted = frozenset(database.dialect for database in family.databases)
    does = {
        g: frozenset(d.dialect for d in g.databases if d in family.databases) for g in generations
    }
    helpers: set[Unit] = set()
    unclear: dict[tuple[str, str], set[int]] = {}
    for generation, dialects in does.items():
        if dialects == wanted or generation.unclear:
            helpers.update(unit for unit in generation.units if unit != generation.unit)
        for call in generation.unclear if dialects != wanted else ():
            numbers = unclear.setdefault((call.path, call.reason), set())
            numbers.update(() if call.line is None else (call.line,))
    for (path, reason), numbers in unclear.items():
        yield Skipped(path, f"{told_lines(sorted(numbers))}: {reason}" if numbers else reason)
    lacking = {
        g.unit: g
        for g, dialects in does.items()
        if dialects not in (wanted, frozenset())
        and not g.unclear
        and g.unit not in helpers
        and (g.unit.script or g.own_calls)
        and not _is_named(g.unit, dialects, wanted, [d for o, d in does.items() if o is not g])
    }
    callers: dict[Unit, list[Generation]] = {}
    for generation in lacking.values():
        # What only starts another script that is found says the same of it.
        first = next((unit for unit in reversed(generation.units) if unit in lacking), None)
        callers.setdefault(first or generation.unit, []).append(generation)
    for unit, found in callers.items():
        own = lacking[unit]
        related = tuple(
            Related(g.unit.path, _range(repository, g), f"{_name(g.unit)} starts it")
            for g in found
            if g is not own
        )
        missing = wanted - does[own]
        message = (
            f"{_name(unit)} generates migrations for {_titles(does[own])} only: "
            f"{_titles(missing)} gets none"
        )
        yield Problem(unit.path, _range(repository, own), message, related=related)


def _is_named(
    unit: Unit,
    dialects: frozenset[str],
    wanted: frozenset[str],
    others: Sequence[frozenset[str]],
) -> bool:
    """Whether a name says which dialect it is for, and something generates for the rest."""
    directory, _, file = unit.path.rpartition("/")
    named = dialects_in(unit.script or file) or dialects_in(directory)
    rest = wanted - dialects
    return named & wanted == dialects and rest <= frozenset().union(*others)


def _range(repository: Repository, generation: Generation) -> Range:
    if generation.own_calls:
        return generation.own_calls[0].range
    return repository.generations.range(generation.unit)


def _name(unit: Unit) -> str:
    return f"the script {unit.script}" if unit.script else "this file"


def _titles(dialects: frozenset[str]) -> str:
    return " and ".join(dialect_title(dialect) for dialect in sorted(dialects))


RULE = Rule(
    id="PLX601",
    name="generate-for-both-dialects",
    since="0.1.0",
    obligation=Obligation.ALWAYS,
    statement=(
        "Always generate migrations, for every dialect: a script that does it for one does it for "
        "all."
    ),
    why=(
        claims.ONE_DIALECT_GENERATE_EXITS_ZERO,
        claims.MISSING_COLUMN_FAILS_EVERY_QUERY,
        claims.GUIDE_ENDS_WITH_BOTH_MIGRATED,
    ),
    remedy=(
        "Let the script run `drizzle-kit generate` for the config of every dialect; or name it "
        "after its dialect, and give the others a script of their own."
    ),
    line=lines.GENERATE_FOR_EVERY_DIALECT,
    guides=(SCHEMA,),
    source=("NEVER Manually Create Migration Files", "The ONLY Correct Migration Workflow"),
    check=check,
    severity=Severity.WARNING,
    needs=Needs.TWO_DIALECTS,
    unseen=(
        "What a script starts through make, a task runner's own file or another program; databases "
        "whose tables do not match are not taken for two dialects of one."
    ),
    examples=(
        Bad(
            "A script generates with the default config only",
            change=(Replace(_PACKAGE, _LAST, f'"generate": "drizzle-kit generate",\n    {_LAST}'),),
            gives=(at(_PACKAGE, line=9),),
        ),
        Bad(
            "The plain name stands for SQLite alone",
            change=(
                Replace(
                    _PACKAGE,
                    _LAST,
                    '"generate": "bun run generate:sqlite",\n'
                    '    "generate:sqlite": "drizzle-kit generate",\n'
                    f'    "generate:pg": "drizzle-kit generate {_POSTGRES}",\n'
                    f"    {_LAST}",
                ),
            ),
            gives=(at(_PACKAGE, line=9),),
            note="The scripts that are named after their dialects are fine: each has the other.",
        ),
        Bad(
            "A script named after its dialect has no counterpart",
            change=(
                Replace(
                    _PACKAGE,
                    _LAST,
                    f'"generate:pg": "drizzle-kit generate {_POSTGRES}",\n    {_LAST}',
                ),
            ),
            gives=(at(_PACKAGE, line=9),),
        ),
        Bad(
            "A TypeScript file that a script runs forgets PostgreSQL",
            change=(
                Replace(
                    "package.json",
                    '"check-types"',
                    '"generate": "bun run scripts/generate.ts",\n    "check-types"',
                ),
                Write(
                    "scripts/generate.ts",
                    "import { $ } from 'bun';\n\n"
                    "await $`cd packages/backend && bunx drizzle-kit generate`;\n",
                ),
            ),
            gives=(at("scripts/generate.ts", line=3),),
        ),
        Good(
            "One script generates for both",
            change=(
                Replace(
                    _PACKAGE,
                    _LAST,
                    '"generate": "drizzle-kit generate && drizzle-kit generate '
                    f'{_POSTGRES}",\n    {_LAST}',
                ),
            ),
        ),
        Good(
            "One script for each dialect, and one for both",
            change=(
                Replace(
                    _PACKAGE,
                    _LAST,
                    '"db:generate": "bun run db:generate:sqlite && bun run db:generate:postgres",\n'
                    '    "db:generate:sqlite": "drizzle-kit generate",\n'
                    f'    "db:generate:postgres": "drizzle-kit generate {_POSTGRES}",\n'
                    f"    {_LAST}",
                ),
            ),
        ),
        Good(
            "A helper that a complete script runs",
            change=(
                Replace(
                    _PACKAGE,
                    _LAST,
                    '"kit": "drizzle-kit generate",\n'
                    f'    "generate": "npm run kit && npm run kit -- {_POSTGRES}",\n'
                    f"    {_LAST}",
                ),
            ),
        ),
        Good(
            "SQL of one dialect's own gets an empty migration",
            change=(
                Replace(
                    _PACKAGE,
                    _LAST,
                    f'"sql": "drizzle-kit generate --custom {_POSTGRES}",\n    {_LAST}',
                ),
            ),
        ),
        Good(
            "A workflow generates for both, a step each",
            change=(
                Append(
                    ".github/workflows/test.yml",
                    "      - run: bunx drizzle-kit generate\n"
                    "        working-directory: packages/backend\n"
                    f"      - run: bunx drizzle-kit generate {_POSTGRES}\n"
                    "        working-directory: packages/backend\n",
                ),
            ),
        ),
    ),
)
