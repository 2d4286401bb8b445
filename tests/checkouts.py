"""Real directories and real git repositories for tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from plexus_rules.samples import files as sample_files

Files = Mapping[str, str | bytes]


def write(root: Path, files: Files) -> Path:
    """Writes files below a directory, which is made if need be."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def close(path: Path) -> None:
    """Takes the right to read a file or a directory; skips the test where that changes nothing."""
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("whoever runs this test, most likely root, may read everything")


class Checkout:
    """A git repository with a working tree."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def new(cls, root: Path, files: Files | None = None, *options: str) -> Checkout:
        """A repository on the branch main with one commit: the files, or else the sample's."""
        root.mkdir(parents=True, exist_ok=True)
        checkout = cls(root)
        checkout.git("init", "--quiet", "--initial-branch=main", *options)
        checkout.commit(sample_files() if files is None else files)
        return checkout

    def git(self, *arguments: str) -> str:
        return git("-C", str(self.root), *arguments)

    def commit(self, files: Files | None = None) -> str:
        """Writes the files and commits all there is; the new commit's id."""
        write(self.root, files or {})
        self.git("add", "--all", "--force", ".")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a commit")
        return self.git("rev-parse", "HEAD")

    def clone(self, to: Path, *options: str) -> Checkout:
        """A clone, made as if over a network."""
        git("clone", "--quiet", *options, self.root.as_uri(), str(to))
        return Checkout(to)


def git(*arguments: str) -> str:
    hidden = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    done = subprocess.run(
        ["git", *arguments],
        check=False,
        capture_output=True,
        env={name: value for name, value in os.environ.items() if name not in hidden},
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode(errors="surrogateescape").removesuffix("\n")
