"""The check as one call, for programs."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from plexus_rules.catalog import all_rules
from plexus_rules.check.path import Request, check_path
from plexus_rules.check.report import Report


def check_directory(
    path: str | os.PathLike[str],
    *,
    base: str | None = None,
    select: str | None = None,
    ignore: str | None = None,
    require_base: bool = False,
    config: str | os.PathLike[str] | None = None,
    no_config: bool = False,
    baseline: str | os.PathLike[str] | None = None,
    now: int | None = None,
    environ: Mapping[str, str] | None = None,
) -> Report:
    """Checks the Drizzle project in a directory. Nothing of it is run, and nothing is written.

    Args:
        path: the directory.
        base: a revision; the directory is compared with its merge base with HEAD.
            By default the base is found as the command line finds it.
        select: ids, names or prefixes of ids, by comma; by default those of the settings, or
            all rules.
        ignore: rules to leave out, in the same form.
        require_base: whether a check without a base counts as not done.
        config: a file of settings; by default the directory's own, if it has one.
        no_config: whether to do without settings.
        baseline: a file of known findings; by default the directory's own, if it has one.
        now: the time of the check, in milliseconds since 1970; by default the clock's.
        environ: the variables in which a CI names a pull request's target; by default
            those of this process.

    Returns:
        The report. Paths in it are relative to ``path``, with ``/``.

    Raises:
        CannotCheck: the path, the revision, the settings or the baseline cannot be read, or
            nothing in the directory can be checked.
        UnknownRule: ``select`` or ``ignore`` names a rule that does not exist.
    """
    request = Request(
        path=Path(path),
        rules=all_rules(),
        environ=os.environ if environ is None else environ,
        now=int(time.time() * 1000) if now is None else now,
        base=base,
        require_base=require_base,
        select=select,
        ignore=ignore,
        config=None if config is None else Path(config),
        no_config=no_config,
        baseline=None if baseline is None else Path(baseline),
    )
    return check_path(request).report
