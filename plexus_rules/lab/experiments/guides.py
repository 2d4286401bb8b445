"""The guides themselves: written into the base project, and followed there."""

from __future__ import annotations

import json
import posixpath
import time

from plexus_rules.catalog import all_rules, claims
from plexus_rules.catalog.workflow import workflow
from plexus_rules.check.report import Report
from plexus_rules.drizzle.repository import Repository
from plexus_rules.guidance import plan_placement
from plexus_rules.lab.drivers import BOTH
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.guide_steps import GuideStep, guide_steps
from plexus_rules.lab.kit import Said, read_files
from plexus_rules.lab.ours import ONE_AT_A_TIME, check
from plexus_rules.lab.shell import Shell
from plexus_rules.lab.trial import Database, Trial
from plexus_rules.profile import read_profile
from plexus_rules.reporters.text import render_finding
from plexus_rules.samples import base
from plexus_rules.samples.recipes import BACKEND, FOLDERS
from plexus_rules.trees import MemoryTree

_NO_GUIDES = {"v1": "guides are written for histories with a journal"}
#: What the check finds while only one dialect has its migration.
_EARLY = "PLX209"
_LAST = "tokensOutput: integer('tokens_output').notNull().default(0),"
_REGION = f"{_LAST}\n    region: text('region'),"
_SCHEMA = f"{BACKEND}/drizzle/schema"
_OUTS: dict[str, str] = {dialect: f"{BACKEND}/{folder}" for dialect, folder in FOLDERS.items()}
#: For each dialect its config, what its schema is in that, and the directory of its tables.
_CONFIGS = {
    "sqlite": ("drizzle.config.ts", "./drizzle/schema/index.ts", "sqlite"),
    "postgresql": ("drizzle.config.pg.ts", "./drizzle/schema/postgres/index.ts", "postgres"),
}


@experiment(claims.GUIDE_ENDS_WITH_BOTH_MIGRATED, on=(BOTH,), not_on=_NO_GUIDES)
def the_steps_of_the_guide(trial: Trial) -> None:
    _begin(trial)
    guide = next(path for path in _write_guides(trial) if _steps(trial, path))
    edit, generate, review, *others = _steps(trial, guide)
    assert not any(step.commands for step in (edit, review, *others)), "commands to be followed"
    shell, databases, landed = Shell(trial), _databases(trial), dict(trial.files)
    _start(trial, shell, databases)

    for directory in edit.names:
        path = posixpath.normpath(f"{posixpath.dirname(guide)}/{directory}/request-usage.ts")
        trial.replace(path, _LAST, _REGION)

    for number, command in enumerate(generate.command_lines, start=1):
        exit_ = shell.run(command).exit
        new = _new_sql(landed, trial.files)
        trial.decide("It exits 0 and makes one migration", exit_ == 0 and len(new) == number)
        if number < len(generate.command_lines):
            found = {finding.rule for finding in _check(trial, landed).findings}
            trial.decide(f"Before the last command the check finds {_EARLY}", _EARLY in found)

    to_read = [path for path in new if path.startswith(review.names)]
    trial.decide("The guide names the folder of each", to_read == new)
    for path in to_read:
        shell.run(f"cat {path}")
        trial.decide("It adds the column, and the journal lists it", _listed(trial, path))

    _start(trial, shell, databases)
    for database in databases.values():
        trial.decide("The column is there", "region" in database.columns("request_usage"))
    report = _check(trial, landed)
    trial.decide("The check finds nothing", not report.findings and not report.incomplete)


@experiment(claims.GUIDES_DISTURB_NOTHING, on=(BOTH,), not_on=_NO_GUIDES)
def guides_beside_what_is_loaded(trial: Trial) -> None:
    _begin(trial)
    for _, _, directory in _CONFIGS.values():
        trial.replace(f"{_SCHEMA}/{directory}/request-usage.ts", _LAST, _REGION)
    changed = dict(trial.files)
    guides = _write_guides(trial)
    trial.decide(
        "A guide lies in each migrations folder and in the directory of the schema",
        {*_OUTS.values(), _SCHEMA} <= {posixpath.dirname(path) for path in guides},
    )
    _generates(trial)
    for dialect, database in _databases(trial).items():
        done = database.migrate(_OUTS[dialect])
        trial.decide("migrate reports success", not done.error)
        trial.decide("The column is there", "region" in database.columns("request_usage"))

    trial.switch("without-guides", changed)
    for config, schema, directory in _CONFIGS.values():
        trial.replace(f"{BACKEND}/{config}", f"'{schema}'", f"'./drizzle/schema/{directory}'")
    loaded = {f"{_SCHEMA}/{directory}" for _, _, directory in _CONFIGS.values()}
    guides = _write_guides(trial)
    trial.decide(
        "No guide lies in a directory that a config loads",
        loaded.isdisjoint(posixpath.dirname(path) for path in guides),
    )
    without = dict(trial.files)
    _generates(trial)

    trial.switch("without-migrations", without)
    for directory in sorted(loaded):
        trial.write(f"{directory}/AGENTS.md", "# Tables\n\nOne file for each.\n")
    for dialect in _CONFIGS:
        said, made = _generate(trial, dialect)
        trial.decide("With a guide inside of such a directory it makes nothing", not made)
        trial.decide("It stops at it: SyntaxError", "AGENTS.md:1" in said and "SyntaxError" in said)


def _begin(trial: Trial) -> None:
    trial.copy("plexus_rules/samples/base", base())


def _write_guides(trial: Trial) -> list[str]:
    """Does what ``plexus-rules generate --into .`` does; the paths of the guides."""
    root = trial.on_disk()
    with ONE_AT_A_TIME:
        placement = plan_placement(root, all_rules())
        placement.write()
    trial.files = read_files(root)
    said = "".join(f"written: {file.path}\n" for file in placement.changed)
    trial.ran("plexus-rules generate --into .", Said(0, said, trial.files, str(root)))
    return [file.path for file in placement.changed]


def _steps(trial: Trial, guide: str) -> tuple[GuideStep, ...]:
    """The steps of a guide; none where it does not show them."""
    with ONE_AT_A_TIME:
        title = workflow(read_profile(Repository(MemoryTree(base()), 0))).title
    return guide_steps(trial.files[guide].decode(), title)


def _databases(trial: Trial) -> dict[str, Database]:
    """An empty database for each dialect."""
    return {driver.dialect: trial.database(driver.dialect, driver=driver) for driver in BOTH.of}


def _start(trial: Trial, shell: Shell, databases: dict[str, Database]) -> None:
    """Starts the application on both databases: it migrates them, and answers a request."""
    for database in databases.values():
        socket, _, name = database.url.rpartition("#")
        settings = {"PLEXUS_DB_TYPE": "sqlite", "PLEXUS_DB_URL": name}
        if socket:
            settings = {
                "PLEXUS_DB_TYPE": "postgres",
                # The application prints what the server notices.
                "PLEXUS_DB_URL": f"postgres:///{name}?client_min_messages=warning",
                "PGHOST": socket,
                "PGUSER": "postgres",
            }
        said = shell.start(BACKEND, settings, "bun run start")
        answered = said.exit == 0 and "200 []" in said.text.splitlines()
        trial.decide("The application starts, and answers", answered)


def _check(trial: Trial, landed: dict[str, bytes]) -> Report:
    """Does what ``plexus-rules check`` does with what has landed as the base."""
    report = check(landed, trial.files, int(time.time() * 1000))
    tree = MemoryTree(trial.files)
    shown = [render_finding(finding, tree) for finding in report.findings] or ["nothing found"]
    trial.ran("plexus-rules check", Said(report.exit_status, "\n".join(shown), trial.files, "."))
    return report


def _new_sql(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    return sorted(path for path in after.keys() - before.keys() if path.endswith(".sql"))


def _listed(trial: Trial, path: str) -> bool:
    """Whether SQL adds the column, and the journal beside it names it last."""
    folder, name = posixpath.split(path)
    journal = json.loads(trial.files[f"{folder}/meta/_journal.json"])
    adds = b"ADD" in trial.files[path] and b"region" in trial.files[path]
    return adds and f"{journal['entries'][-1]['tag']}.sql" == name


def _generates(trial: Trial) -> None:
    for dialect in _CONFIGS:
        _, made = _generate(trial, dialect)
        (path,) = made or ("",)
        trial.decide("It makes the migration", bool(path) and _listed(trial, path))


def _generate(trial: Trial, dialect: str) -> tuple[str, list[str]]:
    """What generate says for a dialect, and the migrations that it makes of its schema."""
    before = dict(trial.files)
    config = _CONFIGS[dialect][0]
    said = trial.run_kit("generate", "--config", config, "--name", "add_region", place=BACKEND)
    return said.text, _new_sql(before, trial.files)
