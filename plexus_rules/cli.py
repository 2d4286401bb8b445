"""The command line: one thin function for each command."""

from __future__ import annotations

import io
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from plexus_rules import __version__

if TYPE_CHECKING:
    from plexus_rules.check.path import Outcome
    from plexus_rules.rule import Rule

_STYLES: dict[str, dict[str, object]] = {
    "path": {"bold": True, "underline": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "blue", "bold": True},
    "rule": {"bold": True},
    "good": {"fg": "green"},
    "dim": {"dim": True},
}


def _styled(text: str, style: str) -> str:
    return click.style(text, **_STYLES.get(style, {}))  # type: ignore[arg-type]


def _wants_colour() -> bool:
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain


def _plain(text: str, style: str) -> str:
    return text


def _fail(message: str) -> NoReturn:
    from plexus_rules.reporters.printable import printable

    click.echo("\n".join(map(printable, f"plexus-rules: {message}".split("\n"))), err=True)
    sys.exit(2)


class _Face(click.Group):
    """Says in a line what stopped a command, and never takes a status that means findings."""

    def invoke(self, ctx: click.Context) -> Any:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("plexus-rules: interrupted", err=True)
            sys.exit(130)
        except BrokenPipeError:  # whoever read stdout has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)
        except OSError as error:
            _fail(f"{error.strerror or error}")
        except Exception as error:
            from plexus_rules.check.unexpected import described

            _fail(f"internal error ({described(error)}); please report it")


@click.group(cls=_Face, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="plexus-rules")
def main() -> None:
    """Rules for a repository with Drizzle ORM, as code."""


@main.command()
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
        rules=_selected(select, ignore),
        environ=os.environ,
        now=int(time.time() * 1000),
        base=base,
        require_base=require_base or os.environ.get("CI", "").lower() not in ("", "0", "false"),
        url=os.environ.get("PLEXUS_RULES_URL") or None,
    )
    try:
        outcome = check_path(request)
    except CannotCheck as error:
        _fail(str(error))
    if output == "json":
        click.echo(render_json(outcome.report), nl=False)
    elif output == "github":
        click.echo(render_github(outcome.report, outcome.prefix), nl=False)
    else:
        style = _styled if _wants_colour() else _plain
        click.echo(render_text(outcome.report, outcome.tree, style), nl=False)
    _say_what_is_missing(outcome)
    sys.exit(outcome.report.exit_status)


def _say_what_is_missing(outcome: Outcome) -> None:
    """The base, and all that was not checked, on stderr."""
    from plexus_rules.reporters.notes import notes

    for note in notes(outcome.report, outcome.base):
        click.echo(note, err=True)


def _selected(select: str | None, ignore: str | None) -> tuple[Rule, ...]:
    from plexus_rules.catalog import all_rules
    from plexus_rules.catalog.selection import UnknownRule, select_rules

    try:
        return select_rules(all_rules(), select, ignore)
    except UnknownRule as error:
        _fail(str(error))


@main.command("list")
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def list_rules(output: str) -> None:
    """List every rule."""
    from plexus_rules.catalog import all_rules
    from plexus_rules.pages.terminal import rules_json, rules_table

    click.echo((rules_json if output == "json" else rules_table)(all_rules()), nl=False)


@main.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Explain RULE, an id or a name."""
    from plexus_rules.catalog import all_rules
    from plexus_rules.catalog.selection import UnknownRule, one_rule
    from plexus_rules.pages.terminal import explanation

    try:
        found = one_rule(all_rules(), rule)
    except UnknownRule as error:
        _fail(str(error))
    click.echo(explanation(found, all_rules()), nl=False)


@main.command()
@click.option("--select", metavar="IDS", help="Run the examples of these rules only.")
def gallery(select: str | None) -> None:
    """Run every example and compare it with what it names.

    Exit status: 0 each does, 1 at least one does not.
    """
    from plexus_rules.catalog import all_rules
    from plexus_rules.gallery import run_all
    from plexus_rules.pages.terminal import gallery_line, gallery_summary

    outcomes = []
    for outcome in run_all(all_rules(), _selected(select, None)):
        outcomes.append(outcome)
        click.echo(gallery_line(outcome))
    click.echo(gallery_summary(outcomes))
    sys.exit(0 if all(outcome.passed for outcome in outcomes) else 1)


def _help_blocks() -> dict[str, str]:
    """What ``--help`` says, for the pages that show it."""

    def shown(command: click.Command, name: str) -> str:
        context = click.Context(command, info_name=name, terminal_width=80)
        return f"```text\n{command.get_help(context).rstrip()}\n```"

    return {
        "commands": shown(main, "plexus-rules"),
        "help-check": shown(check, "plexus-rules check"),
    }


@main.command()
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
        _fail("--set goes with --into: this source tree's guides have the names of Plexus")
    from plexus_rules.pages.source_tree import SourceTreeError, find_source_tree, plan

    try:
        generated = plan(find_source_tree(Path.cwd()), _help_blocks())
    except SourceTreeError as error:
        _fail(str(error))
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
        _fail(str(error))
    for file in placement.changed:
        click.echo(f"written: {printable(file.path)}")
    if not placement.changed:
        click.echo("the guides are up to date")


@main.command()
def build() -> None:
    """Generate, run every example, and build the site."""
    from plexus_rules.pages.source_tree import SourceTreeError, build_site, find_source_tree, plan
    from plexus_rules.pages.terminal import build_summary, gallery_line

    try:
        root = find_source_tree(Path.cwd())
        generated = plan(root, _help_blocks())
        failed = [outcome for outcome in generated.outcomes if not outcome.passed]
        for outcome in failed:
            click.echo(gallery_line(outcome), err=True)
        if failed:
            _fail(f"{len(failed)} examples do not give what they name; nothing was written")
        generated.write()
        site = build_site(root)
    except SourceTreeError as error:
        _fail(str(error))
    click.echo(build_summary(generated, root, site), nl=False)
