"""A grammar is loaded without what its package loads beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plexus_rules.drizzle.grammars import grammar
from tests.checkouts import write


@pytest.mark.parametrize(
    ("package", "language"),
    [
        ("tree_sitter_json", "language"),
        ("tree_sitter_typescript", "language_tsx"),
        ("tree_sitter_typescript", "language_typescript"),
    ],
)
def test_has_its_language(package: str, language: str) -> None:
    from tree_sitter import Language, Parser

    tree = Parser(Language(getattr(grammar(package), language)())).parse(b"[1]")
    assert not tree.root_node.has_error


def test_loads_no_more_than_that() -> None:
    program = (
        "import sys; from plexus_rules.drizzle.grammars import grammar;"
        "grammar('tree_sitter_typescript'); print('importlib.resources' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert told.stdout == b"False\n"


def test_is_the_package_where_that_is_built_in_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"tree_sitter_other/__init__.py": "def language():\n    return 7\n"})
    monkeypatch.syspath_prepend(tmp_path)
    assert grammar("tree_sitter_other").language() == 7


def test_that_is_not_installed_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="tree_sitter_nowhere"):
        grammar("tree_sitter_nowhere")
