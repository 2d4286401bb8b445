"""``plexus-rules prove``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plexus_rules.cli.face import fail, plain, styled, wants_colour

if TYPE_CHECKING:
    from plexus_rules.lab.evidence import Evidence
    from plexus_rules.lab.experiment import Experiment


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@click.option(
    "--line", type=click.Choice(["v0", "v1"]), help="Try this line of Drizzle only, not both."
)
@click.option("--steps", is_flag=True, help="Print every step of every run, too.")
@click.option("--list", "list_only", is_flag=True, help="List the claims, and run nothing.")
@click.option(
    "--record", is_flag=True, help="Write what was found to docs/evidence of this source tree."
)
def prove(
    claims: tuple[str, ...], line: str | None, steps: bool, list_only: bool, record: bool
) -> None:
    """Try claims about Drizzle on the real Drizzle: these, or all.

    Each is tried with drizzle-kit, drizzle-orm and real databases, which are installed once in
    the user's cache, from npm. PostgreSQL comes with the extra postgres.

    Exit status: 0 every claim holds where it is stated, 1 one does not, 2 one could not be tried.
    """
    from plexus_rules.lab.experiment import experiments

    known = experiments()
    chosen = [_named(claim, known) for claim in dict.fromkeys(claims)] or list(known.values())
    if list_only:
        for experiment in chosen:
            click.echo(f"{experiment.claim.id}: {experiment.claim.sentence}")
        return
    directory = _evidence_directory() if record else None
    before = _recorded(directory, chosen, line) if directory is not None else {}
    found = _prove(chosen, line)
    style = styled if wants_colour() else plain
    from plexus_rules.lab.told import table

    click.echo(table(found, style, steps), nl=False)
    stopped = [one.claim for one in found if any(on.stopped for on in one.lines.values())]
    if directory is not None:
        _record([one for one in found if one.claim not in stopped], directory, before)
        if not claims and line != "v1":
            _record_comparison(directory)
    if stopped:
        click.echo(f"plexus-rules: could not be tried: {', '.join(stopped)}", err=True)
    if any(on.contradicts for one in found for on in one.lines.values()):
        sys.exit(1)
    sys.exit(2 if stopped else 0)


def _named(claim: str, known: Mapping[str, Experiment]) -> Experiment:
    if claim not in known:
        from difflib import get_close_matches

        nearest = get_close_matches(claim, known, 1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        fail(f"{claim}: no such claim{hint} (plexus-rules prove --list names them)")
    return known[claim]


def _prove(chosen: Sequence[Experiment], line: str | None) -> list[Evidence]:
    from plexus_rules.lab.lines import LINES
    from plexus_rules.lab.proving import prove
    from plexus_rules.lab.toolbox import NoToolbox

    lines = [LINES[line]] if line else list(LINES.values())

    def notify(what: str) -> None:
        click.echo(what, err=True)

    try:
        return prove(chosen, lines, notify=notify, progress=_watched("Trying claims"))
    except NoToolbox as error:
        fail(str(error))


def _watched(label: str) -> Callable[[Iterable[Any], int], Iterable[Any]]:
    """What shows a progress bar where a person watches."""

    def progress(runs: Iterable[Any], of: int) -> Iterator[Any]:
        if not sys.stderr.isatty():
            yield from runs
            return
        with click.progressbar(runs, of, label, file=sys.stderr) as shown:
            yield from shown

    return progress


def _evidence_directory() -> Path:
    from plexus_rules.pages.source_tree import EVIDENCE, SourceTreeError, find_source_tree

    try:
        return find_source_tree(Path.cwd()) / EVIDENCE
    except SourceTreeError as error:
        fail(str(error))


def _recorded(
    directory: Path, chosen: Sequence[Experiment], line: str | None
) -> Mapping[str, Evidence]:
    """What is recorded of these claims. A record that is whole again after this run may be bad."""
    from plexus_rules.lab.records import BadRecord, read_records

    try:
        return read_records(directory, [one.claim.id for one in chosen])
    except BadRecord as error:
        if line is not None:
            fail(f"{error}, without --line: what it says of the other line would be lost")
        return {}


def _record(found: Sequence[Evidence], directory: Path, before: Mapping[str, Evidence]) -> None:
    from plexus_rules.guidance.files import write_all
    from plexus_rules.lab.records import as_files

    directory.mkdir(parents=True, exist_ok=True)
    files = {directory / name: data for name, data in as_files(found, before).items()}
    write_all(files)
    records = "record" if len(files) == 1 else "records"
    click.echo(f"{len(files)} {records} written to {directory}", err=True)


def _record_comparison(directory: Path) -> None:
    """What drizzle-kit's own check sees, of the line that has journals."""
    from plexus_rules.guidance.files import write_whole
    from plexus_rules.lab.lines import V0
    from plexus_rules.lab.side_by_side import RECORD, compare_checks, encode
    from plexus_rules.lab.toolbox import NoToolbox, toolbox

    try:
        compared = compare_checks(toolbox(V0), progress=_watched("Comparing checks"))
    except NoToolbox as error:
        fail(str(error))
    write_whole(directory / RECORD, encode(compared))
    click.echo(f"{RECORD} written: {len(compared.states)} states", err=True)
