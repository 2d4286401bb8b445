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
    found: dict[str, Rule] = {}
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        rule = getattr(importlib.import_module(module.name), "RULE", None)
        if rule is None:
            continue
        for key in (rule.id, rule.name):
            if key in found:
                raise ValueError(f"{module.name}: {key} is the id or name of another rule")
            found[key] = rule
    return tuple(sorted(set(found.values()), key=lambda rule: rule.id))


def find_rule(key: str) -> Rule | None:
    """The rule with this id or name, in any case; None where there is none."""
    wanted = key.strip().lower()
    return next((r for r in all_rules() if wanted in (r.id.lower(), r.name)), None)
