"""Picks rules by what a person types: ids, names, prefixes of ids."""

from __future__ import annotations

from collections.abc import Sequence

from plexus_rules.rule import Rule

#: Letters that are typed, or read, for the digits of an id.
_LETTERS_FOR_DIGITS = str.maketrans("oil", "011")


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
    raise _unknown(rules, key, wanted)


def select_rules(rules: Sequence[Rule], select: str | None, ignore: str | None) -> tuple[Rule, ...]:
    """The rules that ``select`` names (all, where it is None) without those of ``ignore``.

    Both are lists by comma of ids, names, or prefixes of ids such as ``PLX2``.

    Raises:
        UnknownRule: an item fits no rule, or no rule is left.
    """
    chosen = set(rules) if select is None else _matching(rules, select)
    if not chosen:
        raise UnknownRule("--select names no rule; see: plexus-rules list")
    chosen -= _matching(rules, ignore or "")
    if not chosen:
        raise UnknownRule("--ignore leaves no rule to run")
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
            raise _unknown(rules, item, item)
        found |= fits
    return found


def _unknown(rules: Sequence[Rule], typed: str, wanted: str) -> UnknownRule:
    keys = {key.lower(): key for rule in rules for key in (rule.id, rule.name)}
    if wanted.startswith("plx"):
        wanted = "plx" + wanted[3:].translate(_LETTERS_FOR_DIGITS)
    import difflib

    near = difflib.get_close_matches(wanted, keys, n=1, cutoff=0.6)
    meant = f"did you mean {keys[near[0]]}? See" if near else "see"
    return UnknownRule(f"no rule {typed!r}; {meant}: plexus-rules list")
