"""What an experiment is, and the list of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.lab.drivers import EACH, Driver
from plexus_rules.rule import Claim

if TYPE_CHECKING:
    from plexus_rules.lab.trial import Trial

Run = Callable[["Trial"], None]


class NotApplicable(Exception):
    """The claim says nothing about this line or driver. The text says why."""


class Experiment(Struct, frozen=True):
    """How a claim is tried.

    Attributes:
        claim: what it decides.
        run: does it, once for each driver, and decides at least once.
        on: the drivers.
        not_on: the lines of Drizzle that the claim does not speak of, and why.
    """

    claim: Claim
    run: Run
    on: tuple[Driver, ...]
    not_on: Mapping[str, str]


_FOUND: dict[str, Experiment] = {}


def experiment(
    *claims: Claim, on: tuple[Driver, ...] = EACH, not_on: Mapping[str, str] | None = None
) -> Callable[[Run], Run]:
    """Makes a function the experiment of these claims.

    Raises:
        ValueError: another function is the experiment of one of them already.
    """

    def registered(run: Run) -> Run:
        for claim in claims:
            if claim.id in _FOUND:
                raise ValueError(f"{claim.id}: two experiments")
            _FOUND[claim.id] = Experiment(claim, run, on, not_on or {})
        return run

    return registered


def experiments() -> Mapping[str, Experiment]:
    """Every experiment, by the id of its claim."""
    from plexus_rules.lab import experiments as package

    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_FOUND.items()))
