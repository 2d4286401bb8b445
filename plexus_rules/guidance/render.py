"""Guides as Markdown, filled with a profile's names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from plexus_rules.catalog.guides import GUIDES, ROOT, SCHEMA
from plexus_rules.catalog.workflow import workflow
from plexus_rules.profile import Profile
from plexus_rules.rule import Enforcement, Guide, Line, Obligation, Rule, fill

if TYPE_CHECKING:
    from jinja2 import Environment

#: The name of every guide's file.
FILE_NAME = "AGENTS.md"

_MARKS = {Enforcement.CHECKED: "", Enforcement.IN_PART: "~", Enforcement.ADVISED: "*"}


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A guide as it stands in a checkout: where, and its Markdown."""

    guide: Guide
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class _Item:
    text: str
    ids: str


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    items: tuple[_Item, ...]


@cache
def environment() -> Environment:
    """The templates of the guides."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("plexus_rules.guidance"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def guide_pages(rules: Sequence[Rule], profile: Profile) -> tuple[GuidePage, ...]:
    """Every guide whose place the profile knows."""
    names = profile.names()
    pages: list[GuidePage] = []
    placed: dict[str, str] = {}
    for guide in GUIDES:
        place = fill(guide.place, names)
        if place is not None:
            placed[guide.id] = FILE_NAME if place in (".", "") else f"{place}/{FILE_NAME}"
    for guide in GUIDES:
        if guide.id in placed:
            text = _text(guide, rules, profile, placed)
            pages.append(GuidePage(guide, placed[guide.id], text))
    return tuple(pages)


def rule_line(rule: Rule, profile: Profile) -> str | None:
    """The line that stands for a rule in its guides; None where a name is unknown."""
    return _filled(rule.line, profile)


def _filled(line: Line, profile: Profile) -> str | None:
    names = profile.names()
    text = line.by_ci if line.by_ci and profile.generator.value == "ci" else line.text
    return fill(text, names) or (fill(line.fallback, names) or None)


def _text(guide: Guide, rules: Sequence[Rule], profile: Profile, placed: dict[str, str]) -> str:
    carried = [rule for rule in rules if guide in rule.guides]
    template = "full" if guide is SCHEMA else "root" if guide is ROOT else "short"
    return (
        environment()
        .get_template(f"{template}.md.jinja")
        .render(
            guide=guide,
            profile=profile,
            names=profile.names(),
            sections=tuple(_sections(carried, profile)),
            workflow=workflow(profile),
            full=placed.get(SCHEMA.id),
            others=[(g, placed[g.id]) for g in GUIDES if g is not guide and g.id in placed],
            by_ci=profile.generator.value == "ci",
            marks=_MARKS,
        )
    )


def _sections(rules: Sequence[Rule], profile: Profile) -> Iterable[_Section]:
    for obligation in Obligation:
        lines: dict[Line, list[Rule]] = {}
        for rule in rules:
            if rule.obligation is obligation:
                lines.setdefault(rule.line, []).append(rule)
        items = [
            _Item(text, " ".join(r.id + _MARKS[r.enforcement] for r in sharing))
            for line, sharing in lines.items()
            if (text := _filled(line, profile)) is not None
        ]
        if items:
            yield _Section(obligation.value.capitalize(), tuple(items))
