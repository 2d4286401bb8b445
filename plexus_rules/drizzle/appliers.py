"""Tools that apply a folder of SQL without Drizzle's migrator, and so without the journal."""

from __future__ import annotations

import re

from plexus_rules.drizzle.database import Database
from plexus_rules.trees import TreeError, join, normal_path

_WRANGLER_FILES = ("wrangler.toml", "wrangler.json", "wrangler.jsonc")
_MIGRATIONS_DIR = re.compile(r"""["']?\bmigrations_dir["']?\s*[=:]\s*["']([^"'\n]+)["']""")


def applied_by(database: Database) -> str | None:
    """The tool that applies every SQL file of a database's folder by its name, if one is known."""
    out = database.out or ""
    prefixes = {config.prefix for config in database.configs}
    if "supabase" in prefixes or f"/{out}".endswith("/supabase/migrations"):
        return "the Supabase CLI"
    if out in _wrangler_folders(database, out):
        return "wrangler"
    return None


def _wrangler_folders(database: Database, out: str) -> set[str | None]:
    """The folders that the wrangler configs above a folder apply to D1 databases."""
    found: set[str | None] = set()
    directory = out
    while directory:
        directory = directory.rpartition("/")[0]
        for name in _WRANGLER_FILES:
            path = join(directory, name)
            try:
                text = database.tree.text(path) if database.tree.is_file(path) else ""
            except TreeError:
                continue
            if "d1_databases" in text:
                named = _MIGRATIONS_DIR.findall(text) or ["migrations"]
                found.update(normal_path(join(directory, folder)) for folder in named)
    return found
