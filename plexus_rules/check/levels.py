"""Rules whose findings are as grave as a project has settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Any, cast

from msgspec.structs import replace

from plexus_rules.finding import Severity
from plexus_rules.rule import Check, Problem, Rule, Skipped

_Yields = Callable[[Any], Iterator[Problem | Skipped]]


def with_levels(rules: Sequence[Rule], levels: Mapping[str, Severity]) -> tuple[Rule, ...]:
    """The rules, each with the severity that its id has in ``levels``, if any.

    What is only information as things are, such as a finding in a landed migration, stays so.
    """
    return tuple(_with_level(r, levels[r.id]) if r.id in levels else r for r in rules)


def _with_level(rule: Rule, level: Severity) -> Rule:
    check = rule.check
    if check is None:
        return rule
    return replace(rule, severity=level, check=_without_own_level(check))


def _without_own_level(check: Check) -> Check:
    """The check, whose problems leave their level to the rule."""

    @wraps(check)  # its annotation says what it reads
    def checked(subject: Any) -> Iterator[Problem | Skipped]:
        for item in cast("_Yields", check)(subject):
            if isinstance(item, Problem) and item.severity not in (None, Severity.INFO):
                yield replace(item, severity=None)
            else:
                yield item

    return checked
