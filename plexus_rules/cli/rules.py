"""``plexus-rules list``, ``explain`` and ``gallery``."""

from __future__ import annotations

import sys

import click

from plexus_rules.cli.face import fail, selected_rules


@click.command("list")
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def list_rules(output: str) -> None:
    """List every rule."""
    from plexus_rules.catalog import all_rules
    from plexus_rules.pages.terminal import rules_json, rules_table

    click.echo((rules_json if output == "json" else rules_table)(all_rules()), nl=False)


@click.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Explain RULE, an id or a name."""
    from plexus_rules.catalog import all_rules
    from plexus_rules.catalog.selection import UnknownRule, one_rule
    from plexus_rules.pages.terminal import explanation

    try:
        found = one_rule(all_rules(), rule)
    except UnknownRule as error:
        fail(str(error))
    click.echo(explanation(found, all_rules()), nl=False)


@click.command()
@click.option("--select", metavar="IDS", help="Run the examples of these rules only.")
def gallery(select: str | None) -> None:
    """Run every example and compare it with what it names.

    Exit status: 0 each does, 1 at least one does not.
    """
    from plexus_rules.catalog import all_rules
    from plexus_rules.gallery import run_all
    from plexus_rules.pages.terminal import gallery_line, gallery_summary

    outcomes = []
    for outcome in run_all(all_rules(), selected_rules(select, None)):
        outcomes.append(outcome)
        click.echo(gallery_line(outcome))
    click.echo(gallery_summary(outcomes))
    sys.exit(0 if all(outcome.passed for outcome in outcomes) else 1)
