"""``plexus-rules audit``."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plexus_rules.cli.face import fail, plain, styled, wants_colour

if TYPE_CHECKING:
    from plexus_rules.audit import Audit, AuditRequest


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--range", "span", metavar="A..B", help="Judge the commits after A, up to B, only.")
@click.option("--full", is_flag=True, help="Judge the commits inside merged branches, too.")
@click.option(
    "--select", metavar="IDS", help="Run these rules only: ids, names or prefixes, by comma."
)
@click.option("--ignore", metavar="IDS", help="Leave these rules out.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
def audit(
    path: Path, span: str | None, full: bool, select: str | None, ignore: str | None, output: str
) -> None:
    """Check the history of the branch in PATH, commit by commit.

    Each commit of its first-parent line is compared with its first parent. A fault is reported
    at the commit that brought it in, with the commit that ended it, if one did.

    Exit status: 0 no error was ever brought in, 1 at least one, though it may be mended by now,
    2 the audit could not be done.
    """
    from plexus_rules.audit import AuditRequest, CannotAudit
    from plexus_rules.catalog import all_rules
    from plexus_rules.catalog.selection import UnknownRule
    from plexus_rules.cli import audit_formats as formats

    # What is kept from commit to commit is much, and to search it for garbage takes long.
    gc.set_threshold(1_000_000, 50, 1000)
    url = os.environ.get("PLEXUS_RULES_URL") or None
    request = AuditRequest(path, all_rules(), span, full, select, ignore, url, _processors())
    try:
        done = _run(request)
    except (CannotAudit, UnknownRule) as error:
        fail(str(error))
    if output == "json":
        click.echo(formats.render_json(done), nl=False)
    elif output == "markdown":
        click.echo(formats.render_markdown(done), nl=False)
    else:
        style = styled if wants_colour() else plain
        click.echo(formats.render_text(done, style), nl=False)
    _say_what_is_missing(done)
    sys.exit(done.report.exit_status)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run(request: AuditRequest) -> Audit:
    """The audit, with a progress bar where a person watches."""
    from plexus_rules.audit import audit

    if not sys.stderr.isatty():
        return audit(request)
    with click.progressbar(length=1, file=sys.stderr, label="Judging commits") as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        return audit(request, progress)


def _say_what_is_missing(done: Audit) -> None:
    """All that was not judged, on stderr."""
    from plexus_rules.reporters.notes import notes
    from plexus_rules.reporters.printable import printable
    from plexus_rules.trees import NoBase

    for note in (*notes(done.report, NoBase("")), *map(printable, done.notes)):
        click.echo(note, err=True)
