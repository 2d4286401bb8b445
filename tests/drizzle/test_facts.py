"""What is said of a file is found once for its content, in however many trees it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.repository import Repository
from plexus_rules.samples import base
from plexus_rules.trees import FileRefused, MemoryTree

ZERO = 0


class Known(MemoryTree):
    """A tree that knows the ids of its files, as a commit does, and notes what is read."""

    knows_blobs = True

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(files)
        self.asked: list[str] = []
        self._ids = {path: str(hash(data)) for path, data in files.items()}

    def _read(self, path: str) -> bytes:
        self.asked.append(path)
        return super()._read(path)

    def blob(self, path: str) -> str:
        return self._ids[path]


def test_a_fact_is_made_once_for_equal_files() -> None:
    facts, made = Facts(), list[str]()

    def make() -> str:
        made.append("made")
        return "fact"

    for tree in (Known({"a.ts": b"1"}), Known({"a.ts": b"1", "b.ts": b"2"})):
        assert facts.of("kind", tree, "a.ts", make) == "fact"
    assert made == ["made"]
    facts.of("other kind", Known({"a.ts": b"1"}), "a.ts", make)
    facts.of("kind", Known({"a.ts": b"2"}), "a.ts", make)
    facts.of("kind", Known({"b.ts": b"1"}), "b.ts", make)
    assert len(made) == 4


def test_a_small_fact_is_not_worth_reading_a_file_for_its_id() -> None:
    facts, made = Facts(), list[int]()
    for _ in range(2):
        facts.of("kind", MemoryTree({"a.ts": b"1"}), "a.ts", lambda: made.append(1))
    assert len(made) == 2
    for _ in range(2):
        facts.of("kind", MemoryTree({"a.ts": b"1"}), "a.ts", lambda: made.append(1), lambda _: 9)
    assert len(made) == 3


def test_the_oldest_facts_go_where_there_is_no_room() -> None:
    facts, tree = Facts(room=100), Known({"a.ts": b"1", "b.ts": b"2", "c.ts": b"3"})
    made: list[str] = []

    def ask(path: str) -> None:
        facts.of("kind", tree, path, lambda: made.append(path), lambda _: 40)

    for path in ("a.ts", "b.ts", "a.ts", "c.ts", "a.ts", "b.ts"):
        ask(path)
    assert made == ["a.ts", "b.ts", "c.ts", "b.ts"]


def test_a_fact_that_is_larger_than_the_room_is_given_and_not_kept() -> None:
    facts, tree = Facts(room=10), Known({"a.ts": b"1"})
    assert [facts.of("kind", tree, "a.ts", lambda: 7, lambda _: 11) for _ in range(2)] == [7, 7]


def test_a_file_without_an_id_has_facts_of_its_own() -> None:
    class Unknown(Known):
        def blob(self, path: str) -> str:
            raise FileRefused(path)

    assert Facts().of("kind", Unknown({}), "a.ts", lambda: 1) == 1


def test_a_source_that_is_the_same_in_two_trees_is_parsed_once() -> None:
    facts = Facts()
    code = b"import { a } from './b';\nexport const c = a;"
    first, second = Known({"a.ts": code, "b.ts": b""}), Known({"a.ts": code})
    one, other = Modules(first, facts), Modules(second, facts)
    assert one.source("a.ts") is other.source("a.ts")
    assert [found.target for found in one.imports("a.ts")] == ["b.ts"]
    assert [found.target for found in other.imports("a.ts")] == [None]
    assert one.surface("a.ts") is other.surface("a.ts")
    assert one.specifiers("a.ts") == other.specifiers("a.ts") == {"./b"}
    assert second.asked == []


def test_what_was_noted_of_a_file_is_noted_in_every_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plexus_rules.drizzle.modules.MAX_SOURCE_BYTES", 3 * 1024 * 1024)
    facts = Facts()
    code = b"export const c = 1;" + b" " * 3 * 1024 * 1024
    notes: list[list[tuple[str, str]]] = []
    for _ in range(2):
        modules = Modules(Known({"a.ts": code}), facts)
        modules.source("a.ts")
        notes.append(modules.problems)
    assert notes[0] == notes[1] == [("a.ts", "a.ts: only its first 3 MiB are read")]


@contextmanager
def unread(tree: Known) -> Iterator[None]:
    tree.asked.clear()
    yield
    assert tree.asked == []


def test_migrations_that_are_the_same_in_two_trees_are_read_once() -> None:
    facts = Facts()
    first, second = Known(base()), Known(base())
    for database in Repository(first, ZERO, facts).databases:
        assert database.entries
        assert database.snapshots
    databases = Repository(second, ZERO, facts).databases
    with unread(second):
        for database in databases:
            assert database.entries
            assert database.newest_snapshot is not None
            assert database.newest_snapshot.columns()
    assert databases[0].newest_snapshot is not None
    assert databases[0].newest_snapshot.data == second.read(databases[0].newest_snapshot.path)
