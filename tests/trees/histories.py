"""Made-up histories that change everything a tree can tell of."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.checkouts import Checkout, write

NAMES = ("a", "b", "c.ts", "d.ts", "e.log")
_IGNORES = ("*.log\n", "b/\n", "!e.log\na/\n", "")


def random_history(root: Path, seed: int, commits: int) -> Checkout:
    """Commits that add, edit, move, delete and link files and directories at random."""
    chance = random.Random(seed)
    checkout = Checkout.new(root, {"a/c.ts": "0", "d.ts": "0", ".gitignore": "*.log\n"})
    for number in range(commits):
        for _ in range(chance.randint(0, 3)):
            _edit(root, chance, str(number))
        checkout.commit()
    return checkout


def _edit(root: Path, chance: random.Random, text: str) -> None:
    kind = chance.random()
    parts = [chance.choice(NAMES) for _ in range(chance.randint(1, 3))]
    if kind > 0.85:
        parts = [*chance.choice(((), ("a",), ("b",))), ".gitignore"]
        text = chance.choice(_IGNORES)
    path = root.joinpath(*parts)
    for above in reversed(path.relative_to(root).parents[:-1]):
        if (root / above).is_file() or (root / above).is_symlink():
            (root / above).unlink()
    _clear(path)
    if 0.5 < kind < 0.6:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(chance.choice(("c.ts", "../d.ts", "a", "..", "../../../x")))
    elif not 0.6 < kind < 0.85:
        write(root, {"/".join(parts): text})


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.is_symlink() or path.exists():
        path.unlink()
