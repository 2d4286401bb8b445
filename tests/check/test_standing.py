"""What is known of a change as a whole is found out where it is asked for, or noted."""

from __future__ import annotations

from collections.abc import Mapping

from plexus_rules.check.report import Unread
from plexus_rules.check.standing import Standing
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Unsupported
from plexus_rules.gallery.run import NOW
from plexus_rules.samples import ADD_COLUMN_BOTH, base, files
from plexus_rules.trees import MemoryTree

CONFIG = "packages/backend/drizzle.config.ts"
BROKEN = {**base(), CONFIG: b"export default await read();\n"}


def standing(
    before: Mapping[str, bytes], after: Mapping[str, bytes], *, reads_base: bool = True
) -> Standing:
    old, new = (Repository(MemoryTree(dict(side)), NOW) for side in (before, after))
    return Standing(new, Change(old, new), reads_base)


def test_it_contains_the_migrations_that_are_pending() -> None:
    found = standing(base(), files(ADD_COLUMN_BOTH))
    assert len(found.pending) == 2
    assert all(path.endswith(".sql") and path in found for path in found.pending)
    assert not standing(base(), base()).pending


def test_nothing_is_pending_without_a_base() -> None:
    head = Repository(MemoryTree(dict(files(ADD_COLUMN_BOTH))), NOW)
    assert not Standing(head, None, reads_base=True).pending


def test_what_cannot_be_read_in_the_base_alone_is_told_as_that() -> None:
    (told,) = standing(BROKEN, base()).unsupported
    assert told.path == CONFIG
    assert told.reason.startswith("in the base commit, ")
    (told,) = standing(BROKEN, BROKEN).unsupported
    assert not told.reason.startswith("in the base commit, ")
    assert not standing(BROKEN, base(), reads_base=False).unsupported


def test_what_is_noted_is_not_found_out_again() -> None:
    found = standing(BROKEN, base())
    found.pending = frozenset({"a.sql"})
    found.unread_in_base = Unread((Unsupported("b.ts", "odd"),), ())
    assert "a.sql" in found
    assert found.unsupported == (Unsupported("b.ts", "in the base commit, odd"),)


def test_folder_that_is_a_file_is_told_once() -> None:
    unread = Unread((), ("drizzle",))
    (told,) = unread.with_passed_over({})
    assert "it is a file" in told.reason
    assert unread.with_passed_over({"drizzle": "a link"}) == [Unsupported("drizzle", "a link")]
