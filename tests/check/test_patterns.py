"""Patterns of paths in settings: what they fit, and what is none."""

from __future__ import annotations

import pytest

from plexus_rules.check.patterns import BadPattern, Pattern


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("scripts/seed.ts", "scripts/seed.ts"),
        ("/scripts/seed.ts", "scripts/seed.ts"),
        ("./scripts/seed.ts", "scripts/seed.ts"),
        ("scripts/", "scripts/deep/er/seed.ts"),
        ("scripts", "packages/a/scripts/seed.ts"),
        ("seed.ts", "packages/a/scripts/seed.ts"),
        ("drizzle/**/0012_*.sql", "drizzle/pg/0012_drop.sql"),
        ("drizzle/*.sql", "drizzle/0012_drop.sql"),
        ("src/[a-c].ts", "src/b.ts"),
        ("app/[id]/route.ts", "app/[id]/route.ts"),
    ],
)
def test_fits(pattern: str, path: str) -> None:
    assert Pattern(pattern).fits(path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("scripts/seed.ts", "packages/scripts/seed.ts"),
        ("/seed.ts", "scripts/seed.ts"),
        ("drizzle/*.sql", "drizzle/pg/0012_drop.sql"),
        ("seed", "scripts/seed.ts"),
        ("scripts/", "scripts"),
        ("Scripts/", "scripts/seed.ts"),
        ("a[", "a["[:1]),
    ],
)
def test_does_not_fit(pattern: str, path: str) -> None:
    assert not Pattern(pattern).fits(path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        (" a", "white space around it"),
        ("a\nb", "control character"),
        ("\x1b[31m", "control character"),
        ("!a", "starts with !"),
        ("# a", "starts with #"),
        ("../a", "fits nothing inside"),
        ("a/../../b", "fits nothing inside"),
        ("/", "fits nothing inside"),
        (".", "fits nothing inside"),
        ("a\\b", "write / between directories"),
        ("a" * 1001, "longer than 1000"),
    ],
)
def test_what_is_no_pattern(text: str, why: str) -> None:
    with pytest.raises(BadPattern, match=why):
        Pattern(text)


def test_hostile_pattern_takes_no_time() -> None:
    assert not Pattern("*a" * 100 + "b").fits("a" * 1000)
    assert not Pattern("**/a/" * 100 + "b").fits("a/" * 200)
