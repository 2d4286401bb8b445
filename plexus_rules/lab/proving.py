"""Runs experiments: side by side, each on a project and databases of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from plexus_rules.lab.bench import Bench, bench
from plexus_rules.lab.drivers import BUN, LIBSQL, POSTGRES, SQLITE, Driver
from plexus_rules.lab.evidence import Evidence, OnLine, Tried
from plexus_rules.lab.experiment import Experiment, NotApplicable
from plexus_rules.lab.lines import Line
from plexus_rules.lab.server import available, server
from plexus_rules.lab.toolbox import toolbox
from plexus_rules.lab.trial import Trial

_MOST_AT_ONCE = 8


def prove(
    chosen: Sequence[Experiment],
    lines: Sequence[Line],
    *,
    notify: Callable[[str], None] = lambda _: None,
    progress: Callable[[Iterable[Tried], int], Iterable[Tried]] = lambda runs, _: runs,
) -> list[Evidence]:
    """What each experiment gives on each line, in the order of the experiments.

    Args:
        chosen: the experiments.
        lines: the lines of Drizzle.
        notify: is told what takes long: what is installed, once.
        progress: is handed the runs as they end, and how many there will be.

    Raises:
        NoToolbox: what the experiments need cannot be had.
    """
    available()
    tools = [toolbox(line, notify) for line in lines]
    with ExitStack() as stack:
        socket = stack.enter_context(server())
        benches = {made.line.name: stack.enter_context(bench(made, socket)) for made in tools}
        wanted = [
            (experiment, line.name, driver)
            for experiment in chosen
            for line in lines
            for driver in experiment.on
        ]
        pool = ThreadPoolExecutor(min(_MOST_AT_ONCE, max(2, os.cpu_count() or 1)))
        try:
            ended = pool.map(lambda one: _tried(one[0], benches[one[1]], one[2]), wanted)
            runs = dict(zip(_keys(wanted), progress(ended, len(wanted)), strict=True))
            versions = {name: _versions(made) for name, made in benches.items()}
        finally:
            pool.shutdown(cancel_futures=True)
        return [_evidence(experiment, lines, runs, versions) for experiment in chosen]


def _keys(
    wanted: Iterable[tuple[Experiment, str, Driver]],
) -> Iterator[tuple[str, str, str]]:
    """What tells one run from another: the claim, the line and the driver."""
    return ((experiment.claim.id, line, driver.name) for experiment, line, driver in wanted)


def _tried(experiment: Experiment, made: Bench, driver: Driver) -> Tried:
    if because := experiment.not_on.get(made.line.name):
        return Tried(driver.title, because=because)
    trial = Trial(made, driver)
    try:
        experiment.run(trial)
    except NotApplicable as error:
        return Tried(driver.title, because=str(error))
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        return Tried(driver.title, tuple(trial.steps), (), said, stopped=True)
    if not trial.decisions:
        return Tried(driver.title, tuple(trial.steps), (), "it decided nothing", stopped=True)
    return Tried(driver.title, tuple(trial.steps), tuple(trial.decisions))


def _evidence(
    experiment: Experiment,
    lines: Sequence[Line],
    runs: Mapping[tuple[str, str, str], Tried],
    versions: Mapping[str, Mapping[str, str]],
) -> Evidence:
    claim = experiment.claim
    found = {}
    for line in lines:
        tried = tuple(runs[claim.id, line.name, driver.name] for driver in experiment.on)
        named = dict(_named(experiment.on, tried, versions[line.name]))
        found[line.name] = OnLine(line.name in claim.lines, named, tried)
    return Evidence(claim.id, claim.sentence, found)


_TAKES_PART = {
    BUN: ("bun", "SQLite of bun"),
    LIBSQL: ("@libsql/client", "SQLite of libsql"),
    POSTGRES: ("postgres", "PostgreSQL"),
}


def _named(
    on: Iterable[Driver], tried: Iterable[Tried], versions: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What took part, with its version."""
    for name in ("drizzle-kit", "drizzle-orm"):
        yield name, versions[name]
    if any(step.text.startswith("tsc ") for run in tried for step in run.steps):
        yield "typescript", versions["typescript"]
    for driver in on:
        for part in driver.of or (driver,):
            yield from ((name, versions[name]) for name in _TAKES_PART[part])


def _versions(made: Bench) -> dict[str, str]:
    versions = dict(made.line.versions)
    for driver, (_, name) in _TAKES_PART.items():
        asked = "sqlite_version()" if driver in SQLITE else "current_setting('server_version')"
        url = made.database(driver)
        rows = made.sessions.ask(driver, url, sql=f"SELECT {asked} AS version").rows
        versions[name] = str(rows[0]["version"])
    return versions
