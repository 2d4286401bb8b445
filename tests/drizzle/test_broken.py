"""Files that cannot be parsed, and valid ones that the grammar takes for such."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.broken import broken_at
from plexus_rules.drizzle.import_types import parse_module
from plexus_rules.samples import files


def line(text: str, path: str = "a.ts") -> int | None:
    found = broken_at(parse_module(path, text.encode()))
    return None if found is None else found[0].line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("const a = 1;\n<<<<<<< HEAD\nconst b = 1;\n=======\n>>>>>>> x\n", 2),
        ("const a = 1;\r\n=======\r\nconst b = 1;\r\n>>>>>>> x\r\n", 4),
        ("const a = {\n  b: 1,\n  c 2,\n};\n", 3),
        ("const a = f(1;\n", 1),
        ("const a = 1;\nexport const b = {\n", 2),
        (")", 1),
    ],
)
def test_the_first_place_that_cannot_be_parsed_is_named(text: str, expected: int) -> None:
    assert line(text) == expected


def test_conflicts_are_told_from_other_errors() -> None:
    reasons = [
        found[1]
        for text in (b"<<<<<<< HEAD\na;\n=======\n>>>>>>> x\n", b"const = 1;")
        if (found := broken_at(parse_module("a.ts", text)))
    ]
    assert reasons == ["conflict markers, so the file cannot be parsed", "a syntax error"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "const a = `\n<<<<<<< HEAD\n=======\n>>>>>>> x\n`;",
        "export type * from './x';",
        "export type * as a from './x';",
        "import defer * as a from './x';",
        "interface A<in out T> { a: T }",
        "const a = text().$type<import('./x').Y>();",
        "const a = text().$type<import('./x').Y<string>>();",
        "const a = text().$type<keyof import('./x').Y>();",
        "const a = text().$type<import('./x', { with: { 'resolution-mode': 'import' } }).Y>();",
        "type A = import('./x').Y<string>;",
        "const a = b satisfies C;",
        "import a from './x' with { type: 'json' };",
    ],
)
def test_valid_code_is_not_broken(text: str) -> None:
    assert line(text) is None


def test_ampersand_in_the_text_of_jsx_is_fine() -> None:
    assert line("const a = <b>Keys & URLs</b>;", "a.tsx") is None


def test_sample_is_not_broken() -> None:
    for path, data in files().items():
        if path.endswith(".ts"):
            assert broken_at(parse_module(path, data)) is None


@pytest.mark.parametrize(
    "text", ["import(" * 40_000, "(" * 60_000, "import('x'" * 20_000, "<" * 9_000]
)
def test_looking_at_hostile_text_comes_to_an_end(text: str) -> None:
    assert (line(text) or 1) >= 1


def test_a_file_of_nothing_but_errors_is_told_at_once() -> None:
    found = broken_at(parse_module("a.ts", b"/*" * 50_000))
    assert found is not None
    assert found[1] == "a syntax error"
