"""What the rules say of each commit: of its files, and of what it changed in a parent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Protocol

from msgspec import Struct

from plexus_rules.check.report import unsupported
from plexus_rules.check.runner import Yielded, run_rule
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Unsupported
from plexus_rules.profile import Generator, Profile, read_profile
from plexus_rules.rule import Rule
from plexus_rules.trees import Tree
from plexus_rules.trees.history import HistoryTree
from plexus_rules.trees.watched import Watched


class Snapshot:
    """A commit as rules read it.

    Attributes:
        tree: its files.
        now: when it was made, in milliseconds since 1970.
        facts: what is known of files by their content.
    """

    def __init__(self, tree: HistoryTree, now: int, facts: Facts) -> None:
        self.tree = tree
        self.now = now
        self.facts = facts

    @cached_property
    def repository(self) -> Repository:
        """What the files say."""
        return Repository(self.tree, self.now, self.facts)


class Look(Struct, frozen=True):
    """What was seen of the files of a commit.

    Attributes:
        yielded: by the rules of state.
        unsupported: what no rule could read.
        has_config: whether there is a drizzle config.
    """

    yielded: tuple[Yielded, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    has_config: bool = False


class Judge(Protocol):
    """Says what rules say of commits, in their order."""

    def state(self, head: Snapshot) -> Look:
        """What the rules of state say of a commit. Equal looks may be one object."""

    def change(self, base: Snapshot, head: Snapshot) -> Sequence[Yielded]:
        """What the rules of a change say of the commit that was looked at, and of a parent."""

    def profile(self, head: Snapshot, generator: Generator | None) -> Profile:
        """What is read off the commit that was looked at, to fill in remedies."""


class PlainJudge:
    """Runs the rules from scratch on every commit: slow, and so simple that it is right."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        checked = [rule for rule in rules if rule.check is not None]
        self._state_rules = [rule for rule in checked if not rule.reads_change]
        self._change_rules = [rule for rule in checked if rule.reads_change]

    def state(self, head: Snapshot) -> Look:
        repository = head.repository
        if not repository.configs:
            return Look()
        yielded = tuple(run_rule(rule, repository, None) for rule in self._state_rules)
        return Look(yielded, unsupported(repository), True)

    def change(self, base: Snapshot, head: Snapshot) -> Sequence[Yielded]:
        change = Change(base.repository, head.repository)
        if not change.base.configs and not change.head.configs:
            return []
        return [run_rule(rule, head.repository, change) for rule in self._change_rules]

    def profile(self, head: Snapshot, generator: Generator | None) -> Profile:
        return read_profile(head.repository, generator)


class WatchingJudge:
    """Runs a rule again only where something that it asked for is different, or the time is."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        checked = [rule for rule in rules if rule.check is not None]
        self._state_rules = [rule for rule in checked if not rule.reads_change]
        self._rules = [rule for rule in checked if rule.reads_change]
        self._line: Watched | None = None
        self._parent: Watched | None = None
        self._until: dict[str, int | None] = {}
        self._last = Look()

    def state(self, head: Snapshot) -> Look:
        if self._line is None:
            self._line = Watched(head.tree)
        else:
            self._line.go(head.tree)
        line, facts, now = self._line, head.facts, head.now
        if not line.known("has a config", lambda tree: bool(Repository(tree, now, facts).configs)):
            return self._looked(Look())
        yielded = tuple(self._run(line, rule, now, facts) for rule in self._state_rules)
        unread = line.known("unread", lambda tree: unsupported(Repository(tree, now, facts)))
        return self._looked(Look(yielded, unread, True))

    def _looked(self, look: Look) -> Look:
        same = zip(look.yielded, self._last.yielded, strict=False)
        if (
            len(look.yielded) != len(self._last.yielded)
            or look.unsupported != self._last.unsupported
            or look.has_config != self._last.has_config
            or any(one is not other for one, other in same)
        ):
            self._last = look
        return self._last

    def _run(self, line: Watched, rule: Rule, now: int, facts: Facts) -> Yielded:
        until = self._until.get(rule.id)
        if until is not None and now >= until:
            line.forget(rule.id)

        def run(tree: Tree) -> Yielded:
            repository = Repository(tree, now, facts)
            found = run_rule(rule, repository, None)
            self._until[rule.id] = repository.holds_until
            return found

        return line.known(rule.id, run)

    def change(self, base: Snapshot, head: Snapshot) -> Sequence[Yielded]:
        line = self._line
        assert line is not None
        still = {rule.id: line.known(rule.id, partial(_still, rule, head)) for rule in self._rules}
        touched = [
            rule for rule in self._rules if line.is_new(rule.id) or not line.came_from(base.tree)
        ]
        found = {rule_id: yielded for rule_id, yielded in still.items() if yielded is not None}
        if touched:
            for rule in touched:
                found.pop(rule.id, None)
            parent = self._parent_line(base)
            run = partial(_changed, touched, base, head)
            for yielded in line.once(lambda tree: parent.once(partial(run, tree))):
                found[yielded.rule.id] = yielded
        return [found[rule.id] for rule in self._rules if rule.id in found]

    def profile(self, head: Snapshot, generator: Generator | None) -> Profile:
        line, facts, now = self._line, head.facts, head.now
        assert line is not None
        # To compare two profiles is to read all of their names.
        return line.known(
            "profile",
            lambda tree: read_profile(Repository(tree, now, facts), generator),
            same=False,
        )

    def _parent_line(self, base: Snapshot) -> Watched:
        """A second line, at a parent: it goes where it is needed, and reads what is new there."""
        if self._parent is None:
            self._parent = Watched(base.tree)
        elif self._parent.tree is not base.tree:
            self._parent.go(base.tree)
        return self._parent


def _changed(
    rules: Sequence[Rule], base: Snapshot, head: Snapshot, tree: Tree, before: Tree
) -> list[Yielded]:
    """What some rules of a change say of a commit and a parent."""
    change = Change(
        Repository(before, base.now, base.facts), Repository(tree, head.now, head.facts)
    )
    if not change.base.configs and not change.head.configs:
        return []
    return [run_rule(rule, change.head, change) for rule in rules]


def _still(rule: Rule, head: Snapshot, tree: Tree) -> Yielded | None:
    """What a rule of a change says where nothing that it asks for changes."""
    repository = Repository(tree, head.now, head.facts)
    if not repository.configs:
        return None
    return run_rule(rule, repository, Change(repository, repository))
