"""`drizzle-kit push` changes a database and leaves no migration of it behind."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import DATABASE_CODE, ROOT, SCHEMA
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.trees import Append, Replace, Write

_BACKEND = "packages/backend"
_TYPECHECK = "      - run: bun run check-types\n"
_TEST = ".github/workflows/test.yml"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every call of ``drizzle-kit push`` that something in the repository makes."""
    from plexus_rules.drizzle.scripts.commands import COMPUTED

    for command in repository.commands:
        if command.action == "push":
            script = f"the script {command.script}" if command.script else "this"
            message = f"{script} pushes the schema into a database, without a migration"
            yield Problem(command.path, command.range, message)
        elif command.action == COMPUTED:
            reason = f"what drizzle-kit is told on line {command.range.line} is computed"
            yield Skipped(command.path, reason)
    for unread in repository.scripts.unread:
        yield Skipped(unread.path, unread.reason)


RULE = Rule(
    id="PLX402",
    name="schema-push",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never run `drizzle-kit push`: it changes a database without a migration.",
    why=(claims.PUSH_LEAVES_NO_MIGRATION, claims.PUSHED_CHANGE_IS_SILENT),
    remedy=(
        "Run {generate} after the change of the schema, and let the migrator apply what comes of "
        "it, on start-up or with `drizzle-kit migrate`."
    ),
    line=lines.LIVE_DATABASE,
    guides=(SCHEMA, DATABASE_CODE, ROOT),
    source=("Live Database Safety",),
    check=check,
    unseen=(
        "A push that a variable, a make target or drizzle-kit's programming interface hides, and "
        "what a person types. Source files of tests are not looked at."
    ),
    examples=(
        Bad(
            "A script of the package pushes",
            change=(
                Replace(
                    f"{_BACKEND}/package.json",
                    '"test": "bun test"',
                    '"db:push": "drizzle-kit push --config drizzle.config.pg.ts",\n'
                    '    "test": "bun test"',
                ),
            ),
            gives=(at(f"{_BACKEND}/package.json", line=9),),
        ),
        Bad(
            "A workflow pushes before it deploys",
            change=(
                Append(
                    _TEST,
                    "      - name: Bring the database up to date\n"
                    f"        working-directory: {_BACKEND}\n"
                    "        run: |\n"
                    "          bun run check-types\n"
                    "          bunx drizzle-kit push \\\n"
                    "            --config drizzle.config.pg.ts --force\n",
                ),
            ),
            gives=(at(_TEST, line=19),),
        ),
        Bad(
            "A container pushes when it starts",
            change=(
                Replace(
                    "Dockerfile",
                    'CMD ["bun", "run", "start"]',
                    'CMD ["sh", "-c", "bunx drizzle-kit@0.31.11 push:sqlite && bun run start"]',
                ),
            ),
            gives=(at("Dockerfile", line=7),),
        ),
        Bad(
            "A hook and a shell script push",
            change=(
                Write(
                    ".husky/post-merge", "#!/bin/sh\ncd packages/backend\nnpx drizzle-kit push\n"
                ),
                Write(
                    "scripts/deploy.sh",
                    "#!/usr/bin/env bash\nset -e\n\n"
                    "if ! node node_modules/drizzle-kit/bin.cjs push; then\n"
                    '  echo "drizzle-kit push failed"\n'
                    "fi\n",
                ),
            ),
            gives=(at(".husky/post-merge", line=3), at("scripts/deploy.sh", line=4)),
        ),
        Bad(
            "A TypeScript script pushes",
            change=(
                Write(
                    "scripts/prepare.ts",
                    "import { $ } from 'bun';\n\n"
                    "const config = 'drizzle.config.pg.ts';\n"
                    "await $`cd packages/backend && bunx drizzle-kit push --config ${config}`;\n",
                ),
            ),
            gives=(at("scripts/prepare.ts", line=4),),
        ),
        Good(
            "Push is spoken of, and looked for",
            change=(
                Append(
                    _TEST,
                    "      # drizzle-kit push would change the database without a migration\n"
                    "      - name: No drizzle-kit push\n"
                    "        run: |\n"
                    '          if grep -rn "drizzle-kit push" packages; then\n'
                    '            echo "run drizzle-kit generate, not drizzle-kit push"\n'
                    "            exit 1\n"
                    "          fi\n",
                ),
                Append("README.md", "\nNever run this:\n\n```bash\nbunx drizzle-kit push\n```\n"),
            ),
        ),
        Good(
            "The migrations are checked and applied",
            change=(
                Replace(
                    _TEST,
                    _TYPECHECK,
                    f"{_TYPECHECK}      - run: cd {_BACKEND} && bunx drizzle-kit check\n"
                    f"      - run: cd {_BACKEND} && bunx drizzle-kit migrate\n",
                ),
            ),
        ),
    ),
)
