"""A finding is known again wherever its lines have moved to, and no other is taken for it."""

from __future__ import annotations

from msgspec.structs import replace

from plexus_rules.check.fingerprint import fingerprint, fingerprints
from plexus_rules.finding import Range, Severity
from plexus_rules.trees import MemoryTree
from tests.reporters.helpers import HOSTILE, finding

TREE = MemoryTree({"a.sql": b"SELECT 1;\n  DROP  TABLE a;\nDROP TABLE a;\nDROP TABLE b;\n"})
FOUND = finding("a.sql", Range(3, 1, 3, 14))


def test_moved_lines_and_white_space_do_not_matter() -> None:
    moved = MemoryTree({"a.sql": b"\r\n\r\n\tDROP TABLE  a;\r\n"})
    assert fingerprint(FOUND, TREE) == fingerprint(replace(FOUND, range=Range(3, 2, 3, 16)), moved)


def test_level_remedy_and_related_places_do_not_matter() -> None:
    other = replace(FOUND, severity=Severity.INFO, remedy="Do that.", url="https://a.invalid")
    assert fingerprint(FOUND, TREE) == fingerprint(other, TREE)


def test_numbers_in_a_message_do_not_matter_and_names_do() -> None:
    def of(message: str) -> str:
        return fingerprint(replace(FOUND, message=message), TREE)

    assert of("repeats 14 of 15 columns, see line 7") == of("repeats 3 of 20 columns, see line 90")
    assert of("0001_add is edited") != of("0002_add is edited")
    assert of("column a1") != of("column a2")


def test_rule_path_message_and_text_matter() -> None:
    others = [
        FOUND,
        replace(FOUND, rule="PLX202"),
        replace(FOUND, path="b.sql"),
        replace(FOUND, message="another"),
        replace(FOUND, range=Range(4, 1, 4, 14)),
    ]
    assert len({fingerprint(other, TREE) for other in others}) == len(others)


def test_only_the_first_line_of_a_place_matters() -> None:
    wide = replace(FOUND, range=Range(3, 1, 4, 14))
    assert fingerprint(wide, TREE) == fingerprint(FOUND, TREE)


def test_equal_findings_are_told_apart_by_their_order() -> None:
    first, second = finding("a.sql", Range(2, 3, 2, 17)), FOUND
    one, two, other = fingerprints([first, second, finding("b.sql")], TREE)
    assert one == fingerprint(first, TREE)
    assert two == f"{one}-2"
    assert "-" not in other


def test_file_that_is_gone_and_place_behind_its_end_have_no_text() -> None:
    assert fingerprint(replace(FOUND, path="gone.sql"), TREE)
    assert fingerprint(replace(FOUND, range=Range(99, 1, 99, 5)), TREE)
    assert fingerprint(replace(FOUND, range=Range(1, 500, 1, 600)), TREE)


def test_foreign_text_does_no_harm() -> None:
    assert len(fingerprint(replace(FOUND, message=HOSTILE), TREE)) == 16
