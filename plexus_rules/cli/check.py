"""``plexus-rules check``."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plexus_rules.cli.face import fail, plain, selected_rules, styled, wants_colour

if TYPE_CHECKING:
    from plexus_rules.check.path import Outcome


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--base", metavar="REV", help="Compare with the merge base of REV and HEAD.")
@click.option("--require-base", is_flag=True, help="Exit 2 where no base is found (default in CI).")
@click.option(
    "--select", metavar="IDS", help="Run these rules only: ids, names or prefixes, by comma."
)
@click.option("--ignore", metavar="IDS", help="Leave these rules out.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
def check(
    path: Path,
    base: str | None,
    require_base: bool,
    select: str | None,
    ignore: str | None,
    output: str,
) -> None:
    """Check the Drizzle project in PATH against the rules.

    Exit status: 0 no error was found, 1 at least one, 2 the check could not be done.
    """
    from plexus_rules.check.path import CannotCheck, Request, check_path
    from plexus_rules.reporters import render_github, render_json, render_text

    request = Request(
        path=path,
        rules=selected_rules(select, ignore),
        environ=os.environ,
        now=int(time.time() * 1000),
        base=base,
        require_base=require_base or os.environ.get("CI", "").lower() not in ("", "0", "false"),
        url=os.environ.get("PLEXUS_RULES_URL") or None,
    )
    try:
        outcome = check_path(request)
    except CannotCheck as error:
        fail(str(error))
    if output == "json":
        click.echo(render_json(outcome.report), nl=False)
    elif output == "github":
        click.echo(render_github(outcome.report, outcome.prefix), nl=False)
    else:
        style = styled if wants_colour() else plain
        click.echo(render_text(outcome.report, outcome.tree, style), nl=False)
    _say_what_is_missing(outcome)
    sys.exit(outcome.report.exit_status)


def _say_what_is_missing(outcome: Outcome) -> None:
    """The base, and all that was not checked, on stderr."""
    from plexus_rules.reporters.notes import notes

    for note in notes(outcome.report, outcome.base):
        click.echo(note, err=True)
