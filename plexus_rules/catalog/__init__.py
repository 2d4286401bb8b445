"""The catalogue: every rule, a module each, and what the rules share.

A module below this package that defines ``RULE`` adds a rule; nothing lists it by hand.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from plexus_rules.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in order of its id.

    Raises:
        ValueError: two rules have one id, or one name.
    """
    return tuple(sorted(_modules().values(), key=lambda rule: rule.id))


def module_of(rule: Rule) -> str:
    """The path of the module that defines a rule of the catalogue, from the source tree's top."""
    name = next(name for name, found in _modules().items() if found is rule)
    return f"{name.replace('.', '/')}.py"


@cache
def _modules() -> dict[str, Rule]:
    """The rule of each module that defines one, by the module's dotted name."""
    keys: set[str] = set()
    found: dict[str, Rule] = {}
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        rule = getattr(importlib.import_module(module.name), "RULE", None)
        if rule is None:
            continue
        for key in (rule.id, rule.name):
            if key in keys:
                raise ValueError(f"{module.name}: {key} is the id or name of another rule")
            keys.add(key)
        found[module.name] = rule
    return found


def find_rule(key: str) -> Rule | None:
    """The rule with this id or name, in any case; None where there is none."""
    wanted = key.strip().lower()
    return next((r for r in all_rules() if wanted in (r.id.lower(), r.name)), None)
