"""``.gitignore``: what our reading excludes is what git excludes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plexus_rules.trees import DirectoryTree, MemoryTree, Tree
from plexus_rules.trees.ignore import IgnoreFile, Ignores
from tests.checkouts import git, write

PATHS = [
    "a.ts",
    "b.log",
    "important.log",
    ".env",
    "#file",
    "!bang",
    "name ",
    "dist/a.js",
    "dist/keep/a.js",
    "src/dist/a.js",
    "src/app/gen/a.ts",
    "src/app/gen/deep/b.ts",
    "src/a[1].ts",
    "src/a1.ts",
    "src/b.log/c.ts",
    "docs/api/x/index.md",
    "docs/index.md",
]


def ours(tree: Tree) -> list[str]:
    return [path for path in tree.sources if not path.endswith(".gitignore")]


def gits(root: Path) -> list[str]:
    """The files that git would add."""
    listed = git("-C", str(root), "ls-files", "--others", "--exclude-standard", "-z")
    return sorted(p for p in listed.split("\0") if p and not p.endswith(".gitignore"))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("ignore"), dict.fromkeys(PATHS, "x"))
    git("init", "--quiet", str(root))
    return root


@pytest.mark.parametrize(
    "patterns",
    [
        "*.log",
        "*.log\n!important.log",
        "!important.log\n*.log",
        "dist",
        "dist/",
        "/dist",
        "/dist/",
        "dist/*\n!dist/keep",
        "dist/\n!dist/keep/a.js",
        "b.log/",
        "src/*.ts",
        "src/**",
        "src/**/gen",
        "**/gen/",
        "**/gen/*.ts",
        "**",
        "/**",
        "*",
        "*\n!*/\n!*.ts",
        "docs/**/index.md",
        "docs/**/x/**/index.md",
        "**/**/index.md",
        "a**.ts",
        "src/a[1].ts",
        "src/a\\[1\\].ts",
        "src/a[!1].ts",
        "src/a[^[].ts",
        "src/a[0-9].ts",
        "src/a[9-0].ts",
        "src/a[[:digit:]].ts",
        "src/a[[:nonsense:]].ts",
        "src/a[[:].ts",
        "src[/]a1.ts",
        "src?a1.ts",
        "?.ts",
        "a[.ts",
        "a.ts\\",
        "[]a].ts",
        "[a-]*",
        "\\#file",
        "#file",
        "\\!bang",
        "name\\ ",
        "name ",
        "a.ts   ",
        "a.ts\r\nb.log\r",
        "\ufeffa.ts",
        "\n\n   \n/\n//\n!\n",
        "foo//",
        "*s*c*a*1*",
    ],
)
def test_pattern_excludes_what_git_excludes(checkout: Path, patterns: str) -> None:
    (checkout / ".gitignore").write_bytes(patterns.encode())
    assert ours(DirectoryTree(checkout)) == gits(checkout)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["a", "s", "src", "/", "*", "**", "?", "[a-s]", "!", "\\", ".ts", " "]),
            max_size=8,
        ).map("".join),
        max_size=6,
    )
)
def test_any_patterns_exclude_what_git_excludes(checkout: Path, patterns: list[str]) -> None:
    (checkout / ".gitignore").write_text("\n".join(patterns))
    assert ours(DirectoryTree(checkout)) == gits(checkout)


def test_nearer_file_wins_over_one_further_up(checkout: Path) -> None:
    (checkout / ".gitignore").write_text("*.ts\n!src/a1.ts\n")
    nested = checkout / "src/.gitignore"
    nested.write_text("!*.ts\n/a1.ts\n/app/gen/deep/\n")
    try:
        assert ours(DirectoryTree(checkout)) == gits(checkout)
        assert "src/a1.ts" not in DirectoryTree(checkout).sources
        assert "src/app/gen/a.ts" in DirectoryTree(checkout).sources
    finally:
        nested.unlink()


def test_file_above_the_root_holds_up_to_the_top_of_the_checkout(tmp_path: Path) -> None:
    files = {
        ".gitignore": "*.never",
        "repo/.gitignore": "*.log\n/packages/app/out/\n",
        "repo/packages/.gitignore": "!kept.log\n",
        "repo/packages/app/a.log": "",
        "repo/packages/app/a.never": "",
        "repo/packages/app/kept.log": "",
        "repo/packages/app/out/a.ts": "",
        "repo/packages/app/src/out/a.ts": "",
    }
    write(tmp_path, files)
    git("init", "--quiet", str(tmp_path / "repo"))
    app = DirectoryTree(tmp_path / "repo/packages/app")
    assert app.sources == ("a.never", "kept.log", "src/out/a.ts")


def test_directory_that_was_asked_for_is_read_though_it_is_ignored_itself(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "build/\n", "build/a.ts": ""})
    git("init", "--quiet", str(tmp_path))
    assert DirectoryTree(tmp_path / "build").sources == ("a.ts",)
    assert DirectoryTree(tmp_path).sources == (".gitignore",)


def test_plain_directory_is_not_ruled_by_what_lies_above_it(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*\n", "project/a.ts": ""})
    assert DirectoryTree(tmp_path / "project").sources == ("a.ts",)


def test_ignored_file_can_still_be_read_and_listed() -> None:
    tree = MemoryTree({".gitignore": b"/gen/\n", "gen/a.ts": b"x", "b.ts": b""})
    assert tree.sources == (".gitignore", "b.ts")
    assert tree.read("gen/a.ts") == b"x"
    assert tree.names("gen") == ["a.ts"]
    assert "gen/a.ts" in tree.files()


def test_huge_file_is_passed_over_and_said(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "a.ts\n" * 50_000, "a.ts": ""})
    tree = DirectoryTree(tmp_path)
    assert "a.ts" in tree.sources
    assert tree.passed_over == {".gitignore": "too large a .gitignore: it was not read"}


@pytest.mark.parametrize("pattern", ["*a" * 60 + "b", "**/a*a*" * 20 + "b", "[a-z]*" * 60 + "1"])
def test_hostile_pattern_comes_to_an_end(pattern: str) -> None:
    ignores = Ignores().below("", pattern)
    assert not ignores.exclude("/".join(["a" * 200] * 10), is_directory=False)


def test_file_of_comments_only_holds_no_pattern() -> None:
    assert not IgnoreFile("# nothing\n\n")
    assert IgnoreFile("a").verdict("b", is_directory=False) is None
