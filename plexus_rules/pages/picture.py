"""The workflow as a picture: SVG that stands in the page, in the page's colours, without a script.

It is as wide as a small screen, in units that are pixels there, and goes from top to bottom.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from html import escape

from msgspec import Struct

from plexus_rules.drizzle.places import dialect_title
from plexus_rules.profile import Generator, Profile
from plexus_rules.rule import Workflow, WorkflowStep

_WIDTH = 340
_LEFT, _RIGHT = 8, 332
_GAP = 24
_LINE = 17
#: The most characters of a title on a line: fonts differ in width.
_WIDEST = 34
_STROKE = 'stroke="currentColor" stroke-width="1.5"'
_GROUND = 'fill="var(--md-code-bg-color, none)"'


class _Box(Struct, frozen=True):
    """A rounded box with a strong title, on several lines where it is long, and a line below.

    ``tentative`` ones are dashed.
    """

    title: str
    below: str = ""
    tentative: bool = False

    @property
    def strong(self) -> list[str]:
        return textwrap.wrap(self.title, _WIDEST)

    @property
    def lines(self) -> list[str]:
        return [*self.strong, *([self.below] if self.below else [])]

    @property
    def height(self) -> int:
        return 16 + _LINE * len(self.lines)


#: Boxes beside each other.
_Row = tuple[_Box, ...]


def picture(workflow: Workflow, profile: Profile, name: str) -> str:
    """The picture on one line. ``name`` makes its ids unique in a page."""
    rows = list(_rows(workflow, profile))
    drawn: list[str] = []
    top = 4
    for number, row in enumerate(rows):
        height = max(box.height for box in row)
        if number:
            drawn += _arrows(rows[number - 1], row, top - _GAP, top)
        drawn += _row(row, top, height)
        top += height + _GAP
    title, about = f"{name}-title", f"{name}-about"
    steps = ", then ".join(step.title for step in workflow.steps)
    style = "display:block;width:100%;max-width:24rem;height:auto;margin:0 auto"
    return (
        f'<svg class="workflow" role="group" aria-labelledby="{title} {about}" '
        f'viewBox="0 0 {_WIDTH} {top - _GAP + 4}" style="{style}" fill="none" '
        'font-family="inherit" font-size="13" text-anchor="middle">'
        f'<title id="{title}">{escape(workflow.title)}: {escape(_who(profile))}</title>'
        f'<desc id="{about}">{escape(steps)}. The list below says the same in words.</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _who(profile: Profile) -> str:
    by_ci = profile.generator is Generator.CI
    return "the CI generates the migrations" if by_ci else "the author generates the migrations"


def _rows(workflow: Workflow, profile: Profile) -> Iterator[_Row]:
    """The steps from top to bottom; where migrations are generated, a box for each database."""
    by_ci = profile.generator is Generator.CI
    for number, step in enumerate(workflow.steps, start=1):
        generates = bool(step.commands) and step.commands == profile.generate
        yield (_Box(f"{number}. {step.title}", _guards(step), generates and by_ci),)
        if generates:
            yield tuple(_databases(profile, tentative=by_ci))
    if by_ci:
        yield (_Box("After the merge", "the CI generates and commits"),)
        yield tuple(_databases(profile, tentative=False))


def _guards(step: WorkflowStep) -> str:
    return f"guarded by {' and '.join(step.rules)}" if step.rules else ""


def _databases(profile: Profile, *, tentative: bool) -> Iterator[_Box]:
    for database in profile.databases:
        out = (database.out or "").rpartition("/")[2]
        yield _Box(dialect_title(database.dialect), f"{out}/" if out else "", tentative)


def _row(row: _Row, top: int, height: int) -> Iterator[str]:
    for box, (left, right) in zip(row, _places(row), strict=True):
        dashed = ' stroke-dasharray="5 4"' if box.tentative else ""
        yield (
            f'<rect x="{left}" y="{top}" width="{right - left}" height="{height}" rx="8" '
            f"{_GROUND} {_STROKE}{dashed}/>"
        )
        middle = (left + right) // 2
        for number, line in enumerate(box.lines):
            weight = ' font-weight="600" font-size="14"' if number < len(box.strong) else ""
            y = top + 21 + _LINE * number
            yield f'<text x="{middle}" y="{y}" fill="currentColor"{weight}>{_linked(line)}</text>'


def _linked(line: str) -> str:
    """A line in which the id of a rule leads to its page, from the page of the workflow."""
    return re.sub(r"PLX\d{3}", r'<a href="../rules/\g<0>/">\g<0></a>', escape(line))


def _places(row: _Row) -> list[tuple[int, int]]:
    """Where the boxes of a row begin and end."""
    width = (_RIGHT - _LEFT + 12) // len(row)
    return [
        (_LEFT + width * number, _LEFT + width * (number + 1) - 12) for number in range(len(row))
    ]


def _arrows(above: _Row, below: _Row, start: int, end: int) -> Iterator[str]:
    """An arrow from each box to each below it: one of the two rows has one box."""
    ends = _middles(below)
    for x in _middles(above):
        for to in ends:
            bend = f"C{x} {end - 4} {to} {start - 2} {to} {end - 7}" if x != to else f"V{end - 7}"
            yield f'<path d="M{x} {start}{bend}" {_STROKE}/>'
    for to in ends:
        points = f"{to - 4},{end - 8} {to + 4},{end - 8} {to},{end - 1}"
        yield f'<polygon points="{points}" fill="currentColor"/>'


def _middles(row: _Row) -> Sequence[int]:
    return [(left + right) // 2 for left, right in _places(row)]
