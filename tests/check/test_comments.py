"""Waivers in comments: where they may stand, what they cover, and how they go wrong."""

from __future__ import annotations

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.check.comments import (
    MAX_COMMENTS,
    BadComment,
    Comment,
    comments,
    may_have_comments,
)


def read(path: str, text: str) -> list[Comment | BadComment]:
    return list(comments(path, text, all_rules()))


def covered(path: str, text: str) -> tuple[int, int]:
    """The first and the last line that the only waiver of a text covers."""
    (found,) = read(path, text)
    assert isinstance(found, Comment), found
    return found.line, found.last


def wrong(text: str) -> str:
    (found,) = read("a.sql", text)
    assert isinstance(found, BadComment), found
    return found.reason


class TestForms:
    @pytest.mark.parametrize(
        ("path", "line"),
        [
            ("a.sql", "-- plexus-rules: waive PLX201 -- it is right"),
            ("a.sql", "--plexus-rules: waive PLX201 -- it is right"),
            ("a.sql", "/* plexus-rules: waive PLX201 -- it is right */"),
            ("a.ts", "// plexus-rules: waive PLX201 -- it is right"),
            ("a.ts", "/* plexus-rules: waive PLX201 -- it is right */"),
            ("a.tsx", "{/* plexus-rules: waive PLX201 -- it is right */}"),
            ("a.ts", "  // plexus-rules: waive edited-migration --   it is\tright  \r"),
            ("a.ts", " * plexus-rules: waive plx201 -- it is right"),
            ("a.yml", "# plexus-rules: waive PLX201 -- it is right"),
            ("Dockerfile", "RUN x # plexus-rules: waive PLX201 -- it is right"),
        ],
    )
    def test_of_every_language(self, path: str, line: str) -> None:
        (found,) = read(path, line)
        assert isinstance(found, Comment)
        assert (found.rules, found.reason) == (("PLX201",), "it is right")

    @pytest.mark.parametrize("listed", ["PLX201,PLX205", "PLX201, PLX205", "PLX201 PLX205,PLX201"])
    def test_several_rules(self, listed: str) -> None:
        (found,) = read("a.sql", f"-- plexus-rules: waive {listed} -- why -- and more")
        assert isinstance(found, Comment)
        assert (found.rules, found.reason) == (("PLX201", "PLX205"), "why -- and more")

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            ("a.sql", "plexus-rules: waive PLX201 -- no comment"),
            ("a.sql", "// plexus-rules: waive PLX201 -- of another language"),
            ("a.ts", "-- plexus-rules: waive PLX201 -- of another language"),
            ("a.ts", "# plexus-rules: waive PLX201 -- of another language"),
            ("a.json", '"//": "# plexus-rules: waive PLX201 -- JSON has none"'),
            ("a.sql", "-- plexus-rules: waived PLX201 -- another word"),
            ("a.sql", "-- plexus-rules:waive PLX201 -- another form"),
        ],
    )
    def test_of_no_waiver(self, path: str, line: str) -> None:
        assert read(path, line) == []

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("-- plexus-rules: waive", "names no rule; write: plexus-rules: waive PLX000 -- why"),
            ("-- plexus-rules: waive -- a reason", "names no rule"),
            ("-- plexus-rules: waive PLX201", "gives no reason; write: plexus-rules: waive PLX201"),
            ("-- plexus-rules: waive PLX201 --", "gives no reason"),
            ("-- plexus-rules: waive PLX201 -- \r", "gives no reason"),
            ("/* plexus-rules: waive PLX201 */ -- x", "gives no reason"),
            ("-- plexus-rules: waive PLX299 -- why", "cannot be used: no rule 'PLX299'"),
            ("-- plexus-rules: waive PLX2 -- why", "cannot be used: no rule 'PLX2'"),
            ("-- plexus-rules: waive PLX403 -- why", "PLX403 is advice"),
        ],
    )
    def test_gone_wrong(self, line: str, said: str) -> None:
        assert said in wrong(line)

    def test_too_many(self) -> None:
        found = read("a.sql", "-- plexus-rules: waive PLX201 -- a\n" * (MAX_COMMENTS + 5))
        assert found[-1] == BadComment(1001, "no more than 1000 are read in a file")
        assert len(found) == MAX_COMMENTS + 1


@pytest.mark.parametrize(
    ("path", "has"),
    [
        ("a.sql", True),
        ("src/a.tsx", True),
        (".github/workflows/a.yml", True),
        ("Dockerfile", True),
        ("Dockerfile.dev", True),
        (".husky/pre-commit", True),
        ("package.json", False),
        ("README.md", False),
        ("docs/logo.gif", False),
    ],
)
def test_kinds_of_files_that_have_comments(path: str, has: bool) -> None:
    assert may_have_comments(path) is has


WAIVER = "-- plexus-rules: waive PLX201 -- why"


class TestWhatIsCoveredInSql:
    def test_line_that_it_stands_behind(self) -> None:
        assert covered("a.sql", f"SELECT 1;\nDROP TABLE a; {WAIVER}\nDROP TABLE b;") == (2, 2)

    def test_next_statement_to_its_end(self) -> None:
        text = f"SELECT 1;\n{WAIVER}\nCREATE TABLE a (\n  b int\n);\nDROP TABLE c;"
        assert covered("a.sql", text) == (2, 5)

    def test_over_comments_and_blank_lines(self) -> None:
        text = f"{WAIVER}\n-- more; to say\n\n/* and\n more; */\nDROP TABLE a;\nDROP TABLE b;"
        assert covered("a.sql", text) == (1, 6)

    def test_statement_behind_it_in_the_line(self) -> None:
        block = "/* plexus-rules: waive PLX201 -- why */"
        assert covered("a.sql", f"{block} DROP\nTABLE a;\nDROP TABLE b;") == (1, 2)

    def test_not_over_a_breakpoint(self) -> None:
        text = f"DROP TABLE a;\n{WAIVER}\n--> statement-breakpoint\nDROP TABLE b;"
        assert covered("a.sql", text) == (2, 3)

    def test_to_a_breakpoint_where_no_semicolon_stands(self) -> None:
        text = f"{WAIVER}\nDROP TABLE a\n--> statement-breakpoint\nDROP TABLE b;"
        assert covered("a.sql", text) == (1, 3)

    def test_statement_with_a_comment_behind_it(self) -> None:
        assert covered("a.sql", f"{WAIVER}\nDROP TABLE a; -- gone\nDROP TABLE b;") == (1, 2)

    def test_in_a_block_of_several_lines(self) -> None:
        text = "/*\n * plexus-rules: waive PLX201 -- why\n */\nDROP TABLE a;\nDROP TABLE b;"
        assert covered("a.sql", text) == (2, 4)

    def test_nothing_at_the_end(self) -> None:
        assert covered("a.sql", f"DROP TABLE a;\n{WAIVER}\n") == (2, 2)

    def test_the_same_with_crlf(self) -> None:
        text = f"{WAIVER}\nDROP TABLE a;\nDROP TABLE b;".replace("\n", "\r\n")
        assert covered("a.sql", text) == (1, 2)


class TestWhatIsCoveredElsewhere:
    def test_next_line_of_code(self) -> None:
        text = "// plexus-rules: waive PLX111 -- why\n\n// more\nfoo({\n  a: 1,\n});"
        assert covered("a.ts", text) == (1, 4)

    @pytest.mark.parametrize("word", ["import", "import type", "export", "export type"])
    def test_whole_of_an_import(self, word: str) -> None:
        text = f"// plexus-rules: waive PLX111 -- why\n{word} {{\n  a,\n}} from './schema';\nfoo();"
        assert covered("a.ts", text) == (1, 4)

    def test_not_the_whole_of_a_declaration(self) -> None:
        text = "// plexus-rules: waive PLX111 -- why\nexport const a = t('a', {\n  b: 1,\n});"
        assert covered("a.ts", text) == (1, 2)

    def test_next_step_of_a_workflow(self) -> None:
        text = "# plexus-rules: waive PLX402 -- why\n# more\n- run: a\n- run: b"
        assert covered("a.yml", text) == (1, 3)
