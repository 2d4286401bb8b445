"""``plexus-rules generate`` and ``build``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from plexus_rules.cli.face import fail


def help_blocks() -> dict[str, str]:
    """What ``--help`` says, for the pages that show it."""
    from plexus_rules.cli import main
    from plexus_rules.cli.audit import audit
    from plexus_rules.cli.check import check

    def shown(command: click.Command, name: str) -> str:
        context = click.Context(command, info_name=name, terminal_width=80)
        return f"```text\n{command.get_help(context).rstrip()}\n```"

    return {
        "help-audit": shown(audit, "plexus-rules audit"),
        "commands": shown(main, "plexus-rules"),
        "help-check": shown(check, "plexus-rules check"),
    }


@click.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="CHECKOUT",
    help="Write the guides into this checkout instead, with the names that it uses.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="With --into: a name that cannot be read off the checkout. Repeatable.",
)
@click.option(
    "--check", "check_only", is_flag=True, help="Write nothing; exit 1 if something would change."
)
def generate(into: Path | None, settings: tuple[str, ...], check_only: bool) -> None:
    """Write the guides and pages from the rules."""
    if into is not None:
        _generate_into(into, settings, check_only)
        return
    if settings:
        fail("--set goes with --into: this source tree's guides have the names of Plexus")
    from plexus_rules.pages.source_tree import SourceTreeError, find_source_tree, plan

    try:
        generated = plan(find_source_tree(Path.cwd()), help_blocks())
    except SourceTreeError as error:
        fail(str(error))
    stale = [*generated.changed, *generated.gone]
    if check_only:
        if stale:
            click.echo(generated.diff, nl=False)
            click.echo(
                f"{len(stale)} generated files are stale; run: plexus-rules generate", err=True
            )
            sys.exit(1)
        click.echo(f"{len(generated.files)} generated files are up to date")
        return
    generated.write()
    click.echo(f"{len(generated.files)} files generated, {len(stale)} of them changed")


def _generate_into(checkout: Path, settings: tuple[str, ...], check_only: bool) -> None:
    from plexus_rules.catalog import all_rules
    from plexus_rules.guidance import PlacementError, plan_placement
    from plexus_rules.reporters.printable import printable

    try:
        placement = plan_placement(checkout, all_rules(), settings)
        for note in placement.notes:
            click.echo(printable(note), err=True)
        if check_only and placement.changed:
            click.echo(placement.diff, nl=False)
            stale = f"{len(placement.changed)} guides are stale; run: {placement.command}"
            click.echo(stale, err=True)
            sys.exit(1)
        if not check_only:
            placement.write()
    except PlacementError as error:
        fail(str(error))
    for file in placement.changed:
        click.echo(f"written: {printable(file.path)}")
    if not placement.changed:
        click.echo("the guides are up to date")


@click.command()
def build() -> None:
    """Generate, run every example, and build the site."""
    from plexus_rules.pages.source_tree import SourceTreeError, build_site, find_source_tree, plan
    from plexus_rules.pages.terminal import build_summary, gallery_line

    try:
        root = find_source_tree(Path.cwd())
        generated = plan(root, help_blocks())
        failed = [outcome for outcome in generated.outcomes if not outcome.passed]
        for outcome in failed:
            click.echo(gallery_line(outcome), err=True)
        if failed:
            fail(f"{len(failed)} examples do not give what they name; nothing was written")
        generated.write()
        site = build_site(root)
    except SourceTreeError as error:
        fail(str(error))
    click.echo(build_summary(generated, root, site), nl=False)
