"""The source tree of plexus_rules itself, in which pages are generated and the site is built."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from plexus_rules.catalog import all_rules
from plexus_rules.gallery import Outcome, run_all
from plexus_rules.guidance.files import changed_files, diff, write_whole
from plexus_rules.pages.site import site_files

#: Generated pages stand under these; a page here that is not generated any more is removed.
_OWNED = ("rules", "guides")


class SourceTreeError(Exception):
    """There is no source tree here, or it lacks what a command needs."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What ``generate`` would write: texts by path below ``docs/``, and pages to remove."""

    docs: Path
    files: dict[str, str]
    changed: list[str]
    gone: list[str]
    outcomes: list[Outcome]

    @property
    def diff(self) -> str:
        """What would change, as a unified diff."""
        return diff(self.docs, self.files, [*self.changed, *self.gone])

    def write(self) -> None:
        """Writes what changed and removes what is gone."""
        for path in self.changed:
            write_whole(self.docs / path, self.files[path].encode())
        for path in self.gone:
            (self.docs / path).unlink(missing_ok=True)


def find_source_tree(start: Path) -> Path:
    """The top of the source tree that a directory lies in.

    Raises:
        SourceTreeError: it lies in none.
    """
    for directory in (start, *start.parents):
        if (directory / "mkdocs.yml").is_file() and (directory / "plexus_rules").is_dir():
            return directory
    raise SourceTreeError(
        "this command works in the source tree of plexus_rules (with mkdocs.yml and docs/): clone "
        "it and run the command there. To write guides into a checkout of yours, use: "
        "plexus-rules generate --into CHECKOUT"
    )


def plan(root: Path) -> Generated:
    """Runs every example, renders every page, and compares with what stands in ``docs/``."""
    rules = all_rules()
    outcomes = list(run_all(rules))
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    files = dict(site_files(rules, outcomes, changelog))
    docs = root / "docs"
    present = [p for owned in _OWNED for p in (docs / owned).rglob("*.md")]
    gone = sorted(path.relative_to(docs).as_posix() for path in present)
    gone = [path for path in gone if path not in files]
    return Generated(docs, files, changed_files(docs, files), gone, outcomes)


def build_site(root: Path) -> Path:
    """Builds the site with mkdocs, strictly, and gives its directory.

    Raises:
        SourceTreeError: mkdocs is not installed, or the build fails.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    if done.returncode:
        if "No module named mkdocs" in done.stderr:
            raise SourceTreeError("mkdocs is not installed: pip install -e '.[site]'")
        raise SourceTreeError(f"mkdocs build --strict failed:\n{done.stderr.strip()}")
    return root / "site"
