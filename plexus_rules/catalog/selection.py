"""Picks rules by what a person types: ids, names, prefixes of ids."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from plexus_rules.rule import Rule


class UnknownRule(ValueError):
    """No rule has this id, name or prefix. The text suggests the nearest."""


def one_rule(rules: Sequence[Rule], key: str) -> Rule:
    """The rule with an id or a name, in any case.

    Raises:
        UnknownRule: there is none.
    """
    wanted = key.strip().lower()
    for rule in rules:
        if wanted in (rule.id.lower(), rule.name):
            return rule
    raise UnknownRule(f"no rule {key!r}{_nearest(rules, wanted)}; see: plexus-rules list")


def select_rules(rules: Sequence[Rule], select: str | None, ignore: str | None) -> tuple[Rule, ...]:
    """The rules that ``select`` names (all, where it is None) without those of ``ignore``.

    Both are lists by comma of ids, names, or prefixes of ids such as ``PLX2``.

    Raises:
        UnknownRule: an item fits no rule, or ``select`` names nothing.
    """
    chosen = set(rules) if select is None else _matching(rules, select)
    if not chosen:
        raise UnknownRule("--select names no rule; see: plexus-rules list")
    chosen -= _matching(rules, ignore or "")
    return tuple(rule for rule in rules if rule in chosen)


def _matching(rules: Sequence[Rule], listed: str) -> set[Rule]:
    found: set[Rule] = set()
    for item in filter(None, (part.strip().lower() for part in listed.split(","))):
        fits = {
            r
            for r in rules
            if r.name == item or (item.startswith("plx") and r.id.lower().startswith(item))
        }
        if not fits:
            raise UnknownRule(f"no rule {item!r}{_nearest(rules, item)}; see: plexus-rules list")
        found |= fits
    return found


def _nearest(rules: Sequence[Rule], wanted: str) -> str:
    keys = [key for rule in rules for key in (rule.id.lower(), rule.name)]
    near = difflib.get_close_matches(wanted, keys, n=1, cutoff=0.6)
    if not near:
        return ""
    return f", did you mean {near[0].upper() if near[0].startswith('plx') else near[0]}?"
