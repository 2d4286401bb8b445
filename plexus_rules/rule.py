"""What a rule is, and what it is made of: claims, examples, guides, a workflow."""

from __future__ import annotations

import string
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from msgspec import Struct

from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import WHOLE_FILE, Range, Related, Severity
from plexus_rules.samples import BOTH, POSTGRES, SQLITE, Dialect, Step
from plexus_rules.trees import Edit


class Obligation(StrEnum):
    """How strongly a rule binds."""

    NEVER = "never"
    ALWAYS = "always"
    PREFER = "prefer"


class Enforcement(StrEnum):
    """How a rule is held."""

    CHECKED = "checked"
    IN_PART = "checked in part"
    ADVISED = "advised"


class Needs(StrEnum):
    """What a repository must have for a rule to apply to it."""

    NOTHING = ""
    TWO_DIALECTS = "the repository has one dialect; this rule compares two"
    SQLITE = "the repository has no SQLite database; this rule is about SQLite"
    POSTGRESQL = "the repository has no PostgreSQL database; this rule is about PostgreSQL"

    @property
    def dialects(self) -> tuple[Dialect, ...]:
        """The dialects that a rule with this need is about."""
        if self is Needs.SQLITE:
            return SQLITE
        return POSTGRES if self is Needs.POSTGRESQL else BOTH

    def met_by(self, dialects: Collection[str]) -> bool:
        """Whether a repository with databases of these dialects has what is needed."""
        if self is Needs.TWO_DIALECTS:
            return len(dialects) > 1
        return self is Needs.NOTHING or not set(dialects).isdisjoint(self.dialects)


#: The lines of Drizzle, where a claim is stated for both.
BOTH_LINES = ("v0", "v1")


class Claim(Struct, frozen=True):
    """One factual sentence that a rule's "why" rests on.

    ``lines`` are the lines of Drizzle (``v0``, ``v1``) for which it is stated.
    """

    id: str
    sentence: str
    lines: tuple[str, ...] = ("v0",)


class Problem(Struct, frozen=True):
    """What a check yields: a place, and what is wrong there.

    ``causes`` name what is wrong, so that the consequences that other rules see of one
    cause become related places of one finding. ``symptom_of`` names one more, of which only what
    comes of it is seen here: a rule that sees it itself names it better. ``severity`` and
    ``remedy`` replace the rule's own. ``remedy`` may use the names of the profile in braces.
    ``migration`` is the path of the SQL of the migration that is judged, for a rule with
    ``landed_remedy``. It is no problem where that and all of ``unless_pending`` are pending:
    what those make is new to every database, and holds nothing.
    """

    path: str
    range: Range
    message: str
    related: tuple[Related, ...] = ()
    causes: tuple[str, ...] = ()
    severity: Severity | None = None
    remedy: str | Line | None = None
    migration: str | None = None
    unless_pending: tuple[str, ...] = ()
    symptom_of: str | None = None


class Skipped(Struct, frozen=True):
    """What a check yields for a part that it could not judge."""

    path: str
    reason: str


Check = (
    Callable[[Repository], Iterator[Problem | Skipped]]
    | Callable[[Change], Iterator[Problem | Skipped]]
)


class Expected(Struct, frozen=True):
    """A finding that a bad example must give. ``rule`` is None for the example's own rule."""

    path: str
    line: int = 1
    rule: str | None = None


def at(path: str, line: int = 1, rule: str | None = None) -> Expected:
    """The finding expected at a line of a file; of another rule where one is named."""
    return Expected(path, line, rule)


class Example(Struct, frozen=True):
    """A small repository before and after.

    ``given`` makes the repository before, which has landed, out of the sample;
    ``change`` makes the repository after out of that. Both are recorded steps and
    small edits, in order. ``note`` says what to learn from it, where the title does not.
    """

    title: str
    given: tuple[Step | Edit, ...] = ()
    change: tuple[Step | Edit, ...] = ()
    note: str = ""

    @property
    def findings(self) -> tuple[Expected, ...]:
        """Every finding that the example must give."""
        return ()


class Good(Example, frozen=True):
    """An example that gives no finding of any rule."""


class Bad(Example, frozen=True):
    """An example that gives exactly the findings that it names, of any rule."""

    gives: tuple[Expected, ...] = ()

    @property
    def findings(self) -> tuple[Expected, ...]:
        return self.gives


class Guide(Struct, frozen=True):
    """One generated page for agents.

    ``place`` is the directory that it is written to, with the profile's names in braces;
    ``budget`` the number of bytes it stays under.
    """

    id: str
    title: str
    place: str
    budget: int


class Line(Struct, frozen=True):
    """One line of a guide. Rules that share the object share the line.

    ``text`` may use the profile's names in braces; where one of them is unknown, the
    line falls back to ``fallback``, and is left out where that is empty. ``by_ci`` is
    the text where the CI generates migrations, if that differs.
    """

    text: str
    fallback: str = ""
    by_ci: str = ""


class Correction(Struct, frozen=True):
    """A statement of the source document that is imprecise, in our words, and what holds.

    ``shown_by`` are those of the rule's claims that show it.
    """

    says: str
    measured: str
    shown_by: tuple[Claim, ...]


class Rule(Struct, frozen=True, dict=True):
    """One obligation, and everything that follows from it.

    Attributes:
        id: ``PLX`` and three digits; never reused.
        name: a short name, also stable.
        since: the version that brought it in.
        obligation: never, always or prefer.
        statement: the rule in one sentence.
        why: the claims that it rests on.
        remedy: what to do about a finding; may use the profile's names in braces, and is a
            Line where it says something else when one of them is unknown.
        line: the line that its guides carry.
        guides: the guides that carry it.
        source: the sections of the source document that it comes from; empty where
            the rule was added to what that document says.
        landed_remedy: what to do about a finding in a migration that may have landed: it cannot
            be mended in place, so the finding is only information. Not empty for the rules that
            judge pending migrations.
        ci_remedy: what to do about a finding where the CI generates the migrations after a merge,
            if that makes it only information.
        corrects: what the source document says less exactly than it was measured.
        examples: what it finds and what it lets pass.
        check: yields the problems of a repository, or of a change. None: advised.
        severity: how grave its findings are.
        needs: what a repository must have for it to apply.
        unseen: what the check cannot see; empty where it sees all.
        advised_because: why no program can decide it; only of a rule without a check.
    """

    id: str
    name: str
    since: str
    obligation: Obligation
    statement: str
    why: tuple[Claim, ...]
    remedy: str | Line
    line: Line
    guides: tuple[Guide, ...]
    source: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    check: Check | None = None
    severity: Severity = Severity.ERROR
    needs: Needs = Needs.NOTHING
    unseen: str = ""
    advised_because: str = ""
    landed_remedy: str | Line = ""
    ci_remedy: str | Line = ""
    corrects: tuple[Correction, ...] = ()

    def __post_init__(self) -> None:
        if (self.check is None) != bool(self.advised_because):
            raise ValueError(f"{self.id}: a rule has a check, or says why no program decides it")
        if self.check is not None and not self.examples:
            raise ValueError(f"{self.id}: a checked rule shows examples")

    @property
    def enforcement(self) -> Enforcement:
        """How the rule is held: it follows from having a check, and from what that misses."""
        if self.check is None:
            return Enforcement.ADVISED
        return Enforcement.IN_PART if self.unseen else Enforcement.CHECKED

    @cached_property
    def reads_change(self) -> bool:
        """Whether the check compares two repositories, and so needs a base."""
        if self.check is None:
            return False
        annotation: Any = next(iter(self.check.__annotations__.values()))
        return bool(getattr(annotation, "__name__", annotation) == Change.__name__)

    @property
    def reads(self) -> str:
        """``state``, ``change`` or ``advice``."""
        if self.check is None:
            return "advice"
        return "change" if self.reads_change else "state"


class WorkflowStep(Struct, frozen=True):
    """One step of a workflow. ``commands`` run from ``directory``; ``rules`` guard the step."""

    title: str
    text: str
    commands: tuple[str, ...] = ()
    directory: str = ""
    rules: tuple[str, ...] = ()


class Workflow(Struct, frozen=True):
    """An ordered list of steps; every place that shows the steps renders this object."""

    title: str
    steps: tuple[WorkflowStep, ...]


def names_in(text: str) -> frozenset[str]:
    """The names in braces of a text."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def fill(text: str, names: Mapping[str, str | None]) -> str | None:
    """The text with its names in braces filled in; None where one of them is unknown."""
    wanted = {name: names.get(name) for name in names_in(text)}
    if None in wanted.values():
        return None
    return text.format_map(wanted)


def whole_file(path: str, message: str, **rest: Any) -> Problem:
    """A problem of a file as a whole."""
    return Problem(path, WHOLE_FILE, message, **rest)
