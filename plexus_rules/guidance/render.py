"""Guides as Markdown, filled with a profile's names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from plexus_rules.catalog.guides import GUIDES, MIGRATIONS, ROOT, SCHEMA
from plexus_rules.catalog.workflow import workflow
from plexus_rules.drizzle.places import dialect_title
from plexus_rules.profile import DatabaseNames, Generator, Profile
from plexus_rules.rule import Enforcement, Guide, Line, Needs, Obligation, Rule, fill

if TYPE_CHECKING:
    from jinja2 import Environment

#: The name of every guide's file.
FILE_NAME = "AGENTS.md"

_MARKS = {Enforcement.CHECKED: "", Enforcement.IN_PART: "~", Enforcement.ADVISED: "*"}


@dataclass(frozen=True, slots=True)
class GuidePlace:
    """Where a guide goes in a checkout.

    ``profile`` has the database that the guide is about first, where it is about one.
    """

    guide: Guide
    directory: str
    profile: Profile

    @property
    def path(self) -> str:
        """The file that holds the guide."""
        return posixpath.join(self.directory, FILE_NAME)


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
def environment(package: str) -> Environment:
    """The Markdown templates of a package: nothing is escaped, and a missing name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(package),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def guide_pages(rules: Sequence[Rule], profile: Profile) -> tuple[GuidePage, ...]:
    """Every guide whose place the profile knows."""
    return render_guides(rules, one_for_each_file(guide_places(profile)))


def guide_places(profile: Profile) -> Iterator[GuidePlace]:
    """The places that the profile knows: for a migrations guide, one for each database."""
    profile = profile.settled()
    for guide in GUIDES:
        found: set[str] = set()
        for database in profile.databases or (None,):
            variant = _led_by(profile, database)
            if guide in MIGRATIONS:
                variant = _with_own_custom(profile, variant)
            place = fill(guide.place, variant.names())
            if place is None or place in found:
                continue
            if guide not in MIGRATIONS or (database and place == (database.out or ".")):
                found.add(place)
                yield GuidePlace(guide, "" if place == "." else place, variant)


def _led_by(profile: Profile, database: DatabaseNames | None) -> Profile:
    if database is None:
        return profile
    others = tuple(other for other in profile.databases if other is not database)
    return replace(profile, databases=(database, *others))


def _with_own_custom(profile: Profile, variant: Profile) -> Profile:
    """The profile of one database, with only its own command for SQL by hand."""
    customs = dict(zip(profile.databases, profile.generate_custom, strict=False))
    if len(profile.generate_custom) < len(profile.databases) or not variant.databases:
        return variant
    return replace(variant, generate_custom=(customs[variant.databases[0]],))


def one_for_each_file(places: Iterable[GuidePlace]) -> tuple[GuidePlace, ...]:
    """The places, one for each file: the full guide, which carries every rule, wins."""
    kept: dict[str, GuidePlace] = {}
    found = list(places)
    for place in sorted(found, key=lambda p: (p.guide is not SCHEMA, p.guide is not ROOT)):
        kept.setdefault(place.path, place)
    return tuple(place for place in found if kept[place.path] is place)


def render_guides(rules: Sequence[Rule], places: Sequence[GuidePlace]) -> tuple[GuidePage, ...]:
    """The guides for these places, which name each other."""
    return tuple(GuidePage(p.guide, p.path, _text(p, rules, places)) for p in places)


def rule_line(rule: Rule, profile: Profile) -> str | None:
    """The line that stands for a rule in its guides; None where a name is unknown."""
    return _filled(rule.line, profile)


def _filled(line: Line, profile: Profile) -> str | None:
    names = profile.names()
    by_ci = line.by_ci and profile.generator is Generator.CI
    return fill(line.by_ci if by_ci else line.text, names) or fill(line.fallback, names) or None


def _text(place: GuidePlace, rules: Sequence[Rule], places: Sequence[GuidePlace]) -> str:
    guide, profile = place.guide, place.profile
    dialects = {database.dialect for database in profile.databases}
    carried = [rule for rule in rules if guide in rule.guides and _is_told(rule, dialects)]
    template = "full" if guide is SCHEMA else "root" if guide is ROOT else "short"
    commands = profile.generate
    if guide in MIGRATIONS:
        commands = tuple(database.generate for database in profile.databases[:1])
    text = (
        environment("plexus_rules.guidance")
        .get_template(f"{template}.md.jinja")
        .render(
            guide=guide,
            profile=profile,
            by_ci=profile.generator is Generator.CI,
            commands=commands,
            places=list(_places(place)),
            sections=list(_sections(carried, profile)),
            workflow=workflow(profile),
            ids={rule.id: _marked(rule) for rule in carried},
            about_migrations=guide in MIGRATIONS,
            full=next((p.path for p in places if p.guide is SCHEMA), None),
            others=[p for p in places if p.guide is not ROOT],
        )
    )
    return tidy(_shortened(text, place))


def _is_told(rule: Rule, dialects: Set[str]) -> bool:
    """Whether a rule applies to databases of these dialects, as far as that is known."""
    if rule.needs.met_by(dialects - {"unknown"}):
        return True
    is_unsure = "unknown" in dialects or not dialects
    return is_unsure and rule.needs is not Needs.TWO_DIALECTS


def _shortened(text: str, place: GuidePlace) -> str:
    """The text with the places of tables as they are seen from the guide."""
    for tables in {path for database in place.profile.databases for path in database.tables}:
        near = f"`{_seen_from(place.directory, tables)}`"
        text = text.replace(f"`{tables}`", near).replace(f"`{tables.rstrip('/')}`", near)
    return text


def _marked(rule: Rule) -> str:
    return rule.id + _MARKS[rule.enforcement]


def _sections(rules: Sequence[Rule], profile: Profile) -> Iterator[_Section]:
    for obligation in Obligation:
        lines: dict[Line, list[Rule]] = {}
        for rule in rules:
            if rule.obligation is obligation:
                lines.setdefault(rule.line, []).append(rule)
        items = [
            _Item(text, " ".join(map(_marked, sharing)))
            for line, sharing in lines.items()
            if (text := _filled(line, profile)) is not None
        ]
        if items:
            yield _Section(obligation.value.capitalize(), tuple(items))


def _places(place: GuidePlace) -> Iterator[tuple[tuple[str, ...], str]]:
    """The places of tables, as seen from the guide, and what lies there."""
    found: dict[tuple[str, ...], list[str]] = {}
    for database in place.profile.databases:
        if database.tables:
            is_known = database.dialect != "unknown"
            said = f"{dialect_title(database.dialect)} tables" if is_known else "tables"
            if database.selected_by:
                when = f"when `{database.selected_by}`"
                said += f", in use {'by default and ' if database.default else ''}{when}"
            found.setdefault(database.tables, []).append(said)
    for tables, what in found.items():
        seen = tuple(_seen_from(place.directory, path) for path in tables)
        yield seen, "; ".join(dict.fromkeys(what))


def _seen_from(here: str, tables: str) -> str:
    return (tables.removeprefix(f"{here}/") if here else tables) or "./"


_FENCE = re.compile(r"^ *```")


def tidy(text: str) -> str:
    """Markdown without spaces at line ends, and with one empty line in a row at most."""
    lines: list[str] = []
    in_fence = False
    for line in (line.rstrip() for line in text.strip().splitlines()):
        in_fence ^= _FENCE.match(line) is not None
        if line or in_fence or lines[-1]:
            lines.append(line)
    return "\n".join(lines) + "\n"
