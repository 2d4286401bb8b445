"""The small edits that examples are made of: each fits exactly, or says why it does not."""

from __future__ import annotations

import pytest

from plexus_rules.trees import Append, Delete, Edit, EditError, Move, Replace, Write, apply

FILES = {"a.txt": b"one two", "d/b.txt": b"b", "d/e/c.txt": b"c"}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Write("n/new.txt", "ü"), {**FILES, "n/new.txt": "ü".encode()}),
        (Write("a.txt", "x"), {**FILES, "a.txt": b"x"}),
        (Append("a.txt", " three"), {**FILES, "a.txt": b"one two three"}),
        (Replace("a.txt", "two", "2"), {**FILES, "a.txt": b"one 2"}),
        (Delete("d/b.txt"), {"a.txt": b"one two", "d/e/c.txt": b"c"}),
        (Delete("d"), {"a.txt": b"one two"}),
        (Move("d/b.txt", "b.txt"), {"a.txt": b"one two", "b.txt": b"b", "d/e/c.txt": b"c"}),
        (Move("d", "x/d"), {"a.txt": b"one two", "x/d/b.txt": b"b", "x/d/e/c.txt": b"c"}),
    ],
)
def test_edit(edit: Edit, expected: dict[str, bytes]) -> None:
    assert apply(FILES, [edit]) == expected


def test_edits_follow_one_another_and_leave_the_files_alone() -> None:
    before = dict(FILES)
    edits: list[Edit] = [
        Move("a.txt", "z.txt"),
        Append("z.txt", "!"),
        Replace("z.txt", "two!", "2"),
    ]
    assert apply(FILES, edits)["z.txt"] == b"one 2"
    assert before == FILES


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (Append("x", ""), "x: no such file to edit"),
        (Replace("x", "a", "b"), "x: no such file to edit"),
        (Replace("a.txt", "three", ""), "'three' stands 0 times, not once"),
        (Replace("a.txt", "o", ""), "'o' stands 2 times, not once"),
        (Delete("d/x"), "d/x: no such file or directory"),
        (Delete("d/b"), "d/b: no such file or directory"),
        (Move("x", "y"), "x: no such file or directory"),
    ],
)
def test_edit_that_does_not_fit_is_an_error(edit: Edit, reason: str) -> None:
    with pytest.raises(EditError, match=reason):
        apply(FILES, [edit])
