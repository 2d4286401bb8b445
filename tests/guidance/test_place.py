"""Guides in a real checkout."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.catalog.guides import GUIDES
from plexus_rules.guidance import PlacementError, plan_placement
from plexus_rules.guidance.blocks import BEGIN, END
from plexus_rules.guidance.place import Placement
from plexus_rules.samples import files
from tests.checkouts import write
from tests.guidance.made_up import RULES, rule

SCHEMA = "packages/backend/drizzle/schema/AGENTS.md"
GUIDE_FILES = {
    SCHEMA,
    "packages/backend/drizzle/migrations/AGENTS.md",
    "packages/backend/drizzle/migrations_pg/AGENTS.md",
    "packages/backend/src/db/AGENTS.md",
    "AGENTS.md",
}
CONFIG = "packages/backend/drizzle.config.pg.ts"
TABLE = (
    "import { pgTable, text } from 'drizzle-orm/pg-core';\n"
    "export const users = pgTable('users', { name: text('name') });\n"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return write(tmp_path / "checkout", files())


def plan(checkout: Path, *settings: str) -> Placement:
    return plan_placement(checkout, RULES, settings)


def one_dialect(tmp_path: Path, schema: str, *more: str) -> Path:
    text = f"export default {{ dialect: 'postgresql', schema: '{schema}', out: './drizzle' }};"
    tree = {"package.json": "{}", "drizzle.config.ts": text, "src/db/schema.ts": TABLE}
    return write(tmp_path / "one", tree | dict.fromkeys(more, TABLE))


def state(directory: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        path.relative_to(directory).as_posix(): (
            path.stat().st_mode,
            path.stat().st_mtime_ns,
            path.read_bytes(),
        )
        for path in directory.rglob("*")
        if path.is_file()
    }


def refused(checkout: Path, message: str, *settings: str) -> None:
    before = state(checkout)
    with pytest.raises(PlacementError, match=message):
        plan(checkout, *settings).write()
    assert state(checkout) == before


def test_guides_are_written_where_they_belong_and_nothing_else(checkout: Path) -> None:
    before = state(checkout)
    placement = plan(checkout)
    assert state(checkout) == before
    placement.write()
    after = state(checkout)
    assert set(after) - set(before) == GUIDE_FILES
    assert {path: after[path] for path in before} == before
    assert after[SCHEMA][2].startswith(f"{BEGIN}\n\n# Drizzle schema: rules\n".encode())
    assert after[SCHEMA][2].endswith(f"\n\n{END}\n".encode())


def test_writing_twice_changes_nothing(checkout: Path) -> None:
    plan(checkout).write()
    before = state(checkout)
    again = plan(checkout)
    assert (again.changed, again.diff) == ((), "")
    again.write()
    assert state(checkout) == before


def test_check_says_what_would_change_and_what_mends_it(checkout: Path) -> None:
    plan(checkout).write()
    guide = checkout / SCHEMA
    guide.write_text(guide.read_text().replace("landed", "LANDED"))
    placement = plan(checkout, "generator=author")
    assert [file.path for file in placement.changed] == [SCHEMA]
    assert "\n-- Edit a LANDED migration. [PLX201 PLX204~]\n" in placement.diff
    assert "\n+- Edit a landed migration. [PLX201 PLX204~]\n" in placement.diff
    command = f"plexus-rules generate --into {checkout} --set generator=author"
    assert placement.command == command


def test_the_command_can_be_pasted(tmp_path: Path) -> None:
    checkout = write(tmp_path / "my checkout", files())
    command = plan(checkout, "project=My Shop").command
    assert command.endswith("/my checkout' --set 'project=My Shop'")


def test_a_reader_s_file_keeps_every_other_byte_and_its_mode(checkout: Path) -> None:
    mine = b"\xef\xbb\xbf# Mine\r\ncaf\xe9\r\n"
    (checkout / "AGENTS.md").write_bytes(mine)
    (checkout / "AGENTS.md").chmod(0o640)
    plan(checkout).write()
    written = (checkout / "AGENTS.md").read_bytes()
    assert written.startswith(mine + b"\r\n" + BEGIN.encode() + b"\r\n")
    assert (checkout / "AGENTS.md").stat().st_mode & 0o777 == 0o640
    (checkout / "AGENTS.md").write_bytes(written + b"after\xff")
    plan(checkout).write()
    assert (checkout / "AGENTS.md").read_bytes() == written + b"after\xff"


def test_links_that_point_at_a_guide_are_left_alone(checkout: Path) -> None:
    (checkout / "CLAUDE.md").symlink_to("AGENTS.md")
    (checkout / "AGENTS.md").write_text("# Mine\n")
    plan(checkout).write()
    assert (checkout / "CLAUDE.md").readlink() == Path("AGENTS.md")
    assert "# Drizzle rules" in (checkout / "CLAUDE.md").read_text()


def test_a_guide_that_is_a_link_is_refused(checkout: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("mine")
    (checkout / SCHEMA).symlink_to(outside)
    refused(checkout, f"{SCHEMA}: a symbolic link, which is not followed")
    assert outside.read_text() == "mine"


def test_a_directory_that_is_a_link_is_refused(checkout: Path) -> None:
    real = checkout / "packages/backend/drizzle"
    real.rename(checkout / "packages/elsewhere")
    real.symlink_to("../elsewhere")
    refused(checkout, "packages/backend/drizzle: a symbolic link")


def test_a_checkout_may_be_named_by_a_link(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(checkout)
    plan(tmp_path / "link").write()
    assert (checkout / SCHEMA).is_file()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"# Mine\n{BEGIN}\n", r"AGENTS.md, line 2: plexus-rules:begin has no plexus-rules:end"),
        (f"{END}\n", r"AGENTS.md, line 1: .* delete this line"),
        (f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n", r"AGENTS.md, line 3: a file has one block"),
    ],
)
def test_broken_markers_are_refused_before_anything_is_written(
    checkout: Path, text: str, message: str
) -> None:
    (checkout / "AGENTS.md").write_text(text)
    refused(checkout, message)


def test_a_directory_in_the_place_of_a_guide_is_refused(checkout: Path) -> None:
    (checkout / SCHEMA).mkdir()
    refused(checkout, f"{SCHEMA}: cannot be read: Is a directory")


def test_nothing_is_written_where_one_guide_cannot_be(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chmod = Path.chmod

    def failing(self: Path, mode: int) -> None:
        if "src/db" in self.as_posix():
            raise PermissionError(13, "Permission denied", str(self))
        chmod(self, mode)

    monkeypatch.setattr(Path, "chmod", failing)
    refused(checkout, r"packages/backend/src/db: cannot be written: Permission denied")


def test_a_file_that_changes_meanwhile_is_not_overwritten(checkout: Path) -> None:
    placement = plan(checkout)
    (checkout / "AGENTS.md").write_text("mine\n")
    with pytest.raises(PlacementError, match=r"AGENTS.md: it was changed meanwhile"):
        placement.write()
    assert not (checkout / SCHEMA).exists()


@pytest.mark.parametrize(
    "schema", ["./src/db", "./src/db/", "./src/db/*", "./src/d*", "./src/**/*"]
)
def test_no_guide_goes_where_a_config_loads_every_file(tmp_path: Path, schema: str) -> None:
    checkout = one_dialect(tmp_path, schema)
    plan(checkout).write()
    found = [path.relative_to(checkout).as_posix() for path in checkout.rglob("AGENTS.md")]
    assert "src/db/AGENTS.md" not in found
    expected = "AGENTS.md" if "**" in schema else "src/AGENTS.md"
    assert (checkout / expected).read_text().startswith(f"{BEGIN}\n\n# Drizzle schema: rules")


@pytest.mark.parametrize("schema", ["./src/db/schema.ts", "./src/**/*.ts", "./src/db/*.{ts,js}"])
def test_a_directory_of_which_only_code_is_loaded_holds_its_guide(
    tmp_path: Path, schema: str
) -> None:
    checkout = one_dialect(tmp_path, schema)
    plan(checkout).write()
    assert (checkout / "src/db/AGENTS.md").is_file()


def test_a_directory_that_is_loaded_through_a_link_holds_no_guide(checkout: Path) -> None:
    (checkout / "packages/backend/linked").symlink_to("drizzle/schema")
    text = (checkout / CONFIG).read_text().replace("./drizzle/schema/postgres/index.ts", "./linked")
    (checkout / CONFIG).write_text(text)
    plan(checkout, "schema_dir=packages/backend/drizzle/schema").write()
    assert not (checkout / SCHEMA).exists()
    assert (checkout / "packages/backend/drizzle/AGENTS.md").is_file()


def test_where_every_directory_is_loaded_there_is_no_place(tmp_path: Path) -> None:
    checkout = one_dialect(tmp_path, "./**/*")
    refused(checkout, r"drizzle.config.ts loads every file in src/db .* Name the schema's files")


def test_a_schema_that_cannot_be_read_may_be_any_directory_with_tables(checkout: Path) -> None:
    for name in ("drizzle.config.ts", "drizzle.config.pg.ts"):
        path = checkout / "packages/backend" / name
        path.write_text(re.sub(r"schema: '[^']*'", "schema: places()", path.read_text()))
    message = "the directory of the schema cannot be read off .* --set schema_dir=DIRECTORY"
    refused(checkout, message)
    postgres = "packages/backend/drizzle/schema/postgres"
    plan(checkout, f"schema_dir={postgres}", "client=packages/backend/src/db/client.ts").write()
    assert not (checkout / postgres / "AGENTS.md").exists()
    assert (checkout / SCHEMA).is_file()


def test_what_is_not_there_is_left_out_with_a_note(checkout: Path) -> None:
    shutil.rmtree(checkout / "packages/backend/drizzle/migrations")
    (checkout / "packages/backend/src/db/client.ts").unlink()
    placement = plan(checkout)
    assert {file.path for file in placement.files} == {
        SCHEMA,
        "packages/backend/drizzle/migrations_pg/AGENTS.md",
        "AGENTS.md",
    }
    assert placement.notes == (
        "packages/backend/drizzle/migrations: no guide, there are no migrations yet",
        "no guide for the code beside the database client: the client was not found "
        "(--set client=FILE)",
    )
    root = next(file.after for file in placement.files if file.path == "AGENTS.md")
    assert b"drizzle/migrations/" not in root


def test_what_is_given_is_named(checkout: Path) -> None:
    (checkout / "packages/backend/src/db/types.ts").unlink()
    row_types = "packages/backend/src/services/usage-storage.ts"
    placement = plan(checkout, f"types_module={row_types}")
    schema = next(file.after.decode() for file in placement.files if file.path == SCHEMA)
    assert f"- Row types of `{row_types}`. [PLX501]" in schema


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("schema_dir=nowhere", "--set schema_dir=nowhere: no such directory here"),
        ("client=nowhere.ts", "--set client=nowhere.ts: no such file here"),
        ("sqlite_config=x.ts", "--set sqlite_config=x.ts: no such file here"),
        ("shema_dir=x", "no name 'shema_dir', did you mean schema_dir"),
        ("schema_dir", "'schema_dir' is not NAME=VALUE"),
        ("generate=bun run gen", r"AGENTS.md would name `bun run gen`"),
        ("sqlite_selected_by=DB=lite", r"AGENTS.md would name `DB=lite`"),
        ("project=a\x1b[31m", "cannot be written in a guide"),
        ("generate_sqlite=a`b", "cannot be written in a guide"),
    ],
)
def test_what_is_given_has_to_be_there(checkout: Path, setting: str, message: str) -> None:
    refused(checkout, message, setting)


def test_a_line_that_names_what_the_checkout_lacks_is_an_error_that_lists_it(
    checkout: Path,
) -> None:
    wrong = rule("PLX999", "See `docs/rules.md` and `getTables()`.")
    with pytest.raises(PlacementError) as error:
        plan_placement(checkout, [*RULES, wrong])
    assert str(error.value).splitlines()[1:] == [
        f"  {SCHEMA} would name `docs/rules.md`",
        f"  {SCHEMA} would name `getTables()`",
    ]


def test_where_a_hook_keeps_migrations_out_the_reader_is_told(checkout: Path) -> None:
    folder = "packages/backend/drizzle/migrations"
    hook = f"git diff --cached --name-only -- {folder} | grep . && exit 1\n"
    write(checkout, {".husky/pre-commit": hook})
    placement = plan(checkout)
    assert f"{folder}/AGENTS.md: .husky/pre-commit keeps" in placement.notes[0]
    schema = next(file.after for file in placement.files if file.path == SCHEMA)
    assert b"the CI generates it (`.husky/pre-commit`)" in schema


def test_a_guide_that_has_moved_leaves_a_note(checkout: Path) -> None:
    write(checkout, {"packages/AGENTS.md": f"{BEGIN}\nold\n{END}\n", "docs/AGENTS.md": END})
    assert plan(checkout).notes == (
        "packages/AGENTS.md: holds a guide that belongs elsewhere now; delete its block",
    )


def test_a_directory_without_a_drizzle_project_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "no drizzle config that can be read was found here")
    with pytest.raises(PlacementError, match="nowhere"):
        plan(tmp_path / "nowhere")


def test_the_layout_of_drizzle_kit_1_is_refused(tmp_path: Path) -> None:
    checkout = one_dialect(tmp_path, "./src/db/schema.ts")
    write(
        checkout, {f"drizzle/20260101000000_a/{n}": "" for n in ("migration.sql", "snapshot.json")}
    )
    refused(checkout, "not supported yet")


def test_guides_of_the_catalogue_fit_the_sample(checkout: Path) -> None:
    budgets = {guide.title: guide.budget for guide in GUIDES}
    for file in plan_placement(checkout, all_rules()).files:
        text = file.after.decode().removeprefix(BEGIN).removesuffix(f"{END}\n").strip()
        title = text.partition("\n")[0].removeprefix("# ").removesuffix(": rules")
        assert len(text.encode()) < budgets[title]


def test_names_of_two_packages_are_never_mixed(tmp_path: Path) -> None:
    again = {f"apps/other/{path}": data for path, data in files().items()}
    checkout = write(tmp_path / "mono", {**files(), **again})
    with pytest.raises(PlacementError) as error:
        plan(checkout)
    assert str(error.value).splitlines()[1:] == [
        f"  plexus-rules generate --into {checkout}/apps/other/packages/backend",
        f"  plexus-rules generate --into {checkout}/packages/backend",
    ]
    assert "the databases of several packages ('apps/other/packages/backend/" in str(error.value)
    placement = plan(checkout / "packages/backend")
    assert {file.path for file in placement.files} == {
        *(path.removeprefix("packages/backend/") for path in GUIDE_FILES)
    }
    assert not any(b"apps/" in file.after for file in placement.files)


def test_databases_of_one_application_may_lie_in_two_packages(checkout: Path) -> None:
    for name in ("sqlite", "pg"):
        write(checkout, {f"packages/{name}/package.json": "{}"})
    for path, name in ((CONFIG, "pg"), (CONFIG.replace(".pg", ""), "sqlite")):
        text = (checkout / path).read_text().replace("'./", "'../backend/")
        (checkout / path).unlink()
        write(checkout, {f"packages/{name}/drizzle.config.ts": text})
    assert {file.path for file in plan(checkout).files} == GUIDE_FILES


def test_a_part_of_a_repository_is_named_as_one(checkout: Path) -> None:
    assert not any("were not read" in note for note in plan(checkout).notes)
    (checkout / ".git").mkdir()
    placement = plan(checkout / "packages/backend")
    assert placement.notes[-1].startswith("hooks, workflows and lock files above this directory")
    schema = next(f.after for f in placement.files if f.path == "drizzle/schema/AGENTS.md")
    assert b"in the directory backend." in schema
    assert b"the root of the repository" not in schema
    assert not any("were not read" in note for note in plan(checkout).notes)


def test_a_checkout_that_runs_no_migrations_is_told_how_to_apply_them(tmp_path: Path) -> None:
    checkout = one_dialect(tmp_path, "./src/db/schema.ts")
    guide = plan_placement(checkout, all_rules()).files[0].after.decode()
    assert "by themselves" not in guide
    assert "\n    ```sh\n    npx drizzle-kit migrate\n    ```\n" in guide
    write(checkout, {"package.json": '{"scripts": {"db:migrate": "drizzle-kit migrate"}}'})
    guide = plan_placement(checkout, all_rules()).files[0].after.decode()
    assert "\n    ```sh\n    npm run db:migrate\n    ```\n" in guide
