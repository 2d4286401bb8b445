"""Tools that apply a folder of SQL themselves."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.appliers import applied_by
from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import MemoryTree


def tool(out: str, config: str = "", **wrangler: str) -> str | None:
    """The tool for a package's folder; ``wrangler`` holds files, ``__`` standing for ``/``."""
    text = f"export default {{ dialect: 'sqlite', schema: './a.ts', out: './{out}', {config} }};\n"
    files = {"api/drizzle.config.ts": text, "api/package.json": "{}"}
    files |= {f"{path.replace('__', '/')}.toml": text for path, text in wrangler.items()}
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    return applied_by(Repository(tree, 0).databases[0])


@pytest.mark.parametrize("out", ["supabase/migrations", "db/supabase/migrations"])
def test_supabase_by_its_folder(out: str) -> None:
    assert tool(out) == "the Supabase CLI"


def test_supabase_by_its_prefix() -> None:
    assert tool("drizzle", "migrations: { prefix: 'supabase' }") == "the Supabase CLI"
    assert tool("drizzle", "migrations: { prefix: 'timestamp' }") is None


@pytest.mark.parametrize(
    ("path", "text", "is_found"),
    [
        ("api__wrangler", "[[d1_databases]]\nmigrations_dir = 'out'\n", True),
        ("api__wrangler", '[[d1_databases]]\nmigrations_dir = "./out/"\n', True),
        ("wrangler", "[[d1_databases]]\nmigrations_dir = 'api/out'\n", True),
        ("wrangler", "[[d1_databases]]\nmigrations_dir = 'out'\n", False),
        ("api__wrangler", "migrations_dir = 'out'\n", False),
        ("api__wrangler", "[[d1_databases]]\nmigrations_dir = '../../out'\n", False),
        ("web__wrangler", "[[d1_databases]]\nmigrations_dir = '../api/out'\n", False),
    ],
)
def test_wrangler_by_its_config(path: str, text: str, is_found: bool) -> None:
    assert tool("out", **{path: text}) == ("wrangler" if is_found else None)


def test_wrangler_has_a_folder_that_need_not_be_named() -> None:
    assert tool("migrations", api__wrangler="[[d1_databases]]\nbinding = 'DB'\n") == "wrangler"
