"""Guides as Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.catalog.guides import DATABASE_CODE, MIGRATIONS, ROOT, SCHEMA
from plexus_rules.guidance import guide_pages, rule_line
from plexus_rules.guidance.render import tidy
from plexus_rules.profile import PLEXUS, DatabaseNames, Generator, Profile
from plexus_rules.rule import Needs, Obligation
from tests.guidance.made_up import RULES, rule

BY_CI = replace(
    PLEXUS,
    package="",
    generate=("bun run generate-migrations",),
    databases=tuple(
        replace(database, generate="bun run generate-migrations") for database in PLEXUS.databases
    ),
    generator=Generator.CI,
    generator_evidence=".github/workflows/generate-migrations.yml",
)
ONE = Profile(
    project="shop",
    package="",
    schema_dir="src/db",
    parent_index=None,
    databases=(
        DatabaseNames(
            "postgresql",
            "drizzle.config.ts",
            "src/db",
            "drizzle",
            "npx drizzle-kit g",
            tables=("src/db/schema.ts",),
        ),
    ),
    generate=("npx drizzle-kit g",),
    client="src/db/index.ts",
)
profiles = pytest.mark.parametrize("profile", [PLEXUS, BY_CI, ONE], ids=["plexus", "ci", "one"])


def texts(profile: Profile) -> dict[str, str]:
    return {page.path: page.text for page in guide_pages(RULES, profile)}


def schema_guide(profile: Profile) -> str:
    return next(page.text for page in guide_pages(RULES, profile) if page.guide is SCHEMA)


def test_full_guide_reads_like_this() -> None:
    assert texts(PLEXUS)["packages/backend/drizzle/schema/AGENTS.md"].startswith(
        """\
# Drizzle schema: rules

Never write or edit a migration by hand: change the schema, then run `bunx drizzle-kit generate` \
and `bunx drizzle-kit generate --config drizzle.config.pg.ts` in `packages/backend/`.

- `sqlite/`: SQLite tables, in use by default and when `PLEXUS_DB_TYPE=sqlite`.
- `postgres/`: PostgreSQL tables, in use when `PLEXUS_DB_TYPE=postgres`.

## Never

- Import `packages/backend/drizzle/schema/index.ts`. [PLX111]
- Edit a landed migration. [PLX201 PLX204~]

## Every schema change
"""
    )


def test_guide_of_a_migrations_folder_reads_like_this() -> None:
    assert texts(PLEXUS)["packages/backend/drizzle/migrations_pg/AGENTS.md"] == (
        """\
# PostgreSQL migrations: rules

Never write or edit a migration by hand: change the schema, then run `bunx drizzle-kit generate \
--config drizzle.config.pg.ts` in `packages/backend/`.

## Never

- Edit a landed migration. [PLX201 PLX204~]

All rules, and the steps of a schema change: `packages/backend/drizzle/schema/AGENTS.md`.
Check: `plexus-rules check` (finds `~` in part, `*` not).
"""
    )


def test_guide_of_the_root_points_at_the_others() -> None:
    paths = [path for path in texts(PLEXUS) if path != "AGENTS.md"]
    assert len(paths) == 4
    assert all(f"- `{path}`: " in texts(PLEXUS)["AGENTS.md"] for path in paths)


def test_steps_are_a_list_with_fenced_commands() -> None:
    steps = (
        "\n\n    ```sh\n    cd packages/backend\n    bunx drizzle-kit generate\n"
        "    bunx drizzle-kit generate --config drizzle.config.pg.ts\n    ```\n\n3. **"
    )
    assert steps in schema_guide(PLEXUS)


def test_where_the_ci_generates_every_guide_says_so() -> None:
    schema = schema_guide(BY_CI)
    assert "- Commit the schema alone. [PLX603*]" in schema
    assert "Commit all that was generated" not in schema
    assert "(`.github/workflows/generate-migrations.yml`)" in schema
    assert "\n    ```sh\n    bun run generate-migrations\n    ```\n" in schema
    assert texts(BY_CI)["packages/backend/drizzle/migrations/AGENTS.md"].startswith(
        "# SQLite migrations: rules\n\nNever write, edit or commit a migration: the CI generates "
        "it (`.github/workflows/generate-migrations.yml`). Change the schema alone. To try it: "
        "`bun run generate-migrations` in the root of the repository.\n"
    )


@profiles
def test_markdown_is_tidy(profile: Profile) -> None:
    for text in texts(profile).values():
        assert text == tidy(text)
        assert "\n\n\n" not in text
        assert text.endswith("\n")
        assert not re.search(r"[ \t]$|\{|\}|None|\t", text, re.MULTILINE)
        assert text.count("```") % 2 == 0
        for line in text.splitlines():
            assert line.count("`") % 2 == 0 or "```" in line
        headings = re.findall(r"^#+ .*\n(.?)", text, re.MULTILINE)
        assert set(headings) == {""}


def test_a_line_is_shared_once() -> None:
    assert schema_guide(PLEXUS).count("Edit a landed migration.") == 1


def test_steps_name_only_rules_that_the_guide_carries() -> None:
    known = {rule.id for rule in RULES}
    assert set(re.findall(r"PLX\d{3}", schema_guide(PLEXUS))) <= known
    assert "[PLX603*]" in schema_guide(PLEXUS).partition("## Every")[2]


def test_a_line_with_an_unknown_name_falls_back_or_is_left_out() -> None:
    guide = schema_guide(ONE)
    assert "- Import the parent index. [PLX111]" in guide
    assert "PLX501" not in guide
    assert rule_line(RULES[3], ONE) is None
    assert rule_line(RULES[3], PLEXUS) == "Row types of `packages/backend/src/db/types.ts`."


def test_a_rule_about_two_dialects_is_not_told_to_a_project_with_one() -> None:
    parity = rule("PLX102", "The same in both.", needs=Needs.TWO_DIALECTS)
    pages = {p.guide: p.text for p in guide_pages([*RULES, parity], ONE)}
    assert "PLX102" not in pages[SCHEMA]
    assert "PLX102" in guide_pages([*RULES, parity], PLEXUS)[0].text


def test_a_rule_about_a_dialect_is_told_where_that_is_in_use_or_not_known() -> None:
    about_sqlite = rule("PLX301", "Rebuild.", needs=Needs.SQLITE)

    def told(*dialects: str) -> bool:
        databases = tuple(replace(ONE.databases[0], dialect=dialect) for dialect in dialects)
        pages = guide_pages([*RULES, about_sqlite], replace(ONE, databases=databases))
        return any("PLX301" in page.text for page in pages)

    assert told("sqlite")
    assert told("postgresql", "sqlite")
    assert told("postgresql", "unknown")
    assert not told("postgresql")


def test_where_places_coincide_the_fuller_guide_stands() -> None:
    pages = guide_pages(RULES, ONE)
    assert [(page.guide, page.path) for page in pages] == [
        (SCHEMA, "src/db/AGENTS.md"),
        (MIGRATIONS[1], "drizzle/AGENTS.md"),
        (ROOT, "AGENTS.md"),
    ]
    at_the_root = replace(ONE, schema_dir="")
    assert [p.guide for p in guide_pages(RULES, at_the_root)] == [
        SCHEMA,
        MIGRATIONS[1],
        DATABASE_CODE,
    ]


def test_each_database_has_a_guide_beside_its_migrations() -> None:
    second = DatabaseNames("postgresql", "b.ts", "src/b", "b/drizzle", "npx drizzle-kit b")
    pages = guide_pages(RULES, replace(ONE, databases=(*ONE.databases, second)))
    found = {page.path: page.text for page in pages if page.guide is MIGRATIONS[1]}
    assert "`npx drizzle-kit g`" in found["drizzle/AGENTS.md"]
    assert "`npx drizzle-kit b`" in found["b/drizzle/AGENTS.md"]


def test_tables_are_named_as_seen_from_the_guide() -> None:
    line = rule("PLX101", "In `{sqlite_dir}/`, or `{postgresql_dir}`; `{parent_index}` stays.")
    assert (
        "- In `sqlite/`, or `postgres/`; `packages/backend/drizzle/schema/index.ts` stays."
        in guide_pages([line], PLEXUS)[0].text
    )
    assert "- `schema.ts`: PostgreSQL tables.\n" in schema_guide(ONE)
    (database,) = ONE.databases
    here = replace(ONE, databases=(replace(database, tables=("src/db/",)),))
    assert "- `./`: PostgreSQL tables.\n" in schema_guide(here)


def test_dialects_that_share_a_place_share_its_line() -> None:
    databases = tuple(replace(d, tables=("db/",), selected_by=None) for d in PLEXUS.databases)
    profile = replace(PLEXUS, schema_dir="db", databases=databases)
    assert "- `./`: SQLite tables; PostgreSQL tables.\n" in schema_guide(profile)


def test_sections_stand_in_the_order_of_how_strongly_they_bind() -> None:
    headings = re.findall(r"^## (.*)$", schema_guide(PLEXUS), re.MULTILINE)
    assert headings == ["Never", "Every schema change", "Always", "Prefer", "Check"]
    assert [o.value for o in Obligation] == ["never", "always", "prefer"]


def test_migrations_run_by_themselves_only_where_code_runs_them() -> None:
    assert "migrations run by themselves at start-up. See no error." in schema_guide(PLEXUS)
    by_hand = replace(PLEXUS, migrates_at_start=False, migrate=("bun run up",))
    guide = schema_guide(by_hand)
    assert "by themselves" not in guide
    assert (
        "4. **Test.** Apply the migrations to a test database, from the root of the repository, "
        "and start the application on it. See no error.\n\n"
        "    ```sh\n    cd packages/backend\n    bun run up\n    ```\n\n5. **Commit"
    ) in guide
    assert (
        "4. **Test.** Apply the migrations to a test database and start the application on it. "
        "See no error.\n5. **Commit"
    ) in schema_guide(replace(by_hand, migrate=()))


def test_sql_of_one_s_own_goes_into_the_migrations_of_the_guide_s_database() -> None:
    pages = {page.path: page.text for page in guide_pages(all_rules(), PLEXUS)}
    sqlite = "`bunx drizzle-kit generate --custom`"
    postgres = "`bunx drizzle-kit generate --config drizzle.config.pg.ts --custom`"
    both = pages["packages/backend/drizzle/schema/AGENTS.md"]
    assert f"SQL of your own: {sqlite} or {postgres}." in both
    assert f": {sqlite}." in pages["packages/backend/drizzle/migrations/AGENTS.md"]
    assert f": {postgres}." in pages["packages/backend/drizzle/migrations_pg/AGENTS.md"]


def test_where_the_ci_generates_no_line_asks_for_migrations_in_a_change() -> None:
    for page in guide_pages(all_rules(), BY_CI):
        for words in ("generate it again", "Add a newer one", "--custom", "journal and schema"):
            assert words not in page.text, page.path
    schema = guide_pages(all_rules(), BY_CI)[0].text
    assert "take the target branch's files. The CI generates yours after the merge." in schema
    assert "Change the schema again: the CI adds a newer one." in schema
    assert (
        "Only to try the change, from the root of the repository: the CI generates what is kept."
        in schema
    )


def test_row_types_are_said_to_be_in_their_module_and_no_more() -> None:
    line = (
        "Inferred types (`InferSelectModel`, `InferInsertModel` of drizzle-orm) rather than row "
        "types by hand"
    )
    where = "; those that are inferred are in `packages/backend/src/db/types.ts`."
    assert f"- {line}{where} [PLX501" in guide_pages(all_rules(), PLEXUS)[0].text
    unknown = replace(PLEXUS, types_module=None)
    assert f"- {line}. [PLX501" in guide_pages(all_rules(), unknown)[0].text


@profiles
def test_every_guide_stays_within_its_budget(profile: Profile) -> None:
    for at_start in (True, False):
        migrate = tuple(f"bunx drizzle-kit migrate --config {d.config}" for d in profile.databases)
        varied = replace(profile, migrates_at_start=at_start, migrate=migrate)
        for page in guide_pages(all_rules(), varied):
            assert len(page.text.encode()) < page.guide.budget, page.path
