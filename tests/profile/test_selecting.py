"""The environment variable that selects the dialect."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.typescript import parse
from plexus_rules.profile.selecting import selection

VARIABLE = {"sqlite": "DB_TYPE=sqlite", "postgresql": "DB_TYPE=postgres"}


def read(text: str) -> tuple[dict[str, str], str | None] | None:
    found = selection(parse("client.ts", text.encode()))
    return None if found is None else (found.settings, found.default)


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("x(process.env.DB_TYPE === 'postgres' ? 'postgres' : 'sqlite')", "sqlite"),
        ("x(process.env.DB_TYPE !== 'postgres' ? 'sqlite' : 'postgres')", "sqlite"),
        ("const t = process.env.DB_TYPE ?? 'sqlite'; if (t === 'postgres') f();", "sqlite"),
        ("const t = (Bun.env['DB_TYPE'] || 'sqlite').toLowerCase(); t == 'postgres';", "sqlite"),
        ("const { DB_TYPE } = process.env; DB_TYPE === 'postgres' || f('sqlite');", None),
        ("let t; t = process.env.DB_TYPE; if ('postgres' === t) f(); else g('sqlite');", None),
        ("switch (process.env.DB_TYPE) { case 'postgres': f(); case 'sqlite': g(); }", None),
        ("type D = 'sqlite' | 'postgres'; (import.meta.env.DB_TYPE as D) === 'postgres'", None),
    ],
)
def test_a_variable_that_is_compared_with_dialects(text: str, default: str | None) -> None:
    assert read(text) == (VARIABLE, default)


def test_the_words_are_those_of_the_code() -> None:
    assert read("process.env.DIALECT === 'pg' ? f() : g('libsql')") == (
        {"postgresql": "DIALECT=pg", "sqlite": "DIALECT=libsql"},
        None,
    )


@pytest.mark.parametrize(
    "test",
    [
        "u.startsWith('sqlite://') || u.startsWith('postgres://') || u.startsWith('postgresql://')",
        "new URL(u).protocol === 'sqlite:' || new URL(u).protocol === 'postgres:'",
        "u.startsWith('sqlite') ? f() : u.startsWith('postgres')",
    ],
)
def test_a_variable_whose_address_tells(test: str) -> None:
    assert read(f"const u = process.env.DATABASE_URL; {test};") == (
        {"sqlite": "DATABASE_URL=sqlite://…", "postgresql": "DATABASE_URL=postgres://…"},
        None,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "process.env.DB_DRIVER === 'pglite' ? f() : g()",
        "process.env.NODE_ENV === 'production'",
        "const dialect = 'postgres'; dialect === 'sqlite';",
        "process.env.A_URL; process.env.B_URL; u.startsWith('postgres://');",
        "url.startsWith('postgres://')",
        "process.env.DATABASE_URL; f('postgres://localhost')",
    ],
)
def test_code_that_selects_by_no_variable(text: str) -> None:
    assert read(text) is None


def test_a_large_hostile_module_is_read_quickly() -> None:
    chain = " === ".join(["process.env.A"] * 20_000)
    assert read(f"x = {chain};") is None
    assert read("(" * 50_000 + "process.env.A === 'pg'") in (None, ({"postgresql": "A=pg"}, None))
