"""Where each line of Drizzle keeps a migration, and how one is written by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

OUT = "drizzle"
JOURNAL = f"{OUT}/meta/_journal.json"
Files = dict[str, bytes]


def sql_paths(files: Mapping[str, bytes]) -> list[str]:
    """The SQL of every migration, in the order of the names."""
    return sorted(path for path in files if path.startswith(f"{OUT}/") and path.endswith(".sql"))


def snapshot_paths(files: Mapping[str, bytes]) -> list[str]:
    """Every snapshot, in the order of the names."""
    return sorted(path for path in files if re.search(r"snapshot\.json$", path))


def entries(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The entries of the journal; none where there is no journal."""
    found: list[dict[str, Any]] = json.loads(files.get(JOURNAL, b'{"entries": []}'))["entries"]
    return found


def with_entries(files: Mapping[str, bytes], listed: list[dict[str, Any]]) -> bytes:
    """The journal with other entries, laid out as drizzle-kit does."""
    journal = json.loads(files[JOURNAL])
    return json.dumps(journal | {"entries": listed}, indent=2).encode()


def next_sql_path(files: Mapping[str, bytes], name: str, line: str) -> str:
    """The path that generate would give the next migration of this name.

    On v1, where it goes by the clock, a second after the newest.
    """
    if line == "v0":
        return f"{OUT}/{len(entries(files)):04}_{name}.sql"
    newest = sql_paths(files)[-1].split("/")[1].partition("_")[0]
    return f"{OUT}/{int(newest) + 1}_{name}/migration.sql"


def in_order(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Files:
    """The files after generate; a new folder of v1 is later than every one before.

    The clock in its name counts seconds: what is made within one would sort by the rest of it.
    """
    newest = max(map(_time, before), default=0)
    renamed = {path for path in after if path not in before and 0 < _time(path) <= newest}
    return {
        path.replace(str(_time(path)), str(newest + 1), 1) if path in renamed else path: data
        for path, data in after.items()
    }


def _time(path: str) -> int:
    """The time in the name of a folder of v1, as a number; 0 in other paths."""
    found = re.match(rf"{OUT}/(\d{{14}})_", path)
    return int(found[1]) if found else 0
