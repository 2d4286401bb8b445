"""Changed files as a tree of directories."""

from __future__ import annotations

from plexus_rules.pages.file_tree import Branch, file_tree


def drawn(*paths: str) -> list[str]:
    return [
        f"{'  ' * branch.depth}{branch.name}{' ' + branch.verb if branch.verb else ''}"
        for branch in file_tree(dict.fromkeys(paths, "added"))
    ]


def test_one_file_stands_on_one_line() -> None:
    assert file_tree({"a/b/c.sql": "deleted"}) == (Branch(0, "a/b/c.sql", "deleted"),)


def test_directories_with_several_entries_have_a_line() -> None:
    assert drawn("x/sql/meta/1.json", "x/sql/1.sql", "x/ts/a.ts") == [
        "x/",
        "  sql/",
        "    1.sql added",
        "    meta/1.json added",
        "  ts/a.ts added",
    ]


def test_files_at_the_top_stand_beside_directories() -> None:
    assert drawn("b/c/d.ts", "a.md", "b/c/e.ts") == [
        "a.md added",
        "b/c/",
        "  d.ts added",
        "  e.ts added",
    ]


def test_nothing_changed_is_no_tree() -> None:
    assert file_tree({}) == ()
