"""``plexus-rules check``."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from plexus_rules.cli.face import fail, plain, styled, wants_colour

if TYPE_CHECKING:
    from plexus_rules.check.cache import Answer
    from plexus_rules.check.path import Outcome, Request
    from plexus_rules.drizzle.replay.engine import Engine

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--base", metavar="REV", help="Compare with the merge base of REV and HEAD.")
@click.option("--require-base", is_flag=True, help="Exit 2 where no base is found (default in CI).")
@click.option("--strict", is_flag=True, help="Exit 2 where any part was not checked.")
@click.option(
    "--select", metavar="IDS", help="Run these rules only: ids, names or prefixes, by comma."
)
@click.option("--ignore", metavar="IDS", help="Leave these rules out.")
@click.option(
    "--config",
    type=_FILE,
    metavar="FILE",
    help="Settings, in place of PATH/plexus-rules.toml or those in its pyproject.toml.",
)
@click.option("--no-config", is_flag=True, help="Do without settings.")
@click.option(
    "--baseline",
    type=_FILE,
    metavar="FILE",
    help="Known findings, in place of PATH/plexus-rules-baseline.json.",
)
@click.option(
    "--write-baseline", is_flag=True, help="Make all that is found known, and report it no more."
)
@click.option(
    "--deep",
    is_flag=True,
    help="Replay PostgreSQL's migrations in a real server (the extra postgres).",
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False),
    envvar="PLEXUS_RULES_CACHE",
    metavar="DIR",
    help="Keep what is found in DIR, and do not check again what is still the same.",
)
@click.option("--show-waived", is_flag=True, help="List what is waived, and where and why.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="How findings are printed: text, json, github or sarif.",
)
def check(
    path: Path,
    base: str | None,
    require_base: bool,
    strict: bool,
    select: str | None,
    ignore: str | None,
    config: Path | None,
    no_config: bool,
    baseline: Path | None,
    write_baseline: bool,
    deep: bool,
    cache: str | None,
    show_waived: bool,
    output: str,
) -> None:
    """Check the Drizzle project in PATH against the rules.

    Exit status: 0 no error was found, 1 at least one, 2 the check could not be done.
    """
    from plexus_rules.check.ahead import looking_ahead
    from plexus_rules.check.child import can_run_beside

    # What is made here holds no circles, and lives as long as the command.
    gc.disable()
    context = click.get_current_context()
    context.call_on_close(_collect_later)
    if config is not None and no_config:
        fail("--config and --no-config exclude each other")
    now = int(time.time() * 1000)
    require_base = require_base or os.environ.get("CI", "").lower() not in ("", "0", "false")
    url = os.environ.get("PLEXUS_RULES_URL") or None
    # Where much may be known from before, little is left to look at.
    ahead = context.with_resource(looking_ahead(path)) if cache is None else dict
    # Only now: git is asked in a thread, and a process with threads is better not forked.
    from plexus_rules.check.compared import comparing

    compared = comparing(path, base, os.environ)
    opened = None
    if cache == "":
        fail("--cache: names no directory")
    if cache is not None and not (deep or write_baseline):
        from plexus_rules.check.cache import open_cache

        options = (select, ignore, no_config, require_base, strict, url, show_waived, output)
        files = [(str(file), _content(file)) for file in (config, baseline) if file is not None]
        about = {"options": options, "files": files, "colour": wants_colour()}
        opened = open_cache(Path(cache), path, compared(), about)
        answer = None if opened is None else opened.find(now)
        if answer is not None:
            _say(answer)
    from plexus_rules.catalog import all_rules
    from plexus_rules.catalog.selection import UnknownRule
    from plexus_rules.check.path import CannotCheck, Request, check_path

    try:
        with _engines(deep) as engines:
            request = Request(
                path=path,
                rules=all_rules(),
                environ=os.environ,
                now=now,
                base=base,
                require_base=require_base,
                strict=strict,
                url=url,
                select=select,
                ignore=ignore,
                config=config,
                no_config=no_config,
                baseline=baseline,
                lists_waived=show_waived,
                engines=engines,
                tree=None if opened is None else opened.tree,
                beside=can_run_beside() and not deep,
                compared=compared,
                ahead=ahead,
            )
            if write_baseline:
                _adopt(request)
                return
            outcome = check_path(request)
    except (CannotCheck, UnknownRule) as error:
        fail(str(error))
    answer = _answer(outcome, output, show_waived)
    if opened is not None and not outcome.report.incomplete:
        try:
            opened.keep(answer, now, outcome.holds_until)
        except OSError as error:
            _say_that_nothing_is_kept(cache, error)
    _say(answer)


def _collect_later() -> None:
    """Has the garbage collector see what is made from now on.

    To look through all that a check made takes it longer than some rules do.
    """
    gc.freeze()
    gc.enable()


@contextmanager
def _engines(deep: bool) -> Iterator[dict[str, Engine]]:
    """The servers that replay migrations for real: none, unless they are asked for."""
    if not deep:
        yield {}
        return
    from plexus_rules.check.deep import NoServer, postgres

    try:
        with postgres() as engine:
            yield {"postgresql": engine}
    except NoServer as error:
        fail(str(error))


def _adopt(request: Request) -> None:
    from plexus_rules.check.adopting import adopt
    from plexus_rules.reporters.notes import adoption, notes

    outcome, adopted = adopt(request)
    for note in notes(outcome.report, outcome.base):
        click.echo(note, err=True)
    click.echo(adoption(adopted))


def _say_that_nothing_is_kept(cache: str | None, error: OSError) -> None:
    """Which directory cannot be used, who named it, why, and what helps."""
    from plexus_rules.reporters.printable import printable

    source = click.get_current_context().get_parameter_source("cache")
    by_variable = source is click.core.ParameterSource.ENVIRONMENT
    named = "PLEXUS_RULES_CACHE=" if by_variable else "--cache "
    reason = (error.strerror or str(error)).lower()
    told = (
        f"plexus-rules: nothing was kept for the next check: {named}{cache}: {reason}; "
        "name a directory of yours that can be written, or one that can be made"
    )
    click.echo(printable(told), err=True)


def _content(file: Path) -> str:
    """The text of a file that lies elsewhere; none where it cannot be read."""
    try:
        return file.read_bytes().hex()
    except OSError:
        return ""


def _answer(outcome: Outcome, output: str, show_waived: bool) -> Answer:
    """The report, and beside it the base and all that was not checked."""
    from plexus_rules.check.cache import Answer
    from plexus_rules.reporters.notes import notes

    text = _rendered(outcome, output, show_waived)
    lines = tuple(notes(outcome.report, outcome.base))
    return Answer(text, lines, outcome.report.exit_status)


def _say(answer: Answer) -> NoReturn:
    """What was found on stdout, the rest on stderr."""
    click.echo(answer.output, nl=False)
    for note in answer.notes:
        click.echo(note, err=True)
    sys.exit(answer.status)


def _rendered(outcome: Outcome, output: str, show_waived: bool) -> str:
    """The report as text."""
    report = outcome.report
    if output == "json":
        from plexus_rules.reporters import render_json

        return render_json(report, show_waived)
    if output == "github":
        from plexus_rules.reporters import render_github

        return render_github(report, outcome.prefix)
    if output == "sarif":
        from plexus_rules.reporters import render_sarif

        return render_sarif(report, outcome.rules, outcome.tree, outcome.prefix)
    from plexus_rules.reporters import render_text

    style = styled if wants_colour() else plain
    return render_text(report, outcome.tree, style, show_waived)
